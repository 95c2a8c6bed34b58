"""Quality as figures in the shape of the elements: stats, tables, trends; always in one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.catalogue import source_kinds
from dancu.catalogue.quality import DIMENSIONS, QualityRule, quality
from dancu.console.show.facts import fact_href
from dancu.console.show.people import person_href
from dancu.console.words import attribute_words, day_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Empty, Fact, Link, Progress, Stat, Text, Tone
from dancu.disclosure.types import Disclosed
from dancu.places import queries as places
from dancu.quality.progress import Underway
from dancu.quality.queries import Point, RuleCount, Standing

#: đúng, đủ, sạch, sống.
DIMENSION_WORDS: Mapping[str, Text] = {
    "accurate": gettext_lazy("Accurate"),
    "complete": gettext_lazy("Complete"),
    "clean": gettext_lazy("Clean"),
    "current": gettext_lazy("Current"),
}
SEVERITY_WORDS: Mapping[str, Text] = {
    "blocks": gettext_lazy("Blocks a service"),
    "serious": gettext_lazy("Serious"),
    "minor": gettext_lazy("Minor"),
}
_GOOD, _FAIR = 0.99, 0.95
TONES: Mapping[str, Tone] = {"blocks": "danger", "serious": "warning", "minor": "neutral"}


def unit_href(code: str) -> str:
    """Return the way to a unit's figures."""
    return f"{reverse('console:quality')}?{urlencode({'unit': code})}"


def rules_href(code: str, dimension: str = "") -> str:
    """Return the way to the rules with their open issues in a unit."""
    given = {"unit": code, "dimension": dimension}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('console:quality-rules')}?{query}"


def cases_href(code: str, **wanted: str) -> str:
    """Return the way to the people behind a number."""
    given = {"unit": code, **wanted}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('console:quality-cases')}?{query}"


def examining(found: Underway | None) -> Progress | None:
    """Return how far an examination of everybody has come; ``None`` when none is at work."""
    if found is None:
        return None
    is_waiting = found.begun_at is None
    return Progress(
        label=_("The register waits to be examined")
        if is_waiting
        else _("The register is being examined"),
        done=found.examined,
        total=None if is_waiting else found.people,
        href=reverse("console:quality-progress"),
        detail=_("The figures appear here when everybody has been looked at."),
        key="examining",
    )


def percent(share: float) -> str:
    """Return a share as people read it; never rounded up to all."""
    shown = f"{int(share * 10_000) / 100:.2f}".rstrip("0").rstrip(".")
    if get_language() == "en":
        return f"{shown}%"
    return f"{shown.replace('.', ',')} %"


def stats(standings: Sequence[Standing], code: str) -> list[Stat]:
    """Return the four figures of a unit; each leads to the rules, and those to the cases."""
    return [
        Stat(
            DIMENSION_WORDS[one.dimension],
            percent(one.share),
            rules_href(code, one.dimension),
            detail=_("%(n)s of %(all)s people with an issue")
            % {"n": grouped(one.affected), "all": grouped(one.people)},
            tone=_tone(one.share),
            part=one.share,
        )
        for one in standings
    ]


def _tone(share: float) -> Tone:
    return "success" if share >= _GOOD else "warning" if share >= _FAIR else "danger"


def children(units: Sequence[tuple[tuple[str, str], Sequence[Standing]]]) -> Table:
    """Return the units below one (code, name), each with its four figures."""
    rows = [
        Row(
            [
                Cell(name, unit_href(code)),
                grouped(standing[0].people),
                *(
                    Cell(
                        percent(one.share),
                        rules_href(code, one.dimension),
                        detail=grouped(one.affected),
                    )
                    for one in standing
                ),
            ]
        )
        for (code, name), standing in units
    ]
    columns = [
        Column(_("Unit"), heading=True),
        Column(_("People"), numeric=True, narrow=True),
        *(Column(DIMENSION_WORDS[name], numeric=True, narrow=True) for name in DIMENSIONS),
    ]
    empty = Empty(_("No units below this one"), icon="chart")
    return Table(_("Units below"), columns, rows, empty=empty, key="quality-units")


def trend(points: Sequence[Point]) -> Table:
    """Return how a unit stood, the newest day first."""
    rows = [
        Row([day_words(point.day), *(percent(one.share) for one in point.standings)])
        for point in reversed(points)
    ]
    columns = [
        Column(_("Day"), heading=True),
        *(Column(DIMENSION_WORDS[name], numeric=True, narrow=True) for name in DIMENSIONS),
    ]
    empty = Empty(
        _("Not examined yet"),
        _("The data are examined at night; the figures stand here in the morning."),
        icon="chart",
    )
    return Table(_("How it moved"), columns, rows, empty=empty, key="quality-trend")


def choices(code: str, dimension: str) -> list[Link]:
    """Return the dimensions to choose from, without the present one."""
    every = [("", _("All"))] + [(name, str(DIMENSION_WORDS[name])) for name in DIMENSIONS]
    return [Link(words, rules_href(code, name)) for name, words in every if name != dimension]


def rules(
    counts: Sequence[RuleCount],
    code: str,
    language: str,
    *,
    openable: set[int],
    day: date,
) -> Table:
    """Return rules with their open issues, those with most first within each dimension."""
    order = {name: at for at, name in enumerate(DIMENSIONS)}
    ordered = sorted(counts, key=lambda one: (order[one.rule.dimension], -one.issues))
    rows = [
        Row(
            [
                Cell(
                    one.rule.label(language),
                    reverse("console:quality-rule", args=[one.rule.name]),
                    badges=badges(one.rule, day),
                ),
                DIMENSION_WORDS[one.rule.dimension],
                source_kinds()[one.rule.remedy_by].label(language),
                Cell(
                    grouped(one.issues),
                    cases_href(code, rule=one.rule.name)
                    if one.issues and one.rule.number in openable
                    else "",
                ),
            ],
            tone="" if one.issues else "muted",
        )
        for one in ordered
    ]
    columns = [
        Column(_("Rule"), heading=True),
        Column(_("Dimension"), narrow=True),
        Column(_("Who mends it")),
        Column(_("Open issues"), numeric=True, narrow=True),
    ]
    return Table(_("Rules"), columns, rows, key="quality-rules")


def badges(rule: QualityRule, day: date) -> list[Badge]:
    """Return how grave a rule is, and whether it is switched off."""
    found = [Badge(SEVERITY_WORDS[rule.severity], TONES[rule.severity])]
    if not rule.is_in_force(day):
        found.append(Badge(_("Switched off"), "neutral"))
    return found


def facts_of(rule: QualityRule, language: str, *, day: date) -> list[Fact]:
    """Return what a rule says, one line each."""
    population = quality().populations.get(rule.population)
    about = {
        "person": population.label(language) if population else "",
        "household": _("Households"),
        "register": _("Everybody, by what they share with others"),
    }
    return [
        Fact(_("Dimension"), DIMENSION_WORDS[rule.dimension]),
        Fact(_("Whom it is about"), about[rule.view]),
        Fact(_("Broken when"), rule.when),
        Fact(_("Fact"), attribute_words(rule.attribute, language)),
        Fact(_("How grave"), SEVERITY_WORDS[rule.severity]),
        Fact(_("Who mends it"), source_kinds()[rule.remedy_by].label(language)),
        Fact(_("What to do"), rule.to_do(language)),
        Fact(_("Legal basis"), rule.legal_basis),
        Fact(_("In force since"), day_words(rule.valid_from)),
        Fact(_("State"), _("Switched on") if rule.is_in_force(day) else _("Switched off")),
    ]


def trial(by_commune: Mapping[str, int], day: date) -> Table:
    """Return where a rule hits, most first."""
    ordered = sorted(by_commune.items(), key=lambda one: (-one[1], one[0]))
    rows = [
        Row([places.unit_name(code, day) if code else "—", grouped(number)])
        for code, number in ordered
    ]
    columns = [
        Column(_("Unit"), heading=True),
        Column(_("Hits"), numeric=True, narrow=True),
    ]
    empty = Empty(_("The rule hits nobody in your area"), icon="check-circle")
    return Table(_("Where it hits"), columns, rows, empty=empty, key="quality-trial")


def cases(
    rows: Sequence[tuple[int, int, object]], people: Sequence[Disclosed], language: str
) -> Table:
    """Return the people behind a number, as the door out gave them."""
    known = {one.person_id: one for one in people}
    by_number = quality().by_number
    shown = [
        _case(known[person], by_number[number], opened, language)
        for person, number, opened in rows
        if person in known and number in by_number
    ]
    columns = [
        Column(_("Full name"), heading=True),
        Column(_("What is wrong")),
        Column(_("Who mends it")),
        Column(_("Since"), narrow=True),
    ]
    empty = Empty(
        _("No case in your area"),
        _("Either everything is mended, or the people have moved away since."),
        icon="check-circle",
    )
    return Table(_("Cases"), columns, shown, empty=empty, key="quality-cases")


def _case(one: Disclosed, rule: QualityRule, opened: object, language: str) -> Row:
    # A fact that lacks has no page of its own yet.
    is_held = rule.attribute in one.facts
    return Row(
        [
            Cell(
                one.header.name or _("Name not known"),
                fact_href(one.person_id, rule.attribute) if is_held else person_href(one.person_id),
                detail=one.header.pid or "",
            ),
            Cell(rule.label(language), detail=rule.to_do(language)),
            source_kinds()[rule.remedy_by].label(language),
            day_words(opened) if isinstance(opened, date) else "",
        ]
    )
