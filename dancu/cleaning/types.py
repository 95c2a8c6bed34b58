"""Values of the workbench: rows, changes and what was decided about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Certainty = Literal["sure", "likely", "unsure"]
#: The place of a change that is about the row as a whole.
WHOLE_ROW = -1


class Row(NamedTuple):
    """A row of the file.

    ``number`` is that of the sheet or of the line in the file, counted from 1; ``sheet`` the place
    of its sheet; ``fault`` what was wrong in reading it (see ``exchange.batches.text.Line``).
    """

    number: int
    cells: Sequence[str]
    fault: str = ""
    sheet: int = 0


class Step(NamedTuple):
    """What one rule says of one value; ``after`` is None where only a person can tell."""

    kind: str
    after: str | None
    certainty: Certainty = "sure"


class Change(NamedTuple):
    """One change of one cell: applied, proposed, or to be looked at by a person.

    ``column`` is the place of the column, ``WHOLE_ROW`` for rows that are no people. ``after`` is
    None where a person has to look. ``applied``: it is in the cleaned file.
    """

    row: int
    column: int
    before: str
    after: str | None
    kind: str
    certainty: Certainty
    applied: bool = False
    sheet: int = 0


#: Returns the step for an address, whose ``after`` is the code of the unit; None for an empty one.
Units = Callable[[str], Step | None]


def no_units(text: str) -> Step | None:
    """Know no unit: for files read without the map."""
    del text
    return None


#: Says whether a change is made.
Decide = Callable[[Change], bool]


@dataclass(slots=True)
class Cleaned:
    """A row after the rules: its cells, what was found, codes of units to be added.

    ``dropped``: the row is no person and is left out. ``codes``: place of an address → unit code.
    """

    row: Row
    cells: list[str]
    changes: list[Change] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title as mended, what it means (empty: nothing known), and its place."""

    place: int
    title: str
    meaning: str = ""
    by_content: bool = False
    examples: tuple[str, ...] = ()
