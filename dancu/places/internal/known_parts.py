"""The parts of an address whose unit is known: a comma is enough, nothing has to be searched for.

Official files write ``house street, neighbourhood, commune, (district,) province``. Where the last
pieces are the names of the unit and of those above it, what stands before them is the rest. Any
other text is left to the parser.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

from dancu.kernel.text import fold
from dancu.places.internal.parsing import before_units
from dancu.places.types import AddressParts

if TYPE_CHECKING:
    from dancu.places.tree import UnitTree


def known_parts(tree: UnitTree, text: str, unit_code: str, day: dt.date) -> AddressParts | None:
    """Return the parts of a clean text that ends in the names of its unit, else ``None``."""
    pieces = [piece for written in text.split(",") if (piece := written.strip())]
    found: dict[str, str] = {}
    for level, names in _names(tree, unit_code, day):
        if pieces and _folded(pieces[-1]) in names:
            found[level] = pieces.pop()
    if _level(tree, unit_code, day) not in found:
        return None
    house, street, neighbourhood = before_units(pieces)
    return AddressParts(house=house, street=street, neighbourhood=neighbourhood, **found)


_folded = lru_cache(maxsize=65_536)(fold)


@lru_cache(maxsize=32_768)
def _names(tree: UnitTree, code: str, day: dt.date) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the names, folded, by which each unit on the path may be written, province first."""
    return tuple(
        (unit.level, frozenset({fold(unit.full_name), fold(unit.name), *_short(unit.full_name)}))
        for unit in tree.path(code, day)
        if unit.level in {"province", "district", "commune"}
    )


def _short(full_name: str) -> tuple[str, ...]:
    folded = fold(full_name)
    if not folded.startswith("thanh pho "):
        return ()
    name = folded.removeprefix("thanh pho ")
    return (f"tp. {name}", f"tp.{name}", f"tp {name}")


def _level(tree: UnitTree, code: str, day: dt.date) -> str:
    unit = tree.unit(code, day)
    return unit.level if unit else ""
