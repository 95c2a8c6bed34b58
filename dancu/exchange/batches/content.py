"""What a column seems to hold, by its cells: for tables without titles, or with unknown ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dancu.kernel import legacy
from dancu.kernel.syllables import is_syllable
from dancu.kernel.text import fold

SAMPLE_ROWS = 500
#: As many cells of a column must look alike for it to be recognised.
_ENOUGH = 0.6
_FEW = 5
_NUMBERED = 0.3
_PID = re.compile(r"'?0\d{2}[0-3]\d{8}|\d[0-3]\d{8,9}", re.ASCII)
_OLD = re.compile(r"\d{9}", re.ASCII)
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}", re.ASCII)
_PHONE = re.compile(r"(?:\+?84|0)?[35789]\d{8}", re.ASCII)
_NUMBER_LIKE = re.compile(r"'?[\d\s.,Oo]{9,16}|\d[.,]\d+E\+?\d+", re.ASCII | re.IGNORECASE)
_SEXES = frozenset({"nam", "nu", "m", "f", "male", "female"})
_SURNAME_LIST = (
    "nguyen tran le pham hoang huynh vu vo phan truong bui dang do ngo ho duong dinh doan lam mai "
    "trinh cao ly ha luong luu thai ta phung to dao tang chau quach"
)
_SURNAMES = frozenset(_SURNAME_LIST.split())
_NAME_WORDS = range(2, 7)
_ADDRESS_LENGTH = 16


def looks_like_numbers(cells: Sequence[str]) -> bool:
    """Say whether a column that is called a personal number may really hold some."""
    filled = [cell for cell in cells if cell]
    if len(filled) < _FEW:
        return True
    return sum(map(bool, map(_NUMBER_LIKE.fullmatch, filled))) >= _NUMBERED * len(filled)


def recognised(columns: Sequence[Sequence[str]], open_to: Sequence[str]) -> dict[int, str]:
    """Return what columns hold, by their index: each meaning of ``open_to`` at most once."""
    found: dict[int, str] = {}
    for meaning, fits in _TESTS.items():
        if meaning not in open_to:
            continue
        shares = {
            index: _share(cells, fits) for index, cells in enumerate(columns) if index not in found
        }
        best = max(shares, key=lambda index: shares[index], default=None)
        if best is not None and shares[best] >= _ENOUGH:
            found[best] = meaning
    return found


def _share(cells: Sequence[str], fits: Callable[[str], bool]) -> float:
    filled = [cell for cell in cells if cell]
    # Columns of which most is empty say little.
    if len(filled) < min(_FEW, len(cells)) or not filled:
        return 0.0
    return sum(map(fits, filled)) / len(filled)


def _is_name(cell: str) -> bool:
    guess = legacy.detect(cell)
    words = (guess.repaired if guess else cell).split()
    if len(words) not in _NAME_WORDS or any(sign.isdigit() for sign in cell):
        return False
    if fold(words[0]) in _SURNAMES:
        return True
    return all(is_syllable(word.lower()) for word in words) and all(
        word[0].isupper() for word in words
    )


def _is_address(cell: str) -> bool:
    return len(cell) >= _ADDRESS_LENGTH and ("," in cell or " - " in cell)


_TESTS: dict[str, Callable[[str], bool]] = {
    "pid": lambda cell: bool(_PID.fullmatch(cell)),
    "birth_date": lambda cell: bool(_DATE.fullmatch(cell)),
    "phone": lambda cell: bool(_PHONE.fullmatch(cell)),
    "old_id_number": lambda cell: bool(_OLD.fullmatch(cell)),
    "sex": lambda cell: fold(cell) in _SEXES,
    "permanent_residence": _is_address,
    "full_name": _is_name,
}
