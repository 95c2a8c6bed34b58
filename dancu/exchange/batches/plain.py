"""Rows that need no cleaning: their cells in the form in which the register would hold them.

Nothing is repaired here. A row that is not plain, or turns out not to be equal to the register, is
read again with care (``cleaning``), so reading one as plain must never change what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from dancu.disclosure.services.verifying_rows import Plain
from dancu.exchange.batches.cleaning import date_of, sex_of
from dancu.exchange.batches.hints import Hints
from dancu.exchange.batches.meanings import FAMILY, FEMALE, GIVEN
from dancu.kernel import pid
from dancu.kernel.memory import Memory

_PLAIN = ("pid", "full_name", "birth_date", "sex", "permanent_residence")
_ODD = "?"
_USUAL_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)
#: Where the fault of a row stands; in a row without one, it is an empty text.
_LACKING = -1


class PlainReader:
    """Reads rows of one table: ``meanings`` of its columns, and what they told together."""

    def __init__(self, meanings: Sequence[str], hints: Hints) -> None:
        """Look up once what every row needs."""
        at = {meaning: index for index, meaning in enumerate(meanings) if meaning}
        names = [at[one] for one in ("full_name", FAMILY, GIVEN) if one in at]
        self._others = [at[one] for one in at if one not in (*_PLAIN, FAMILY, GIVEN)]
        #: Whether rows of this table can be plain at all.
        self.is_possible = bool(names) and {"pid", "birth_date"} <= at.keys() and FEMALE not in at
        # A column that the table lacks is read as the empty text behind the last cell.
        self._columns = [at.get(one, _LACKING) for one in ("pid", "birth_date", "sex")]
        self._residence = at.get("permanent_residence", _LACKING)
        self._name, self._given = (*names, _LACKING, _LACKING)[:2]
        self._births = Memory(lambda text: _birth(text, hints))
        self._sexes = Memory(lambda text: _sex(text, hints))

    def read_all(self, rows: Sequence[Sequence[str]]) -> list[Plain]:
        """Return the plain rows, with their places among all."""
        if not self.is_possible:
            return []
        births, sexes, others = self._births, self._sexes, self._others
        (pid_at, birth_at, sex_at), residence_at = self._columns, self._residence
        found = []
        for place, cells in enumerate(rows):
            # The last cell is the fault found while the row was read.
            number = cells[pid_at]
            if cells[_LACKING] or len(number) != pid.LENGTH or not number.isdecimal():
                continue
            if others and any(cells[index].strip() for index in others):
                continue
            birth, sex, name = births[cells[birth_at]], sexes[cells[sex_at]], self._name_in(cells)
            if name and birth != _ODD != sex and number.isascii():
                residence = cells[residence_at].strip()
                found.append(Plain(place, number, name, birth, sex, residence))
        return found

    def _name_in(self, cells: Sequence[str]) -> str:
        name = cells[self._name].strip()
        if self._given != _LACKING:
            name = f"{name} {cells[self._given].strip()}"
        # Lists in capitals are lists all the same.
        return name.title() if name.isupper() else name


def _birth(text: str, hints: Hints) -> str:
    if not hints.month_first and (found := _USUAL_DATE.fullmatch(text)):
        day, month, year = map(int, found.groups())
        with suppress(ValueError):
            return date(year, month, day).isoformat()
    iso, repair, fault = date_of(text.strip(), hints.month_first)
    return _ODD if not iso or repair or fault else iso


def _sex(text: str, hints: Hints) -> str:
    bare = text.strip()
    return (hints.sexes.get(bare) or sex_of(bare) or _ODD) if bare else ""
