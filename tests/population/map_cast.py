"""People of a ward whose map changes, and who changes it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dancu.access.types import Actor
from dancu.places.decisions import read
from dancu.places.models import Address, Placing, Unit, UnitSuccession
from dancu.population.models import Golden, Person, Statement
from dancu.population.types import AddressValue
from tests.places.decision_files import text_of
from tests.population.conftest import new_person

NEW_MAP = date(2025, 7, 1)
BEFORE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 12, 1)
AFTER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
TAIL = "Phường Sài Gòn, Thành phố Hồ Chí Minh"


def home(words, unit="26740", tail=TAIL, day=NEW_MAP):
    return AddressValue(f"{words}, {tail}", unit, day)


def decision(body, **head):
    return read(text_of(body, **head))


def officer(*units, roles=("province_officer",)):
    return Actor(
        kind="officer",
        name="P",
        account_id=7,
        officer_id=7,
        office_code="PC06-79",
        office_name="P",
        source="C06",
        roles=frozenset(roles),
        jurisdictions=frozenset(units),
        session="s",
    )


def commune(person):
    return Person.objects.get(pk=person).commune


def everything():
    """All that was said and folded, and the map: to be compared before and after."""
    return (
        list(Statement.objects.order_by("pk").values()),
        list(Golden.objects.order_by("pk").values()),
        list(Person.objects.order_by("pk").values()),
        list(Address.objects.order_by("pk").values()),
        list(Unit.objects.order_by("pk").values("code", "valid_from", "valid_to", "name")),
        UnitSuccession.objects.count(),
        Placing.objects.count(),
    )


def ward(*units):
    return officer(*units, roles=("ward_officer",))


def six_people():
    """Return six people of Phường Sài Gòn and around, by what the split of it makes of them."""
    return {
        "moved": new_person(permanent_residence=home("1 Nguyễn Huệ, Khu phố 1")),
        "even": new_person(permanent_residence=home("12/3 Lê Lợi, Khu phố 1")),
        "odd": new_person(permanent_residence=home("13 Lê Lợi, Khu phố 1")),
        "silent": new_person(permanent_residence=home("5 Pasteur")),
        "neighbour": new_person(
            permanent_residence=home("5 Pasteur", "26743", "Phường Bến Thành, TP. Hồ Chí Minh")
        ),
        "earlier": new_person(
            permanent_residence=home(
                "2 Nguyễn Huệ",
                "26740",
                "Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh",
                date(2025, 6, 30),
            )
        ),
    }
