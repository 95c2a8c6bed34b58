"""Disclosing chosen facts of chosen people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from dancu.access.policy import Permitted
from dancu.access.types import Actor
from dancu.catalogue import attribute
from dancu.disclosure.errors import CaseNumberNeededToReveal, NotMasked, PresentationRequired
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Grant, Request
from dancu.disclosure.internal.kinship import cards_of, entries_named, numbers_in_full
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.showing import Showing, addresses_of, seen_in
from dancu.disclosure.types import LARGEST_KEY, Disclosed, Fact, Header, Subject
from dancu.kernel.clock import today
from dancu.kernel.errors import DancuError
from dancu.operation import metrics
from dancu.population import reading
from dancu.population.reading import Held, Record
from dancu.population.search import IndexCard

#: Facts that the head of every answer is made of, where they are permitted.
HEADER = ("full_name", "pid", "birth_date", "sex", "life_status")


def disclose(
    *,
    actor: Actor,
    purpose: str,
    case: str,
    subjects: Sequence[Subject],
    attributes: Iterable[str],
    at: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
    for_print: bool = False,
) -> list[Disclosed]:
    """Return the facts asked for of those subjects whom the actor may see, in the order asked.

    Attributes that the purpose or the role does not permit are left out, others come masked.
    Whoever is absent or not the actor's is left out too; when nobody remains it raises
    ``NotFoundOrNotYours``. Relatives whom the facts name get a record too. ``for_print`` says that
    the answer goes to paper. The access records are committed before this returns: it must not be
    called inside a transaction. Raises ``ActionNotAllowed``, ``PurposeNotAllowed``,
    ``CaseNumberMissing`` and ``UnknownAttribute``.
    """
    with metrics.timed(metrics.disclosure_seconds):
        names = {attribute(name).name for name in attributes}
        kind = Kind.PRINT if for_print else Kind.LOOK
        request = Request(actor, purpose, case, at, kind, asked=asked_of(subjects))
        action = "own.view" if actor.kind == "citizen" else "people.view"
        grant = gate.enter(request, action=action)
        cards = reachable(grant, subjects)
        permitted = grant.permitted(names)
        found = _held(cards, permitted, as_of=as_of, known_at=known_at)
        return _answer(grant, cards, permitted, found)


def reveal(
    *,
    actor: Actor,
    purpose: str,
    case: str,
    subject: Subject,
    attribute_name: str,
    at: datetime,
) -> Fact:
    """Return in full one fact that the purpose shows masked: its own disclosure, its own record.

    Needs a case number even where the purpose does not. Raises as ``disclose`` does,
    ``CaseNumberNeededToReveal``, and ``NotMasked`` for what the purpose does not show at all.
    """
    entry = attribute(attribute_name)
    request = Request(actor, purpose, case, at, Kind.REVEAL, asked=asked_of([subject]))
    grant = gate.enter(request, action="people.view")
    if not case.strip():
        request.refuse(CaseNumberNeededToReveal())
    if not grant.permitted([entry.name]).all:
        request.refuse(NotMasked())
    card = reachable(grant, [subject])[0]
    full = Permitted(full=frozenset({entry.name}), masked=frozenset())
    held = reading.held([card.person_id], [entry.facet])[card.person_id]
    if entry.number not in held:
        request.refuse(gate.absent(), [card.person_id])
    values = [(entry.number, held[entry.number].value)]
    addresses = addresses_of(values, full)
    showing = Showing(full, request.day, can_reveal=False, addresses=addresses, numbers=None)
    fact = showing.fact(entry, held[entry.number], None)
    own = Entry(card.person_id, Kind.REVEAL, (entry.number,))
    named = cards_of([(number, one.value) for number, one in held.items()], full)
    others = entries_named({card.person_id: held}, showing, [card.person_id], cards=named)
    grant.record([own, *others])
    return fact


def may_handle(*, actor: Actor, person_id: int, at: datetime) -> bool:
    """Say whether a person is in the actor's area today; shows nothing of the person."""
    card = card_of(person_id)
    return card is not None and gate.is_within(actor, card, today(at))


def card_of(person_id: int) -> IndexCard | None:
    """Return the index card under a key, which may be any number."""
    return _cards([person_id]).get(person_id)


def key_of(pid: str) -> int | None:
    """Return the register's key of whoever has or had a PID: to tie an account to its person."""
    card = reading.cards([pid]).get(pid)
    return card.person_id if card else None


def reachable(grant: Grant, subjects: Sequence[Subject]) -> list[IndexCard]:
    """Return the cards of those who may be seen, in the order asked; refuse when there are none.

    Those who may not be seen are recorded, as far as they exist.
    """
    request = grant.request
    found = _cards(subjects)
    allowed = grant.reach(found.values())
    cards = {c.person_id: c for s in subjects if (c := found.get(s)) and c.person_id in allowed}
    others = [c.person_id for c in found.values() if c.person_id not in allowed]
    if not cards:
        request.refuse(_no(grant), others)
    if others or len(found) < len(set(subjects)):
        code = gate.absent().code
        about: list[int | None] = [*others] or [None]
        refused = [Entry(one, request.kind, refusal=code) for one in about]
        grant.record(refused, asked=request.asked)
    return list(cards.values())


def _cards(subjects: Iterable[Subject]) -> dict[Subject, IndexCard]:
    """Return the index cards of those who exist; as many queries whatever is asked for."""
    return reading.cards(
        subject.replace("\x00", "")
        if isinstance(subject, str)
        else min(max(subject, -1), LARGEST_KEY)
        for subject in subjects
    )


def asked_of(subjects: Sequence[Subject]) -> str:
    """Return what was asked for, to be hashed if nobody may be shown."""
    return " ".join(str(subject) for subject in subjects[:1000])


def _no(grant: Grant) -> DancuError:
    if grant.purpose.scope == "presented":
        return PresentationRequired()
    return gate.absent()


def _held(
    cards: Sequence[IndexCard],
    permitted: Permitted,
    *,
    as_of: date | None,
    known_at: datetime | None,
) -> dict[int, tuple[Mapping[int, Held], Record | None]]:
    """Return what holds for each person; about the past, folded from the whole record."""
    if as_of is not None or known_at is not None:
        records = [reading.record(card) for card in cards]
        return {r.card.person_id: (r.at(as_of=as_of, known_at=known_at), r) for r in records}
    facets = {attribute(name).facet for name in permitted.all} | {"core"}
    held = reading.held([c.person_id for c in cards], facets)
    return {person: (values, None) for person, values in held.items()}


def _answer(
    grant: Grant,
    cards: Sequence[IndexCard],
    permitted: Permitted,
    found: Mapping[int, tuple[Mapping[int, Held], Record | None]],
) -> list[Disclosed]:
    header_too = grant.permitted(HEADER)
    shown = Permitted(
        full=permitted.full | header_too.full, masked=permitted.masked | header_too.masked
    )
    values = [(n, h.value) for held, _ in found.values() for n, h in held.items()]
    named = cards_of(values, shown)
    showing = Showing(
        shown,
        grant.request.day,
        can_reveal=bool(grant.request.case.strip()),
        addresses=addresses_of(values, shown),
        numbers=numbers_in_full(grant, named),
    )
    answers: list[tuple[IndexCard, Header, dict[str, Fact]]] = []
    entries: list[Entry] = []
    for card in cards:
        held, record = found[card.person_id]
        every = showing.facts(held, record)
        facts = {name: fact for name, fact in every.items() if name in permitted.all}
        answers.append((card, showing.header(card, every), facts))
        entries.append(Entry(card.person_id, grant.request.kind, seen_in(every)))
    people = {person: held for person, (held, _) in found.items()}
    others = entries_named(people, showing, list(people), cards=named)
    number = grant.record([*entries, *others])
    return [Disclosed(c.person_id, header, facts, number) for c, header, facts in answers]
