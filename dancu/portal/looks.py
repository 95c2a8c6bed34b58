"""Who looked at the reader: filtered, in windows, by day, and one look at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.access.types import Actor
from dancu.design.values import Badge, Choice, Event
from dancu.disclosure import services as disclosure
from dancu.disclosure.types import AccessPage, AccessRow
from dancu.kernel.clock import VIETNAM
from dancu.kernel.dates import InvalidDate, parse_vietnamese
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.portal import words

SHOWN_AT_ONCE = 50
#: The filter offers the offices among so many of the latest looks.
OFFICES_AMONG = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which looks are asked for; ``since`` and ``until`` are days in Vietnam, both included."""

    since: date | None = None
    until: date | None = None
    office: str = ""
    own: bool = False

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(map(bool, (self.since, self.until, self.office, self.own)))

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out that the door would hand over."""
        return bool(self.since or self.until or self.office)

    def holds(self, row: AccessRow) -> bool:
        """Whether the look is asked for."""
        day = row.at.astimezone(VIETNAM).date()
        return (
            (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
            and (not self.office or words.looker_words(row) == self.office)
        )

    def is_past(self, row: AccessRow) -> bool:
        """Whether this look, and so every one after it, is before what is asked for."""
        return self.since is not None and row.at.astimezone(VIETNAM).date() < self.since


@dataclass(frozen=True, slots=True)
class Day:
    """The looks of one day."""

    title: str
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Looks:
    """One window of looks, the newest day first."""

    days: list[Day]
    number: int
    has_next: bool


def filter_of(query: QueryDict) -> tuple[Filter, dict[str, str]]:
    """The filter that the address names, and what is wrong with its dates."""
    wrong: dict[str, str] = {}

    def day(name: str, *, last: bool = False) -> date | None:
        text = query.get(name, "").strip()
        if not text:
            return None
        try:
            found = parse_vietnamese(text)
        except InvalidDate as error:
            wrong[name] = error.field_errors[0].text(_)
            return None
        return found.latest if last else found.earliest

    chosen = Filter(
        since=day("since"),
        until=day("until", last=True),
        office=query.get("office", "").strip(),
        own="own" in query,
    )
    return chosen, wrong


def every_look(chosen: Filter, *, actor: Actor, at: datetime) -> Iterator[AccessRow]:
    """All looks that the filter asks for, the newest first, fetched a window at a time."""
    number, more = 1, True
    while more:
        page = _fetch(chosen, number, actor=actor, at=at)
        for row in page.rows:
            if chosen.is_past(row):
                return
            if chosen.holds(row):
                yield row
        number, more = number + 1, page.has_next


def _fetch(chosen: Filter, number: int, *, actor: Actor, at: datetime) -> AccessPage:
    person = actor.person_id or 0
    return disclosure.accesses_of(
        person_id=person, actor=actor, at=at, window=number, include_own=chosen.own
    )


def window_of(chosen: Filter, number: int, *, actor: Actor, at: datetime) -> Looks:
    """One window of the looks, by day."""
    if not chosen.narrows:
        page = _fetch(chosen, number, actor=actor, at=at)
        return Looks(_days(page.rows), number, page.has_next)
    first = (number - 1) * SHOWN_AT_ONCE
    rows = every_look(chosen, actor=actor, at=at)
    found = list(islice(rows, first, first + SHOWN_AT_ONCE + 1))
    return Looks(_days(found[:SHOWN_AT_ONCE]), number, len(found) > SHOWN_AT_ONCE)


def _days(rows: Sequence[AccessRow]) -> list[Day]:
    days = groupby(rows, key=lambda row: row.at.astimezone(VIETNAM).date())
    return [Day(words.weekday_words(day), [_event(row) for row in of_day]) for day, of_day in days]


def offices_seen(*, actor: Actor, at: datetime) -> list[Choice]:
    """The offices among the latest looks, for the filter."""
    latest = islice(every_look(Filter(), actor=actor, at=at), OFFICES_AMONG)
    names = sorted({words.looker_words(row) for row in latest})
    return [Choice(name, name) for name in names]


def one_look(key: str, *, actor: Actor, at: datetime) -> AccessRow:
    """The look that an address names. Raises ``NotFoundOrNotYours``."""
    for row in every_look(Filter(own=True), actor=actor, at=at):
        if key_of(row) == key:
            return row
    raise NotFoundOrNotYours


def key_of(row: AccessRow) -> str:
    """What names a look in an address: its moment and its kind."""
    return f"{(row.at - _EPOCH) // timedelta(microseconds=1)}-{row.kind}"


def look_href(row: AccessRow) -> str:
    """The page of one look."""
    return f"{reverse('portal:looks_one')}?{urlencode({'look': key_of(row)})}"


def report_href(row: AccessRow) -> str:
    """Where the look is reported as wrong."""
    return f"{reverse('portal:looks_report')}?{urlencode({'look': key_of(row)})}"


def _event(row: AccessRow) -> Event:
    local = row.at.astimezone(VIETNAM)
    return Event(
        when=f"{local:%H:%M}",
        title=words.looker_words(row),
        detail=words.looked_words(row),
        iso=local.isoformat(timespec="minutes"),
        source=words.reason_words(row),
        href=look_href(row),
        tone="warning" if row.is_refused else "neutral",
        icon="lock" if row.is_refused else "eye",
        badges=[Badge(_("refused"), "warning")] if row.is_refused else [],
    )
