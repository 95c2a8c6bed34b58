"""The text of the QR code on an identity card, as a scanner at the desk types it.

Fields between strokes: PID, old number or nothing, name, birth (ddmmyyyy), sex, residence, day of
issue. Cards since 01/07/2024 may have more behind them. Only what is needed to find the person is
read; the residence of the card is not taken, since the register knows the present one.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from dancu.kernel.dates import InvalidDate, PartialDate, parse_iso
from dancu.kernel.pid import is_valid
from dancu.kernel.text import clean_name
from dancu.onestop.errors import CardUnreadable
from dancu.onestop.types import Particulars

SEPARATOR = "|"
LONGEST = 1_000
_LEAST_FIELDS = 4
_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{2})(\d{4})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


def is_card(text: str) -> bool:
    """Say whether a typed line is meant as the QR code of a card."""
    return SEPARATOR in text


def read(text: str) -> Particulars:
    """Return by what the card names its holder. Raises ``CardUnreadable``.

    A name that the scanner spoilt is left out as long as the date of birth can be read, and the
    other way round.
    """
    fields = [part.strip() for part in text.strip().split(SEPARATOR)]
    if len(fields) < _LEAST_FIELDS:
        raise CardUnreadable(why=_("too few fields"))
    if not is_valid(fields[0]):
        raise CardUnreadable(why=_("the number has not twelve digits"))
    found = Particulars(fields[0], _name(fields[2]), _birth(fields[3]))
    if found.name is None and found.birth_date is None:
        raise CardUnreadable(why=_("neither name nor date of birth can be read"))
    return found


def _name(text: str) -> str | None:
    """Return the name when it consists of letters; a scanner may have typed something else."""
    name = clean_name(text)
    fit = all(letter in " -'’." or unicodedata.category(letter)[0] in "LM" for letter in name)
    return name if name and fit else None


def _birth(text: str) -> PartialDate | None:
    """Read ddmmyyyy; day and month may be zeros or absent where only the year is known."""
    if whole := _DAY.fullmatch(text):
        day, month, year = whole.groups()
        iso = f"{year}-{month}-{day}" if day != "00" else f"{year}-{month}"
        return _date(year if month == "00" else iso)
    if part := _MONTH.fullmatch(text):
        return _date(f"{part[2]}-{part[1]}")
    return _date(text) if _YEAR.fullmatch(text) else None


def _date(iso: str) -> PartialDate | None:
    try:
        return parse_iso(iso)
    except InvalidDate:
        return None
