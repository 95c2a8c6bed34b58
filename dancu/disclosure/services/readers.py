"""Unusual readers, for auditors: numbers against thresholds, and the looks behind each number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

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
from dancu.disclosure.services.log import page_for_auditor
from dancu.disclosure.types import AccessPage

__all__ = ["Reader", "ReaderRow", "Sign", "looks_behind", "unusual_readers"]

MOST_READERS = 200


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A reader with the numbers of a period, and which of them are unusual.

    ``peers`` is the median of people seen by readers of the same role, ``most_looks`` how often
    one person was opened at most.
    """

    reader: Reader
    office: str
    role: str
    people: int
    peers: float
    odd_hours: int
    outside: int
    again: int
    most_looks: int
    refused: int
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
    return shown[:MOST_READERS]


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
    for item in found:
        seen[item.role].append(item.people)
    peers = {role: float(median(numbers)) for role, numbers in seen.items()}
    return [_row(item, peers[item.role], limits) for item in found]


def _row(item: Habits, peers: float, limits: Signs) -> ReaderRow:
    many = max(limits.volume_people, limits.volume_times_peers * peers)
    over = {
        # Alone in a role there are no peers, and one's own number is the median.
        Sign.VOLUME: item.people >= many,
        Sign.HOURS: item.odd_hours >= limits.hours_answers and not item.reader.contract,
        Sign.OUTSIDE: item.outside >= limits.outside_people,
        Sign.AGAIN: item.again >= limits.again_people,
        Sign.REFUSED: item.refused >= limits.refused_answers,
    }
    return ReaderRow(
        reader=item.reader,
        office=item.office,
        role=item.role,
        people=item.people,
        peers=peers,
        odd_hours=item.odd_hours,
        outside=item.outside,
        again=item.again,
        most_looks=item.most_looks,
        refused=item.refused,
        answers=item.answers,
        unusual=frozenset(sign for sign, is_over in over.items() if is_over),
    )
