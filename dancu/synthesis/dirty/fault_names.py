"""Faults of names."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from dancu.kernel.text import place_tones
from dancu.synthesis.dirty.encodings import to_tcvn3, to_vni

if TYPE_CHECKING:
    from collections.abc import Callable

    from dancu.synthesis.dirty.drafts import Draft

SHORT = {"Nguyễn": "Ng.", "Nguyễn Thị": "Ng. T.", "Trần": "Tr.", "Phạm": "Ph.", "Huỳnh": "H."}
EXTRA = ("Ngọc", "Thanh", "Minh", "Kim")
_BARE = str.maketrans("Đđ", "Dd")


def bare(text: str) -> str:
    """Return the text without accents, capitals kept."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_BARE)


def _set(draft: Draft, name: str) -> bool:
    changed = name != draft.text("name")
    draft.cells["name"] = name
    return changed


def empty(draft: Draft, _: int) -> bool:
    """The name is missing."""
    return _set(draft, "")


def one_syllable(draft: Draft, _: int) -> bool:
    """Only the given name is left."""
    return _set(draft, draft.text("name").split(" ")[-1])


def digit(draft: Draft, draw: int) -> bool:
    """A digit slipped in."""
    return _set(draft, f"{draft.text('name')}{1 + draw % 9}")


def abbreviated(draft: Draft, _: int) -> bool:
    """Surname or middle name is cut to its first letters."""
    name = draft.text("name")
    surname, rest = [*name.split(" ", 1), ""][:2]
    if not rest:
        return False
    if surname.title() in SHORT:
        return _set(draft, f"{SHORT[surname.title()]} {rest}")
    first, last = [*rest.split(" ", 1), ""][:2]
    return bool(last) and _set(draft, f"{surname} {first[0]}. {last}")


def tcvn3(draft: Draft, _: int) -> bool:
    """The name is text of a TCVN3 font."""
    return _set(draft, to_tcvn3(draft.truth.name))


def vni(draft: Draft, _: int) -> bool:
    """The name is text of a VNI font."""
    return _set(draft, to_vni(draft.truth.name))


def decomposed(draft: Draft, _: int) -> bool:
    """The name is in NFD."""
    return _set(draft, unicodedata.normalize("NFD", draft.text("name")))


def eth_for_d(draft: Draft, _: int) -> bool:
    """Ð (U+00D0) stands for Đ (U+0110)."""
    return _set(draft, draft.text("name").replace("Đ", "Ð"))


def tone_style(draft: Draft, _: int) -> bool:
    """The tone stands on the other vowel: hoà, thuỷ."""
    return _set(draft, place_tones(draft.text("name"), on_nucleus=True))


def missing_middle(draft: Draft, _: int) -> bool:
    """The middle name is left out."""
    parts = draft.text("name").split(" ")
    return len(parts) > len(("surname", "given")) and _set(draft, f"{parts[0]} {parts[-1]}")


def extra_middle(draft: Draft, draw: int) -> bool:
    """A middle name too many."""
    *front, last = draft.text("name").split(" ")
    return bool(front) and _set(draft, " ".join([*front, EXTRA[draw & 3], last]))


def swapped(draft: Draft, _: int) -> bool:
    """The given name stands first."""
    *front, last = draft.text("name").split(" ")
    return bool(front) and _set(draft, " ".join([last, *front]))


def accents_lost(draft: Draft, _: int) -> bool:
    """The name has no accents."""
    return _set(draft, bare(draft.text("name")))


CHANGES: dict[str, Callable[[Draft, int], bool]] = {
    "EMPTY": empty,
    "ONE_SYLLABLE": one_syllable,
    "DIGIT": digit,
    "ABBREV": abbreviated,
    "TCVN3": tcvn3,
    "VNI": vni,
    "NFD": decomposed,
    "ETH_FOR_D": eth_for_d,
    "TONE_STYLE": tone_style,
    "MISSING_MIDDLE": missing_middle,
    "EXTRA_MIDDLE": extra_middle,
    "SWAPPED_ORDER": swapped,
    "ACCENTS_LOST": accents_lost,
}
