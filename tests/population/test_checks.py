"""The register examined: what the doctor must see, and a fold that agrees with the door."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dancu.operation.doctor import checks as doctor_checks
from dancu.operation.doctor import examine
from dancu.operation.terminal import no_report
from dancu.population import dictionary, setup
from dancu.population.checks import (
    card_disagreements,
    disagreements,
    golden_disagreements,
    impossible_rows,
    sample,
)
from dancu.population.internal import golden
from dancu.population.internal.recompute import recompute
from dancu.population.models import Conflict, EvidenceKind, Golden, Person, Source
from tests.population.conftest import new_person, state
from tests.population.services_cast import AT, MORE_SOURCES, Family, a_person

pytestmark = pytest.mark.usefixtures("sources")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_sound_register_passes(family: Family):
    assert set(sample()) <= set(Person.objects.values_list("pk", flat=True))
    assert disagreements()[1] == []
    assert impossible_rows() == {}
    verdicts = {c.name: examine(c).verdict for c in doctor_checks() if "population" in c.name}
    assert verdicts == dict.fromkeys(
        ("population.rows", "population.golden", "population.indexes"), "good"
    )


def test_a_golden_value_that_no_statement_says_is_seen(family: Family):
    key = dictionary.key("religion")
    said = [1, 1, 0]
    Golden.objects.filter(person_id=family.son, facet=0).update(overrides={key: ["02", *said]})
    (found,) = golden_disagreements([family.son, family.head])
    assert (found.person_id, found.what) == (family.son, "religion")


def test_a_card_that_differs_from_its_facts_is_seen(family: Family):
    Person.objects.filter(pk=family.son).update(household="HO-9", birth_year=1991)
    found = card_disagreements([family.son, family.wife])
    assert [(d.person_id, d.what) for d in found] == [
        (family.son, "birth_date"),
        (family.son, "household_number"),
    ]


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DELETE FROM population_golden", None),
        (
            """INSERT INTO population_golden
               (person_id, statement_id, valid_from, facet, source_id, held)
               VALUES (987654321, 1, '2020-01-01', 0, 1, 0)""",
            "golden rows without a person",
        ),
        ("INSERT INTO population_person (status) VALUES (1)", "people without a statement"),
        (
            "UPDATE population_person SET pid = '001199000015' WHERE pid IS NOT NULL",
            "cards whose number is not the current one",
        ),
        (
            "UPDATE population_household SET closed_on = '2026-01-01'",
            "households of living people that are closed or unknown",
        ),
    ],
)
def test_rows_that_may_not_be_are_named(family: Family, sql: str, what: str | None):
    run(sql)
    if what is None:
        assert disagreements()[1]
    else:
        assert list(impossible_rows()) == [what]


def test_recomputing_mends_a_broken_record(family: Family):
    Golden.objects.filter(person_id=family.son).update(statement_id=None, overrides=None)
    Person.objects.filter(pk=family.son).update(name=None, sex="F", commune=None)
    recompute([family.son], at=AT)
    assert disagreements()[1] == []
    assert Person.objects.get(pk=family.son).commune == "26740"


def test_recomputing_a_sound_record_changes_nothing(family: Family):
    state(family.son, date(2026, 11, 2), "BHXH", birth_date="1990-05-04", phone="0912345678")
    before = _everything()
    recompute([family.son], at=AT + timedelta(days=1))
    assert _everything() == before


def _everything() -> list[object]:
    return [
        *golden.held(Person.objects.values_list("pk", flat=True)).items(),
        *Conflict.objects.order_by("statement_id", "attribute").values(),
        *Person.objects.order_by("pk").values(),
    ]


def test_set_up_numbers_every_source_once(family: Family):
    setup.number_sources(no_report)
    first = dict(Source.objects.values_list("code", "id"))
    assert {"C06", "CONGDAN", "HT-26740"} <= first.keys()
    assert EvidenceKind.objects.filter(code="birth_registration").exists()
    setup.number_sources(no_report)
    assert dict(Source.objects.values_list("code", "id")) == first
    assert setup._is_done()


_VALUES = {
    "birth_date": ["1990-01-02", "1991", "1990-02-01"],  # once
    "ethnicity": ["01", "02", "03"],  # authority
    "religion": ["01", "02"],  # latest
}
_said = st.builds(
    lambda name, which, day, source: (name, _VALUES[name][which % len(_VALUES[name])], day, source),
    st.sampled_from(sorted(_VALUES)),
    st.integers(0, 2),
    st.integers(0, 6).map(lambda n: date(2020 + n // 2, 1 + n % 2, 1)),
    st.sampled_from(["C06", "CA-26740", "HT-26740", "UB-26740", "BHXH", "CONGDAN"]),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.lists(_said, max_size=8))
def test_whatever_is_said_in_whatever_order_the_fold_agrees_with_the_door(
    sources: object, said: list[tuple[str, str, date, str]]
):
    dictionary.sync_sources(MORE_SOURCES)
    with transaction.atomic():
        person = new_person(day=date(2019, 1, 1), pid=None)
        for number, (name, value, day, source) in enumerate(said):
            at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
            state(person, day, source, at, **{name: value})
        assert golden_disagreements([person]) == []
        assert card_disagreements([person]) == []
        before = golden.held([person])
        recompute([person], at=AT)
        assert golden.held([person]) == before
        assert golden_disagreements([person]) == []
        transaction.set_rollback(True)


def test_withdrawing_everything_leaves_an_empty_record(family: Family):
    person = a_person("Người Bị Ghi Nhầm", "F", "1990-01-02")
    run(
        "INSERT INTO population_annulment (person_id, statement_id, annulled_at, annulled_by,"
        f" reason) SELECT person_id, id, now(), 1, 'x' FROM population_statement"
        f" WHERE person_id = {person}"
    )
    recompute([person], at=AT)
    assert golden.held([person]) == {person: {}}
    assert golden_disagreements([person]) == []
    assert Person.objects.get(pk=person).name is None
