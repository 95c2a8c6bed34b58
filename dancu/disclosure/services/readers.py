"""Unusual readers, for auditors: numbers against thresholds, and the looks behind each number."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dancu.access.types import Actor
from dancu.catalogue.oversight import Signs, signs
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Request
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.reading_habits import (
    Habits,
    Period,
    Reader,
    Sign,
    habits,
    records_behind,
    require_reader,
)
from dancu.disclosure.services.log import offices_of, page_for_auditor
from dancu.disclosure.types import AccessPage

__all__ = ["Reader", "ReaderRow", "Sign", "looks_behind", "unusual_readers"]

MOST_READERS = 200


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A reader with the numbers of a period, and which of them are unusual.

    ``peers`` is the median of people seen by the other readers of the same role, or by all others
    where nobody else has it (``is_alone``); ``most_looks`` how often one person was opened at most;
    ``asked`` people about whom the reader verified too often in one day, one of them
    ``most_asked`` times. ``office`` is a name.
    """

    reader: Reader
    office: str
    role: str
    people: int
    peers: float
    is_alone: bool
    odd_hours: int
    outside: int
    again: int
    most_looks: int
    refused: int
    asked: int
    most_asked: int
    answers: int
    unusual: frozenset[Sign]

    def number(self, sign: Sign) -> int:
        """Return the number that stands under a sign."""
        return {
            Sign.ALL: self.answers,
            Sign.VOLUME: self.people,
            Sign.HOURS: self.odd_hours,
            Sign.OUTSIDE: self.outside,
            Sign.AGAIN: self.again,
            Sign.REFUSED: self.refused,
            Sign.ASKED: self.asked,
        }[sign]


def unusual_readers(
    *, actor: Actor, case: str, days: int, at: datetime, everybody: bool = False
) -> list[ReaderRow]:
    """Return readers of the last days, those with the most unusual numbers first.

    Without ``everybody`` only those with a number over its threshold; at most ``MOST_READERS``.
    Needs the purpose ``audit`` and its case number; the reading is recorded.
    """
    grant = gate.enter(Request(actor, "audit", case, at, Kind.AUDIT), action="access_log.read")
    rows = _rows(habits(_period(days, at), signs()), signs())
    grant.record([Entry(None, Kind.AUDIT)])
    shown = [row for row in rows if everybody or row.unusual]
    shown.sort(key=lambda row: (-len(row.unusual), -row.people, row.office))
    offices = offices_of(row.office for row in shown[:MOST_READERS])
    return [
        replace(row, office=offices.get(row.office, ("", row.office))[1])
        for row in shown[:MOST_READERS]
    ]


def looks_behind(
    *,
    actor: Actor,
    case: str,
    reader: Reader,
    sign: Sign,
    days: int,
    at: datetime,
    window: int = 1,
) -> AccessPage:
    """Return a window of the access records that a number counts, as the access log shows them.

    Those on the window get an access record of this reading. Raises ``NotFoundOrNotYours``.
    """
    request = Request(actor, "audit", case, at, Kind.AUDIT)
    grant = gate.enter(request, action="access_log.read")
    require_reader(reader)
    rows = records_behind(reader, sign, _period(days, at), signs())
    return page_for_auditor(grant, rows, window)


def _period(days: int, at: datetime) -> Period:
    return Period(at - timedelta(days=days), at + timedelta(minutes=1))


def _rows(found: list[Habits], limits: Signs) -> list[ReaderRow]:
    seen: dict[str, list[int]] = defaultdict(list)
    # Who only verified saw nobody, and is no measure for those who did.
    reading = sorted((item for item in found if item.answers), key=lambda one: one.people)
    for item in reading:
        seen[item.role].append(item.people)
    every = [item.people for item in reading]
    return [_row(item, seen[item.role], every, limits) for item in found]


def _median_of_others(others: Sequence[int], own: int) -> float:
    """Return the median of the others: one's own number must not raise what it is held against."""
    place, count = bisect_left(others, own), len(others) - 1
    if count <= 0:
        return 0.0
    middle = [others[one + (one >= place)] for one in ((count - 1) // 2, count // 2)]
    return sum(middle) / 2


def _row(item: Habits, of_role: Sequence[int], every: Sequence[int], limits: Signs) -> ReaderRow:
    is_alone = len(of_role) <= 1
    peers = _median_of_others(every if is_alone else of_role, item.people)
    many = max(limits.volume_people, limits.volume_times_peers * peers)
    over = {
        Sign.VOLUME: item.people >= many,
        Sign.HOURS: item.odd_hours >= limits.hours_answers and not item.reader.contract,
        Sign.OUTSIDE: item.outside >= limits.outside_people,
        Sign.AGAIN: item.again >= limits.again_people,
        Sign.REFUSED: item.refused >= limits.refused_answers,
        Sign.ASKED: item.asked >= limits.asked_people,
    }
    return ReaderRow(
        reader=item.reader,
        office=item.office,
        role=item.role,
        people=item.people,
        peers=peers,
        is_alone=is_alone,
        odd_hours=item.odd_hours,
        outside=item.outside,
        again=item.again,
        most_looks=item.most_looks,
        refused=item.refused,
        asked=item.asked,
        most_asked=item.most_asked,
        answers=item.answers,
        unusual=frozenset(sign for sign, is_over in over.items() if is_over),
    )
