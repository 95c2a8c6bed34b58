"""Checks and rounds in the shape of the elements: coverage as strips, stops, people at a door."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dancu.catalogue.campaigns import CampaignKind
from dancu.console.show.facts import account_words, fact_words
from dancu.console.show.quality import percent
from dancu.console.words import day_words, moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Empty, Event, Link, Stat, Strip, StripPart, Text, Tone
from dancu.design.values import Fact as Shown
from dancu.disclosure.types import Disclosed
from dancu.places import queries as places
from dancu.rounds.types import (
    STOP_STATES,
    Basis,
    Campaign,
    Coverage,
    Day,
    Outcome,
    PersonState,
    Stop,
    StopState,
    Subject,
    Visit,
)

STATE_WORDS: Mapping[StopState, Text] = {
    "waiting": gettext_lazy("Not visited yet"),
    "nobody_home": gettext_lazy("Nobody at home"),
    "met": gettext_lazy("All as registered"),
    "differs": gettext_lazy("Something differs"),
    "refused": gettext_lazy("Would not answer"),
    "no_such_house": gettext_lazy("No such house"),
}
_TONES: Mapping[StopState, Tone] = {
    "waiting": "neutral",
    "nobody_home": "info",
    "met": "success",
    "differs": "warning",
    "refused": "danger",
    "no_such_house": "danger",
}
#: Drawn from left to right; what is left of the strip was not visited.
_DRAWN: tuple[StopState, ...] = ("met", "differs", "refused", "no_such_house", "nobody_home")
PERSON_WORDS: Mapping[PersonState, Text] = {
    "waiting": gettext_lazy("Not settled yet"),
    "confirmed": gettext_lazy("As registered"),
    "differs": gettext_lazy("Something differs"),
    "moved": gettext_lazy("Moved away"),
    "absent": gettext_lazy("Away for long"),
    "not_found": gettext_lazy("Not known here"),
    "refused": gettext_lazy("Would not answer"),
}
_PERSON_TONES: Mapping[PersonState, Tone] = {
    "waiting": "neutral",
    "confirmed": "success",
    "differs": "warning",
    "moved": "warning",
    "absent": "info",
    "not_found": "danger",
    "refused": "danger",
}
BASIS_WORDS: Mapping[Basis, Text] = {
    "home": gettext_lazy("registered as permanent"),
    "stay": gettext_lazy("registered as staying"),
    "lodging": gettext_lazy("notice of lodging"),
}
CAUSE_WORDS: Mapping[tuple[str, int], Text] = {
    ("joined", 2): gettext_lazy("Joined since: moved in, or newly concerned"),
    ("left", 1): gettext_lazy("Left unvisited: died, or merged into another record"),
    ("left", 2): gettext_lazy("Left unvisited: registered elsewhere by now"),
    ("left", 3): gettext_lazy("Left unvisited: not concerned any more"),
}
#: What an answer leads to: the page of the person on which it is carried out.
_SERVICES: Mapping[str, tuple[str, Text]] = {
    "move": ("console:move", gettext_lazy("Register a move")),
    "stay": ("console:stay", gettext_lazy("Register a stay")),
    "stay_end": ("console:stay-end", gettext_lazy("End the stay")),
    "absence": ("console:absence", gettext_lazy("Register an absence")),
    "death": ("console:death", gettext_lazy("Register the death")),
    "number": ("console:number", gettext_lazy("Cancel and reissue the number")),
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
        StripPart(one.stops.get(state, 0) / one.all, _TONES[state]) for state in _DRAWN if one.all
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


def days(found: Sequence[Day]) -> Table:
    """Return what was done each day, the newest first."""
    rows = [
        Row([day_words(date.fromisoformat(one.key)), grouped(one.visited), grouped(one.settled)])
        for one in found
        if one.key
    ]
    return _done(_("Day by day"), _("Day"), rows, "round-days")


def teams(found: Sequence[Day]) -> Table:
    """Return what each team did; officers without a team stand by their names."""
    numbers = [int(one.key[1:]) for one in found if one.key[:1] == "#" and one.key[1:].isdecimal()]
    names = account_words(numbers)
    rows = [
        Row(
            [
                names.get(int(one.key[1:]), "")
                if one.key[:1] == "#" and one.key[1:].isdecimal()
                else one.key,
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
    empty = Empty(_("No visit noted yet"), icon="home")
    return Table(caption, columns, rows, empty=empty, key=key)


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
    return Badge(STATE_WORDS[state], _TONES[state])


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
        Column(_("People"), numeric=True, narrow=True),
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
    first = next((one for one in shown if _is_head(one)), shown[0])
    name = first.header.name or _("Name not known")
    if len(subjects) == 1:
        return name
    others = len(subjects) - 1
    return ngettext("%(name)s and %(n)s more", "%(name)s and %(n)s more", others) % {
        "name": name,
        "n": others,
    }


def _is_head(one: Disclosed) -> bool:
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
            f"☐ {people[person.person_id].header.name or _('Name not known')}"
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


def at_the_door(
    subjects: Sequence[Subject],
    people: Mapping[int, Disclosed],
    kind: CampaignKind,
    said: Mapping[int, Mapping[str, str]],
    *,
    language: str,
) -> Table:
    """Return who is asked about at a stop: why here, as found, and where to go on."""
    rows = [
        _person(one, people[one.person_id], kind, said.get(one.person_id, {}), language)
        for one in subjects
        if one.person_id in people
    ]
    columns = [Column(_("Full name"), heading=True), Column(_("Registered")), Column(_("State"))]
    empty = Empty(
        _("Nobody of this house is in your area any more"),
        _("They have moved since; the list is renewed at night."),
        icon="home",
    )
    return Table(_("People of this house"), columns, rows, empty=empty, key="round-people")


def _person(
    one: Subject, shown: Disclosed, kind: CampaignKind, said: Mapping[str, str], language: str
) -> Row:
    relationship = shown.facts.get("household_relationship")
    where = [
        f"{fact.label(language)}: {fact_words(fact, language)}"
        for name in kind.shows
        if name not in {"full_name", "birth_date", "sex", "pid", "household_relationship"}
        and (fact := shown.facts.get(name)) is not None
        and not fact.is_none
    ]
    return Row(
        [
            Cell(
                shown.header.name or _("Name not known"),
                reverse("console:person", args=[one.person_id]),
                detail=fact_words(relationship, language) if relationship else "",
            ),
            Cell(BASIS_WORDS[one.basis], detail=" · ".join(where)),
            Cell(
                "",
                badges=[Badge(PERSON_WORDS[one.state], _PERSON_TONES[one.state])],
                detail=" · ".join(_said(kind, said, language)),
                actions=list(_onward(kind, said, one.person_id, language)),
            ),
        ]
    )


def _said(kind: CampaignKind, said: Mapping[str, str], language: str) -> Iterator[str]:
    for question in kind.questions:
        answer = question.answer(said.get(question.name, ""))
        if answer is not None:
            yield answer.label(language)


def _onward(
    kind: CampaignKind, said: Mapping[str, str], person: int, language: str
) -> Iterator[Link]:
    """Yield the services that the answers about somebody lead to."""
    for question in kind.questions:
        answer = question.answer(said.get(question.name, ""))
        if answer is None or answer.service == "none":
            continue
        if answer.service == "correct":
            href = reverse("console:correct", args=[person, answer.attribute])
            yield Link(_("Correct: %(what)s") % {"what": answer.label(language)}, href)
        else:
            route, words = _SERVICES[answer.service]
            yield Link(words, reverse(route, args=[person]))


def history(found: Sequence[Visit]) -> list[Event]:
    """Return the visits at a stop, the newest first."""
    names = account_words([one.account_id for one in found if one.account_id is not None])
    return [
        Event(
            moment_words(one.at),
            STATE_WORDS[one.outcome],
            detail=" · ".join(
                part
                for part in (
                    one.team,
                    names.get(one.account_id or 0, ""),
                    one.note,
                    _("%(n)s people who are not on the list") % {"n": one.others}
                    if one.others
                    else "",
                )
                if part
            ),
            tone=_TONES[one.outcome],
            icon="home",
        )
        for one in found
    ]


def outcome_of(text: str) -> Outcome | None:
    """Return the outcome that a button sent."""
    known: tuple[Outcome, ...] = ("met", "differs", "nobody_home", "refused", "no_such_house")
    return next((one for one in known if one == text), None)


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
