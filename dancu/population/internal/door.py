"""The door in: the one place where claims are written and weighed.

A chunk of rows goes through COPY into temporary tables and from there, set by set, into
statements, golden rows, conflicts, index cards, numbers and households; all in the caller's
transaction. One row or ten thousand take the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from dancu.population import dictionary
from dancu.population.internal.chunk import Chunk
from dancu.population.internal.stillness import numbers_stay
from dancu.population.types import Entered

SQL_FOLDER = Path(__file__).with_name("sql")
#: Below this many rows the planner's guesses about temporary tables are good enough.
ANALYZE_FROM = 200
#: From here on a chunk meets large tables only, row by row; a planner that believes otherwise after
#: a big load would read them whole.
ROW_BY_ROW: LiteralString = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)

Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """What all rows of a chunk have in common."""

    source_id: int
    source_kind: str
    at: datetime
    entered_by: int | None = None
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a chunk: entered rows by row number, refused ones, conflicts opened."""

    entered: Mapping[int, Entered]
    refused: Sequence[tuple[int, str, str]]
    accepted: int
    conflicts: int


@cache
def sql(name: str) -> str:
    """Return a named SQL text of this room, without its comments."""
    text = _COMMENT.sub("", (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
    return text.strip()


#: A fact as text, in claims as they come in and in a golden row with its base.
_CLAIMED = "{source}.claims ->> '{key}'"
_HELD = (
    "CASE WHEN {source}.above ? '{key}' THEN {source}.above -> '{key}' ->> 0"
    " ELSE {source}.base ->> '{key}' END"
)


@lru_cache(maxsize=1)
def new_cards() -> str:
    """Return the text that writes the index cards of new people from their first claims."""
    return _card_sql("people_new", "first", _CLAIMED)


@lru_cache(maxsize=1)
def cards_entering() -> str:
    """Return the text that keeps the index cards of those of whom the pieces say something."""
    keys = ",".join(_card_keys().values())
    return cards(
        "SELECT person_id, array_agg(statement_id) FROM piece"
        f" WHERE facet = {dictionary.facet_numbers()['core']} AND claims ?| '{{{keys}}}'"
        " GROUP BY person_id"
    )


def cards(touched: str) -> str:
    """Return the text that keeps the index cards of the people whom ``touched`` selects.

    It gives each person with the statements that may have changed the card; null for any.
    """
    return _card_sql("people_changed", "touched", _HELD, touched=touched)


@lru_cache(maxsize=1)
def lodgers_entering() -> str:
    """Return the text that keeps where those lodge of whom the rows say something about it."""
    facet = dictionary.facet_of()[dictionary.key("lodging")]
    keys = ",".join(key for key, number in dictionary.facet_of().items() if number == facet)
    return lodgers(f"SELECT DISTINCT person_id FROM entering WHERE claims ?| '{{{keys}}}'")


def lodgers(touched: str) -> str:
    """Return the text that keeps where people lodge, of those whom ``touched`` selects."""
    keys = {name: dictionary.key(name) for name in ("lodging", "lodging_until")}
    facts = {name: _HELD.format(source="f", key=key) for name, key in keys.items()}
    facet, key = dictionary.facet_of()[keys["lodging"]], keys["lodging"]
    return sql("lodgers").format(touched=touched, facet=facet, key=key, **facts)


def _card_sql(name: str, source: str, fact: str, **parts: str) -> str:
    facts = {a: fact.format(source=source, key=key) for a, key in _card_keys().items()}
    return sql(name).format(
        card=sql("card").format(source=source, **facts),
        core=dictionary.facet_numbers()["core"],
        **parts,
    )


def _card_keys() -> dict[str, str]:
    return {attribute: dictionary.key(attribute) for attribute in dictionary.CARD_ATTRIBUTES}


def apply(cursor: Cursor, chunk: Chunk, origin: Origin, *, report: bool = False) -> Outcome:
    """Enter a chunk in the transaction of ``cursor``.

    Its addresses and names must be stored already.

    With ``report`` the outcome names the person and statement of every row. Raises psycopg's
    errors as they come; nothing is half-written, because the caller's transaction is then void.
    """
    if not chunk.incoming:
        return Outcome({}, (), 0, 0)
    _stage(cursor, chunk)
    keys = {"pid_key": dictionary.key("pid"), "household_key": dictionary.key("household_number")}
    common = {
        "source": origin.source_id,
        "at": origin.at,
        "entered_by": origin.entered_by,
        "batch": origin.batch_id,
        "gives_pid": chunk.gives_pid,
        "always_wins": origin.source_kind != "citizen",
        **keys,
    }
    _run = _runner(cursor, common)
    refused, accepted = _find_people(cursor, chunk, _run)
    if accepted == 0:
        _empty(cursor)
        return Outcome({}, refused, 0, 0)
    _run("pieces")
    if chunk.has_new:
        _run("golden_new")
    if accepted >= ANALYZE_FROM:
        cursor.execute("ANALYZE entering (n); ANALYZE piece (person_id, facet, round)")
    cursor.execute(ROW_BY_ROW)
    _run("statements")
    if chunk.has_new:
        cursor.execute(new_cards())
    if chunk.gives_pid:
        _run("pids")
    if chunk.touches_core:
        _run("households")
    conflicts = _weigh(cursor, origin, common)
    if chunk.touches_core and chunk.has_known:
        cursor.execute(cards_entering())
    if chunk.touches_lodging:
        cursor.execute(lodgers_entering())
    entered = _entered(cursor) if report else {}
    _empty(cursor)
    return Outcome(entered, refused, accepted, conflicts)


def _find_people(
    cursor: Cursor, chunk: Chunk, run: Callable[[str], None]
) -> tuple[list[tuple[int, str, str]], int]:
    """Resolve whom the rows are about and lock them; return refused rows, and how many enter.

    What a number leads to stays so until the transaction ends: what is said of a number never goes
    to a record that has given way.
    """
    if chunk.has_numbers:
        numbers_stay(cursor)
    run("enter")
    accepted = cursor.rowcount
    refused = cursor.execute("SELECT n, field, code FROM refused").fetchall()
    return refused, accepted


def _runner(cursor: Cursor, common: Mapping[str, object]) -> Callable[[str], None]:
    def run(name: str) -> None:
        cursor.execute(sql(name), common)

    return run


def _stage(cursor: Cursor, chunk: Chunk) -> None:
    cursor.execute(
        "SET LOCAL jit = off; SET LOCAL enable_memoize = off; SET LOCAL work_mem = '48MB'"
    )
    if cursor.execute("SELECT to_regclass('pg_temp.refused')").fetchone() == (None,):
        cursor.execute(sql("stage"))
    _copy(
        cursor, "incoming", (f"{a}\t{b}\n" for a, b in zip(chunk.incoming, chunk.cuts, strict=True))
    )
    if chunk.pieces:
        _copy(cursor, "incoming_piece", chain.from_iterable(chunk.pieces.values()))
    if len(chunk.incoming) >= ANALYZE_FROM:
        cursor.execute("ANALYZE incoming (n)")


def _copy(cursor: Cursor, table: LiteralString, lines: Iterable[str]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        copy.write("".join(lines))


def _weigh(cursor: Cursor, origin: Origin, common: Mapping[str, object]) -> int:
    (rounds,) = cursor.execute("SELECT coalesce(max(round), 0) FROM piece").fetchone() or (0,)
    weighing: dict[str, Any] = {
        **common,
        "ranks": dictionary.ranks(),
        "rules": dictionary.rules(),
        "kinds": dictionary.kind_list(),
        "kind": dictionary.kinds()[origin.source_kind],
        "width": dictionary.width(),
        "facet_of": dictionary.facet_list(),
    }
    opened = 0
    for number in range(1, rounds + 1):
        cursor.execute(sql("arbitrate"), {**weighing, "round": number})
        persons, facets, count, *changed = cursor.fetchone() or (None, None, 0, None, None)
        persons, facets = persons or [], facets or []
        opened += count
        if changed[0]:
            values = {"changed_persons": changed[0], "changed_attributes": changed[1]}
            rivals = cursor.execute(sql("rivals"), {**weighing, **values}).fetchall()
            opened += len(rivals)
            persons += [person for person, _ in rivals]
            facets += [weighing["facet_of"][attribute - 1] for _, attribute in rivals]
        if persons:
            found = {**weighing, "round": number, "persons": persons, "facets": facets}
            cursor.execute(sql("settle"), found)
            cursor.execute(sql("dispute"), found)
    return opened


def _entered(cursor: Cursor) -> dict[int, Entered]:
    rows = cursor.execute("SELECT n, person_id, statement_id FROM entering").fetchall()
    return {n: Entered(person_id, statement_id) for n, person_id, statement_id in rows}


def _empty(cursor: Cursor) -> None:
    cursor.execute(
        "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on;"
        "TRUNCATE incoming, incoming_piece, entering, piece, refused"
    )
