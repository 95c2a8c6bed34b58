"""Rows that need no cleaning: their cells in the form in which the register would hold them.

Nothing is repaired here. A row that is not plain, or turns out not to be equal to the register, is
read again with care (``cleaning``), so reading one as plain must never change what comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from dancu.disclosure.services.verifying_rows import Plain
from dancu.exchange.batches.cleaning import date_of, sex_of
from dancu.exchange.batches.hints import Hints
from dancu.exchange.batches.meanings import FAMILY, FEMALE, GIVEN
from dancu.kernel import pid
from dancu.kernel.memory import Memory

_PLAIN = ("pid", "full_name", "birth_date", "sex", "permanent_residence")
_ODD = "?"


class PlainReader:
    """Reads rows of one table: ``meanings`` of its columns, and what they told together."""

    def __init__(self, meanings: Sequence[str], hints: Hints) -> None:
        """Look up once what every row needs."""
        self._at = at = {meaning: index for index, meaning in enumerate(meanings) if meaning}
        self._names = [at[one] for one in ("full_name", FAMILY, GIVEN) if one in at]
        self._others = [at[one] for one in at if one not in (*_PLAIN, FAMILY, GIVEN)]
        #: Whether rows of this table can be plain at all.
        self.is_possible = (
            bool(self._names) and {"pid", "birth_date"} <= at.keys() and FEMALE not in at
        )
        self._births = Memory(lambda text: _birth(text, hints))
        self._sexes = Memory(lambda text: _sex(text, hints))

    def read_all(self, rows: Sequence[Sequence[str]]) -> list[Plain]:
        """Return the plain rows, with their places among all."""
        if not self.is_possible:
            return []
        read = self._read
        return [found for n, cells in enumerate(rows) if (found := read(n, cells)) is not None]

    def _read(self, place: int, cells: Sequence[str]) -> Plain | None:
        at = self._at
        number = cells[at["pid"]]
        if cells[-1] or len(number) != pid.LENGTH or not (number.isascii() and number.isdigit()):
            return None
        if self._others and any(cells[index].strip() for index in self._others):
            return None
        birth = self._births[cells[at["birth_date"]]]
        sex = self._sexes[cells[at["sex"]]] if "sex" in at else ""
        name = self._name(cells)
        if not name or _ODD in (birth, sex):
            return None
        residence = cells[at["permanent_residence"]].strip() if "permanent_residence" in at else ""
        return Plain(place, number, name, birth, sex, residence)

    def _name(self, cells: Sequence[str]) -> str:
        name = " ".join([cells[index].strip() for index in self._names])
        # Lists in capitals are lists all the same.
        return name.title() if name.isupper() else name


def _birth(text: str, hints: Hints) -> str:
    iso, repair, fault = date_of(text.strip(), hints.month_first)
    return _ODD if not iso or repair or fault else iso


def _sex(text: str, hints: Hints) -> str:
    bare = text.strip()
    return (hints.sexes.get(bare) or sex_of(bare) or _ODD) if bare else ""
