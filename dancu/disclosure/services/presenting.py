"""A person at the desk, from wherever: found by the exact PID, the name and the date of birth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dancu.access.policy import Permitted
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue import attribute
from dancu.disclosure.errors import PresentationRequired, TooManyWrongParticulars
from dancu.disclosure.internal import gate, ledger
from dancu.disclosure.internal.gate import Request
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.showing import Showing, status_of
from dancu.disclosure.services.disclosing import HEADER
from dancu.disclosure.types import Header
from dancu.kernel import pid as pids
from dancu.kernel.dates import PartialDate, parse_iso
from dancu.kernel.text import match_key
from dancu.operation.patience import Patience, wait_words
from dancu.population import reading
from dancu.population.reading import Held
from dancu.population.search import IndexCard

#: Mistakes at the desk cost nothing; whoever guesses waits. Counted from the access records, so
#: that no success and no restart makes them forgotten.
PATIENCE = Patience(free=10)
COUNTED_FOR = timedelta(hours=2)


def present(
    *,
    actor: Actor,
    purpose: str,
    case: str,
    pid: str,
    name: str | None,
    birth_date: PartialDate | None,
    at: datetime,
) -> Header:
    """Return who presented themselves; for this case the purpose then reaches them for 8 hours.

    The PID must be exact (a former one will do); the name (accents aside) and the date of birth
    must both be those of the register. ``None`` for one of them says that it was not given, which
    the purpose must allow (``particulars: one``). Of somebody whose day of birth is not registered
    the year, or the month, is enough beside the name; never without it, since the year stands in
    the number. Anything else raises ``NotFoundOrNotYours``, the same whether
    the number, the name or the date is wrong or the person is dead, and after ten times within two
    hours ``TooManyWrongParticulars`` with the time to wait.
    """
    number = "".join(pid.split())
    request = Request(actor, purpose, case, at, Kind.PRESENTED, asked=number)
    grant = gate.enter(request, action="people.view")
    if grant.purpose.scope != "presented":
        request.refuse(PresentationRequired())
    given = sum(one is not None for one in (name, birth_date))
    if given < (1 if grant.purpose.particulars == "one" else 2):
        request.refuse(PresentationRequired())
    _require_patience(request)
    card = reading.cards([number]).get(number) if pids.is_valid(number) else None
    person = card.person_id if card else 0
    held = reading.held([person], ["core"])[person]
    if card is None or _is_gone(card) or not _agrees(held, card, name, birth_date):
        request.refuse(gate.absent(), [card.person_id] if card else [])
    permitted = grant.permitted(HEADER)
    shown = Permitted(full=permitted.full, masked=permitted.masked)
    showing = Showing(shown, request.day, can_reveal=False, addresses={})
    facts = showing.facts(held)
    header = showing.header(card, facts)
    grant.record([Entry(person, Kind.PRESENTED, gate.numbers(shown, facts))])
    return header


def _is_gone(card: IndexCard) -> bool:
    """Say whether nobody can stand at the desk as this person: dead, merged or cancelled."""
    return status_of(card) in ("dead", "merged", "cancelled")


def _require_patience(request: Request) -> None:
    """Refuse an account that was wrong too often, before anybody is looked for."""
    count, last = ledger.wrong_particulars(actor=request.actor, since=request.at - COUNTED_FOR)
    if last is None:
        return
    wait = last + PATIENCE.delay(count) - request.at
    if wait > timedelta():
        record(event="presentation.throttled", actor=request.actor, at=request.at)
        request.refuse(TooManyWrongParticulars(wait=wait_words(wait)))


def _agrees(
    held: Mapping[int, Held], card: IndexCard, name: str | None, said: PartialDate | None
) -> bool:
    """Say whether the name and the date of birth that were given are the registered ones."""
    return _is_named(card, name) and _is_born(held, said, is_alone=name is None)


def _is_named(card: IndexCard, name: str | None) -> bool:
    if name is None:
        return True
    return bool(card.name) and match_key(name) == match_key(card.name or "")


def _is_born(held: Mapping[int, Held], said: PartialDate | None, *, is_alone: bool) -> bool:
    if said is None:
        return True
    born = held.get(attribute("birth_date").number)
    if born is None or not isinstance(born.value, str):
        return False
    registered = parse_iso(born.value)
    if is_alone:
        return registered.day is not None and said == registered
    return said.iso.startswith(registered.iso)
