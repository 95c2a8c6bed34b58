"""What was decided about the proposals, and the recipe that carries it to next month's file.

A recipe names no person: it keeps what columns mean, which kinds are accepted, and decisions on
single values only of columns whose values belong to nobody, such as words for the sex.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson

from dancu.cleaning.errors import BadRecipe, RecipeFitsNot
from dancu.cleaning.kinds import KINDS, kinds_of
from dancu.cleaning.reading import EVERYTHING
from dancu.cleaning.types import Change, Column, Decide
from dancu.exchange.batches.meanings import allowed, title_key

FORMAT, VERSION = "dancu-cleaning-recipe", 1
LARGEST = 1 << 20
#: ``sure``: accepted where the change is sure.
Choice = Literal["yes", "sure", "no"]
CHOICES: tuple[Choice, ...] = ("yes", "sure", "no")
#: Columns of which a recipe may keep values.
_IMPERSONAL = frozenset({"sex", "ethnicity", "religion", "nationality"})


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is accepted: by kind, by value of a column, by row; the narrower goes first.

    ``values``: (kind, title, before) → accepted; ``rows``: (sheet, row, column, kind) → accepted.
    """

    kinds: Mapping[str, Choice] = field(default_factory=dict)
    values: Mapping[tuple[str, str, str], bool] = field(default_factory=dict)
    rows: Mapping[tuple[int, int, int, str], bool] = field(default_factory=dict)

    def decide(self, columns: Sequence[Column]) -> Decide:
        """Return the function that says of each change whether it is made."""
        titles = {column.place: column.title for column in columns}

        def decided(change: Change) -> bool:
            if self.rows:
                key = (change.sheet, change.row, change.column, change.kind)
                if (found := self.rows.get(key)) is not None:
                    return found
            if self.values:
                value = (change.kind, titles.get(change.column, ""), change.before)
                if (found := self.values.get(value)) is not None:
                    return found
            choice = self.kinds.get(change.kind)
            if choice is None:
                return KINDS[change.kind].level == "safe"
            return choice == "yes" or (choice == "sure" and change.certainty == "sure")

        return decided


def accepting(names: Iterable[str], base: Decisions) -> Decisions:
    """Return the decisions with these kinds accepted. Raises ``UnknownKind``."""
    given = list(names)
    codes, only_sure = kinds_of(given)
    kinds = dict(base.kinds)
    if only_sure:
        proposed = (code for code, kind in KINDS.items() if kind.level == "proposed")
        kinds |= dict.fromkeys(proposed, "sure")
    kinds |= dict.fromkeys(codes, "yes")
    return replace(base, kinds=kinds)


def everything(change: Change) -> bool:
    """Take every change as made: how proposals are looked for."""
    return change.after is not None


def recipe_of(columns: Sequence[Column], decisions: Decisions) -> bytes:
    """Return the recipe as a file."""
    impersonal = {column.title for column in columns if column.meaning in _IMPERSONAL}
    values = [
        {"kind": kind, "column": title, "before": before, "accepted": accepted}
        for (kind, title, before), accepted in decisions.values.items()
        if title in impersonal
    ]
    stored = {
        "format": FORMAT,
        "version": VERSION,
        "columns": [{"title": one.title, "meaning": one.meaning} for one in columns],
        "kinds": dict(sorted(decisions.kinds.items())),
        "values": values,
    }
    return orjson.dumps(stored, option=orjson.OPT_INDENT_2) + b"\n"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe as read: titles with their meanings, and decisions."""

    meanings: Mapping[str, str]
    decisions: Decisions

    def columns_for(self, columns: Sequence[Column]) -> list[Column]:
        """Return the columns with the recipe's meanings. Raises ``RecipeFitsNot``."""
        known = {title_key(title): meaning for title, meaning in self.meanings.items()}
        if not any(title_key(column.title) in known for column in columns if column.title):
            raise RecipeFitsNot
        return [
            replace(column, meaning=known.get(title_key(column.title), column.meaning))
            for column in columns
        ]


def read_recipe(content: bytes) -> Recipe:
    """Read a recipe. Raises ``BadRecipe``."""
    if len(content) > LARGEST:
        raise BadRecipe
    try:
        stored = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise BadRecipe from None
    if not isinstance(stored, dict) or stored.get("format") != FORMAT:
        raise BadRecipe
    if stored.get("version") != VERSION:
        raise BadRecipe
    try:
        return Recipe(_meanings(stored["columns"]), Decisions(_choices(stored), _values(stored)))
    except (KeyError, TypeError, AttributeError):
        raise BadRecipe from None


def _meanings(columns: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    known = {"", *allowed(EVERYTHING)}
    found = {str(one["title"]): str(one["meaning"]) for one in columns}
    for meaning in found.values():
        if meaning not in known:
            raise BadRecipe
    return found


def _choices(stored: Mapping[str, Any]) -> dict[str, Choice]:
    found: dict[str, Choice] = {}
    for kind, choice in stored["kinds"].items():
        if kind not in KINDS or KINDS[kind].level == "look" or choice not in CHOICES:
            raise BadRecipe
        found[kind] = choice
    return found


def _values(stored: Mapping[str, Any]) -> dict[tuple[str, str, str], bool]:
    found = {
        (str(one["kind"]), str(one["column"]), str(one["before"])): bool(one["accepted"])
        for one in stored.get("values", [])
        if one["kind"] in KINDS
    }
    if any("\0" in text for key in found for text in key):
        raise BadRecipe
    return found
