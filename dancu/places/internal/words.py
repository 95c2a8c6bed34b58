"""The names of units in the form in which addresses are searched. Pure: no database."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from dancu.kernel.text import fold

if TYPE_CHECKING:
    from dancu.places.tree import UnitTree

_NOT_WORDS = re.compile(r"[\W_]+")


def search_words(text: str) -> str:
    """Return the words of a text: without accents, single spaces, no marks."""
    return _NOT_WORDS.sub(" ", fold(text)).strip()


@lru_cache(maxsize=16384)
def unit_words(tree: UnitTree, code: str) -> tuple[tuple[str, str], ...]:
    """Return name and full name of a unit of the newest map and of those above it, lowest first."""
    path = reversed(tree.path(code, tree.newest_day))
    return tuple((search_words(u.name), search_words(u.full_name)) for u in path)
