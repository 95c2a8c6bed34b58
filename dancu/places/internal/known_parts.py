"""The parts of an address whose unit is known: a comma is enough, nothing has to be searched for.

Official files write ``house street, neighbourhood, commune, (district,) province``. Where the last
pieces are the names of the unit and of those above it, what stands before them is the rest. Any
other text is left to the parser.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from dancu.kernel.text import fold
from dancu.places.internal.parsing import before_units
from dancu.places.types import AddressParts

if TYPE_CHECKING:
    from dancu.places.tree import UnitTree


_Ending: TypeAlias = tuple[dict[str, str], tuple[str, ...]]


def known_parts(tree: UnitTree, text: str, unit_code: str, day: dt.date) -> AddressParts | None:
    """Return the parts of a clean text that ends in the names of its unit, else ``None``."""
    # What follows the first comma is the same for a whole street.
    first, _comma, rest = text.partition(",")
    ending = _known_ending(tree, rest, unit_code, day)
    if ending is None:
        first, ending = "", _ending(tree, text, unit_code, day)
    if ending is None:
        return None
    found, pieces = ending
    house, street, neighbourhood = before_units([p for p in (first.strip(), *pieces) if p])
    return AddressParts(house=house, street=street, neighbourhood=neighbourhood, **found)


def _ending(tree: UnitTree, text: str, unit_code: str, day: dt.date) -> _Ending | None:
    """Return the names of the unit and of those above it by level, and the pieces before them."""
    pieces = [piece for written in text.split(",") if (piece := written.strip())]
    found: dict[str, str] = {}
    level = ""
    for level, names in _names(tree, unit_code, day):
        if pieces and fold(pieces[-1]) in names:
            found[level] = pieces.pop()
    return (found, tuple(pieces)) if level in found else None


_known_ending = lru_cache(maxsize=65_536)(_ending)


@lru_cache(maxsize=32_768)
def _names(tree: UnitTree, code: str, day: dt.date) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the names, folded, by which each unit on the path may be written, province first.

    Nothing for a neighbourhood, whose name stands among the streets.
    """
    path = tree.path(code, day)
    if not path or path[-1].level == "neighbourhood":
        return ()
    return tuple(
        (unit.level, frozenset({fold(unit.full_name), fold(unit.name), *_short(unit.full_name)}))
        for unit in path
    )


def _short(full_name: str) -> tuple[str, ...]:
    folded = fold(full_name)
    if not folded.startswith("thanh pho "):
        return ()
    name = folded.removeprefix("thanh pho ")
    return (f"tp. {name}", f"tp.{name}", f"tp {name}")
