"""Whether facts that were once given out still hold: yes or no, and never what they are now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hmac import compare_digest

from dancu.access.types import Actor
from dancu.catalogue import attribute
from dancu.disclosure.internal import ledger
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.showing import status_of
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.disclosing import card_of
from dancu.operation import metrics
from dancu.places import queries as places
from dancu.population import reading
from dancu.population.reading import Held

#: Whoever asks is not known; the record says that it was somebody with the paper in hand.
ROLE = "extract_holder"
#: Checks of one extract's case so close together are one access.
ONE_ACCESS = timedelta(minutes=10)
_GONE = ("dead", "merged", "cancelled")
#: ``digest(attribute, value)``; the value is ``None`` where the register holds none.
Digest = Callable[[str, str | None], bytes]


def still_holds(
    *,
    person_id: int,
    given: Mapping[str, bytes],
    digest: Digest,
    purpose: str,
    case: str,
    at: datetime,
) -> bool:
    """Say whether the facts that were given out are still those of the register.

    ``given`` holds, by attribute, the digest of what was said then. Addresses count as they are
    written. Of somebody who has died since, or whose record is another's now, nothing holds any
    more; of a merged record the check is kept with the living one. The access record is on disk
    before this returns, and names no attribute, since nothing is shown; it stands for all checks
    for the case within ``ONE_ACCESS``. Must not be called inside a transaction.
    """
    card = card_of(person_id)
    if card is None:
        return False
    entries = [attribute(name) for name in given]
    held = reading.held([person_id], {entry.facet for entry in entries})[person_id]
    now = _values(held, given)
    is_there = card.person_id == person_id and status_of(card) not in _GONE
    holds = is_there and all(
        compare_digest(digest(name, now[name]), known) for name, known in given.items()
    )
    if not _is_recorded(card.person_id, case, at):
        ledger.write(
            actor=Actor(kind="system", name=ROLE),
            at=at,
            purpose=purpose,
            case=case,
            role=ROLE,
            entries=[Entry(card.person_id, Kind.EXTRACT_CHECKED)],
        )
    metrics.disclosures_total.labels("disclosed", purpose).inc()
    return holds


def _is_recorded(person_id: int, case: str, at: datetime) -> bool:
    """Say whether the person can read of a check a moment ago.

    Whoever compares figure by figure, or loads the page again and again, is one access: a paper
    must not be a means to bury what else the person's list of accesses says.
    """
    rows = AccessRecord.objects.filter(person_id=person_id, at__gt=at - ONE_ACCESS, at__lte=at)
    return rows.filter(kind=Kind.EXTRACT_CHECKED, case_number=case).exists()


def _values(held: Mapping[int, Held], names: Mapping[str, bytes]) -> dict[str, str | None]:
    """Return what is held of the attributes as text: codes, ISO dates, addresses as written."""
    entries = {name: attribute(name) for name in names}
    found = {name: held.get(entry.number) for name, entry in entries.items()}
    keys = [
        one.value
        for name, one in found.items()
        if one is not None and entries[name].type == "address" and isinstance(one.value, int)
    ]
    addresses = places.addresses(keys) if keys else {}
    values: dict[str, str | None] = {}
    for name, one in found.items():
        if one is None or one.value is None:
            values[name] = None
        elif entries[name].type == "address" and one.value in addresses:
            values[name] = addresses[one.value].text
        else:
            values[name] = str(one.value)
    return values
