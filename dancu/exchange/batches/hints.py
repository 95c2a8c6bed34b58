"""What a column tells only as a whole: order of day and month, encoding, codes of the sexes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dancu.kernel import datecells, legacy, pid

_SURE = 0.95
_FEW = 20


@dataclass(frozen=True, slots=True)
class Hints:
    """``readings``: how likely each encoding is for names; ``None`` when all look right.

    ``twice``: row → the row before it that has the same number, both counted from 0.
    ``sexes``: codes of the file that its numbers explain. ``month_first``: dates are written so.
    """

    month_first: bool = False
    twice: Mapping[int, int] = field(default_factory=dict)
    readings: Mapping[legacy.Reading, float] | None = None
    sexes: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the value as it is stored."""
        readings = dict(self.readings) if self.readings else None
        return {
            "month_first": self.month_first,
            "readings": readings,
            "sexes": dict(self.sexes),
            "twice": [*self.twice.items()],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Hints:
        """Return the stored value."""
        twice = {int(row): int(first) for row, first in stored.get("twice", ())}
        return cls(bool(stored["month_first"]), twice, stored["readings"], stored["sexes"])


def hints_of(rows: Sequence[Sequence[str]], meanings: Sequence[str]) -> Hints:
    """Return what a sample of rows tells about its columns."""
    by_meaning = {
        meaning: [row[index].strip() for row in rows]
        for index, meaning in enumerate(meanings)
        if meaning
    }
    names = [
        text
        for meaning in ("full_name", "family_and_middle_name")
        for text in by_meaning.get(meaning, ())
    ]
    guess = legacy.detect_column(names)
    order = datecells.detect_column(by_meaning.get("birth_date", ()))
    return Hints(
        month_first=order.order == "month_first",
        readings=guess.prior if guess else None,
        sexes=_sexes(by_meaning.get("sex", ()), by_meaning.get("pid", ())),
    )


def _sexes(written: Sequence[str], numbers: Sequence[str]) -> dict[str, str]:
    """Return what codes such as 0 and 1 mean, where the numbers of the rows agree on it."""
    counts: dict[str, Counter[str]] = {}
    for text, number in zip(written, numbers, strict=False):
        if text and pid.is_valid(number):
            counts.setdefault(text, Counter())[pid.Pid(number).sex] += 1
    found: dict[str, str] = {}
    for text, seen in counts.items():
        sex, count = seen.most_common(1)[0]
        if seen.total() >= _FEW and count >= _SURE * seen.total() and not text.isalpha():
            found[text] = sex
    return found


#: More rows than this are not told that they are there twice.
MOST_TWICE = 50_000


def twice_in(rows: Iterable[Sequence[str]], meanings: Sequence[str]) -> dict[int, int]:
    """Return each row whose number stood in an earlier one, with that row; counted from 0."""
    if "pid" not in meanings:
        return {}
    index = list(meanings).index("pid")
    first: dict[str, int] = {}
    found: dict[int, int] = {}
    for number, cells in enumerate(rows):
        text = cells[index].strip().lstrip("'0")
        if not text:
            continue
        before = first.setdefault(text, number)
        if before != number:
            found[number] = before
            if len(found) == MOST_TWICE:
                break
    return found
