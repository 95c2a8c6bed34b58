"""Finding people among a hundred million: index cards by number, name, address, household.

Every statement here leaves the planner one way: a name is looked up among the distinct names
(``NameForm``), which are far fewer than people, and people are then fetched by the names found
(``LATERAL … OFFSET 0``). Nothing counts or sorts more than a capped number of cards. The area of
the asker is a condition of the query, never a filter after it.

For the door out only: an index card is personal data, so whoever reads one leaves a record there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.db import connection

from dancu.kernel.dates import PartialDate
from dancu.kernel.text import accent_key, match_key, phonetic_key
from dancu.places.queries import search_words
from dancu.population import dictionary
from dancu.population.internal.variants import one_edit

WINDOW = 50
#: No more names than this are looked up for one search, and no more cards compared.
MOST_NAMES = 4_000
MOST_CARDS = 12_000
MOST_ADDRESSES = 400
#: Windows after which a reader has to say more.
LAST_WINDOW = 20
_SQL = Path(__file__).with_name("internal") / "sql"

Kind = Literal[
    "pid",
    "old_id_number",
    "name",
    "given_name",
    "name_birth",
    "address",
    "household",
    "birth_year",
    "nothing",
]
Matched = Literal["number", "exact", "spelling", "similar", "address", "household", "birth"]
_TIERS: tuple[Matched, ...] = ("exact", "spelling", "similar")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; whatever is given must all hold.

    ``area`` are the communes that the asker may search, ``None`` the whole country. ``commune``
    narrows it to one.
    """

    pid: str = ""
    old_id_number: str = ""
    name: str = ""
    birth: PartialDate | None = None
    sex: str = ""
    commune: str = ""
    address: str = ""
    household: str = ""
    area: frozenset[str] | None = None
    window: int = 1


@dataclass(frozen=True, slots=True)
class IndexCard:
    """What finds a person. ``commune`` is that of permanent residence, ``stay_commune`` of a stay."""

    person_id: int
    name: str
    pid: str | None
    birth_year: int | None
    sex: str | None
    commune: str | None
    stay_commune: str | None
    address_id: int | None
    stay_address_id: int | None
    household: str | None
    status: int
    matched: Matched


@dataclass(frozen=True, slots=True)
class Found:
    """A window of cards. ``narrow`` says that more people fit than are looked through."""

    kind: Kind
    cards: tuple[IndexCard, ...] = ()
    has_next: bool = False
    narrow: bool = False


@dataclass(slots=True)
class _Names:
    """Candidate names, the best first: key of the name form → place of its tier."""

    tiers: dict[int, int] = field(default_factory=dict)
    is_capped: bool = False

    def add(self, rows: Iterable[tuple[int, str]], wanted: str, tier: int | None = None) -> None:
        for form, full_name in rows:
            if form not in self.tiers:
                exact = 0 if accent_key(full_name) == wanted else 1
                self.tiers[form] = exact if tier is None else tier


def find(wanted: Wanted) -> Found:
    """Return one window of the people that fit, the best first.

    Exact spelling comes before other accents, those before names that sound or look alike; within
    each, Vietnamese order by given name, then year of birth. Nothing asked gives nothing.
    """
    if wanted.area is not None and not wanted.area:
        return Found("nothing")
    if wanted.pid:
        return _by("pid", wanted, {"pid": wanted.pid}, "number")
    if wanted.old_id_number:
        return _by("old_id_number", wanted, {"number": wanted.old_id_number}, "number")
    if wanted.household:
        return _by("household", wanted, {"household": wanted.household}, "household")
    if wanted.address:
        return _by_address(wanted)
    if match_key(wanted.name):
        return _by_name(wanted)
    if wanted.birth is not None and _area(wanted) is not None:
        return _by("birth_year", wanted, {}, "birth", narrow_from=LAST_WINDOW * WINDOW)
    return Found("nothing")


def _by(
    kind: Kind,
    wanted: Wanted,
    values: Mapping[str, object],
    matched: Matched,
    *,
    narrow_from: int = 0,
) -> Found:
    rows = _run(kind, {**values, **_conditions(wanted)})
    cards, has_next = _cards(rows, matched)
    is_narrow = bool(narrow_from) and has_next and _offset(wanted) + WINDOW >= narrow_from
    return Found(kind, cards, has_next=has_next, narrow=is_narrow)


def _by_address(wanted: Wanted) -> Found:
    words = search_words(wanted.address)
    if not words:
        return Found("nothing")
    name = match_key(wanted.name)
    values = {
        "words": words,
        "phrase": f"{words} ",
        "most": MOST_ADDRESSES,
        "name": f"% {name} %" if name else None,
    }
    rows = _run("address", {**values, **_conditions(wanted)})
    cards, has_next = _cards(rows, "address")
    is_capped = bool(rows) and bool(rows[0][-1])
    return Found("address", cards, has_next=has_next, narrow=is_capped)


def _by_name(wanted: Wanted) -> Found:
    """Look among the same names first, and further only where those do not fill the window."""
    key, spelling = match_key(wanted.name), accent_key(wanted.name)
    names = _Names()
    kind: Kind = "name" if " " in key else "given_name"
    if kind == "name":
        names.add(_run("name_same", {"key": key}), spelling)
    else:
        _add_given(names, key, spelling)
    found = _people(kind, wanted, names)
    if found.has_next or found.narrow or _is_filled(found, wanted):
        return found
    for widen in (_add_sounding, _add_mistyped, _add_partial):
        before = len(names.tiers)
        widen(names, key, spelling)
        if len(names.tiers) == before:
            continue
        found = _people(kind, wanted, names)
        if found.has_next or found.narrow or _is_filled(found, wanted):
            break
    return found


def _is_filled(found: Found, wanted: Wanted) -> bool:
    """Say whether what was found answers the question, so that looking further would be noise."""
    best = sum(card.matched != "similar" for card in found.cards)
    return best > 0 and (wanted.window > 1 or best >= _ENOUGH)


#: So many people of the very name make a look at similar names needless.
_ENOUGH = 5


def _add_given(names: _Names, key: str, spelling: str) -> None:
    """A single syllable is a given name; people with that surname follow where there is room."""
    rows = _run("name_ends", {"reversed": f"{key[::-1]} ", "most": MOST_NAMES + 1})
    names.is_capped = len(rows) > MOST_NAMES
    last = spelling.rsplit(" ", 1)[-1]
    exact = [row for row in rows[:MOST_NAMES] if accent_key(row[1]).rsplit(" ", 1)[-1] == last]
    names.add(exact, spelling, 0)
    names.add(rows[:MOST_NAMES], spelling, 1)
    names.add(_run("name_same", {"key": key}), spelling)


def _add_sounding(names: _Names, key: str, spelling: str) -> None:
    if " " in key:
        names.add(_run("name_sounds", {"keys": [phonetic_key(key)], "most": MOST_NAMES}), spelling, 2)


def _add_mistyped(names: _Names, key: str, spelling: str) -> None:
    """One wrong, missing, doubled or exchanged letter, also on top of a regional spelling."""
    if " " not in key:
        return
    names.add(_run("name_typed", {"keys": one_edit(key), "most": MOST_NAMES}), spelling, 2)
    sounds = phonetic_key(key)
    names.add(_run("name_sounds", {"keys": one_edit(sounds), "most": MOST_NAMES}), spelling, 2)


def _add_partial(names: _Names, key: str, spelling: str) -> None:
    """Surname and given name without the middle, the last names alone, or the first ones alone."""
    first, last = key.split(" ", 1)[0], key.rsplit(" ", 1)[-1]
    room = MOST_NAMES - len(names.tiers)
    if " " in key:
        ends = {"reversed": f"{last[::-1]} ", "first": f"{first} %", "most": room}
        names.add(_run("name_around", ends), spelling, 2)
        names.add(_run("name_ends", {"reversed": f"{key[::-1]} ", "most": room}), spelling, 2)
    rows = _run("name_begins", {"start": f"{key} ", "end": f"{key}!", "most": room + 1})
    names.is_capped = names.is_capped or len(rows) > room
    names.add(rows[:room], spelling, 2)


def _people(kind: Kind, wanted: Wanted, names: _Names) -> Found:
    if not names.tiers:
        return Found(kind)
    forms = list(names.tiers)[:MOST_NAMES]
    values = {
        "forms": forms,
        "tiers": [names.tiers[form] for form in forms],
        "most": MOST_CARDS,
    }
    rows = _run("people", {**values, **_conditions(wanted)})
    cards, has_next = _cards(rows, None)
    is_capped = names.is_capped or (bool(rows) and bool(rows[0][-1]))
    shown: Kind = "name_birth" if wanted.birth is not None else kind
    return Found(shown, cards, has_next=has_next, narrow=is_capped)


def _cards(
    rows: Sequence[tuple[object, ...]], matched: Matched | None
) -> tuple[tuple[IndexCard, ...], bool]:
    cards = tuple(
        IndexCard(*row[:11], matched or _TIERS[row[11]])  # type: ignore[arg-type, call-overload]
        for row in rows[:WINDOW]
    )
    return cards, len(rows) > WINDOW


def _area(wanted: Wanted) -> list[str] | None:
    """Return the communes to search, ``None`` for the whole country."""
    if wanted.commune:
        inside = wanted.area is None or wanted.commune in wanted.area
        return [wanted.commune] if inside else []
    return None if wanted.area is None else sorted(wanted.area)


def _offset(wanted: Wanted) -> int:
    return (min(max(wanted.window, 1), LAST_WINDOW) - 1) * WINDOW


def _conditions(wanted: Wanted) -> dict[str, object]:
    """Return the values of the conditions that every search has; null means no condition."""
    birth = wanted.birth
    return {
        "area": _area(wanted),
        "birth_year": birth.year if birth else None,
        "birth": f"{birth.iso}%" if birth and birth.month else None,
        "birth_key": dictionary.key("birth_date"),
        "sex": wanted.sex or None,
        "offset": _offset(wanted),
        "limit": WINDOW + 1,
    }


@lru_cache(maxsize=32)
def _sql(name: str) -> str:
    return (_SQL / f"search_{name}.sql").read_text(encoding="utf-8")


def _run(name: str, values: Mapping[str, object]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(name), dict(values))
        return cursor.fetchall()
