"""Rows of units, as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.kernel.text import fold, text_sort_key
from dancu.places.models import Unit

if TYPE_CHECKING:
    import datetime as dt


def unit_row(
    code: str, level: str, name: str, kind: str, *, parent_code: str, valid_from: dt.date
) -> Unit:
    """Return the row of a unit from a day on; it is not stored yet."""
    return Unit(
        code=code,
        level=level,
        name=name,
        kind=kind,
        parent_code=parent_code,
        valid_from=valid_from,
        sort_key=sort_key(name),
        folded=fold(name),
    )


def sort_key(name: str) -> bytes:
    """Sort numbered wards as numbers, before names."""
    return b"\x01%04d" % int(name) if name.isdecimal() else b"\x02" + text_sort_key(name)
