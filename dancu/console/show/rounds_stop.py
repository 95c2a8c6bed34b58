"""A house of a round in the shape of the elements: its people, what was found, its visits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue import purposes
from dancu.catalogue.campaigns import CampaignKind
from dancu.console.show.facts import account_words, fact_words
from dancu.console.show.rounds import STATE_WORDS, TONES
from dancu.console.words import moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Empty, Event, Link, Text, Tone
from dancu.disclosure.types import Disclosed
from dancu.rounds.types import OUTCOMES, Basis, Outcome, PersonState, Subject, Visit

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
#: Shown beside the name, or not for reading aloud at the door.
_NOT_BESIDE = frozenset({"full_name", "birth_date", "sex", "pid", "household_relationship"})
#: What an answer leads to: the page of the person on which it is carried out.
_SERVICES: Mapping[str, tuple[str, Text]] = {
    "move": ("console:move", gettext_lazy("Register a move")),
    "stay": ("console:stay", gettext_lazy("Register a stay")),
    "admit": ("console:present", gettext_lazy("Register a stay at the desk")),
    "stay_end": ("console:stay-end", gettext_lazy("End the stay")),
    "absence": ("console:absence", gettext_lazy("Register an absence")),
    "death": ("console:death", gettext_lazy("Register the death")),
    "number": ("console:number", gettext_lazy("Cancel and reissue the number")),
}


def shared(
    subjects: Sequence[Subject], people: Mapping[int, Disclosed], kind: CampaignKind, language: str
) -> str:
    """Return what is registered of everybody at a stop alike: mostly the address."""
    found = {
        _registered(one, people[one.person_id], kind, language)
        for one in subjects
        if one.person_id in people
    }
    return found.pop() if len(found) == 1 else ""


def _registered(one: Subject, shown: Disclosed, kind: CampaignKind, language: str) -> str:
    # The same address three times is read once.
    labels: dict[str, list[str]] = {}
    for name in kind.shows:
        fact = shown.facts.get(name)
        if name not in _NOT_BESIDE and fact is not None and not fact.is_none:
            labels.setdefault(fact_words(fact, language), []).append(fact.label(language))
    facts = [f"{', '.join(names)}: {words}" for words, names in labels.items()]
    return " · ".join([str(BASIS_WORDS[one.basis]), *facts])


def at_the_door(
    subjects: Sequence[Subject],
    people: Mapping[int, Disclosed],
    kind: CampaignKind,
    said: Mapping[int, Mapping[str, str]],
    *,
    is_running: bool,
    language: str,
) -> Table:
    """Return who is asked about at a stop: why here, as found, and where to go on.

    What is registered of all alike stands above, and before the first visit nothing is found. While
    the check does not run, people stand there without names: their pages ask for a case.
    """
    alike = bool(shared(subjects, people, kind, language))
    is_new = all(one.state == "waiting" for one in subjects)
    rows = []
    for one in subjects:
        shown = people.get(one.person_id)
        if shown is None and is_running:
            continue
        where = [] if alike or shown is None else [_registered(one, shown, kind, language)]
        state = [] if is_new else [_state(one, kind, said.get(one.person_id, {}), language)]
        rows.append(Row([_name(one, shown, kind, language), *where, *state]))
    columns = [Column(_("Full name"), heading=True)]
    columns += [] if alike or not is_running else [Column(_("Registered"))]
    columns += [] if is_new else [Column(_("State"))]
    empty = Empty(
        _("Nobody of this house is in your area any more"),
        _("They have moved since; the list is renewed at night."),
        icon="home",
    )
    return Table(_("People of this house"), columns, rows, empty=empty, key="round-people")


def _name(one: Subject, shown: Disclosed | None, kind: CampaignKind, language: str) -> Cell:
    # A guest's page opens in no other case of the ward.
    reaches_guests = purposes()[kind.purpose].scope == "guests"
    href = "" if reaches_guests else reverse("console:person", args=[one.person_id])
    if shown is None:
        return Cell(_("Somebody of this house"), href)
    relationship = shown.facts.get("household_relationship")
    words = fact_words(relationship, language) if relationship else ""
    return Cell(shown.header.name or _("Name not known"), href, detail=words)


def _state(one: Subject, kind: CampaignKind, said: Mapping[str, str], language: str) -> Cell:
    return Cell(
        "",
        badges=[Badge(PERSON_WORDS[one.state], _PERSON_TONES[one.state])],
        detail=" · ".join(_said(kind, said, language)),
        actions=list(_onward(kind, said, one.person_id, language)),
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
            yield Link(words, reverse(route, args=[] if answer.service == "admit" else [person]))


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
            tone=TONES[one.outcome],
            icon="home",
        )
        for one in found
    ]


def outcome_of(text: str) -> Outcome | None:
    """Return the outcome that a button sent."""
    return next((one for one in OUTCOMES if one == text), None)
