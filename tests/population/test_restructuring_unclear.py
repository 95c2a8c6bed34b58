"""Homes that no rule of a decision decides, and neighbourhoods: the list of a ward."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from dancu.access.errors import ActionNotAllowed
from dancu.kernel.errors import Invalid
from dancu.places import queries
from dancu.places.errors import (
    AlreadySettled,
    NotACandidate,
)
from dancu.places.models import Address, Placing
from dancu.places.services import open_units
from dancu.places.under_map import address_on
from dancu.population.checks import disagreements
from dancu.population.models import Person
from dancu.population.services.restructuring import apply_map_change
from dancu.population.services.settling import settle_addresses
from dancu.population.unclear import unclear_addresses
from tests.places.decision_files import SPLIT
from tests.population.conftest import new_person
from tests.population.map_cast import AFTER, DAY, commune, decision, everything, home, officer, ward


def test_unclear_addresses_are_their_wards_list_until_an_officer_settles_them(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    ((row,), more) = unclear_addresses({"26740"})
    assert (row.person_ids, more) == ((people["silent"],), False)
    assert {one.code for one in row.split.candidates} == {"26740", "29901"}
    assert unclear_addresses({"29901", "26743"}) == ([], False)
    number = row.address.id
    settled = settle_addresses(
        address_ids=[number],
        unit_code="29901",
        reason="Đo tại chỗ",
        actor=ward("26740"),
        at=AFTER,
    )
    assert settled.addresses == 1
    assert commune(people["silent"]) == "29901"
    assert Address.objects.get(pk=number).unit_now_is_sure
    assert unclear_addresses({"26740", "29901"}) == ([], False)
    placed = Placing.objects.get(address_id=number)
    assert (placed.reason, placed.placed_by, placed.line) == ("Đo tại chỗ", 7, None)
    assert placed.decision.number == "01/NQ-HĐND"
    assert disagreements()[1] == []
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    assert commune(people["silent"]) == "29901"


def test_what_cannot_be_settled_is_refused_and_nothing_changes(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    unclear, clear = (Person.objects.get(pk=people[n]).address_id for n in ("silent", "odd"))
    before = everything()
    for expected, wrong in (
        (NotACandidate, {"unit_code": "26743"}),
        (AlreadySettled, {"address_ids": [clear]}),
        (AlreadySettled, {"address_ids": [unclear, clear]}),
        (AlreadySettled, {"address_ids": [1]}),
        (AlreadySettled, {"address_ids": []}),
        (Invalid, {"reason": "  "}),
        (AlreadySettled, {"actor": ward("29901")}),
        (ActionNotAllowed, {"actor": officer("26740", roles=("civil_registrar",))}),
    ):
        asked = {"address_ids": [unclear], "unit_code": "29901", "reason": "x"}
        asked |= {"actor": ward("26740")} | wrong
        with pytest.raises(expected), transaction.atomic():
            settle_addresses(**asked, at=AFTER)
        assert everything() == before


NEIGHBOURHOODS = """\
units:
  - {code: "26740-11", level: neighbourhood, name: "11", kind: KHU_PHO, parent: "26740"}
  - {code: "26740-12", level: neighbourhood, name: "12", kind: KHU_PHO, parent: "26740"}
changes:
  - {from: "26740-01", to: "26740-11"}
  - from: "26740-02"
    unclear: "26740-11"
    parts:
      - {to: "26740-12", street: "Lê Lợi", side: even}
      - {to: "26740-11", street: "Lê Lợi", side: odd}
"""


def test_neighbourhoods_change_below_a_commune_that_stays(sources):
    rows = [(f"26740-0{n}", "neighbourhood", str(n), "KHU_PHO", "26740") for n in (1, 2)]
    open_units(rows=rows, on=date(2026, 1, 1))
    first = new_person(permanent_residence=home("1 Lê Lợi, Khu phố 1"))
    even = new_person(permanent_residence=home("2 Lê Lợi, KP 2"))
    lost = new_person(permanent_residence=home("Lê Lợi, Khu phố 2"))
    apply_map_change(decision=decision(NEIGHBOURHOODS), actor=officer("79"), at=AFTER)
    assert {commune(one) for one in (first, even, lost)} == {"26740"}

    def shown(person, day):
        number = Person.objects.get(pk=person).address_id
        return address_on(queries.addresses([number])[number], day).name.split(",")[0]

    assert [shown(one, DAY) for one in (first, even, lost)] == [
        "Khu phố 11",
        "Khu phố 12",
        "Phường Sài Gòn",
    ]
    before = date(2026, 11, 30)
    assert [shown(one, before) for one in (first, even, lost)] == [
        "Khu phố 1",
        "Khu phố 2",
        "Khu phố 2",
    ]
    ((row,), _more) = unclear_addresses({"26740"})
    assert row.person_ids == (lost,)
    settle_addresses(
        address_ids=[row.address.id],
        unit_code="26740-12",
        reason="x",
        actor=ward("26740"),
        at=AFTER,
    )
    assert shown(lost, DAY) == "Khu phố 12"
    assert unclear_addresses({"26740"}) == ([], False)
    queries.forget()
