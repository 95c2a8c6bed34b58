"""Who looked at the reader: filtered, in windows, by day, and one look at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.access.types import Actor
from dancu.catalogue import attributes_of_group
from dancu.design.dates import typed
from dancu.design.values import Badge, Choice, Event
from dancu.disclosure import services as disclosure
from dancu.disclosure.types import AccessPage, AccessRow, LooksAsked
from dancu.exchange.feed.citizens import followers_of
from dancu.kernel.clock import VIETNAM
from dancu.kernel.dates import InvalidDate
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.portal import words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = date(9999, 12, 31)
#: Digits of a moment in microseconds, up to the year 2286.
_LONGEST_MOMENT = 16


@dataclass(frozen=True, slots=True)
class Filter:
    """Which looks are asked for; ``since`` and ``until`` are days in Vietnam, both included.

    ``office`` is a code, ``what`` the name of a group of facts.
    """

    since: date | None = None
    until: date | None = None
    office: str = ""
    what: str = ""
    own: bool = False

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(map(bool, (self.since, self.until, self.office, self.what, self.own)))

    @property
    def asked(self) -> LooksAsked:
        """The same for the door, which takes the first day not wanted."""
        until = self.until if self.until != _LATEST else None
        return LooksAsked(
            since=self.since,
            until=until + timedelta(days=1) if until else None,
            office=self.office,
            attributes=tuple(one.name for one in attributes_of_group(self.what)),
            include_own=self.own,
        )


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
            found = typed(text)
        except InvalidDate as error:
            wrong[name] = error.field_errors[0].text(_)
            return None
        return found.latest if last else found.earliest

    what = query.get("what", "")
    chosen = Filter(
        since=day("since"),
        until=day("until", last=True),
        office=query.get("office", "").strip()[:40],
        what=what if what in words.GROUPS else "",
        own="own" in query,
    )
    return chosen, wrong


def every_look(chosen: Filter, *, actor: Actor, at: datetime) -> Iterator[AccessRow]:
    """All looks that the filter asks for, the newest first, fetched a window at a time."""
    number, more = 1, True
    while more:
        page = _fetch(chosen, number, actor=actor, at=at)
        yield from page.rows
        number, more = number + 1, page.has_next


def _fetch(chosen: Filter, number: int, *, actor: Actor, at: datetime) -> AccessPage:
    return disclosure.accesses_of(
        person_id=actor.person_id or 0, actor=actor, at=at, window=number, asked=chosen.asked
    )


def window_of(chosen: Filter, number: int, *, actor: Actor, at: datetime) -> Looks:
    """One window of the looks, by day."""
    page = _fetch(chosen, number, actor=actor, at=at)
    return Looks(_days(page.rows), number, page.has_next)


def _days(rows: Sequence[AccessRow]) -> list[Day]:
    days = groupby(rows, key=lambda row: row.at.astimezone(VIETNAM).date())
    return [Day(words.weekday_words(day), [_event(row) for row in of_day]) for day, of_day in days]


def offices_seen(*, actor: Actor, at: datetime) -> list[Choice]:
    """The offices that ever looked, for the filter."""
    found = disclosure.offices_that_looked(person_id=actor.person_id or 0, actor=actor, at=at)
    return [Choice(code, name) for code, name in found]


def kinds_of_facts() -> list[Choice]:
    """The groups of facts, for the filter."""
    return [Choice(name, label) for name, label in words.GROUPS.items()]


def one_look(key: str, *, actor: Actor, at: datetime) -> AccessRow:
    """The look that an address names. Raises ``NotFoundOrNotYours``."""
    day = _day_of(key)
    if day is not None:
        for row in every_look(Filter(since=day, until=day, own=True), actor=actor, at=at):
            if key_of(row) == key:
                return row
    raise NotFoundOrNotYours


def _day_of(key: str) -> date | None:
    """Return the day that the name of a look begins with; none for what names no look."""
    number = key.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_MOMENT):
        return None
    return (_EPOCH + timedelta(microseconds=int(number))).astimezone(VIETNAM).date()


def key_of(row: AccessRow) -> str:
    """What names a look in an address: its moment, which finds its day, its number, its kind.

    One moment may hold several looks of a kind: an agency's file has the same person twice.
    """
    return f"{(row.at - _EPOCH) // timedelta(microseconds=1)}-{row.record}-{row.kind}"


def look_href(row: AccessRow) -> str:
    """The page of one look."""
    return f"{reverse('portal:looks_one')}?{urlencode({'look': key_of(row)})}"


def receipt_href(row: AccessRow) -> str:
    """Where the receipt of the look is downloaded."""
    return f"{reverse('portal:looks_receipt')}?{urlencode({'look': key_of(row)})}"


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


def told_of_changes(*, actor: Actor, at: datetime) -> list[str]:
    """A sentence for each agency that is told when something of the reader changes."""
    followers = followers_of(person_id=actor.person_id or 0, at=at)
    return [words.follower_words(one) for one in followers]
