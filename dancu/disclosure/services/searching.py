"""Finding people for somebody who may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import get_language

from dancu.access.policy import Permitted
from dancu.access.types import Actor
from dancu.catalogue import attribute
from dancu.disclosure.errors import PresentationRequired
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Grant, Request
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.showing import masked_pid, status_of
from dancu.disclosure.masking import STARS, initials
from dancu.disclosure.smart_box import understand
from dancu.disclosure.types import Criteria, SearchPage, SearchRow
from dancu.kernel.errors import FieldError, Invalid
from dancu.operation import metrics
from dancu.places import queries as places
from dancu.population import search as index
from dancu.population.search import IndexCard

_HOMES = ("permanent_residence", "temporary_residence", "current_residence")
#: Field of ``Criteria`` → the attributes one of which the purpose must permit to look by it.
LOOKED_BY = {
    "pid": ("pid",),
    "old_id_number": ("old_id_number",),
    "name": ("full_name",),
    "birth": ("birth_date",),
    "sex": ("sex",),
    "commune": _HOMES,
    "address": _HOMES,
    "household": ("household_number",),
}
#: What a row of results shows, as far as the purpose permits it.
ROW = ("full_name", "pid", "birth_date", "sex", "life_status", "permanent_residence")


def search(
    *, actor: Actor, purpose: str, case: str, criteria: Criteria, at: datetime
) -> SearchPage:
    """Return a window of the people in the actor's area that fit, PIDs masked.

    Everybody on it gets an access record; a search without result leaves one too, with a hash of
    what was asked. Raises ``PresentationRequired`` for purposes that reach only people who present
    themselves, and ``Invalid`` naming the field that cannot be read, or by which the purpose does
    not permit to look (recorded as a refusal).
    """
    request = Request(actor, purpose, case, at, Kind.SEARCH, asked=_asked(criteria))
    grant = gate.enter(request, action="people.search")
    if grant.purpose.scope not in ("jurisdiction", "guests", "country"):
        request.refuse(PresentationRequired())
    area = grant.area()
    understood = understand(criteria, area=area, day=request.day)
    if errors := _not_permitted(grant, criteria, understood.fields):
        request.refuse(Invalid(errors))
    with metrics.timed(metrics.search_seconds, kind=understood.kind):
        found = index.find(understood.wanted)
    permitted = grant.permitted(ROW)
    rows = _rows(grant, found.cards, permitted, area)
    seen = gate.numbers(permitted, permitted.all)
    entries = [Entry(card.person_id, Kind.SEARCH, seen) for card in found.cards]
    grant.record(
        entries or [Entry(None, Kind.SEARCH)], asked=understood.wanted.pid or _asked(criteria)
    )
    return SearchPage(
        rows=rows,
        window=criteria.window,
        has_next=found.has_next,
        kind=found.kind,
        narrow=found.narrow,
        understood=understood.fields,
    )


def _not_permitted(grant: Grant, criteria: Criteria, fields: Mapping[str, str]) -> list[FieldError]:
    """Return the criteria by which the purpose permits nobody to look, at the field they are in."""
    permitted = grant.everything().all
    return [
        FieldError(
            name if getattr(criteria, name) else "text",
            "not-permitted",
            "The purpose of this case does not permit looking for people by “%(what)s”.",
            "Look by something else, or open a case of another purpose.",
            {"what": attribute(LOOKED_BY[name][0]).label(get_language() or "vi")},
        )
        for name in fields
        if permitted.isdisjoint(LOOKED_BY[name])
    ]


def _asked(criteria: Criteria) -> str:
    """Return what was asked as one line, to be hashed."""
    said = (getattr(criteria, name) for name in criteria.__slots__ if name != "window")
    return " ".join(word for word in said if word)


def _rows(
    grant: Grant,
    cards: tuple[IndexCard, ...],
    permitted: Permitted,
    area: frozenset[str] | None,
) -> tuple[SearchRow, ...]:
    homes = {c.person_id: _home(c, area) for c in cards}
    wanted = [home for home, _, _ in homes.values() if home is not None]
    written = places.addresses(wanted) if wanted and "permanent_residence" in permitted.all else {}
    allowed, hidden = permitted.all, permitted.masked
    rows = []
    for card in cards:
        home, commune, is_stay = homes[card.person_id]
        name = card.name or ""
        address = written[home].text if home in written else ""
        rows.append(
            SearchRow(
                person_id=card.person_id,
                name=initials(name) if "full_name" in hidden else name,
                pid=masked_pid(card.pid) if "pid" in allowed else "",
                sex=(card.sex or "") if "sex" in allowed else "",
                birth_year=card.birth_year if "birth_date" in allowed else None,
                commune_name=places.unit_name(commune, grant.request.day) if commune else "",
                address=STARS if address and "permanent_residence" in hidden else address,
                status=status_of(card) if "life_status" in allowed else "",
                matched=card.matched,
                is_stay=is_stay,
            )
        )
    return tuple(rows)


def _home(card: IndexCard, area: frozenset[str] | None) -> tuple[int | None, str | None, bool]:
    """Return the address and the commune by which the person belongs to the area."""
    here = card.commune is not None and (area is None or card.commune in area)
    if here or card.stay_commune is None:
        return card.address_id, card.commune, False
    return card.stay_address_id, card.stay_commune, True
