"""An address under the map of a day, in the elements of pages: its units, and what changed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from dancu.console.words import day_words
from dancu.design.dates import typed
from dancu.design.values import Event
from dancu.disclosure.services.under_map import address_under_map
from dancu.disclosure.types import Address
from dancu.kernel.dates import InvalidDate
from dancu.places.history import MapHistory, MapStep, latest_day
from dancu.places.under_map import UnderMap

#: So long before the first change the slider begins; any earlier day can be typed.
_BEFORE = timedelta(days=365)
EARLIEST = date(1900, 1, 1)
NAME = "map_day"


@dataclass(frozen=True, slots=True)
class UnderMapShown:
    """What the page says of an address on a day; ``first`` and ``last`` bound the slider (ISO)."""

    day: str
    day_words: str
    first: str
    last: str
    error: str
    units: str
    is_sure: bool
    candidates: tuple[str, ...]
    older_than_maps: str
    steps: tuple[Event, ...]


def under_map_of(value: object, asked: Mapping[str, str], *, today: date) -> UnderMapShown | None:
    """Return an address under the map of the day asked for, else of today; ``None`` for others.

    Only an address that is shown in full can be followed.
    """
    if not isinstance(value, Address):
        return None
    last = latest_day(today)
    written = asked.get(NAME, "").strip()[:40]
    day, error = _day(written, last) if written else (today, "")
    found = address_under_map(value, day)
    if found is None:
        return None
    begins = min((step.on for step in found.steps), default=today) - _BEFORE
    return UnderMapShown(
        day=written if error else day.isoformat(),
        day_words=day_words(day),
        first=min(begins, day).isoformat(),
        last=last.isoformat(),
        error=error,
        units=found.there.name,
        is_sure=found.there.is_sure,
        candidates=tuple(unit.full_name for unit in found.there.candidates),
        older_than_maps=day_words(found.oldest) if day < found.oldest else "",
        steps=tuple(_step(step, found) for step in reversed(found.steps)),
    )


def _day(written: str, last: date) -> tuple[date, str]:
    try:
        found = typed(written)
    except InvalidDate:
        found = None
    if found is None or found.precision != "day" or not EARLIEST <= found.earliest <= last:
        words = _("This is not a full day up to %(day)s: day, month, year.")
        return last, words % {"day": day_words(last)}
    return found.earliest, ""


def _step(step: MapStep, found: MapHistory) -> Event:
    law = ", ".join(words for words in (step.number, step.legal_basis) if words)
    if step.number and step.number in step.legal_basis:
        law = step.legal_basis
    return Event(
        when=day_words(step.on),
        iso=step.on.isoformat(),
        title=_("%(before)s → %(after)s")
        % {"before": _place(step.before), "after": _place(step.after)},
        source=law,
        tone="info" if step.on <= found.day else "neutral",
        icon="map",
    )


def _place(there: UnderMap) -> str:
    """Return the units in words; where it is open, what it may be."""
    if there.is_sure or not there.candidates:
        return there.name or _("not known")
    names = _(" or ").join(unit.full_name for unit in there.candidates)
    return _("unclear: %(names)s") % {"names": names}
