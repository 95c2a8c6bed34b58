"""Conflicts between sources settled, and claims withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dancu.population import dictionary
from dancu.population.checks import disagreements
from dancu.population.errors import ConflictSettled, NotTheAuthority
from dancu.population.models import Annulment, Conflict, Golden, Person, Statement
from dancu.population.services import (
    annul_claim,
    request_correction,
    settle_conflict,
)
from dancu.population.services.errors import HasItsOwnWay
from tests.population.conftest import state
from tests.population.services_cast import (
    AT,
    DAY,
    ELSEWHERE,
    PROVINCE,
    TODAY,
    WARD,
    Family,
    a_person,
    citizen,
    correct,
    fact,
    footprint,
)

pytestmark = pytest.mark.usefixtures("sources")


def disputed(person: int) -> list[int]:
    return Golden.objects.get(person_id=person, facet=0).disputed or []


def test_a_dismissed_conflict_is_closed_with_its_reason(family: Family):
    statement = state(family.stranger, DAY, "BHXH", birth_date="1995-09-08")
    assert disputed(family.stranger) == [dictionary.number("birth_date")]
    decision = {
        "person_id": family.stranger,
        "attribute_name": "birth_date",
        "statement_id": statement,
        "decision": "dismiss",
        "reason": "Ngày tháng bị đảo",
        "actor": WARD,
        "at": AT,
    }
    settle_conflict(**decision)
    conflict = Conflict.objects.get(statement_id=statement)
    assert (conflict.outcome, conflict.reason) == ("dismissed", "Ngày tháng bị đảo")
    assert disputed(family.stranger) == []
    with pytest.raises(ConflictSettled):
        settle_conflict(**decision)


def test_an_accepted_conflict_becomes_the_officers_own_claim(family: Family):
    statement = state(family.stranger, DAY, "BHXH", birth_date="1995-09-08")
    settle_conflict(
        person_id=family.stranger,
        attribute_name="birth_date",
        statement_id=statement,
        decision="accept",
        reason="Đúng theo giấy khai sinh",
        actor=WARD,
        at=AT,
    )
    assert fact(family.stranger, "birth_date") == "1995-09-08"
    assert Conflict.objects.get(statement_id=statement).outcome == "accepted"
    assert disputed(family.stranger) == []
    assert disagreements()[1] == []


def test_accepting_an_older_word_withdraws_the_later_one_of_equal_rank(family: Family):
    """Citizens' claims stay open whatever comes later, so theirs can be older than what holds."""
    made = request_correction(
        attribute_name="ethnicity",
        value="02",
        reason="Theo cha",
        actor=citizen(family.stranger),
        at=AT - timedelta(days=20),
    )
    Conflict.objects.filter(statement_id=made.statement_id).update(settled_at=None, outcome=None)
    later = state(family.stranger, TODAY, "C06", ethnicity="03")
    Conflict.objects.filter(statement_id=made.statement_id).update(settled_at=None, outcome=None)
    settle_conflict(
        person_id=family.stranger,
        attribute_name="ethnicity",
        statement_id=made.statement_id,
        decision="accept",
        reason="Theo giấy khai sinh",
        actor=WARD,
        at=AT,
    )
    assert fact(family.stranger, "ethnicity") == "02"
    assert Annulment.objects.get().statement_id == later
    assert disagreements()[1] == []


def test_a_conflict_with_the_registry_is_not_for_the_ward_to_accept(family: Family):
    person = a_person("Vũ Thị Hoa", "F", "1980-01-01", source="HT-26740")
    statement = state(person, DAY, "BHXH", birth_date="1981-01-01")
    before = footprint()
    with pytest.raises(NotTheAuthority):
        settle_conflict(
            person_id=person,
            attribute_name="birth_date",
            statement_id=statement,
            decision="accept",
            reason="Đúng",
            actor=WARD,
            at=AT,
        )
    assert footprint() == before


def test_a_withdrawn_claim_lets_the_former_one_come_back(family: Family):
    wrong = correct(family.stranger, full_name="Phạm Quốc Ém", hometown=ELSEWHERE).statement_id
    annul_claim(
        person_id=family.stranger,
        statement_id=wrong,
        attribute_name="full_name",
        reason="Gõ nhầm",
        actor=WARD,
        at=AT,
    )
    assert fact(family.stranger, "full_name") == "Phạm Quốc Em"
    assert Person.objects.get(pk=family.stranger).name.full_name == "Phạm Quốc Em"
    assert fact(family.stranger, "hometown") != fact(family.son, "hometown")
    annul_claim(
        person_id=family.stranger,
        statement_id=wrong,
        attribute_name=None,
        reason="Gõ nhầm",
        actor=WARD,
        at=AT,
    )
    assert fact(family.stranger, "hometown") == fact(family.son, "hometown")
    assert disagreements()[1] == []


def test_a_stronger_source_is_not_withdrawn_by_a_weaker(family: Family):
    person = a_person("Vũ Thị Hoa", "F", "1980-01-01", source="HT-26740")
    before = footprint()
    first = Statement.objects.get(person_id=person).id
    for name in ("birth_date", None):
        with pytest.raises((NotTheAuthority, HasItsOwnWay)):
            annul_claim(
                person_id=person,
                statement_id=first,
                attribute_name=name,
                reason="x",
                actor=WARD,
                at=AT,
            )
    with pytest.raises(HasItsOwnWay):
        annul_claim(
            person_id=person,
            statement_id=first,
            attribute_name="pid",
            reason="x",
            actor=PROVINCE,
            at=AT,
        )
    assert footprint() == before
