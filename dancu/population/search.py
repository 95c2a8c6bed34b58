"""Finding people among a hundred million: index cards by number, name, address, household.

Every statement here leaves the planner one way: a name is looked up among the distinct names
(``NameForm``), which are far fewer than people, and people are then fetched by the names found
(``LATERAL … OFFSET 0``). Nothing counts or sorts more than a capped number of cards. The area of
the asker is a condition of the query, never a filter after it.

For the door out only: an index card is personal data, so whoever reads one leaves a record there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from django.db import connection

from dancu.kernel.dates import PartialDate
from dancu.kernel.text import accent_key, match_key, phonetic_key, place_tones, title_name
from dancu.places.queries import search_words, tree
from dancu.population import dictionary
from dancu.population.internal.search_variants import one_edit

WINDOW = 50
#: People of the very name from which on nobody needs to see similar names.
ENOUGH = 5
#: No more names than this are looked up for one search, and no more cards compared.
MOST_NAMES = 1_000
MOST_PARTIAL = 300
MOST_CARDS = 4_000
MOST_OF_A_YEAR = 2_000
#: Areas up to this size are searched from the area, larger ones from the name.
FEW_COMMUNES = 3
MOST_PLACES = 2_000
MOST_ADDRESSES = 150
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
Matched = Literal[
    "number", "former", "exact", "spelling", "similar", "address", "household", "birth"
]
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
    """What finds a person. ``commune`` is of permanent residence, ``stay_commune`` of a stay."""

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
    matched: Matched = "number"


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


def find(wanted: Wanted) -> Found:  # noqa: PLR0911
    """Return one window of the people that fit, the best first.

    Exact spelling comes before other accents, those before names that sound or look alike; within
    each, Vietnamese order by given name, then year of birth. Nothing asked gives nothing.
    """
    if wanted.area is not None and not wanted.area:
        return Found("nothing")
    if wanted.pid:
        return _marked(_by("pid", wanted, {"pid": wanted.pid}, "number"), wanted.pid)
    if wanted.old_id_number:
        return _by("old_id_number", wanted, {"number": wanted.old_id_number}, "number")
    if wanted.household:
        return _by("household", wanted, {"household": wanted.household}, "household")
    if wanted.address:
        return _by_address(wanted)
    if match_key(wanted.name):
        return _by_name(wanted)
    if wanted.birth is not None and _area(wanted) is not None:
        few = len(_area(wanted) or ()) <= FEW_COMMUNES
        return _by("birth_year", wanted, {"most": MOST_OF_A_YEAR, "few": few}, "birth")
    return Found("nothing")


def _by(
    kind: Kind,
    wanted: Wanted,
    values: Mapping[str, object],
    matched: Matched,
) -> Found:
    rows = _run(kind, {**values, **_conditions(wanted)})
    cards, has_next = _cards(rows, matched)
    is_capped = kind == "birth_year" and bool(rows) and bool(rows[0][-1])
    return Found(kind, cards, has_next=has_next, narrow=is_capped)


def _marked(found: Found, pid: str) -> Found:
    """Mark those who have another number today than the one that was looked for."""
    cards = (c if c.pid == pid else replace(c, matched="former") for c in found.cards)
    return replace(found, cards=tuple(cards))


def _by_address(wanted: Wanted) -> Found:
    words = search_words(wanted.address)
    if not words:
        return Found("nothing")
    name = match_key(wanted.name)
    values = {
        "words": f"{words} {_area_words(wanted)}",
        "phrase": f"{words} ",
        "most": MOST_ADDRESSES,
        "most_places": MOST_PLACES,
        "name": f"% {name} %" if name else None,
    }
    rows = _run("address", {**values, **_conditions(wanted)})
    cards, has_next = _cards(rows, "address")
    is_capped = bool(rows) and bool(rows[0][-1])
    return Found("address", cards, has_next=has_next, narrow=is_capped)


def _by_name(wanted: Wanted) -> Found:
    """Look among the same names first, and further only where they lead to few people."""
    key, spelling = match_key(wanted.name), accent_key(wanted.name)
    if " " not in key:
        return _by_given_name(wanted, key)
    names = _Names()
    names.add(_run("name_same", {"key": key}), spelling)
    found = _people(wanted, names)
    if found.has_next or wanted.window > 1 or len(found.cards) >= ENOUGH:
        return found
    _add_alike(names, key, spelling)
    found = _people(wanted, names)
    if found.cards or wanted.window > LAST_WINDOW:
        return found
    _add_partial(names, key, spelling)
    return _people(wanted, names)


def _by_given_name(wanted: Wanted, key: str) -> Found:
    """A single syllable is a given name, or the whole name of somebody who has only one."""
    area = _area(wanted)
    is_here = area is not None and len(area) <= FEW_COMMUNES
    values = {**_ends(key), "spellings": _endings(wanted.name), "most": MOST_CARDS}
    rows = _run("given_here" if is_here else "given", {**values, **_conditions(wanted)})
    cards, has_next = _cards(rows, None)
    is_capped = bool(rows) and bool(rows[0][-1])
    kind: Kind = "name_birth" if wanted.birth is not None else "given_name"
    if not cards and wanted.window == 1:
        names = _Names()
        names.add(_run("name_same", {"key": key}), accent_key(wanted.name))
        begins = {"start": f"{key} ", "end": f"{key}!", "most": MOST_NAMES}
        names.add(_run("name_begins", begins), "", 2)
        return _people(wanted, names)
    return Found(kind, cards, has_next=has_next, narrow=is_capped)


def _endings(name: str) -> list[str]:
    """Return LIKE patterns for names that end so, accents and all, however tones are placed."""
    titled = title_name(name)
    spellings = {titled, place_tones(titled), place_tones(titled, on_nucleus=True)}
    return sorted({f"% {form}" for one in spellings for form in (one, one.upper())})


def _add_alike(names: _Names, key: str, spelling: str) -> None:
    """Names that sound the same in some region, or are one letter away: typed, or as they sound."""
    sounds = phonetic_key(key)
    names.add(_run("name_sounds", {"keys": [sounds], "most": MOST_NAMES}), spelling, 2)
    names.add(_run("name_typed", {"keys": one_edit(key), "most": MOST_NAMES}), spelling, 2)
    names.add(_run("name_sounds", {"keys": one_edit(sounds), "most": MOST_NAMES}), spelling, 2)


def _add_partial(names: _Names, key: str, spelling: str) -> None:
    """Surname and given name without the middle, the last names alone, or the first ones alone."""
    first, last = key.split(" ", 1)[0], key.rsplit(" ", 1)[-1]
    around = {**_ends(last), "first": f"{first} %", "most": MOST_PARTIAL}
    ends = {**_ends(key), "most": MOST_PARTIAL}
    begins = {"start": f"{key} ", "end": f"{key}!", "most": MOST_PARTIAL}
    for name, values in (("name_ends", ends), ("name_begins", begins), ("name_around", around)):
        rows = _run(name, values)
        names.is_capped = names.is_capped or len(rows) == MOST_PARTIAL
        names.add(rows, spelling, 2)


def _ends(key: str) -> dict[str, str]:
    """Return the range of reversed match keys that end with the syllables of ``key``."""
    backwards = key[::-1]
    return {"start": f"{backwards} ", "end": f"{backwards}!"}


def _people(wanted: Wanted, names: _Names) -> Found:
    kind: Kind = "name_birth" if wanted.birth is not None else "name"
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
    return Found(kind, cards, has_next=has_next, narrow=is_capped)


def _cards(
    rows: Sequence[tuple[Any, ...]], matched: Matched | None
) -> tuple[tuple[IndexCard, ...], bool]:
    cards = tuple(_card(row, matched or _TIERS[row[_WIDTH]]) for row in rows[:WINDOW])
    return cards, len(rows) > WINDOW


def _card(row: tuple[Any, ...], matched: Matched) -> IndexCard:
    return replace(IndexCard(*row[:_WIDTH]), matched=matched)


def _area(wanted: Wanted) -> list[str] | None:
    """Return the communes to search, ``None`` for the whole country."""
    if wanted.commune:
        inside = wanted.area is None or wanted.commune in wanted.area
        return [wanted.commune] if inside else []
    return None if wanted.area is None else sorted(wanted.area)


def _area_words(wanted: Wanted) -> str:
    """Return the name of the one commune that is searched: every address holds that of its own."""
    area = _area(wanted)
    if area is None or len(area) != 1:
        return ""
    unit = tree().unit(area[0], tree().newest_day)
    return search_words(unit.name) if unit else ""


def _offset(wanted: Wanted) -> int:
    return (min(max(wanted.window, 1), LAST_WINDOW) - 1) * WINDOW


def _conditions(wanted: Wanted) -> dict[str, Any]:
    """Return the values of the conditions that every search has; null means no condition."""
    birth = wanted.birth
    return {
        "area": _area(wanted),
        "birth_year": birth.year if birth else None,
        "birth": birth.iso if birth and birth.month else None,
        "birth_key": dictionary.key("birth_date"),
        "sex": wanted.sex or None,
        "offset": _offset(wanted),
        "limit": WINDOW + 1,
    }


CARD_COLUMNS = """p.id, n.full_name, p.pid, p.birth_year, p.sex, p.commune, p.stay_commune,
       p.address_id, p.stay_address_id, p.household, p.status"""
_WIDTH = CARD_COLUMNS.count(",") + 1

#: A birth date is compared as far as both sides know it: a stored year agrees with any day of it.
_CONDITIONS = """(%(area)s::text[] IS NULL
           OR p.commune = ANY (%(area)s::text[]) OR p.stay_commune = ANY (%(area)s::text[]))
      AND (%(birth_year)s::smallint IS NULL OR p.birth_year = %(birth_year)s::smallint)
      AND (%(sex)s::text IS NULL OR p.sex = %(sex)s::text)
      AND (%(birth)s::text IS NULL OR EXISTS (
          SELECT FROM population_golden g
          LEFT JOIN population_statement b ON b.person_id = g.person_id AND b.id = g.statement_id
          CROSS JOIN LATERAL (
              SELECT CASE WHEN g.overrides ? %(birth_key)s::text
                          THEN g.overrides -> %(birth_key)s::text ->> 0
                          ELSE b.claims ->> %(birth_key)s::text END AS born OFFSET 0) d
          WHERE g.person_id = p.id AND g.facet = 0
            AND (starts_with(d.born, %(birth)s::text) OR starts_with(%(birth)s::text, d.born))))"""


@lru_cache(maxsize=32)
def _sql(name: str) -> str:
    text = (_SQL / f"search_{name}.sql").read_text(encoding="utf-8")
    return text.replace("{card}", CARD_COLUMNS).replace("{conditions}", _CONDITIONS)


def _run(name: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(name), dict(values))
        return list(cursor.fetchall())
