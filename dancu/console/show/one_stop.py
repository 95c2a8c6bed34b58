"""A one-stop answer as the officer reads it: what is there, whence, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from dancu.catalogue.one_stop import one_stop, words
from dancu.console.desk import Desk
from dancu.console.show.facts import fact_words, shown_fact
from dancu.console.show.people import household_of
from dancu.console.words import attribute_words, day_words
from dancu.design.values import Badge, Event, Fact, Relative
from dancu.disclosure.types import PersonPage
from dancu.onestop.contents import HOUSEHOLD, RESIDENCE, STATUS
from dancu.onestop.types import Standing, Taken

#: The part of the answer → its attributes, in the order of the page.
PARTS: Mapping[str, tuple[str, ...]] = {
    "residence": RESIDENCE,
    "household": HOUSEHOLD,
    "status": STATUS,
}


def facts_of(page: PersonPage, part: str, language: str) -> list[Fact]:
    """Return the facts of a part; of each that is not in the register, that it is not."""
    shown = [_shown(page, name, language) for name in PARTS[part]]
    if part == "household" and not page.household:
        none = _("The register knows of no household of this person.")
        shown.append(Fact(_("Members of the household"), none))
    return shown


def members_of(page: PersonPage, language: str) -> list[Relative]:
    """Return the household. Nobody but the citizen can be opened, wherever they live."""
    return [replace(one, badges=()) for one in household_of(page, language)]


def _shown(page: PersonPage, name: str, language: str) -> Fact:
    fact = page.facts.get(name)
    if fact is None:
        return Fact(attribute_words(name, language), _("Not in the register"))
    shown = shown_fact(fact, page.header.person_id, language=language, can_reveal=False)
    if fact.origin is None:
        return shown
    since = _("since %(day)s") % {"day": day_words(fact.origin.since)}
    if fact.confirmed_on:
        since = _("%(since)s, last confirmed %(day)s") % {
            "since": since,
            "day": day_words(fact.confirmed_on),
        }
    return replace(shown, since=since)


def absent_of(page: PersonPage, language: str) -> list[str]:
    """Name what the register does not hold of what the page answers."""
    names = [name for part in PARTS.values() for name in part]
    return [attribute_words(name, language) for name in names if name not in page.facts]


def stale_of(page: PersonPage, language: str) -> list[str]:
    """Name what has not been confirmed for too long, with its value."""
    names = [name for part in PARTS.values() for name in part]
    return [
        f"{attribute_words(name, language)}: {fact_words(page.facts[name], language)}"
        for name in names
        if name in page.facts and page.facts[name].is_stale
    ]


def taken_events(standing: Standing, desk: Desk) -> list[Event]:
    """Return the steps that were taken, in their order, as a timeline."""
    return [
        Event(
            when=str(step.number),
            title=step.label(desk.language),
            detail=_detail(standing.taken, step.number, desk.language),
            tone=_tone(standing.taken, step.number),
            icon="check" if step.number == standing.taken.succeeded else "",
            badges=_badges(standing.taken, step.number),
        )
        for step in one_stop(desk.today).steps
        if step.number <= standing.taken.succeeded
    ]


def _tone(taken: Taken, number: int) -> Any:
    return "success" if number == taken.succeeded else "warning"


def _badges(taken: Taken, number: int) -> list[Badge]:
    if number == taken.succeeded:
        return [Badge(_("succeeded"), "success")]
    return [Badge(_("failed"), "warning")]


def _detail(taken: Taken, number: int, language: str) -> str:
    if number == taken.succeeded:
        return words("paper", taken.paper, language) if taken.paper else ""
    said = [one for one in taken.reasons if one.step == number]
    return "; ".join(
        f"{words('reason', one.reason, language)}: {one.note}"
        if one.note
        else words("reason", one.reason, language)
        for one in said
    )


def reason_words(taken: Taken, language: str) -> str:
    """Return why earlier steps failed, in one line for a list."""
    return "; ".join(
        f"{one.step}: {words('reason', one.reason, language)}"
        + (f" ({one.note})" if one.note else "")
        for one in taken.reasons
    )
