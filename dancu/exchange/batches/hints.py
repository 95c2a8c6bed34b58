"""What a column tells only as a whole: order of day and month, encoding, codes of the sexes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dancu.kernel import datecells, legacy, pid

_SURE = 0.95
_FEW = 20


@dataclass(frozen=True, slots=True)
class Hints:
    """``readings``: how likely each encoding is for names; ``None`` when all look right.

    ``sexes``: codes of the file that its numbers explain. ``month_first``: dates are written so.
    """

    month_first: bool = False
    readings: Mapping[legacy.Reading, float] | None = None
    sexes: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the value as it is stored."""
        readings = dict(self.readings) if self.readings else None
        return {"month_first": self.month_first, "readings": readings, "sexes": dict(self.sexes)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Hints:
        """Return the stored value."""
        return cls(bool(stored["month_first"]), stored["readings"], stored["sexes"])


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
