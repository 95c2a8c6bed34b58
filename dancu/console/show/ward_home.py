"""A home as an officer at its door reads it: everybody, what is wrong, what holds, what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.catalogue import attribute, source_kinds
from dancu.catalogue.quality import QualityRule, quality
from dancu.catalogue.types import Attribute
from dancu.console.authority import stronger_than
from dancu.console.desk import Desk
from dancu.console.fitting import covers
from dancu.console.forms.correct import OWN_WAY
from dancu.console.forms.ward import text_of
from dancu.console.show.facts import fact_href, fact_words
from dancu.console.show.people import header_of, person_href
from dancu.console.show.ward import severity_badge
from dancu.console.ward import with_visit
from dancu.console.words import day_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Link, PersonHeader
from dancu.disclosure.types import Disclosed
from dancu.population import services as register
from dancu.quality.settling import Case, gravest_first
from dancu.quality.worklist import OpenIssue, Scope

#: Where somebody writes with a pen.
_ROOM = "……………………………………"


@dataclass(frozen=True, slots=True)
class Task:
    """One issue of somebody, with what may be done about it here.

    ``is_own``: it is with this office. ``is_settled``: it closes with the examination at night.
    """

    issue: OpenIssue
    rule: QualityRule
    person: Disclosed
    is_own: bool
    is_settled: bool

    @property
    def case(self) -> Case:
        """The issue's key."""
        return Case(self.issue.subject, self.issue.rule)

    @property
    def entry(self) -> Attribute:
        """What it is about."""
        return attribute(self.rule.attribute)

    @property
    def asks_to_confirm(self) -> bool:
        """Whether it is over as soon as somebody says that the value still holds."""
        return any(
            node.kind == "call" and node.value == "unconfirmed_days"
            for node in self.rule.broken.walk()
        )

    @property
    def asks_to_decide(self) -> bool:
        """Whether another word waits to be decided on."""
        return any(
            node.kind == "call" and node.value == "disputed" for node in self.rule.broken.walk()
        )

    def is_correctable(self, desk: Desk, name: str = "") -> bool:
        """Say whether the officer's word on the fact, or on another one, would count."""
        entry = attribute(name) if name else self.entry
        is_alive = self.person.header.status in {"alive", "missing", ""}
        return (
            desk.may("people.correct")
            and register.is_correctable(entry.name, is_alive=is_alive)
            and not stronger_than(desk, entry, self.person.facts.get(entry.name))
        )

    def is_confirmable(self, desk: Desk) -> bool:
        """Say whether it can be confirmed here and now."""
        return (
            self.asks_to_confirm
            and self.entry.name in self.person.facts
            and covers(desk, "people.correct", self.entry)
            and self.is_correctable(desk)
        )


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """Somebody of a home: who it is, and the issues; ``others`` are with other offices."""

    person: PersonHeader
    detail: str
    href: str
    own: Table | None
    others: Table | None
    paper: Table | None

    @property
    def has_issues(self) -> bool:
        """Whether anything is to be mended, here or elsewhere."""
        return bool(self.own or self.others)


def inhabitant(
    person: Disclosed, tasks: Sequence[Task], desk: Desk, ticked: Collection[Case] = ()
) -> Inhabitant:
    """Return one person of a home with their issues."""
    header = header_of(person.header, on=desk.today, language=desk.language, link=True)
    name = person.header.name or _("Name not known")
    own = [one for one in tasks if one.is_own]
    others = [one for one in tasks if not one.is_own]
    detail = " · ".join(str(word) for word in (header.sex, header.birth, header.age) if word)
    return Inhabitant(
        person=header,
        detail=detail,
        href=person_href(person.person_id),
        own=_own_table(name, own, desk, ticked) if own else None,
        others=_others_table(name, others, desk) if others else None,
        paper=_paper(name, own, desk) if own else None,
    )


def _own_table(name: str, tasks: Sequence[Task], desk: Desk, ticked: Collection[Case]) -> Table:
    columns = [
        Column(_("Issue"), heading=True),
        Column(_("The register holds")),
        Column(_("What to do")),
    ]
    caption = _("To mend: %(name)s") % {"name": name}
    rows = [
        Row(
            [_what(one, desk), _held(one, desk), _ways(one, desk)],
            value=text_of(one.case),
            label=f"{name}: {one.rule.label(desk.language)}",
            checked=one.case in ticked,
        )
        for one in tasks
    ]
    return Table(caption, columns, rows, select_name="issue", select_all=False)


def _others_table(name: str, tasks: Sequence[Task], desk: Desk) -> Table:
    columns = [
        Column(_("Issue"), heading=True),
        Column(_("The register holds")),
        Column(_("Who mends it")),
    ]
    caption = _("With other offices: %(name)s") % {"name": name}
    rows = [Row([_what(one, desk), _held(one, desk), _who(one, desk)]) for one in tasks]
    return Table(caption, columns, rows)


def _paper(name: str, tasks: Sequence[Task], desk: Desk) -> Table:
    """Return the issues with room to write beside each."""
    columns = [
        Column(_("Issue"), heading=True),
        Column(_("The register holds")),
        Column(_("What is right, and the paper")),
    ]
    caption = _("To mend: %(name)s") % {"name": name}
    rows = [Row([_what(one, desk), _held(one, desk), _ROOM]) for one in tasks]
    return Table(caption, columns, rows)


def _what(one: Task, desk: Desk) -> Cell:
    badges = [severity_badge(one.rule)]
    if one.is_settled:
        badges.append(Badge(_("done, compared tonight"), "success", "check"))
    elif one.is_own and one.is_confirmable(desk):
        badges.append(Badge(_("can be confirmed"), "info", "check"))
    return Cell(one.rule.label(desk.language), badges=badges, detail=one.rule.to_do(desk.language))


def _held(one: Task, desk: Desk) -> Cell:
    fact = one.person.facts.get(one.entry.name)
    if fact is None:
        return Cell(_("nothing"))
    origin = fact.origin
    words = ""
    if origin:
        since = _("since %(day)s") % {"day": day_words(origin.since)}
        words = f"{origin.source_label(desk.language)}, {since}"
    return Cell(fact_words(fact, desk.language), detail=words)


def _who(one: Task, desk: Desk) -> Cell:
    if one.issue.passed_to:
        return Cell(_("passed on to %(office)s") % {"office": one.issue.passed_to})
    kind = source_kinds().get(one.rule.remedy_by)
    return Cell(kind.label(desk.language) if kind else one.rule.remedy_by)


def _ways(one: Task, desk: Desk) -> Cell:
    """Return the pages on which an issue is mended; each leads back to the home."""
    person, name = one.person.person_id, one.entry.name
    if one.rule.view == "register" and name == "full_name":
        return _way(_("Compare the records"), reverse("console:duplicates"))
    if one.asks_to_decide:
        href = with_visit(fact_href(person, name), person)
        return _way(_("Compare the sources"), f"{href}#conflicts")
    if name == "household_relationship":
        head = reverse("console:head", args=[person])
        return _way(_("Change the head"), head)
    facts = [about for about in facts_of(one.rule) if one.is_correctable(desk, about)]
    if not facts:
        return _way(*_page_of(one))
    label = _("Correct") if name in one.person.facts else _("Enter")
    if facts == [name]:
        return _way(label, _correction(person, name))
    others = [
        Link(attribute(about).label(desk.language), _correction(person, about)) for about in facts
    ]
    return Cell(label, actions=others)


def _page_of(one: Task) -> tuple[str, str]:
    """Return where a fact is seen that cannot be mended here; one that lacks has no page yet."""
    person, name = one.person.person_id, one.entry.name
    if name in one.person.facts:
        return _("See where it comes from"), fact_href(person, name)
    return _("Open the person"), person_href(person)


def _way(label: str, href: str) -> Cell:
    return Cell(actions=[Link(label, href)])


def _correction(person: int, name: str) -> str:
    return with_visit(reverse("console:correct", args=[person, name]), person)


def facts_of(rule: QualityRule) -> tuple[str, ...]:
    """Return the facts whose correction may mend an issue of a rule.

    That is what the rule is about; where that has a way of its own, what it is compared with.
    """
    if rule.attribute not in OWN_WAY:
        return (rule.attribute,)
    return tuple(name for name in rule.broken.attributes if name not in OWN_WAY)


def tasks_of(
    issues: Sequence[OpenIssue],
    people: Mapping[int, Disclosed],
    *,
    scope: Scope,
    settled: frozenset[tuple[int, int]],
) -> dict[int, list[Task]]:
    """Return the issues of people with what is known of each, the gravest first."""
    known = quality().by_number
    found: dict[int, list[Task]] = {key: [] for key in people}
    for one in issues:
        if one.subject in people and one.rule in known:
            is_settled = (one.subject, one.rule) in settled
            is_own = one.is_with(scope)
            task = Task(one, known[one.rule], people[one.subject], is_own, is_settled)
            found[one.subject].append(task)
    for tasks in found.values():
        tasks.sort(key=lambda task: (gravest_first(task.rule.number), task.rule.number))
    return found
