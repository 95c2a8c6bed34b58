"""Minors live apart from their parents on noted consent only."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population.models import Person, Statement
from dancu.population.services import (
    minors_without_parents,
    register_move,
    register_temporary_absence,
    register_temporary_residence,
)
from tests.population.services_cast import (
    AT,
    ELSEWHERE,
    EVERYBODY,
    HANOI,
    PAPER,
    WARD,
    WARD_BEN_THANH,
    Family,
    a_person,
    fact,
    footprint,
)

pytestmark = pytest.mark.usefixtures("sources")
DAY = date(2026, 10, 15)


def a_child(family: Family, born: str = "2016-03-04", **more: object) -> int:
    father_pid = Person.objects.get(pk=family.son).pid
    parents = {"father_pid": father_pid, "father_name": "Nguyễn Minh Cường", **more}
    home = {"household_number": "HO-1", "household_relationship": "CHAU_RUOT"}
    return a_person("Nguyễn Thu Lan", "F", born, **home, **parents)


def test_a_child_moves_away_from_its_parents_on_their_noted_consent_only(family: Family):
    child = a_child(family)
    asked = {"to": ELSEWHERE, "day": DAY, "presented": EVERYBODY, "actor": WARD_BEN_THANH, "at": AT}
    with_grandfather = {family.head: "CHU_HO"}
    before = footprint()
    for people, heads in (([child], {}), ([child, family.head], with_grandfather)):
        with pytest.raises(Invalid) as caught:
            register_move(person_ids=people, relationships=heads, **asked)
        assert [error.field for error in caught.value.field_errors] == ["guardian_consent"]
        assert footprint() == before
    alone = {"person_ids": [child], "day": DAY, "actor": WARD_BEN_THANH, "at": AT}
    assert minors_without_parents(presented=EVERYBODY, **alone) == (child,)
    with pytest.raises(NotFoundOrNotYours):
        minors_without_parents(**alone)
    done = register_move(person_ids=[child], guardian_consent="Cha ký trên CT01", **asked)
    assert fact(child, "household_number") == done.household
    said = Statement.objects.get(id=done.statement_ids[0])
    assert "Cha ký trên CT01" in said.evidence


def test_a_child_stays_elsewhere_without_its_parents_on_their_noted_consent_only(family: Family):
    child = a_child(family)
    asked = {"address": ELSEWHERE, "day": DAY, "evidence": PAPER, "presented": EVERYBODY}
    asked |= {"actor": WARD_BEN_THANH, "at": AT}
    before = footprint()
    with pytest.raises(Invalid) as caught:
        register_temporary_residence(person_ids=[child], **asked)
    assert [error.field for error in caught.value.field_errors] == ["guardian_consent"]
    assert footprint() == before
    (entered,) = register_temporary_residence(
        person_ids=[child], guardian_consent="Cha ký trên CT01", **asked
    )
    assert Statement.objects.get(id=entered.statement_id).evidence.endswith("Cha ký trên CT01")


def test_a_child_stays_elsewhere_with_its_father_and_is_away_without_anybodys_consent(
    family: Family,
):
    child = a_child(family)
    asked = {"address": ELSEWHERE, "day": DAY, "evidence": PAPER, "presented": EVERYBODY}
    both = register_temporary_residence(
        person_ids=[child, family.son], actor=WARD_BEN_THANH, at=AT, **asked
    )
    assert len(both) == 2
    away = {"destination": HANOI, "day": DAY, "evidence": PAPER, "actor": WARD, "at": AT}
    assert register_temporary_absence(person_ids=[child], **away)


def test_nobody_is_asked_for_consent_that_no_law_asks_for(family: Family):
    of_age = a_child(family, "2008-10-15")
    of_nobody_known = a_child(family, father_pid=None, father_name=None)
    asked = {"to": ELSEWHERE, "day": DAY, "presented": EVERYBODY, "actor": WARD_BEN_THANH, "at": AT}
    assert register_move(person_ids=[of_age], **asked).household
    together = {"person_ids": [of_nobody_known, family.head]}
    assert register_move(**together, relationships={family.head: "CHU_HO"}, **asked).household


def test_a_child_moves_with_its_father_and_does_not_lead_him(family: Family):
    child = a_child(family)
    asked = {
        "person_ids": [family.son, child],
        "to": ELSEWHERE,
        "day": DAY,
        "presented": EVERYBODY,
        "actor": WARD_BEN_THANH,
        "at": AT,
    }
    with pytest.raises(Invalid) as caught:
        register_move(relationships={child: "CHU_HO"}, **asked)
    assert caught.value.field_errors[0].field == "head_id"
    assert register_move(relationships={family.son: "CHU_HO"}, **asked).household
