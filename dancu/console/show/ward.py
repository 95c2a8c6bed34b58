"""The ward's work in the shape of the elements: streets, homes, issues of people, what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dancu.catalogue.quality import QualityRule, quality
from dancu.console.desk import Desk
from dancu.console.forms.ward import text_of
from dancu.console.show.quality import SEVERITY_WORDS, TONES
from dancu.console.ward import home_href, into_case
from dancu.console.words import day_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Empty, Tab
from dancu.disclosure.types import Disclosed
from dancu.population.visiting import Home, Street
from dancu.quality.settling import Case, Effect, gravest_first
from dancu.quality.worklist import OpenIssue

#: So many kinds of issue are named in a line; of the rest, only how many.
_NAMED = 3


def tabs(unit: str, current: str) -> list[Tab]:
    """Return the views on the same work: by street, by rule, and what was passed on."""
    query = f"?{urlencode({'unit': unit})}" if unit else ""
    views = {
        "ward": _("By street"),
        "ward-rules": _("By rule"),
        "ward-passed": _("Passed on"),
    }
    return [
        Tab(words, f"{reverse(f'console:{route}')}{query}", current=route == current)
        for route, words in views.items()
    ]


def street_words(name: str) -> str:
    """Return the name of a street, and in words that none is known."""
    return name or _("Street not known")


def street_href(name: str, unit: str) -> str:
    """Return the page of the homes of a street."""
    given = {"street": name, **({"unit": unit} if unit else {})}
    return f"{reverse('console:ward-street')}?{urlencode(given)}"


def streets_table(found: Sequence[Street], desk: Desk, unit: str) -> Table:
    """Return the streets with their work; each leads to its homes."""
    rows = [
        Row(
            [
                Cell(
                    street_words(one.name),
                    into_case(desk, street_href(one.name, unit)),
                    badges=_urgency(one.awaited, one.blocking),
                ),
                grouped(one.homes),
                grouped(one.people),
                grouped(one.issues),
            ]
        )
        for one in found
    ]
    columns = [
        Column(_("Street"), heading=True),
        Column(_("Households"), numeric=True, narrow=True),
        Column(_("People"), numeric=True, narrow=True),
        Column(_("Issues"), numeric=True, narrow=True),
    ]
    empty = Empty(
        _("Nothing to mend here"),
        _("The data are examined every hour and at night; new work appears here by itself."),
        icon="check-circle",
    )
    return Table(_("Streets"), columns, rows, empty=empty, key="ward-streets")


def homes_table(
    found: Sequence[Home],
    people: Mapping[int, Disclosed],
    issues: Mapping[int, Sequence[OpenIssue]],
    language: str,
) -> Table:
    """Return the homes of a street: who is first named there, and what is to be mended."""
    rows = [_home(one, people, issues, language) for one in found]
    columns = [
        Column(_("Home to visit"), heading=True),
        Column(_("What is to be mended")),
        Column(_("Issues"), numeric=True, narrow=True),
    ]
    empty = Empty(_("Nothing to mend here"), icon="check-circle")
    return Table(_("Homes to visit"), columns, rows, empty=empty, key="ward-homes")


def _home(
    one: Home,
    people: Mapping[int, Disclosed],
    issues: Mapping[int, Sequence[OpenIssue]],
    language: str,
) -> Row:
    first = people.get(one.people[0])
    labels = Counter(issue.rule for key in one.people for issue in issues.get(key, ()))
    name = first.header.name if first else ""
    if first and len(one.people) > 1:
        others = len(one.people) - 1
        name += " " + ngettext("and %(n)s more", "and %(n)s more", others) % {"n": others}
    where = first.header.residence if first else ""
    return Row(
        [
            Cell(
                name or (_("Name not known") if first else _("No longer in your area")),
                home_href(one.people[0]) if first else "",
                detail=where,
                badges=_urgency(one.awaited, one.blocking),
            ),
            _kinds(labels, language),
            grouped(one.issues),
        ]
    )


def _kinds(labels: Counter[int], language: str) -> str:
    known = quality().by_number
    order = sorted(labels, key=lambda rule: (gravest_first(rule), -labels[rule]))
    words = [
        f"{known[rule].label(language)}{f' ({labels[rule]})' if labels[rule] > 1 else ''}"
        for rule in order[:_NAMED]
    ]
    if rest := len(order) - _NAMED:
        words += [_("and %(n)s more kinds") % {"n": rest}] if rest > 0 else []
    return " · ".join(words)


def _urgency(awaited: int, blocking: int) -> list[Badge]:
    badges = []
    if awaited:
        words = _("somebody waits")
        if awaited > 1:
            words = f"{words}: {grouped(awaited)}"
        badges.append(Badge(words, "danger", "clock"))
    if blocking:
        words = ngettext("%(n)s blocks a service", "%(n)s block a service", blocking)
        badges.append(Badge(words % {"n": blocking}, "warning", "warning"))
    return badges


def rules_table(found: Sequence[tuple[QualityRule, int]], desk: Desk, unit: str) -> Table:
    """Return the rules with issues for the office; each leads to them."""
    query = f"?{urlencode({'unit': unit})}" if unit else ""
    rows = [
        Row(
            [
                Cell(
                    rule.label(desk.language),
                    into_case(desk, f"{reverse('console:ward-rule', args=[rule.name])}{query}"),
                    detail=rule.to_do(desk.language),
                    badges=[severity_badge(rule)],
                ),
                grouped(number),
            ]
        )
        for rule, number in found
    ]
    columns = [
        Column(_("Rule"), heading=True),
        Column(_("Issues"), numeric=True, narrow=True),
    ]
    empty = Empty(_("Nothing to mend here"), icon="check-circle")
    return Table(_("Rules with work"), columns, rows, empty=empty, key="ward-rules")


def issues_table(
    caption: str,
    issues: Sequence[OpenIssue],
    people: Mapping[int, Disclosed],
    *,
    language: str,
    notes: Mapping[Case, Sequence[Badge]] | None = None,
    ticked: Collection[Case] = (),
) -> Table:
    """Return issues of several people with checkboxes; each leads to the home of its person."""
    known, marks = quality().by_number, notes or {}
    rows = []
    for one in issues:
        case = Case(one.subject, one.rule)
        shown = people.get(one.subject)
        if shown is None or one.rule not in known:
            continue
        rule = known[one.rule]
        words = rule.label(language)
        rows.append(
            Row(
                [
                    Cell(
                        shown.header.name or _("Name not known"),
                        home_href(one.subject),
                        detail=shown.header.residence,
                    ),
                    Cell(words, badges=[severity_badge(rule), *marks.get(case, ())]),
                    day_words(one.opened_on),
                ],
                value=text_of(case),
                label=f"{shown.header.name}: {words}",
                checked=case in ticked,
            )
        )
    columns = [
        Column(_("Person"), heading=True),
        Column(_("Issue")),
        Column(_("Since"), narrow=True),
    ]
    empty = Empty(_("Nothing here"), icon="check-circle")
    return Table(caption, columns, rows, empty=empty, select_name="issue", key="ward-issues")


def severity_badge(rule: QualityRule) -> Badge:
    """Return how grave an issue of a rule is."""
    return Badge(SEVERITY_WORDS[rule.severity], TONES[rule.severity])


def effect_words(effect: Effect, language: str) -> str:
    """Return in a sentence what an act did to issues; empty when it did nothing."""
    parts = []
    if effect.closed:
        parts.append(_("Closed: %(issues)s.") % {"issues": _labels(effect.closed, language)})
    if effect.opened:
        parts.append(_("Opened: %(issues)s.") % {"issues": _labels(effect.opened, language)})
    if effect.later:
        words = _("Compared with everybody tonight, and closed then if it is right: %(issues)s.")
        parts.append(words % {"issues": _labels(effect.later, language)})
    return " ".join(parts)


def _labels(cases: Sequence[Case], language: str) -> str:
    known = quality().by_number
    counted = Counter(one.rule for one in cases)
    return "; ".join(
        f"{known[rule].label(language)}{f' ({n})' if n > 1 else ''}"
        for rule, n in counted.items()
        if rule in known
    )
