"""The names of units under the map of one day, as people write them. Pure: no database."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dancu.catalogue.files import folder, rows_of
from dancu.kernel.text import fold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from dancu.places.tree import UnitTree
    from dancu.places.types import Level, UnitValue

_APOSTROPHES = str.maketrans("", "", "'’ʼ`")


@dataclass(frozen=True, slots=True)
class KindWord:
    """A word that says what follows: ``phường``, ``P``, ``quận``."""

    keys: tuple[str, ...]
    level: Level
    kind: str


@dataclass(frozen=True, slots=True)
class Named:
    """A unit found under a name.

    ``province`` is its province on the gazetteer's day. ``is_past``: the name had ended by then, so
    ``code`` is that of the province that took it over (provinces), or its own old one (districts).
    """

    code: str
    kind: str
    district: str
    province: str
    is_past: bool = False


class Gazetteer:
    """Units by level and folded name."""

    def __init__(self, tree: UnitTree, day: dt.date, *, past: dt.date | None = None) -> None:
        """Index the units of the day; of ``past``, provinces and districts still in use."""
        self.day = day
        self._names: dict[Level, dict[str, list[Named]]] = {
            "province": defaultdict(list),
            "district": defaultdict(list),
            "commune": defaultdict(list),
        }
        self._words: dict[tuple[str, str], list[KindWord]] = defaultdict(list)
        for word in kind_words():
            self._words[word.level, word.keys[0]].append(word)
        for unit in tree.units:
            if unit.is_valid_on(day) and unit.level in self._names:
                self._add(unit.level, unit.name, _named(tree, unit, day))
        if past is not None:
            self._add_past(tree, past)
        self._add_aliases()

    def find(self, level: Level, name: str) -> list[Named]:
        """Return the units of that name key; an empty list when there is none."""
        return self._names[level].get(name, [])

    def announcing(self, level: Level, first: str) -> Sequence[KindWord]:
        """Return the words that announce a unit of the level and begin so, the longest first."""
        return self._words.get((level, first), ())

    def _add(self, level: Level, name: str, named: Named) -> None:
        entries = self._names[level][name_key(name)]
        if named not in entries:
            entries.append(named)

    def _add_past(self, tree: UnitTree, past: dt.date) -> None:
        for unit in tree.units:
            if not unit.is_valid_on(past) or unit.is_valid_on(self.day):
                continue
            now = tree.newest(unit.code, past).code
            if unit.level == "province":
                if not any(n.code == now for n in self.find("province", name_key(unit.name))):
                    self._add("province", unit.name, Named(now, unit.kind, "", now, is_past=True))
            elif unit.level == "district":
                province = tree.path(now, tree.newest_day)[0].code
                named = Named(unit.code, unit.kind, unit.code, province, is_past=True)
                self._add("district", unit.name, named)

    def _add_aliases(self) -> None:
        for row in _rows("province_aliases.csv"):
            for named in self.find("province", name_key(row["means"])):
                self._add("province", row["written"], named)


def _named(tree: UnitTree, unit: UnitValue, day: dt.date) -> Named:
    above = {u.level: u.code for u in tree.path(unit.code, day)}
    return Named(unit.code, unit.kind, above.get("district", ""), above.get("province", ""))


def word_keys(text: str) -> list[str]:
    """Return the words of a text as they are compared: folded, numbers without leading zeros."""
    folded = fold(text).translate(_APOSTROPHES)
    words = "".join(c if c.isalnum() or c == "/" else " " for c in folded).split()
    return [w.lstrip("0") or w if w.isdecimal() else w for w in words]


def name_key(name: str) -> str:
    """Return the key under which a name is found."""
    return " ".join(word_keys(name))


def kind_words() -> tuple[KindWord, ...]:
    """Return the words that announce a unit, the longest first."""
    return _kind_words(str(folder()))


@lru_cache(maxsize=4)
def _kind_words(path: str) -> tuple[KindWord, ...]:
    words = {
        KindWord(tuple(word_keys(r["written"])), r["level"], r["kind"])  # type: ignore[arg-type]
        for r in rows_of(Path(path) / "units" / "address_words.csv")
    }
    return tuple(sorted(words, key=lambda w: (-len(w.keys), w.keys, w.level)))


def _rows(file: str) -> Iterable[dict[str, str]]:
    return rows_of(folder() / "units" / file)
