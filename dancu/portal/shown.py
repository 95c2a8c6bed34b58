"""From what the door out hands over to what the citizens' pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.catalogue import attribute, attributes_of_group
from dancu.design.values import Badge, Event, Link, Relative
from dancu.disclosure import types as given
from dancu.kernel.pid import mask
from dancu.portal import words
from dancu.portal.values import Line

ADULT_AGE = 18
#: The groups whose statutory facts everybody may be expected to have.
_EXPECTED = frozenset({"identity", "birth", "contact"})


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under one heading, where most of them come from, and what is not known there."""

    name: str
    title: str
    source: str
    lines: list[Line]
    missing: list[Link]


def fact_groups(page: given.PersonPage) -> list[FactGroup]:
    """Everything known about the reader, under plain headings; empty headings are left out."""
    others, mine = disputed(page)
    groups = [_group(group, others, mine) for group in page.groups]
    return [group for group in groups if group.lines]


def disputed(page: given.PersonPage) -> tuple[set[str], set[str]]:
    """The facts that other offices tell otherwise, and those the reader asked to correct."""
    open_ones = [conflict for conflict in page.conflicts if conflict.is_open]
    mine = {conflict.attribute for conflict in open_ones if is_mine(conflict)}
    return {conflict.attribute for conflict in open_ones if not is_mine(conflict)}, mine


def is_mine(conflict: given.Conflict) -> bool:
    """Whether it is the reader who says something else."""
    return conflict.origin is not None and conflict.origin.evidence_kind == words.OWN_WORD


def _group(group: given.Group, others: set[str], mine: set[str]) -> FactGroup:
    known = [fact for fact in group.facts if is_known(fact)]
    held = {fact.attribute for fact in known}
    sources = Counter(_source(fact) for fact in known)
    source, times = sources.most_common(1)[0] if sources else ("", 0)
    common = source if times > 1 else ""
    return FactGroup(
        name=group.name,
        title=words.group_words(group.name, group.label(words.language())),
        source=common,
        lines=[_line(fact, common, _notes(fact, others, mine)) for fact in known],
        missing=[Link(words.label(name), fact_href(name)) for name in missing(group.name, held)],
    )


def _notes(fact: given.Fact, others: set[str], mine: set[str]) -> list[str]:
    notes = [_("Another office wrote something else")] if fact.attribute in others else []
    notes += [_("You asked to correct this; waiting")] if fact.attribute in mine else []
    notes += [_("not confirmed for a long time")] if fact.is_stale else []
    return notes


def _line(fact: given.Fact, common: str, notes: list[str]) -> Line:
    source = _source(fact)
    return Line(
        label=label(fact),
        value=value_words(fact),
        way=Link(_("Correct this"), correct_href(fact.attribute)),
        href=fact_href(fact.attribute),
        source=source if source != common else "",
        notes=notes,
        is_code=is_number(fact.attribute),
    )


def _source(fact: given.Fact) -> str:
    """Where a fact comes from and since when it holds, in one line."""
    return ", ".join(part for part in (words.source_words(fact.origin), since(fact)) if part)


def since(fact: given.Fact) -> str:
    """Since when a fact holds; empty for what cannot change, such as a birth."""
    if fact.origin is None or attribute(fact.attribute).rule == "once":
        return ""
    return words.since_words(fact.origin.since)


def missing(group: str, held: Collection[str]) -> list[str]:
    """The facts that the law names for everybody and of which nothing is written down."""
    if group not in _EXPECTED:
        return []
    return [a.name for a in attributes_of_group(group) if a.statutory and a.name not in held]


def is_known(fact: given.Fact) -> bool:
    """Whether the register says anything: a value, or that there is none."""
    return fact.is_none or bool(fact.text(words.language()))


def label(fact: given.Fact) -> str:
    """What the fact is called."""
    return fact.label(words.language())


def value_words(fact: given.Fact) -> str:
    """The value, ready to be read; words of its own for "there is none"."""
    return _("none") if fact.is_none else fact.text(words.language())


def fact_href(name: str) -> str:
    """The page of one fact."""
    return reverse("portal:data_fact", args=[name])


def correct_href(name: str) -> str:
    """Where a correction of the fact begins."""
    return reverse("portal:request_value", args=[name])


def is_number(name: str) -> bool:
    """Whether values are numbers to be read digit by digit."""
    return attribute(name).type in {"pid", "old_id_number", "phone"}


def history_events(spans: Sequence[given.Span]) -> list[Event]:
    """What a fact was over time, the newest first."""
    ordered = sorted(spans, key=lambda span: span.start, reverse=True)
    return [_span_event(span) for span in ordered]


def _span_event(span: given.Span) -> Event:
    current = span.end is None
    pattern = _("from %(start)s until now") if current else _("from %(start)s to %(end)s")
    when = pattern % {
        "start": words.day_words(span.start),
        "end": words.day_words(span.end) if span.end else "",
    }
    return Event(
        when=when,
        title=span.text(words.language()) or _("none"),
        iso=span.start.isoformat(),
        source=words.source_words(span.origin),
        tone="success" if current else "neutral",
        icon="check" if current else "",
        badges=[Badge(_("in use now"), "success")] if current else [],
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim that says something else than the register holds to be true."""

    value: str
    source: str
    used: str
    by_me: bool
    is_open: bool
    outcome: str


def differences(page: given.PersonPage, name: str) -> list[Difference]:
    """What other sources say about one fact, the unsettled first."""
    return [_difference(conflict) for conflict in page.conflicts if conflict.attribute == name]


def _difference(conflict: given.Conflict) -> Difference:
    language = words.language()
    settled = {
        "accepted": _("The office decided to use this value."),
        "dismissed": _("The office looked into it and kept the value in use."),
        "withdrawn": _("Whoever wrote it has taken it back."),
        "superseded": _("It has been replaced by something newer."),
    }
    return Difference(
        value=conflict.text(language) or _("none"),
        source=words.source_words(conflict.origin),
        used=conflict.against_text(language) or _("none"),
        by_me=is_mine(conflict),
        is_open=conflict.is_open,
        outcome=settled.get(conflict.outcome or "", ""),
    )


def members(household: Sequence[given.Disclosed], own_id: int | None) -> list[Relative]:
    """The people of the reader's household, as far as the reader may see them."""
    return [_member(member, own_id) for member in household]


def _member(member: given.Disclosed, own_id: int | None) -> Relative:
    mine = member.person_id == own_id
    relationship = member.facts.get("household_relationship")
    return Relative(
        name=member.header.name,
        role=value_words(relationship) if relationship else "",
        detail=_born(member),
        current=mine,
        href=reverse("portal:data") if mine else "",
        badges=[Badge(_("you"), "info")] if mine else [],
    )


def _born(member: given.Disclosed) -> str:
    birth = member.facts.get("birth_date")
    text = value_words(birth) if birth else ""
    sex = member.facts.get("sex")
    parts = [value_words(sex)] if sex and is_known(sex) else []
    parts += [_("born %(date)s") % {"date": text}] if text else []
    return ", ".join(parts)


def relatives(page: given.PersonPage, *roles: str) -> list[Relative]:
    """The reader's relatives in these roles; numbers masked as they came."""
    return [_relative(entry) for entry in page.family if entry.role in roles]


def _relative(entry: given.Relative) -> Relative:
    born = _("born %(date)s") % {"date": entry.birth_year} if entry.birth_year else ""
    return Relative(
        name=entry.name,
        role=entry.role_label(words.language()),
        pid=entry.pid or "",
        detail=born,
        outside=not entry.in_register,
        badges=[] if entry.is_alive else [Badge(_("has died"))],
    )


def children(
    page: given.PersonPage, household: Sequence[given.Disclosed], day: date
) -> list[Relative]:
    """The reader's children; those of the household with their birth, minors marked."""
    at_home = {member.header.name: member for member in household}
    return [
        _child(child, at_home.get(child.name), day)
        for child in page.family
        if child.role == "child" and child.is_alive
    ]


def _child(child: given.Relative, member: given.Disclosed | None, day: date) -> Relative:
    born = member.header.birth_date if member else None
    is_minor = born is not None and born.age_on(day)[0] < ADULT_AGE
    return Relative(
        name=child.name,
        role=child.role_label(words.language()),
        detail=_born(member) if member else "",
        badges=[Badge(_("under 18"), "info")] if is_minor else [],
    )


def pid_shown(pid: str, *, whole: bool) -> str:
    """A personal identification number in part, or whole in groups of three digits."""
    if not whole:
        return mask(pid)
    return " ".join(pid[i : i + 3] for i in range(0, len(pid), 3))
