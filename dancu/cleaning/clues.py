"""What columns tell only as a whole: encoding, order of day and month, how words are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dancu.cleaning.types import Column
from dancu.exchange.batches.cleaning import sex_of
from dancu.exchange.batches.hints import hints_of
from dancu.exchange.batches.meanings import DAY, FAMILY, GIVEN, MONTH, YEAR
from dancu.kernel import datecells, legacy
from dancu.kernel.text import place_tones

#: So many rows are looked at.
SAMPLE_ROWS = 5_000
#: Columns that hold no words.
WORDLESS = frozenset({"pid", "old_id_number", "birth_date", "phone", DAY, MONTH, YEAR})
NAMES = ("full_name", FAMILY, GIVEN)
_MOSTLY = 0.7
_SURE = 2 / 3
#: Six of ten days of a month are no months.
_FEW, _OFTEN = 3, 0.3


@dataclass(frozen=True, slots=True)
class Clues:
    """``readings``: place of a column → how likely each encoding is; absent where all is well.

    ``certain``: places of columns that are whole in an old encoding. ``sexes``: codes of the file
    → M or F; ``sex_words``: M or F → the word that most rows have. ``on_nucleus``: where most names
    put the tone of oa, oe, uy; None where there is nothing to choose. ``accented``: most names
    have accents.
    """

    readings: Mapping[int, Mapping[legacy.Reading, float]] = field(default_factory=dict)
    certain: frozenset[int] = frozenset()
    month_first: bool = False
    sexes: Mapping[str, str] = field(default_factory=dict)
    sex_words: Mapping[str, str] = field(default_factory=dict)
    on_nucleus: bool | None = None
    accented: bool = False


def clues_of(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> Clues:
    """Return what a sample of rows tells."""
    hints = hints_of(rows, [column.meaning for column in columns])
    readings: dict[int, Mapping[legacy.Reading, float]] = {}
    certain = set()
    for column in columns:
        if column.meaning in WORDLESS:
            continue
        guess = legacy.detect_column(row[column.place] for row in rows)
        if guess is not None:
            readings[column.place] = guess.prior
            if guess.certain:
                certain.add(column.place)
    names = [row[column.place] for column in columns if column.meaning in NAMES for row in rows]
    dates = [row[c.place].strip() for c in columns if c.meaning == "birth_date" for row in rows]
    sexes = [row[c.place].strip() for c in columns if c.meaning == "sex" for row in rows]
    return Clues(
        readings=readings,
        certain=frozenset(certain),
        month_first=_is_month_first(dates),
        sexes=hints.sexes,
        sex_words=_sex_words(sexes, hints.sexes),
        on_nucleus=_tones(names),
        accented=_accented(names),
    )


def _is_month_first(dates: Sequence[str]) -> bool:
    """Say whether a column writes the month first: a few cells may be slips of their own."""
    found = datecells.detect_column(dates)
    seen = found.month_first + found.undecided
    return found.order == "month_first" and found.month_first >= max(_FEW, _OFTEN * seen)


def _sex_words(written: Sequence[str], codes: Mapping[str, str]) -> dict[str, str]:
    """Return how most rows write each sex, when both are written in one way."""
    counts: dict[str, Counter[str]] = {}
    for text in written:
        known = codes.get(text) or sex_of(text)
        if text and known:
            counts.setdefault(known, Counter())[text] += 1
    return {sex: seen.most_common(1)[0][0] for sex, seen in counts.items()}


def _tones(names: Sequence[str]) -> bool | None:
    """Return where most names put the tone; None where they agree already, or half and half."""
    glide = nucleus = 0
    for name in names:
        if name.isascii():
            continue
        nucleus += place_tones(name) != name
        glide += place_tones(name, on_nucleus=True) != name
    if not glide or not nucleus:
        return None
    share = nucleus / (glide + nucleus)
    if share >= _SURE:
        return True
    return False if share <= 1 - _SURE else None


def _accented(names: Sequence[str]) -> bool:
    filled = [name for name in names if name.strip()]
    return bool(filled) and sum(not n.isascii() for n in filled) >= _MOSTLY * len(filled)


def is_mostly_right(prior: Mapping[legacy.Reading, float] | None) -> bool:
    """Say whether a column is Unicode, damaged cells aside."""
    return prior is None or prior["UNICODE"] > _MOSTLY
