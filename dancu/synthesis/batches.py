"""The batches in which a city comes in, in the order in which they must be loaded."""

from __future__ import annotations

from typing import NamedTuple

#: People come first; what has happened to them since, and what others know, comes weeks later. So
#: there is something to see in what the register knew on a day in between.
COLLECTED_BEFORE = 25


class Spec(NamedTuple):
    """A batch: its name and the code of its source (``catalogue/sources.yaml``).

    The register learnt it in the evening of the city's day, or so many days before.
    """

    name: str
    source: str
    days_before: int = 0


BATCHES = (
    Spec("collection", "C06", COLLECTED_BEFORE),
    Spec("births", "HOTICH", COLLECTED_BEFORE),
    Spec("undocumented", "C06", COLLECTED_BEFORE),
    Spec("newborn-residences", "C06", COLLECTED_BEFORE),
    Spec("pid-reissues", "C06"),
    Spec("marriages", "HOTICH"),
    Spec("divorces", "HOTICH"),
    Spec("deaths", "HOTICH"),
    Spec("moves", "C06"),
    Spec("missing", "HOTICH"),
    Spec("lodgings", "C06"),
    Spec("cards", "CCCD"),
    Spec("health-insurance", "BHXH"),
    Spec("education", "BGDDT"),
    Spec("labour", "VIECLAM"),
    Spec("tax", "GDT"),
    Spec("driving", "CSGT"),
    Spec("viettel", "VIETTEL"),
    Spec("vnpt", "VNPT"),
    Spec("mobifone", "MOBIFONE"),
    Spec("welfare", "BTXH"),
    Spec("eid", "C06"),
)
FIRST = BATCHES[0].name


def batch_key(people: int, seed: int, name: str) -> str:
    """Return the identity of a batch: the same city has the same batches."""
    return f"city-{people}-{seed}-{name}"
