"""Who looked at the reader: filtered, in windows, by day, and one look at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dancu.access.types import Actor
from dancu.catalogue import attributes_of_group
from dancu.design.dates import typed
from dancu.design.values import Badge, Choice, Event, Link
from dancu.disclosure import services as disclosure
from dancu.disclosure.types import AccessPage, AccessRow, LookGroup, LooksAsked
from dancu.exchange.feed.citizens import followers_of
from dancu.kernel.clock import VIETNAM
from dancu.kernel.dates import InvalidDate
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.portal import words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = date(9999, 12, 31)
#: Every number of so many digits is one that a record may have.
_LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Filter:
    """Which looks are asked for; ``since`` and ``until`` are days in Vietnam, both included.

    ``office`` is a code, ``what`` the name of a group of facts; ``each`` has a line for each look.
    """

    since: date | None = None
    until: date | None = None
    office: str = ""
    what: str = ""
    own: bool = False
    each: bool = False

    @property
    def count(self) -> int:
        """How many filters are in force."""
        asked = (self.since, self.until, self.office, self.what, self.own, self.each)
        return sum(map(bool, asked))

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
        each="each" in query,
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
    """One window of the looks, by day; what belongs together is one line unless asked for."""
    if chosen.each:
        page = _fetch(chosen, number, actor=actor, at=at)
        return Looks(_days((row.at, _event(row)) for row in page.rows), number, page.has_next)
    found = disclosure.looks_together(
        person_id=actor.person_id or 0, actor=actor, at=at, window=number, asked=chosen.asked
    )
    lines = ((group.last, _group_event(group, chosen)) for group in found.groups)
    return Looks(_days(lines), number, found.has_next)


def _days(lines: Iterable[tuple[datetime, Event]]) -> list[Day]:
    days = groupby(lines, key=lambda line: line[0].astimezone(VIETNAM).date())
    return [Day(words.weekday_words(day), [event for _, event in of_day]) for day, of_day in days]


def _group_event(group: LookGroup, chosen: Filter) -> Event:
    parts = [_event(row) for row in group.newest]
    if group.count == 1:
        return parts[0]
    first, last = (f"{at.astimezone(VIETNAM):%H:%M}" for at in (group.first, group.last))
    times = ngettext("%(n)s time", "%(n)s times", group.count) % {"n": group.count}
    return replace(
        parts[0],
        when=last if first == last else f"{first}–{last}",
        detail=" ".join(words.looked_words(row) for row in group.by_kind),
        href="",
        badges=[Badge(times), *parts[0].badges],
        parts=parts,
        parts_label=_parts_words(group),
        rest=_rest(group, chosen),
    )


def _parts_words(group: LookGroup) -> str:
    """What opens the single looks."""
    if group.count == len(group.newest):
        return _("Show each look")
    return _("Show the last %(n)s looks") % {"n": len(group.newest)}


def _rest(group: LookGroup, chosen: Filter) -> Link | None:
    """The way to every look of the office on this day, where not all of them stand here."""
    if group.count == len(group.newest):
        return None
    day = words.day_words(group.last.astimezone(VIETNAM).date())
    query = {"since": day, "until": day, "office": group.office_code, "what": chosen.what}
    asked = {key: value for key, value in query.items() if value} | {"each": "on"}
    asked |= {"own": "on"} if chosen.own else {}
    label = _("All looks of this office on this day")
    return Link(label, f"{reverse('portal:looks')}?{urlencode(asked)}")


def offices_seen(*, actor: Actor, at: datetime) -> list[Choice]:
    """The offices that ever looked, for the filter."""
    found = disclosure.offices_that_looked(person_id=actor.person_id or 0, actor=actor, at=at)
    return [Choice(code, name) for code, name in found]


def kinds_of_facts() -> list[Choice]:
    """The groups of facts, for the filter."""
    return [Choice(name, label) for name, label in words.GROUPS.items()]


def one_look(key: str, *, actor: Actor, at: datetime) -> AccessRow:
    """The look that an address names. Raises ``NotFoundOrNotYours``."""
    number = "".join(key.split("-")[1:2])
    if number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER:
        asked = LooksAsked(include_own=True, record=int(number))
        person_id = actor.person_id or 0
        page = disclosure.accesses_of(person_id=person_id, actor=actor, at=at, asked=asked)
        for row in page.rows:
            if key_of(row) == key:
                return row
    raise NotFoundOrNotYours


def key_of(row: AccessRow) -> str:
    """What names a look in an address: its moment, its number in the log, its kind."""
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
