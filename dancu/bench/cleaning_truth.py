"""Cleaned files held against the truth that was kept when the damage was planted.

A cell is *right* when what was damaged became the truth, *wrong* when it became something else,
*left* when it stayed as it was (and a person is told, or the damage leaves no trace in the row).
*harmed* is a cell that was true and is no longer.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dancu.cleaning.kinds import KINDS
from dancu.cleaning.recipe import everything
from dancu.cleaning.types import Change, Decide
from dancu.cleaning.workbench import Workbench
from dancu.kernel.dates import format_vietnamese, parse_iso
from dancu.kernel.text import place_tones, title_name

#: Code of the damage → the attribute that it is in.
_OF_NAMES = (
    "EMPTY ONE_SYLLABLE DIGIT ABBREV TCVN3 VNI NFD ETH_FOR_D TONE_STYLE MISSING_MIDDLE "
    "EXTRA_MIDDLE SWAPPED_ORDER ACCENTS_LOST"
)
_OF_BIRTHS = (
    "DATE_INVALID DAY_MONTH_SWAP YEAR_ONLY FUTURE AGE_OVER_120 TWO_DIGIT_YEAR FIRST_OF_JANUARY"
)
_OF_NUMBERS = (
    "LEADING_ZERO_LOST SCIENTIFIC LEN NONDIGIT PROV_UNKNOWN SEX_MISMATCH YEAR_MISMATCH CMND_ONLY "
    "PID_MISSING CANCELLED"
)
ATTRIBUTE_OF: Mapping[str, str] = {
    **dict.fromkeys(_OF_NAMES.split(), "full_name"),
    **dict.fromkeys(_OF_BIRTHS.split(), "birth_date"),
    **dict.fromkeys(_OF_NUMBERS.split(), "pid"),
    "PHONE_11": "phone",
    "PHONE_SHARED": "phone",
}


@dataclass(slots=True)
class Tally:
    """What became of planted damage, by its code; ``harmed`` cells, with examples."""

    planted: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    harmed: int = 0
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def mistakes(self) -> int:
        """Cells that are wrong by our doing."""
        return self.wrong.total() + self.harmed

    def add(self, other: Tally) -> None:
        """Count another file too."""
        for name in ("planted", "right", "wrong", "left", "told"):
            getattr(self, name).update(getattr(other, name))
        self.harmed += other.harmed
        for code, found in other.examples.items():
            self.examples[code] += found


def unasked(change: Change) -> bool:
    """Make only what is made without anybody's yes."""
    return KINDS[change.kind].level == "safe"


def sure(change: Change) -> bool:
    """Make what ``--accept sure`` makes."""
    return change.after is not None and (unasked(change) or change.certainty == "sure")


DECISIONS: Mapping[str, Decide] = {"unasked": unasked, "sure": sure, "all": everything}


def tally(file: Path, decide: Decide, *, today: date) -> Tally:
    """Clean a file of ``dancu synthesise --dirty`` and hold it against ``NAME.truth.csv``."""
    bench = Workbench(file, today=today)
    places = {column.meaning: column.place for column in bench.columns if column.meaning}
    found = Tally()
    truths = _truths(file.with_name(f"{file.name.split('.')[0]}.truth.csv"))
    for one, truth in zip(bench.cleaned(decide), truths, strict=True):
        codes = [code for code in truth["errors"].split("|") if code]
        wanted = _wanted(truth)
        told = {change.column for change in one.changes if change.after is None}
        for attribute, value in wanted.items():
            place = places.get(attribute)
            if place is None:
                continue
            here = [code for code in codes if ATTRIBUTE_OF.get(code) == attribute]
            before, after = one.row.cells[place], one.cells[place]
            _count(found, here, _Cell(before, after, value, place in told))
    return found


@dataclass(frozen=True, slots=True)
class _Cell:
    before: str
    after: str
    truth: str
    told: bool

    @property
    def is_right(self) -> bool:
        return self.after == self.truth

    @property
    def is_harmed(self) -> bool:
        """Say whether it is true no longer; where a tone mark stands is no matter of truth."""
        changed = self.after != self.before
        return self.was_right and changed and place_tones(self.after) != place_tones(self.truth)

    @property
    def was_right(self) -> bool:
        """Say whether it was true, whatever its capitals."""
        return self.before == self.truth or self.before == self.truth.upper()

    @property
    def is_nearer(self) -> bool:
        """Say whether what is left of the damage is another one than what was mended."""
        return self.after.title() == self.truth.title()


def _count(found: Tally, codes: list[str], cell: _Cell) -> None:
    if not codes:
        if cell.is_harmed:
            found.harmed += 1
            found.examples["harmed"].append(f"{cell.before} → {cell.after} ≠ {cell.truth}")
        return
    for code in codes:
        found.planted[code] += 1
        found.told[code] += cell.told
        if cell.is_right:
            found.right[code] += 1
        elif cell.after in {cell.before, title_name(cell.before)}:
            found.left[code] += 1
        elif place_tones(cell.after) == place_tones(cell.truth):
            found.right[code] += 1
        elif len(codes) > 1 or cell.is_nearer:
            # Of two kinds of damage in one cell, one is still there.
            found.left[code] += 1
        else:
            found.wrong[code] += 1
            found.examples[code].append(f"{cell.before} → {cell.after} ≠ {cell.truth}")


def _wanted(truth: Mapping[str, str]) -> dict[str, str]:
    birth = truth["birth_date"]
    return {
        "pid": truth["pid"],
        "full_name": title_name(truth["name"]),
        "birth_date": format_vietnamese(parse_iso(birth)) if birth else "",
        "phone": truth["phone"],
    }


def _truths(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
