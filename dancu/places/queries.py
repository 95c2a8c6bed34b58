"""Reads of the administrative map.

The map is small and changes a few times a year, so each process keeps it in memory and looks at a
version row at most once a second; ``forget`` makes it look at once.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Min

from dancu.catalogue import code_list
from dancu.places.internal import words as forms
from dancu.places.models import Address, MapDecision, MapVersion, Unit, UnitSuccession
from dancu.places.tree import UnitTree
from dancu.places.types import AddressValue, Level, Link, UnitValue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from dancu.places.types import Placed, Successor

_LOOK_AGAIN_AFTER = 1.0
_NEVER = float("-inf")
_EMPTY = UUID(int=0)


class _Held:
    """The tree of this process, the version it was read at, and when that was last compared."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tree: UnitTree | None = None
        self.version: UUID | None = None
        self.looked_at = _NEVER


_held = _Held()


def tree() -> UnitTree:
    """Return the administrative map."""
    now = time.monotonic()
    held = _held.tree
    if held is not None and now - _held.looked_at < _LOOK_AGAIN_AFTER:
        return held
    with _held.lock:
        version = MapVersion.objects.values_list("version", flat=True).first() or _EMPTY
        if _held.tree is None or version != _held.version:
            _held.tree = _read_tree()
            _held.version = version
        _held.looked_at = now
        return _held.tree


def forget() -> None:
    """Look at the version row again at the next use; the map is read anew only if it changed."""
    _held.looked_at = _NEVER


def unit(code: str, on: dt.date) -> UnitValue | None:
    """Return the unit that bears the code on the day, or ``None``."""
    return tree().unit(code, on)


def unit_path(code: str, on: dt.date) -> tuple[UnitValue, ...]:
    """Return the unit and everything above it on the day, province first; empty if unknown."""
    return tree().path(code, on)


def unit_name(code: str, on: dt.date) -> str:
    """Return the full written name, lowest unit first; the code itself when it is unknown."""
    path = tree().path(code, on)
    return ", ".join(u.full_name for u in reversed(path)) if path else code


def units_under(codes: Iterable[str], on: dt.date) -> frozenset[str]:
    """Return the codes themselves and those of all units below them on the day."""
    return tree().under(codes, on)


def units_under_since(codes: frozenset[str], on: dt.date, since: dt.date) -> frozenset[str]:
    """Return the units below the codes, with those that have ended there since a day."""
    return tree().under_since(codes, on, since)


def list_units(
    *, level: Level | None = None, parent: str | None = None, on: dt.date
) -> tuple[UnitValue, ...]:
    """Return the units of a level, or below a parent (directly), or both, in Vietnamese order."""
    rows = Unit.objects.filter(valid_from__lte=on).exclude(valid_to__lte=on)
    if level is not None:
        rows = rows.filter(level=level)
    if parent is not None:
        rows = rows.filter(parent_code=parent)
    return _values(rows.order_by("sort_key", "code").values_list(*_UNIT_COLUMNS))


def successors(code: str, from_day: dt.date, to_day: dt.date) -> tuple[Successor, ...]:
    """Return the units that hold, on ``to_day``, the area that the code had on ``from_day``."""
    return tree().successors(code, from_day, to_day)


def unit_now(code: str, code_date: dt.date) -> Placed:
    """Return the unit of the newest map that covers the unit."""
    return tree().newest(code, code_date)


def is_within(code: str, jurisdictions: frozenset[str], on: dt.date) -> bool:
    """Say whether the unit is one of the jurisdictions or lies below one, on the day."""
    return tree().is_within(code, jurisdictions, on)


def addresses(ids: Iterable[int]) -> dict[int, AddressValue]:
    """Return the stored addresses by number; unknown numbers are left out."""
    rows = Address.objects.filter(id__in=list(ids)).values_list(
        "id", "text", "unit_code", "code_date", "unit_now", "unit_now_is_sure", "parts"
    )
    return {row[0]: AddressValue(*row) for row in rows}


def search_words(text: str) -> str:
    """Return the words of a search for addresses in the form in which they are indexed."""
    return forms.search_words(text)


def search_addresses(text: str, *, limit: int = 200) -> list[int]:
    """Return numbers of addresses that hold all the words, in any order, without accents."""
    from django.contrib.postgres.search import SearchQuery, SearchVector

    words = search_words(text)
    if not words:
        return []
    query = SearchQuery(words, config="simple", search_type="plain")
    found = Address.objects.annotate(words=SearchVector("folded", config="simple"))
    return list(found.filter(words=query).values_list("id", flat=True)[:limit])


_UNIT_COLUMNS = ("code", "level", "name", "kind", "parent_code", "valid_from", "valid_to")


def _values(rows: Iterable[tuple[object, ...]]) -> tuple[UnitValue, ...]:
    kinds = code_list("unit_kinds")
    return tuple(
        UnitValue(code, level, name, kind, kinds.label(kind), parent, valid_from, valid_to)  # type: ignore[arg-type]
        for code, level, name, kind, parent, valid_from, valid_to in rows
    )


def _read_tree() -> UnitTree:
    links = UnitSuccession.objects.values_list(
        "predecessor__code",
        "predecessor__valid_from",
        "successor__code",
        "on",
        "is_default",
        "share",
        "cross_check",
    )
    units = _values(Unit.objects.values_list(*_UNIT_COLUMNS).iterator())
    pending = MapDecision.objects.filter(in_force_at=None, undone_at=None)
    first = pending.aggregate(first=Min("effective_on"))["first"]
    return UnitTree(units, (Link(*row) for row in links.iterator()), first)
