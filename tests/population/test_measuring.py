"""Rules compiled to SQL agree with the same rules worked out by hand, person by person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, transaction

from dancu.catalogue.conditions import Node, parse
from dancu.catalogue.quality import QualityRule, quality, vocabulary
from dancu.population import measuring
from dancu.population.measuring import Some
from dancu.population.types import AddressValue
from tests.population.conftest import new_person, pid_for, state

DAY = date(2026, 11, 2)


def rule(when: str, *, view: str = "person", number: int = 900) -> QualityRule:
    sample = quality().rules["pid_against_sex"]
    broken = parse(when, vocabulary({}, view))  # type: ignore[arg-type]
    return replace(sample, number=number, name=f"r{number}", view=view, broken=broken)


def broken(when: str, *, view: str = "person", some: Some | None = None) -> set[int]:
    (step,) = measuring.plan([rule(when, view=view)], DAY)
    measuring.open_table()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE measured")
        measuring.run(step, some or Some())
        cursor.execute("SELECT person_id FROM measured")
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def one(sources: object) -> Iterator[int]:
    return new_person(
        pid=pid_for("F", 1990),
        day=date(2021, 6, 1),
        full_name="Nguyễn Thị Minh Anh",
        birth_date="1990-01-02",
        card_issue_date="2021-05-06",
        phone="+84901234567",
    )


@pytest.mark.parametrize(
    ("when", "is_broken"),
    [
        ("sex != sex_of(pid)", False),
        ("sex == sex_of(pid)", True),
        ("year(birth_date) == year_of(pid)", True),
        ("province_of(pid) == '079'", True),
        ("listed(province_of(pid), 'pid_provinces')", True),
        ("age(birth_date) == 36", True),
        ("age(birth_date) > 36", False),
        ("month_day(birth_date) == '01-02'", True),
        ("is_whole(birth_date)", True),
        ("days_since(card_issue_date) == 2006", True),
        ("card_issue_date > birth_date", True),
        ("death_date < birth_date", False),
        ("not death_date < birth_date", False),
        ("missing(death_date)", True),
        ("known(card_issue_date) and alive", True),
        ("dead or gone_missing", False),
        ("syllables(full_name) == 4", True),
        ("has_digit(full_name) or has_lookalike(full_name)", False),
        ("has_abbreviation(full_name)", False),
        ("first_syllable(full_name) == 'Nguyễn' and last_syllable(full_name) == 'Anh'", True),
        ("has_strange_letter(full_name) or has_late_tone(full_name)", False),
        ("known(pid) and has_late_tone('Lê Thị Hoà') and has_late_tone('Thuý Vân')", True),
        ("known(pid) and (has_late_tone('Hòa Quý') or has_late_tone('Hoàn'))", False),
        ("known(pid) and has_strange_letter('NguyÔn V¨n')", True),
        ("known(pid) and has_strange_letter('H’Hen Niê') or length(full_name) == 1", False),
        ("is_composed(full_name)", True),
        ("length(phone) == 12", True),
        ("unconfirmed_days(phone) > 365", True),
        ("unconfirmed_days(phone) > 9000", False),
        ("disputed(phone)", False),
        ("is_registered(father_pid)", True),
        ("has_unit(permanent_residence) and unit_stands(permanent_residence)", True),
        ("is_split(permanent_residence)", False),
        ("sex in ('M', 'F')", True),
        ("full_name == 'x%%'';--'", False),
    ],
)
def test_a_rule_says_of_a_person_what_it_means(one: int, when: str, *, is_broken: bool) -> None:
    assert (one in broken(when)) is is_broken
    assert (one in broken(when, some=Some(keys=(one,)))) is is_broken


def test_an_incomplete_date_breaks_only_what_every_day_of_it_breaks(sources: object) -> None:
    year = new_person(pid=pid_for("F", 1990), birth_date="1990")
    month = new_person(pid=pid_for("F", 2008), birth_date="2008-11")
    assert year not in broken("age(birth_date) > 35")
    assert year in broken("age(birth_date) == 35")
    assert month not in broken("age(birth_date) >= 18")
    assert month in broken("age(birth_date) < 18 and not is_whole(birth_date)")


def test_a_fact_is_that_which_holds_and_not_that_of_the_first_statement(sources: object) -> None:
    person = new_person(religion="00")
    state(person, date(2020, 1, 1), "C06", religion="01")
    state(person, date(2026, 10, 31), "C06", phone="+84901234568")
    assert person in broken("religion == '01'")
    assert person not in broken("religion == '00'")
    assert person in broken("unconfirmed_days(phone) == 2")


def test_what_another_source_disputes_is_told(sources: object) -> None:
    person = new_person(birth_date="1990-01-02", pid=pid_for("F", 1990))
    state(person, date(2020, 1, 1), "BHXH", birth_date="1991-01-02")
    assert person in broken("disputed(birth_date)")


def test_what_is_missing_of_a_facet_without_a_row_is_missed_only_where_it_is_expected(
    sources: object,
) -> None:
    head = new_person(household_number="H1", household_relationship="CHU_HO")
    child = new_person(household_number="H1", household_relationship="CON_DE")
    wide = "household_relationship == 'CHU_HO' and missing(phone)"
    assert broken(wide) == {head}
    assert broken("known(email) and missing(phone)") == set()
    state(child, date(2020, 1, 1), "C06", email="a@example.vn")
    assert broken("known(email) and missing(phone)") == {child}


def test_parents_are_found_by_their_numbers(sources: object) -> None:
    father = new_person(pid=pid_for("M", 1995))
    child = new_person(
        pid=pid_for("F", 2000), father_pid=_pid_of(father), mother_pid=pid_for("F", 1970)
    )
    assert broken("year(birth_date) - birth_year_of(father_pid) < 13") == {child}
    assert broken("registered_sex_of(father_pid) == 'F'") == set()
    assert child in broken("not is_registered(mother_pid)")
    assert set(measuring.kin_of([father])) == {father, child}


def test_households_are_measured_as_households(sources: object) -> None:
    first = new_person(household_number="H1", household_relationship="CHU_HO")
    second = new_person(household_number="H1", household_relationship="CHU_HO")
    lonely = new_person(household_number="H2", household_relationship="KHAC")
    assert broken("heads > 1", view="household") == {first}
    assert broken("heads == 0", view="household") == {lonely}
    assert set(measuring.household_of([second])) == {first, second}
    state(second, date(2020, 1, 1), "C06", household_number="H2")
    assert broken("heads > 1 or heads == 0", view="household") == set()
    assert set(measuring.household_of([second])) == {first, second, lonely}


def test_what_people_share_is_measured_over_the_register(sources: object) -> None:
    phone = "+84901234567"
    own = new_person(household_number="H1", phone=phone, full_name="Lê Văn Một")
    wife = new_person(household_number="H1", phone=phone, full_name="Lê Thị Hai")
    assert broken("phone_households > 1", view="register") == set()
    other = new_person(household_number="H2", phone=phone, full_name="Lê Thị Ba")
    assert broken("phone_households > 1", view="register") == {own, wife, other}
    twin = new_person(full_name="Lê Thị Ba")
    assert broken("namesakes > 1", view="register") == {other, twin}


def test_the_dead_are_asked_when_others_last_knew_them_alive(sources: object) -> None:
    person = new_person(day=date(2020, 4, 1), life_status="CHET", death_date="2020-03-04")
    condition = "dead and latest_activity > death_date"
    assert broken(condition) == set()
    state(person, date(2021, 1, 1), "BHXH", health_insurance_number="0123456789")
    assert broken(condition) == {person}


def test_an_address_without_a_commune_and_one_in_a_split_ward_are_told_apart(
    sources: object,
) -> None:
    nowhere = new_person(permanent_residence=AddressValue("xóm Đình", "", date(2020, 1, 1)))
    assert nowhere in broken("not has_unit(permanent_residence)")
    assert nowhere not in broken("not unit_stands(permanent_residence)")


def test_merged_and_cancelled_people_break_nothing(one: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE population_person SET status = 5 WHERE id = %s", [one])
    assert broken("known(pid)") == set()


def test_every_declared_rule_compiles(sources: object) -> None:
    new_person()
    steps = measuring.plan(quality().rules.values(), DAY)
    assert {number for step in steps for number in step.rules} == {
        one.number for one in quality().rules.values()
    }
    measuring.open_table()
    for step in steps:
        with transaction.atomic():
            measuring.run(step, Some())


def test_ranges_hold_everybody_once(sources: object) -> None:
    people = [new_person() for _ in range(5)]
    found = [p for some in measuring.ranges(2) for p in people if some.first <= p <= some.last]
    assert found == people


def test_a_constant_stays_a_constant(one: int) -> None:
    node = Node("constant", "text", "'; DROP TABLE x; --%s")
    whole = Node("compare", "truth", "==", (Node("attribute", "text", "full_name"), node))
    (step,) = measuring.plan([replace(rule("alive"), broken=whole)], DAY)
    measuring.open_table()
    with transaction.atomic():
        measuring.run(step, Some())


def _pid_of(person: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM population_person WHERE id = %s", [person])
        return str(cursor.fetchone()[0])
