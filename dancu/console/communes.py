"""Communes by name, for people who do not know codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dancu.kernel.text import fold
from dancu.places import queries
from dancu.places.addresses import map_day

MOST = 12


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of one map, with its full written name down from the province."""

    code: str
    words: str
    bare: str
    key: str
    province: str


def on_map(day: date) -> tuple[Commune, ...]:
    """Return the communes of the map in force on the day."""
    return _index(id(queries.tree()), map_day(day))


@lru_cache(maxsize=4)
def _index(tree_key: int, edition: date) -> tuple[Commune, ...]:
    del tree_key  # A new map is another tree, and so another entry here.
    tree = queries.tree()
    found = []
    for unit in tree.units:
        if unit.level != "commune" or not unit.is_valid_on(edition):
            continue
        path = tree.path(unit.code, edition)
        words = ", ".join(above.full_name for above in reversed(path))
        province = path[0].code if path else ""
        found.append(Commune(unit.code, words, fold(unit.name), fold(words), province))
    return tuple(found)


def suggest(text: str, day: date, *, near: Iterable[str] = ()) -> list[Commune]:
    """Return communes whose name holds what was typed, those of the provinces ``near`` first."""
    wanted = fold(text)
    if not wanted:
        return []
    close = set(near)
    words = wanted.replace(",", " ").split()
    hits = [one for one in on_map(day) if all(word in one.key for word in words)]
    hits.sort(
        key=lambda one: (one.province not in close, not one.bare.startswith(wanted), one.words)
    )
    return hits[:MOST]


def resolve(text: str, day: date, *, near: Iterable[str] = ()) -> list[Commune]:
    """Return the communes that a typed name means: one when it is clear, several or none if not.

    Takes a code, the full written name, or the bare name.
    """
    wanted = fold(text)
    if not wanted:
        return []
    everything = on_map(day)
    for fits in (
        lambda one: one.code == text.strip(),
        lambda one: one.key == wanted,
        lambda one: wanted in (one.bare, one.key.split(",")[0]),
    ):
        hits = [one for one in everything if fits(one)]
        close = [one for one in hits if one.province in set(near)]
        if hits:
            return close if len(close) == 1 else hits
    return suggest(text, day, near=near)


def words_of(code: str, day: date) -> str:
    """Return the full written name of a commune, as the field takes it."""
    return queries.unit_name(code, day) if code else ""


def of_area(codes: Iterable[str], day: date) -> tuple[Commune, ...]:
    """Return the communes of an officer's area, in order of their names."""
    under = queries.units_under(codes, day)
    return tuple(sorted((one for one in on_map(day) if one.code in under), key=lambda o: o.key))


def provinces_of(codes: Iterable[str], day: date) -> frozenset[str]:
    """Return the provinces in which an officer's area lies."""
    paths = (queries.unit_path(code, day) for code in codes)
    return frozenset(path[0].code for path in paths if path)
