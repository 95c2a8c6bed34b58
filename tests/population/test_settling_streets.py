"""A street that a split left open, settled by one rule: looked at, done, undone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from dancu.audit.models import Event
from dancu.places import queries
from dancu.places.errors import (
    AlreadySettled,
    NotACandidate,
    SettlingInForce,
    SettlingUnknown,
    UnclearChanged,
)
from dancu.places.history import history_on, latest_day
from dancu.places.models import Placing, Settling
from dancu.places.settling import StreetRule, house_order
from dancu.population.checks import disagreements
from dancu.population.models import Person
from dancu.population.services.restructuring import apply_map_change, undo_map_change
from dancu.population.services.settling import settle_street, undo_settling
from dancu.population.unclear import digest_of, unclear_by_rule, unclear_streets
from tests.population.conftest import new_person
from tests.population.map_cast import (
    AFTER,
    BEFORE,
    DAY,
    commune,
    decision,
    everything,
    home,
    officer,
    ward,
)

#: Nobody knows the bounds: everything in the ward is unclear.
OPEN = """\
units:
  - {code: "29901", level: commune, name: "Bạch Đằng", kind: PHUONG, parent: "79"}
changes:
  - {from: "26740", to: ["26740", "29901"], unclear: "26740"}
"""
HOUSES = ("2", "12/3A", "12A", "13", "100", "")


@pytest.fixture
def street(sources: object) -> dict[str, int]:
    """Six homes along Lê Lợi, by house number; and one elsewhere."""
    found = {
        number: new_person(permanent_residence=home(f"{number} Lê Lợi".strip()))
        for number in HOUSES
    }
    found["else"] = new_person(permanent_residence=home("5 đường Pasteur"))
    yield found
    queries.forget()


def along(name="le loi", units=("26740",)):
    streets, _more = unclear_streets(units)
    return next(one for one in streets if one.key.street == name)


def settle(rule, unit="29901", *, actor=None, at=AFTER, expected=None, street=None):
    here = street or along()
    rows = unclear_by_rule({"26740"}, here, rule)
    return settle_street(
        street=here.key,
        rule=rule,
        unit_code=unit,
        reason="Bản đồ địa chính",
        expected=digest_of(rows) if expected is None else expected,
        actor=actor or ward("26740"),
        at=at,
    )


def where_all_is():
    """Everything but the words that addresses are found by, which keep the names of all units."""
    said, golden, people, addresses, *rest, _placings = everything()
    plain = [{**one, "folded": ""} for one in addresses]
    return said, golden, people, plain, *rest


def test_a_street_is_counted_ruled_settled_and_undone(street):
    apply_map_change(decision=decision(OPEN), actor=officer("79"), at=AFTER)
    lines, more = unclear_streets({"26740"})
    assert [(one.name, one.homes, one.people) for one in lines] == [
        ("Lê Lợi", 6, 6),
        ("đường Pasteur", 1, 1),
    ]
    assert (along().low, along().high, along().without_number, more) == (2, 100, 1, False)
    assert unclear_streets({"29901"}) == ([], False)

    shown = unclear_by_rule({"26740"}, along(), StreetRule("even", 2, 12))
    assert [row.address.parts["house"] for row in shown] == ["2", "12/3A", "12A"]
    before = where_all_is()
    done = settle(StreetRule("even", 2, 12))
    assert (done.addresses, done.street, done.takes_effect) == (3, "Lê Lợi", DAY)
    moved = {number for number in HOUSES if commune(street[number]) == "29901"}
    assert moved == {"2", "12/3A", "12A"}
    assert along().homes == 3
    assert disagreements()[1] == []
    noted = Event.objects.get(event="map.settled").detail
    assert (noted["street"], noted["side"], noted["from"], noted["to"]) == ("Lê Lợi", "even", 2, 12)

    undo_settling(key=done.key, actor=ward("26740"), at=AFTER + timedelta(hours=5))
    assert where_all_is() == before
    assert along().homes == 6
    with pytest.raises(SettlingUnknown), transaction.atomic():
        undo_settling(key=done.key, actor=ward("26740"), at=AFTER)
    whole = settle(StreetRule())
    assert whole.addresses == 6
    with pytest.raises(SettlingInForce), transaction.atomic():
        undo_settling(key=whole.key, actor=ward("26740"), at=AFTER + timedelta(days=1))


def test_what_cannot_be_settled_is_refused_and_two_wards_cannot_take_the_same(street):
    apply_map_change(decision=decision(OPEN), actor=officer("79"), at=AFTER)
    here, rule = along(), StreetRule("odd")
    before = everything()
    for expected, wrong in (
        (NotACandidate, {"unit": "26743"}),
        (UnclearChanged, {"expected": "0" * 16}),
        (AlreadySettled, {"rule": StreetRule("odd", 500)}),
        (AlreadySettled, {"actor": ward("29901")}),
        (AlreadySettled, {"actor": ward("26743")}),
    ):
        with pytest.raises(expected), transaction.atomic():
            settle(**{"rule": rule, "street": here} | wrong)
        assert everything() == before
    seen = digest_of(unclear_by_rule({"26740"}, here, rule))
    done = settle(rule, street=here)
    with pytest.raises(AlreadySettled), transaction.atomic():
        settle(rule, street=here, expected=seen, actor=ward("29901", "26740"))
    with pytest.raises(SettlingUnknown), transaction.atomic():
        undo_settling(key=done.key, actor=ward("29901"), at=AFTER)
    assert Placing.objects.filter(replaced_at=None, unit_code="29901").count() == 1


def test_a_ward_settles_ahead_of_the_day_and_may_undo_until_then(street):
    apply_map_change(decision=decision(OPEN), actor=officer("79"), at=BEFORE)
    assert along().homes == 6
    done = settle(StreetRule("even"), at=BEFORE)
    assert (done.takes_effect, done.undo_until) == (DAY, DAY - timedelta(days=1))
    assert commune(street["2"]) == "26740"
    assert along().homes == 2
    eve = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    undo_settling(key=done.key, actor=ward("26740"), at=eve)
    assert along().homes == 6
    again = settle(StreetRule("even", None, 50), at=eve)
    apply_map_change(decision=decision(OPEN), actor=officer("79"), at=AFTER)
    assert [commune(street[number]) for number in ("2", "12A", "13", "100")] == [
        "29901",
        "29901",
        "26740",
        "26740",
    ]
    with pytest.raises(SettlingInForce), transaction.atomic():
        undo_settling(key=again.key, actor=ward("26740"), at=AFTER)


def test_what_was_settled_ahead_falls_with_its_decision(street):
    before = everything()
    apply_map_change(decision=decision(OPEN), actor=officer("79"), at=BEFORE)
    settle(StreetRule(), at=BEFORE)
    undo_map_change(number="01/NQ-HĐND", actor=officer("79"), at=BEFORE)
    assert everything() == before
    assert Settling.objects.get().undone_at is not None


def test_an_address_tells_every_change_of_its_map_with_the_cause(street):
    old = new_person(
        permanent_residence=home(
            "2 Nguyễn Huệ", "26740", "Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh", date(2025, 6, 30)
        )
    )
    number = Person.objects.get(pk=old).address_id
    apply_map_change(decision=decision(OPEN), actor=officer("79"), at=AFTER)

    def told(day):
        return history_on(queries.addresses([number])[number], day)

    before = told(date(2024, 1, 1))
    assert before.there.name == "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"
    assert before.oldest == date(2025, 6, 30)
    reform, split = before.steps[-2:]
    assert (reform.on, reform.before.name) == (date(2025, 7, 1), before.there.name)
    assert reform.after.name == "Phường Sài Gòn, Thành phố Hồ Chí Minh"
    assert "202/2025/QH15" in reform.legal_basis
    assert (split.on, split.number) == (DAY, "01/NQ-HĐND")
    assert not split.after.is_sure
    assert {one.code for one in told(DAY).there.candidates} == {"26740", "29901"}
    here = along("nguyen hue")
    settle(StreetRule(), street=here)
    settled = told(DAY)
    assert settled.there.name == "Phường Bạch Đằng, Thành phố Hồ Chí Minh"
    assert settled.steps[-1].after.is_sure
    assert latest_day(date(2026, 1, 1)) == DAY
    assert latest_day(date(2030, 1, 1)) == date(2030, 1, 1)


def test_house_numbers_sort_as_people_count_them():
    numbers = ["100", "12A", "2", "12", "12/3", "12/10", "", "12B"]
    found = sorted(numbers, key=lambda house: house_order({"house": house}))
    assert found == ["2", "12", "12/3", "12/10", "12A", "12B", "100", ""]
