"""Facts as an officer reads them: value, source, since when, what disputes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.catalogue.queries import attribute
from dancu.console.words import (
    EVENTS,
    OUTCOMES,
    attribute_words,
    day_words,
    evidence_words,
    moment_words,
)
from dancu.design.values import Badge, Event, Link
from dancu.design.values import Fact as Shown
from dancu.disclosure.types import (
    Conflict,
    Fact,
    Group,
    Happening,
    Origin,
    PersonPage,
    PidEntry,
    Span,
)
from dancu.disclosure.types import Event as CivilEvent
from dancu.identity.queries import names_of

_CODES = frozenset({"pid", "old_id_number", "phone"})


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group of facts under the heading that an officer thinks of."""

    name: str
    label: str
    facts: Sequence[Shown]
    source: str = ""
    """Where most of the facts come from, said once; facts from elsewhere say so themselves."""


def fact_href(person_id: int, name: str) -> str:
    """Return the page of one fact: whence it comes, what it was, what disputes it."""
    return reverse("console:fact", args=[person_id, name])


def groups_of(
    page: PersonPage, *, language: str, can_reveal: bool, now: PersonPage | None = None
) -> list[ShownGroup]:
    """Return the groups of a page; with ``now``, facts that read otherwise today are marked."""
    return [
        _group(group, page, now, language=language, can_reveal=can_reveal)
        for group in page.groups
        if group.facts
    ]


def _group(
    group: Group, page: PersonPage, now: PersonPage | None, *, language: str, can_reveal: bool
) -> ShownGroup:
    shown = [
        shown_fact(
            one,
            page.header.person_id,
            language=language,
            can_reveal=can_reveal and now is None,
            changed=now is not None and _differs(one, now, language),
        )
        for one in group.facts
    ]
    if now is not None:  # Whether a fact is out of date is a question of today.
        shown = [replace(one, stale="") for one in shown]
    origins = Counter((str(one.source), str(one.since)) for one in shown if one.source)
    if not origins:
        return ShownGroup(group.name, group.label(language), shown)
    (source, since), _times = origins.most_common(1)[0]
    facts = [_without(one, source, since) for one in shown]
    words = ", ".join(word for word in (source, since) if word)
    return ShownGroup(
        group.name, group.label(language), facts, _("From: %(source)s") % {"source": words}
    )


def _without(one: Shown, source: str, since: str) -> Shown:
    """Return a fact without what the head of its group says of it."""
    if one.source != source:
        return one
    return replace(one, source="", source_href="", since="" if one.since == since else one.since)


def _differs(one: Fact, now: PersonPage, language: str) -> bool:
    today = now.facts.get(one.attribute)
    return today is None or today.text(language) != one.text(language)


def shown_fact(
    one: Fact, person_id: int, *, language: str, can_reveal: bool, changed: bool = False
) -> Shown:
    """Return one fact with its source; the source leads to its page."""
    href = fact_href(person_id, one.attribute)
    masked = one.is_masked
    return Shown(
        label=one.label(language),
        value=fact_words(one, language),
        source=one.origin.source_label(language) if one.origin else "",
        source_href=href if one.origin else "",
        since=_("since %(day)s") % {"day": day_words(one.origin.since)} if one.origin else "",
        conflict=_("Sources disagree") if one.has_conflict else "",
        conflict_href=f"{href}#conflicts" if one.has_conflict else "",
        masked=masked,
        reveal_href=(
            reverse("console:reveal", args=[person_id, one.attribute])
            if masked and one.can_reveal and can_reveal
            else ""
        ),
        code=attribute(one.attribute).type in _CODES,
        changed=changed,
        stale=_("to be confirmed") if one.is_stale else "",
        href=href if one.origin else "",
    )


def fact_words(one: Fact, language: str) -> str:
    """Return the value of a fact, and in words that there is none."""
    if one.is_none:
        return _("none")
    return one.text(language)


def origin_rows(origin: Origin, language: str, *, confirmed_on: date | None = None) -> list[Shown]:
    """Return where a value comes from, line by line."""
    rows = [
        Shown(_("Source"), origin.source_label(language)),
        Shown(_("Evidence"), evidence_words(origin.evidence_kind, origin.evidence)),
        Shown(_("Holds since"), day_words(origin.since)),
        Shown(_("Entered in the register"), moment_words(origin.recorded_at)),
        Shown(_("Entered by"), who(origin)),
    ]
    if confirmed_on:
        rows.append(Shown(_("Last confirmed"), day_words(confirmed_on)))
    if origin.event:
        number = f"{_('No.')} {origin.event.number}" if origin.event.number else ""
        words = " ".join(w for w in (_event_words(origin.event), number) if w)
        rows.append(Shown(_("Event"), f"{words} · {day_words(origin.event.happened_on)}"))
    return [row for row in rows if row.value]


def _event_words(event: CivilEvent) -> str:
    return str(EVENTS.get(event.kind, event.kind))


def who(origin: Origin) -> str:
    """Return who entered a statement: an officer with the office, or the transfer of a file."""
    if origin.entered_by is None:
        return _("loaded in a batch")
    return account_words([origin.entered_by])[origin.entered_by]


def account_words(ids: Iterable[int]) -> dict[int, str]:
    """Return name and office of accounts; an unknown account by its number."""
    wanted = list(ids)
    found = names_of(wanted)
    result = {}
    for one in wanted:
        words = found.get(one)
        if words is None:
            result[one] = _("account %(number)s") % {"number": one}
        else:
            result[one] = f"{words.name}, {words.office_name}" if words.office_name else words.name
    return result


def spans_of(spans: Sequence[Span], language: str) -> list[Event]:
    """Return the history of one fact, the newest value first."""
    return [_span(one, language) for one in sorted(spans, key=lambda s: s.start, reverse=True)]


def _span(one: Span, language: str) -> Event:
    basis = evidence_words(one.origin.evidence_kind, one.origin.evidence)
    detail = [basis, who(one.origin)]
    confirmed = [
        _("confirmed on %(day)s by %(source)s")
        % {"day": day_words(other.since), "source": other.source_label(language)}
        for other in one.confirmations
    ]
    recorded = _("entered at %(moment)s") % {"moment": moment_words(one.origin.recorded_at)}
    return Event(
        when=day_words(one.start),
        title=one.text(language) or _("none"),
        detail=" · ".join(word for word in (*detail, recorded, *confirmed) if word),
        iso=one.start.isoformat(),
        source=one.origin.source_label(language),
        tone="success" if one.end is None else "neutral",
        icon="check" if one.end is None else "",
        badges=[
            Badge(_("holds today"), "success")
            if one.end is None
            else Badge(_("until %(day)s") % {"day": day_words(one.end)})
        ],
    )


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """A claim that lost beside the one that won, with how it ended if it has."""

    conflict: Conflict
    ours: Sequence[Shown]
    theirs: Sequence[Shown]
    ended: str
    settle_href: str


def conflict_of(one: Conflict, person_id: int, *, language: str, may_settle: bool) -> ShownConflict:
    """Return both sides of a conflict, line by line."""
    label = attribute_words(one.attribute, language)
    ours = [Shown(label, one.against_text(language))]
    if one.against:
        ours += origin_rows(one.against, language)
    theirs = [Shown(label, one.text(language) or _("none"))]
    if one.origin:
        theirs += origin_rows(one.origin, language)
    ended = ""
    if not one.is_open:
        ended = _("%(outcome)s at %(moment)s. %(reason)s") % {
            "outcome": str(OUTCOMES.get(one.outcome or "", one.outcome or "")).capitalize(),
            "moment": moment_words(one.settled_at),
            "reason": one.reason or "",
        }
    settle = ""
    if one.is_open and may_settle:
        settle = reverse("console:conflict", args=[person_id, one.attribute, one.statement_id])
    return ShownConflict(one, ours, theirs, ended.strip(), settle)


def disputes_of(page: PersonPage, language: str) -> list[Link]:
    """Return the open conflicts in words: what the register says and what another source says."""
    return [
        Link(
            _("%(fact)s: “%(ours)s”, but %(source)s says “%(theirs)s”")
            % {
                "fact": attribute_words(one.attribute, language),
                "ours": one.against_text(language) or _("none"),
                "source": one.origin.source_label(language) if one.origin else "?",
                "theirs": one.text(language) or _("none"),
            },
            f"{fact_href(page.header.person_id, one.attribute)}#conflicts",
        )
        for one in page.conflicts
        if one.is_open
    ]


def timeline_of(page: PersonPage, *, language: str, kind: str = "") -> list[Event]:
    """Return what happened to a person, newest first; of one kind when one is named.

    Facts of one statement stand together, since they came together.
    """
    person_id = page.header.person_id
    events: list[Event] = []
    wanted = [one for one in page.timeline if not kind or one.kind == kind]
    for _key, group in groupby(sorted(wanted, key=_newest_first), key=_together):
        happenings = list(group)
        first = happenings[0]
        if first.event is not None:
            events.append(_civil_event(first.day, first.event))
        elif first.pid is not None:
            href = reverse("console:papers", args=[person_id])
            events.append(_number(first.day, first.pid, href))
        else:
            spans = [one.span for one in happenings if one.span is not None]
            events.append(_statement(first.day, spans, person_id, language))
    return events


def _newest_first(one: Happening) -> tuple[int, bool, int]:
    """Events and numbers come before the facts of their day, later statements before earlier."""
    statement = one.span.origin.statement_id if one.span else 0
    return -one.day.toordinal(), one.span is not None, -statement


def _together(one: Happening) -> tuple[object, ...]:
    if one.span is not None:
        return "fact", one.day, one.span.origin.statement_id
    return one.kind, one.day, one.event or one.pid


def _statement(day: date, spans: Sequence[Span], person_id: int, language: str) -> Event:
    origin = spans[0].origin
    basis = evidence_words(origin.evidence_kind, origin.evidence)
    facts = [f"{one.label(language)}: {one.text(language) or _('none')}" for one in spans]
    alone = len(spans) == 1
    as_of = f"{reverse('console:person', args=[person_id])}?as_of={day.isoformat()}"
    return Event(
        when=day_words(day),
        title=facts[0] if alone else basis or origin.source_label(language),
        detail=basis if alone else " · ".join(facts),
        iso=day.isoformat(),
        source=origin.source_label(language),
        href=fact_href(person_id, spans[0].attribute) if alone else as_of,
        icon="dot",
    )


def _civil_event(day: date, event: CivilEvent) -> Event:
    words = _("No. %(number)s, registered at %(moment)s")
    if not event.number:
        words = _("Registered at %(moment)s")
    return Event(
        when=day_words(day),
        title=_event_words(event),
        detail=words % {"number": event.number, "moment": moment_words(event.registered_at)},
        iso=day.isoformat(),
        source=event.office,
        tone="info",
        icon="flag",
    )


def _number(day: date, entry: PidEntry, href: str) -> Event:
    cancelled = entry.cancelled_on == day
    words = _("Number %(pid)s cancelled") if cancelled else _("Number %(pid)s given")
    return Event(
        when=day_words(day),
        title=words % {"pid": entry.pid},
        iso=day.isoformat(),
        href=href,
        tone="warning" if cancelled else "neutral",
        icon="card",
    )
