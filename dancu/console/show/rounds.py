"""Checks and rounds in the shape of the elements: coverage as strips, stops, people at a door."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dancu.console.show.facts import account_words
from dancu.console.show.quality import percent
from dancu.console.words import day_words, moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Empty, Stat, Strip, StripPart, Text, Tone
from dancu.design.values import Fact as Shown
from dancu.disclosure.types import Disclosed
from dancu.places import queries as places
from dancu.rounds.types import (
    STOP_STATES,
    Campaign,
    Coverage,
    Day,
    Stop,
    StopState,
    Subject,
)

STATE_WORDS: Mapping[StopState, Text] = {
    "waiting": gettext_lazy("Not visited yet"),
    "nobody_home": gettext_lazy("Nobody at home"),
    "met": gettext_lazy("All as registered"),
    "differs": gettext_lazy("Something differs"),
    "refused": gettext_lazy("Would not answer"),
    "no_such_house": gettext_lazy("No such house"),
}
TONES: Mapping[StopState, Tone] = {
    "waiting": "neutral",
    "nobody_home": "info",
    "met": "success",
    "differs": "warning",
    "refused": "danger",
    "no_such_house": "danger",
}
#: Drawn from left to right; what is left of the strip was not visited.
_DRAWN: tuple[StopState, ...] = ("met", "differs", "refused", "no_such_house", "nobody_home")
CAUSE_WORDS: Mapping[tuple[str, int], Text] = {
    ("joined", 2): gettext_lazy("Joined since: moved in, or newly concerned"),
    ("left", 1): gettext_lazy("Left unvisited: died, or merged into another record"),
    ("left", 2): gettext_lazy("Left unvisited: registered elsewhere by now"),
    ("left", 3): gettext_lazy("Left unvisited: not concerned any more"),
}


def round_href(campaign: int, unit: str = "") -> str:
    """Return the way to a campaign's figures, in a commune of it."""
    href = reverse("console:round", args=[campaign])
    return f"{href}?{urlencode({'unit': unit})}" if unit else href


def stops_href(campaign: int, *, route: str = "round-stops", **wanted: str) -> str:
    """Return the way to the stops of a part of a campaign; empty words are left out."""
    query = urlencode({name: value for name, value in wanted.items() if value})
    href = reverse(f"console:{route}", args=[campaign])
    return f"{href}?{query}" if query else href


def stop_href(stop: int) -> str:
    """Return the way to a stop."""
    return reverse("console:round-stop", args=[stop])


def days_words(campaign: Campaign) -> str:
    """Return the days of a campaign: 01/11/2026 – 30/11/2026."""
    return f"{day_words(campaign.begins_on)} – {day_words(campaign.ends_on)}"


def standing(campaign: Campaign, day: date) -> Badge:
    """Return whether visits are noted, or when they will be."""
    if campaign.closed_at is not None:
        return Badge(_("Closed"), "neutral")
    if campaign.is_running(day):
        return Badge(_("Running"), "success")
    if day < campaign.begins_on:
        return Badge(_("Begins later"), "info")
    return Badge(_("Time is over"), "warning")


def campaigns(
    found: Sequence[Campaign], covered: Mapping[int, Coverage], *, language: str, day: date
) -> list[Strip]:
    """Return the campaigns with how far each has come."""
    return [
        strip(
            covered.get(one.id) or Coverage("", "", {}),
            label=one.kind.label(language),
            href=round_href(one.id),
            more=[
                str(standing(one, day).text),
                places.unit_name(one.unit, day),
                days_words(one),
            ],
        )
        for one in found
    ]


def strip(one: Coverage, *, label: Text, href: str = "", more: Sequence[str] = ()) -> Strip:
    """Return how far a place has been visited: what was found, and in words how often."""
    parts = [
        StripPart(one.stops.get(state, 0) / one.all, TONES[state]) for state in _DRAWN if one.all
    ]
    words = [
        f"{STATE_WORDS[state]}: {grouped(one.stops[state])}"
        for state in (*_DRAWN, "waiting")
        if one.stops.get(state)
    ]
    value = _("%(done)s of %(all)s (%(share)s)") % {
        "done": grouped(one.visited),
        "all": grouped(one.all),
        "share": percent(one.share) if one.all else "–",
    }
    return Strip(label, value, parts, href, " · ".join([*more, *words]))


def stats(one: Coverage, href: str, open_href: str) -> list[Stat]:
    """Return the figures of a place: stops, people, who has to be visited again."""
    again = one.stops.get("nobody_home", 0)
    return [
        Stat(
            _("Households visited"),
            percent(one.share) if one.all else "–",
            href,
            detail=_of(one.visited, one.all),
            tone="info",
            part=one.share,
        ),
        Stat(
            _("People settled"),
            percent(one.people_share) if one.people else "–",
            href,
            detail=_of(one.settled, one.people),
            tone="info",
            part=one.people_share,
        ),
        Stat(_("Come again"), grouped(again), open_href, detail=_("nobody was at home")),
        Stat(
            _("Something differs"),
            grouped(one.stops.get("differs", 0)),
            href,
            detail=_("%(n)s people who are not on the list") % {"n": grouped(one.others)},
        ),
    ]


def _of(part: int, whole: int) -> str:
    return _("%(n)s of %(all)s") % {"n": grouped(part), "all": grouped(whole)}


def done(by_day: Sequence[Day], by_team: Sequence[Day]) -> list[Table]:
    """Return what was done each day and by each team; nothing before the first visit."""
    return [_days(by_day), _teams(by_team)] if by_day else []


def _days(found: Sequence[Day]) -> Table:
    rows = [
        Row([day_words(date.fromisoformat(one.key)), grouped(one.visited), grouped(one.settled)])
        for one in found
        if one.key
    ]
    return _done(_("Day by day"), _("Day"), rows, "round-days")


def _teams(found: Sequence[Day]) -> Table:
    """Officers without a team stand by their names."""
    names = account_words(one.account for one in found if one.account is not None)
    rows = [
        Row(
            [
                one.key if one.account is None else names[one.account],
                grouped(one.visited),
                grouped(one.settled),
            ]
        )
        for one in found
    ]
    return _done(_("Team by team"), _("Team"), rows, "round-teams")


def _done(caption: str, heading: str, rows: list[Row], key: str) -> Table:
    columns = [
        Column(heading, heading=True),
        Column(_("Households visited"), numeric=True, narrow=True),
        Column(_("People settled"), numeric=True, narrow=True),
    ]
    return Table(caption, columns, rows, key=key)


def causes(found: Mapping[tuple[str, int], int]) -> list[Shown]:
    """Return how the lists changed since they were made, and why."""
    return [
        Shown(words, grouped(found[key])) for key, words in CAUSE_WORDS.items() if found.get(key)
    ]


def stop_words(stop: Stop) -> str:
    """Return house and street of a stop; in words where neither is written."""
    written = " ".join(part for part in (stop.house, stop.street) if part)
    return written or _("No street written")


def neighbourhood_words(name: str) -> str:
    """Return the name of a neighbourhood, or that the address says none."""
    return name or _("No neighbourhood written")


def street_words(name: str) -> str:
    """Return the name of a street, or that the address says none."""
    return name or _("No street written")


def state_badge(state: StopState) -> Badge:
    """Return how a stop stands."""
    return Badge(STATE_WORDS[state], TONES[state])


def stops(
    found: Sequence[Stop],
    subjects: Mapping[int, Sequence[Subject]],
    people: Mapping[int, Disclosed],
) -> Table:
    """Return stops in walking order, each with the household's first name."""
    rows = [
        Row(
            [
                Cell(
                    stop_words(one),
                    stop_href(one.id),
                    detail=household_words(subjects.get(one.id, ()), people),
                ),
                Cell("", badges=[state_badge(one.state)], detail=_visited(one)),
                grouped(one.people),
            ],
            tone="" if one.is_open else "muted",
        )
        for one in found
    ]
    columns = [
        Column(_("House"), heading=True),
        Column(_("State")),
        Column(_("People"), numeric=True, narrow=True, phone=False),
    ]
    empty = Empty(
        _("No house left here"),
        _("Whoever moves in appears here the next morning."),
        icon="check-circle",
    )
    return Table(_("Houses"), columns, rows, empty=empty, key="round-stops")


def _visited(one: Stop) -> str:
    if one.visited_at is None:
        return ""
    words = ngettext("%(n)s visit", "%(n)s visits", one.attempts) % {"n": one.attempts}
    return f"{moment_words(one.visited_at)} · {words}"


def household_words(subjects: Sequence[Subject], people: Mapping[int, Disclosed]) -> str:
    """Return the head of a household, else the first of it, and how many there are besides."""
    shown = [people[one.person_id] for one in subjects if one.person_id in people]
    if not shown:
        return ""
    first = next((one for one in shown if is_head(one)), shown[0])
    name = first.header.name or _("Name not known")
    if len(subjects) == 1:
        return name
    others = len(subjects) - 1
    return ngettext("%(name)s and %(n)s more", "%(name)s and %(n)s more", others) % {
        "name": name,
        "n": others,
    }


def is_head(one: Disclosed) -> bool:
    """Say whether somebody is the head of the household."""
    fact = one.facts.get("household_relationship")
    return fact is not None and fact.value == "CHU_HO"


def sheets(
    found: Sequence[Stop],
    subjects: Mapping[int, Sequence[Subject]],
    people: Mapping[int, Disclosed],
) -> list[Table]:
    """Return one table for each street, to be ticked by hand: houses and everybody there."""
    streets: dict[str, list[Row]] = {}
    for one in found:
        names = [
            # A name stays on one line beside its box.
            f"☐ {people[person.person_id].header.name or _('Name not known')}".replace(
                " ", "\u00a0"
            )
            for person in subjects.get(one.id, ())
            if person.person_id in people
        ]
        caption = ", ".join(filter(None, (street_words(one.street), one.neighbourhood)))
        row = Row([Cell(one.house or "–"), "   ".join(names), STATE_WORDS[one.state]])
        streets.setdefault(caption, []).append(row)
    columns = [
        Column(_("House"), heading=True, narrow=True),
        Column(_("People")),
        Column(_("State"), narrow=True),
    ]
    return [Table(caption, columns, rows) for caption, rows in streets.items()]


def coverage_rows(
    found: Sequence[tuple[Sequence[str], Coverage]], head: Collection[str]
) -> Iterator[list[str]]:
    """Yield coverage as a table of text, the head first; codes keep their zeros."""
    yield [
        *head,
        _("Households"),
        *(str(STATE_WORDS[state]) for state in STOP_STATES),
        _("People"),
        _("People settled"),
        _("Not on the list"),
    ]
    for names, one in found:
        yield [
            *names,
            str(one.all),
            *(str(one.stops.get(state, 0)) for state in STOP_STATES),
            str(one.people),
            str(one.settled),
            str(one.others),
        ]
