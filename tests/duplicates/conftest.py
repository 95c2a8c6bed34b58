"""A register of one family, and a woman who is in it twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache

from dancu.duplicates.services import note_findings
from dancu.duplicates.types import Evidence, Finding
from dancu.places import queries as places
from dancu.population import dictionary
from tests.console.cast import AT, HERE, LONG_NAME, a_family, a_person, make_accounts, prepare

EVIDENCE = (
    Evidence("full_name", "middle_name", 14.2),
    Evidence("birth_date", "day_month_swapped", 9.1),
    Evidence("sex", "same", 1.0),
    Evidence("pid", "other", -3.4),
    Evidence("parents_and_home", "one_parent_same_commune", 6.0),
    Evidence("birth_place", "unknown", 0.0),
)


@dataclass(frozen=True, slots=True)
class Twice:
    """One woman under two keys, and somebody who has nothing to do with her."""

    one: int
    other: int
    stranger: int
    pair: int


def finding(one: int, other: int, *, weight: float = 8.5, digest: bytes = b"1") -> Finding:
    return Finding(one, other, weight, 0.997, EVIDENCE, digest, HERE, HERE)


def note(*findings: Finding, is_whole: bool = True) -> object:
    return note_findings(findings=findings, model="register-1", people=3, at=AT, is_whole=is_whole)


@pytest.fixture
def twice(house_loaded: None, db: object) -> Iterator[Twice]:
    """The two records, everybody's account, and the suspicion."""
    from dancu.duplicates.models import Pair

    cache.clear()
    prepare()
    family = a_family()
    make_accounts(family)
    one = a_person(LONG_NAME, "F", "1988-03-04", phone="0903123456")
    other = a_person("Công Tằng Tôn Nữ Trang", "F", "1988-04-03", religion="01")
    note(finding(one, other))
    yield Twice(one, other, family.neighbour, Pair.objects.get().pk)
    dictionary.forget()
    places.forget()
