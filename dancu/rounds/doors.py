"""The order in which doors stand along a street, and where a written address belongs. Pure.

``12``, ``12A``, ``12/3``, ``14``: numbers as numbers, then letters, then the houses of the alley
behind the number. ``Số 3 hẻm 45 Đinh Tiên Hoàng`` is the house ``45/3`` of that street. Keys are
compared byte by byte; Vietnamese order needs no collation of the database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dancu.kernel.text import fold, nfc, text_sort_key

#: Longer numbers are none of houses; the key stays short whatever is written.
_DIGITS = 9
_LONGEST = 200
#: As much of a key as is kept: names that begin alike for so long are taken for one.
_KEPT, _KEPT_HOUSE = 400, 120
_ALLEY = re.compile(
    r"^(?:hẻm|hem|ngõ|ngo|ngách|ngach|kiệt|kiet)\s+(?:số\s+|so\s+)?(\d[\w/.\-]*)\s*,?\s*(.*)$",
    re.IGNORECASE,
)
_STREET_WORD = re.compile(r"^(?:đường|duong|đ\.|phố|pho)\s+(?=\D)", re.IGNORECASE)
_KINDS = (
    (re.compile(r"^(?:khu phố|khu pho|k\.?\s?p\.?)\s*(?=\d)", re.IGNORECASE), "Khu phố "),
    (re.compile(r"^(?:tổ dân phố|to dan pho|t\.?d\.?p\.?)\s*(?=\d)", re.IGNORECASE), "Tổ dân phố "),
)
_RUNS = re.compile(r"\d+|[^\W\d_]+|/|-")
#: Behind every letter and digit: an alley's houses follow those on the street itself.
_SLASH, _DASH, _LAST = "~", "-", "~~"


@dataclass(frozen=True, slots=True)
class Written:
    """What an address says below the commune, as written."""

    neighbourhood: str = ""
    street: str = ""
    house: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a house stands: its neighbourhood, street and number, and their places in order.

    What is not written is empty, and comes last of its kind. A key tells doors apart: equal keys
    are one door.
    """

    neighbourhood: str
    street: str
    house: str
    neighbourhood_key: str
    street_key: str
    house_key: str


def door_of(written: Written, *, ward_before: str = "") -> Door:
    """Return the door of a written address.

    ``ward_before`` is the name of the unit that has ended and that the neighbourhood was one of:
    “Khu phố 3” of two former wards are two neighbourhoods of the ward that took them in.
    """
    neighbourhood, smaller = _neighbourhood(written.neighbourhood)
    if neighbourhood and ward_before:
        neighbourhood = f"{neighbourhood} ({ward_before})"
    street, house = _street(written.street, written.house)
    street = street or smaller
    return Door(
        neighbourhood,
        street,
        house,
        natural_key(neighbourhood)[:_KEPT] or _LAST,
        natural_key(_STREET_WORD.sub("", street))[:_KEPT] or _LAST,
        house_key(house)[:_KEPT_HOUSE],
    )


def house_key(written: str) -> str:
    """Return what puts house numbers in the order in which one walks past them."""
    found = []
    for run in _RUNS.findall(fold(written)[:_LONGEST]):
        if run.isdecimal():
            found.append(_padded(run))
        else:
            found.append({"/": _SLASH, "-": _DASH}.get(run, run))
    return "".join(found) or _LAST


def natural_key(text: str) -> str:
    """Return what puts names in Vietnamese order, with the numbers in them as numbers."""
    pieces = re.split(r"(\d+)", " ".join(nfc(text).lower().split())[:_LONGEST])
    return " ".join(
        _padded(piece) if piece.isdecimal() else text_sort_key(piece).hex()
        for piece in map(str.strip, pieces)
        if piece
    )


def _padded(digits: str) -> str:
    number = digits.lstrip("0") or "0"
    return number[:_DIGITS].zfill(_DIGITS)


def _neighbourhood(written: str) -> tuple[str, str]:
    """Part “Tổ 5, Thôn 3” into the neighbourhood and the smaller part in it."""
    pieces = [" ".join(piece.split()) for piece in nfc(written).split(",")]
    *smaller, last = [piece for piece in pieces if piece] or [""]
    for word, kind in _KINDS:
        last = word.sub(kind, last)
    return last, ", ".join(smaller)


def _street(street: str, house: str) -> tuple[str, str]:
    """Take alleys written in words into the number: they are where the number leads."""
    street, house = " ".join(nfc(street).split()), nfc(house).strip()
    while match := _ALLEY.match(street):
        alley, rest = match.groups()
        if not rest:
            break
        if not house.startswith(f"{alley}/"):
            house = f"{alley}/{house}" if house else alley
        street = rest.strip(" ,")
    return street, house
