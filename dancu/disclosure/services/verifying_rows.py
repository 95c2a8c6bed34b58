"""Comparing whole tables of an agency with the register: most rows are right and are proved so.

A table is compared slice by slice in two steps, so that one slice can be read while the access
records of another are on their way to the disk. Nobody is told anything in between: the verdicts
leave this room in the transaction that records them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from dancu.disclosure.inquiries import Inquiry, Outcome, Verdict
from dancu.disclosure.internal import agency_ledger, equality, row_ledger
from dancu.disclosure.internal.agency_ledger import AgencyEntry
from dancu.disclosure.internal.comparing import compare_address, differs
from dancu.disclosure.internal.equality import Equal, Plain
from dancu.disclosure.services.verifying import compared, count_disclosed, seen
from dancu.kernel.clock import today
from dancu.kernel.compare import MATCH, Compared, Result

__all__ = [
    "ComparedRows",
    "Plain",
    "Proved",
    "Told",
    "compare_rows",
    "may_be_equal",
    "outcome_of",
]

#: Whether sex and residence are said → the attributes that a plain row says something about.
_SAID = {
    (has_sex, has_residence): (
        "pid",
        "full_name",
        "birth_date",
        *(["sex"] if has_sex else []),
        *(["permanent_residence"] if has_residence else []),
    )
    for has_sex in (False, True)
    for has_residence in (False, True)
}
_RESIDENCE = ("permanent_residence",)


class Proved(NamedTuple):
    """A row that is equal to one living person, but for ``residence``, if that is not a match."""

    record: int
    names: tuple[str, ...]
    residence: Compared


#: Told the rows that were proved, and the verdicts about the others, by place.
Told = Callable[[Mapping[int, Proved], Mapping[int, Verdict]], None]


@dataclass(frozen=True, slots=True)
class ComparedRows:
    """Rows that were compared and not yet told: whom they led to, and what will be recorded.

    ``persons``: whom the rows that were proved led to, by place.
    """

    asked: Inquiry
    proved: Mapping[int, Proved]
    persons: Mapping[int, int]
    verdicts: Mapping[int, Verdict]
    entries: Sequence[AgencyEntry]

    def record(self, *, at: datetime, within: Told) -> None:
        """Write the access records and tell the verdicts in their transaction.

        When ``within`` raises, nothing is recorded. Must not be called inside a transaction.
        """
        with transaction.atomic(durable=True):
            for (names, differing), some in _by_names(self.proved).items():
                row_ledger.insert(
                    self.asked,
                    numbers=[self.proved[place].record for place in some],
                    persons=[self.persons[place] for place in some],
                    attributes=seen(names, (), differing),
                    at=at,
                )
            agency_ledger.add(self.entries, at=at)
            within(self.proved, self.verdicts)
        count_disclosed([self.asked.purpose] * (len(self.proved) + len(self.verdicts)))


def compare_rows(
    plain: Sequence[Plain],
    claims: Callable[[Container[int]], Mapping[int, Mapping[str, object]]],
    *,
    asked: Inquiry,
    at: datetime,
) -> ComparedRows:
    """Compare rows about which ``asked`` says everything but the claims.

    ``plain`` are rows that may be equal to the register to the letter. ``claims`` gets the places
    of those that need no care, and returns the claims of the other rows by place.
    """
    day = today(at)
    found = equality.equals(plain, asked.scope, day) if may_be_equal(asked) else {}
    rest = claims(found)
    verdicts, entries = compared([replace(asked, claims=said) for said in rest.values()], at=at)
    return ComparedRows(
        asked=asked,
        proved=_proved(plain, found, day),
        persons={place: one.person_id for place, one in found.items()},
        verdicts={p: one for p, one in zip(rest, verdicts, strict=True) if one is not None},
        entries=entries,
    )


def _proved(plain: Sequence[Plain], found: Mapping[int, Equal], day: date) -> dict[int, Proved]:
    """Return the rows that were proved, with how their residence stands to the register's."""
    numbers = iter(agency_ledger.numbers.take(len(found)))
    # Families stand together in lists, and live together.
    compared_before: dict[tuple[str, int], Compared] = {}
    proved: dict[int, Proved] = {}
    for row in plain:
        one = found.get(row.place)
        if one is None:
            continue
        residence, address = MATCH, one.address
        if address is not None:
            key = (row.permanent_residence, address.id)
            known = compared_before.get(key)
            residence = known or compare_address(row.permanent_residence, address, day)
            compared_before[key] = residence
        proved[row.place] = Proved(next(numbers), names_of(row), residence)
    return proved


def outcome_of(residence: Compared) -> Outcome:
    """Return the outcome of a row in which nothing but the residence may differ."""
    is_full = residence.is_same or residence.result is Result.UNKNOWN
    return Outcome.FULL_MATCH if is_full else Outcome.FACTS_DIFFER


def may_be_equal(asked: Inquiry) -> bool:
    """Say whether rows may be proved equal at once: questions have to be answered one by one."""
    return not asked.questions and not asked.is_sandbox


def names_of(row: Plain) -> tuple[str, ...]:
    """Return the attributes that a row says something about."""
    return _SAID[row.sex != "", row.permanent_residence != ""]


def _by_names(
    proved: Mapping[int, Proved],
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]]:
    """Return the places by what was compared, and what of it differs."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
    for place, one in proved.items():
        differing = _RESIDENCE if differs(one.residence) else ()
        found.setdefault((one.names, differing), []).append(place)
    return found
