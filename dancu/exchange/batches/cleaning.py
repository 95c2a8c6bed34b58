"""From the cells of a row to what is asked: values read, damage named, repairs proposed.

What was written is asked, for the comparison itself bears much damage. Only what a column tells as
a whole (an old font, days that became numbers) is asked repaired. Either way the repaired value is
proposed beside the answer and its attribute is at best *close*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dancu.catalogue.errors import UnknownAttribute
from dancu.catalogue.queries import attribute, code_list
from dancu.exchange.batches.hints import Hints
from dancu.exchange.batches.meanings import DAY, FAMILY, FEMALE, GIVEN, MONTH, PARTS, YEAR
from dancu.kernel import datecells, legacy, phones, pid
from dancu.kernel.dates import PartialDate
from dancu.kernel.errors import Invalid
from dancu.kernel.memory import Memory
from dancu.kernel.pid import Sex
from dancu.kernel.text import LOOK_ALIKES, clean_name, fold, nfc

_LIKELY = 0.9
#: When so many names of a column look right, one that looks right is.
_MOSTLY = 0.7
_FONTS: tuple[legacy.Encoding, ...] = (legacy.TCVN3, legacy.VNI)
_LETTERS = str.maketrans("OoQIl|", "000111")
_LOOK_ALIKES = frozenset(LOOK_ALIKES)
_SEXES: Mapping[str, Sex] = {
    "nam": "M", "m": "M", "male": "M", "1": "M", "trai": "M",
    "nu": "F", "f": "F", "female": "F", "2": "F", "gai": "F",
}  # fmt: skip
_SERIAL_LENGTH = 5
_ONE_CANDIDATE = 1
_BOTH = 2
_NUMBERS = frozenset({"pid", "old_id_number"})


@dataclass(frozen=True, slots=True)
class Repair:
    """A value that was damaged: what it seems to have been, and the code of the damage."""

    proposed: str
    code: str


@dataclass(slots=True)
class Prepared:
    """A row ready to be asked: values by attribute, repairs, and what could not be read.

    ``faults``: attribute (empty: the row itself) → code.
    """

    claims: dict[str, object] = field(default_factory=dict)
    repairs: dict[str, Repair] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_askable(self) -> bool:
        """Whether there is enough to look for somebody (see ``gate.require_identified``)."""
        return "" not in self.faults and self._is_identified

    @property
    def _is_identified(self) -> bool:
        claims = self.claims
        known = ("full_name" in claims) + ("birth_date" in claims)
        return known == _BOTH or (known > 0 and not _NUMBERS.isdisjoint(claims))


class Cleaner:
    """Reads rows of one table: ``meanings`` of its columns, and what its columns told together."""

    def __init__(self, meanings: Sequence[str], hints: Hints) -> None:
        """Look up once what every row needs."""
        self._at = {meaning: index for index, meaning in enumerate(meanings) if meaning}
        self._hints = hints
        special = {"pid", "old_id_number", "full_name", "birth_date", "sex", *PARTS}
        self._others = [
            (index, meaning, _reader(meaning))
            for meaning, index in self._at.items()
            if meaning not in special
        ]

    def prepare(self, cells: Sequence[str]) -> Prepared:
        """Return what a row asks; its last cell is the fault found while reading it."""
        row = Prepared()
        if cells[-1] and cells[-1] != "ROW_ENCODING":
            row.faults[""] = cells[-1]
            return row
        sex = self._sex(cells, row)
        year = self._birth(cells, row)
        self._numbers(cells, row, sex, year)
        self._name(cells, row)
        for index, meaning, read in self._others:
            if text := cells[index].strip():
                read(meaning, text, row)
        if not row.is_askable:
            row.faults[""] = "NOBODY" if _NUMBERS.isdisjoint(row.claims) else "NUMBER_ALONE"
        return row

    def _cell(self, cells: Sequence[str], meaning: str) -> str:
        index = self._at.get(meaning)
        return cells[index].strip() if index is not None else ""

    def _sex(self, cells: Sequence[str], row: Prepared) -> Sex | None:
        if FEMALE in self._at and "sex" not in self._at:
            found: Sex = "F" if self._cell(cells, FEMALE) else "M"
            row.claims["sex"] = found
            return found
        text = self._cell(cells, "sex")
        if not text:
            return None
        known = self._hints.sexes.get(text) or sex_of(text)
        if known is None:
            row.faults["sex"] = "SEX_UNKNOWN"
            return None
        row.claims["sex"] = known
        return "F" if known == "F" else "M"

    def _birth(self, cells: Sequence[str], row: Prepared) -> int | None:
        text = self._cell(cells, "birth_date") or self._joined_birth(cells)
        if not text:
            return None
        iso, repair, fault = date_of(text, self._hints.month_first)
        if not iso:
            row.claims["birth_date"], row.faults["birth_date"] = text, fault
            return None
        row.claims["birth_date"] = text if repair == "DAY_MONTH_SWAP" else iso
        if repair:
            row.repairs["birth_date"] = Repair(iso, repair)
        return int(iso[:4])

    def _joined_birth(self, cells: Sequence[str]) -> str:
        parts = [self._cell(cells, part) for part in (DAY, MONTH, YEAR)]
        return "/".join(part for part in parts if part) if parts[-1] else ""

    def _numbers(
        self, cells: Sequence[str], row: Prepared, sex: Sex | None, year: int | None
    ) -> None:
        text = self._cell(cells, "pid")
        old = self._cell(cells, "old_id_number")
        if text:
            self._pid(cells, text, row, sex, year)
        if old:
            digits = old.lstrip("'").replace(" ", "")
            if len(digits) == pid.OLD_LENGTH and digits.isdigit():
                row.claims["old_id_number"] = digits
            elif pid.is_valid(digits) and "pid" not in row.claims:
                row.claims["pid"] = digits
            else:
                row.faults.setdefault("old_id_number", "NUMBER_WRONG")

    def _pid(
        self,
        cells: Sequence[str],
        text: str,
        row: Prepared,
        sex: Sex | None,
        year: int | None,
    ) -> None:
        if len(text) == pid.LENGTH and text.isascii() and text.isdigit():
            row.claims["pid"] = text
            self._century(cells, text, row)
            return
        if len(text) == pid.OLD_LENGTH and text.isascii() and text.isdigit():
            row.claims["old_id_number"] = text
            return
        found = repaired_number(text, sex, year)
        row.claims["pid"] = text
        if found is None:
            row.faults["pid"] = pid.form_finding("".join(text.split())).code
            return
        row.repairs["pid"] = found
        self._century(cells, found.proposed, row)

    def _century(self, cells: Sequence[str], number: str, row: Prepared) -> None:
        """Complete a year of two digits by the number, which names the century."""
        if row.faults.get("birth_date") != "TWO_DIGIT_YEAR":
            return
        text = self._cell(cells, "birth_date") or self._joined_birth(cells)
        year = pid.Pid(number).birth_year
        for candidate in datecells.read(text).candidates:
            if candidate.year == year:
                fault = row.faults.pop("birth_date")
                row.repairs["birth_date"] = Repair(candidate.iso, fault)
                return

    def _name(self, cells: Sequence[str], row: Prepared) -> None:
        text = self._cell(cells, "full_name")
        if not text and GIVEN in self._at:
            text = f"{self._cell(cells, FAMILY)} {self._cell(cells, GIVEN)}".strip()
        if not text:
            return
        if text.isascii():
            row.claims["full_name"] = text
            return
        found = _mended(text, self._hints.readings)
        row.claims["full_name"] = text
        if found is None:
            return
        if found.code:
            row.repairs["full_name"] = found
        if not found.code or not _is_mostly_right(self._hints.readings):
            row.claims["full_name"] = found.proposed


@lru_cache(maxsize=256)
def sex_of(text: str) -> Sex | None:
    """Return the sex that a word says, in an old font too."""
    readings = [text] if text.isascii() else [text, *(legacy.repair(text, e) for e in _FONTS)]
    return next((found for one in readings if (found := _SEXES.get(fold(one)))), None)


def _is_fine(word: str) -> bool:
    """Tell whether a word of a name is written as it should be."""
    return bool(word) and clean_name(word) == word and legacy.detect(word) is None


_FINE = Memory(_is_fine)


def _is_mostly_right(prior: Mapping[legacy.Reading, float] | None) -> bool:
    """Say whether the names of the column are Unicode, damaged ones aside."""
    return prior is None or prior["UNICODE"] > _MOSTLY


def _mended(text: str, prior: Mapping[legacy.Reading, float] | None) -> Repair | None:
    """Return a name in Unicode as it was meant; ``None`` when nothing is wrong with it."""
    if _is_mostly_right(prior) and all(map(_FINE.__getitem__, text.split(" "))):
        return None
    guess, clean = legacy.detect(text), clean_name(text)
    if not _LOOK_ALIKES.isdisjoint(text) and legacy.detect(clean) is None:
        return Repair(clean, "ETH_FOR_D")
    if prior is not None:
        guess = legacy.detect(text, prior)
    if guess is not None and (guess.certain or guess.confidence >= _LIKELY):
        return Repair(" ".join(guess.repaired.split()), f"TEXT_{guess.encoding}")
    # Blanks, joined accents and letters without width make no other value.
    return None if clean == text else Repair(clean, "")


@lru_cache(maxsize=1 << 16)
def date_of(text: str, month_first: bool) -> tuple[str, str, str]:  # noqa: FBT001
    """Return the date as it is stored, the code of what was mended, and why there is none."""
    found, repair, fault = _read_date(text, month_first=month_first)
    return (found.iso if found else ""), repair, fault


def _read_date(text: str, *, month_first: bool) -> tuple[PartialDate | None, str, str]:
    """Return the date, the code of what had to be mended, and why there is none."""
    text = nfc(text)
    reading = datecells.read(text)
    if reading.date is not None:
        date = reading.date
        bare = text.lstrip("'").strip()
        if bare.partition(".")[0].isdigit() and len(bare.partition(".")[0]) == _SERIAL_LENGTH:
            return date, "DATE_SERIAL", ""
        if month_first and (swapped := date.swapped()) is not None and "/" in text:
            return swapped, "MONTH_FIRST", ""
        return date, "", ""
    code = reading.findings[0].code if reading.findings else "INVALID"
    if code == "DAY_MONTH_SWAP" and len(reading.candidates) == _ONE_CANDIDATE:
        return reading.candidates[0], code, ""
    return None, "", "DATE_INVALID" if code == "INVALID" else code


def repaired_number(text: str, sex: Sex | None, year: int | None) -> Repair | None:
    """Return the one number that a damaged text may have been; ``None`` for none or several."""
    provinces = code_list("pid_provinces").codes
    found = pid.repair(text, sex=sex, birth_year=year, provinces=provinces)
    code = ""
    if not found:
        mended = text.translate(_LETTERS)
        if mended == text:
            return None
        found, code = pid.repair(mended, sex=sex, birth_year=year, provinces=provinces), "NONDIGIT"
    if len(found) != 1:
        return None
    return Repair(str(found[0].pid), code or (found[0].steps or ("SPACES",))[-1])


_Read = Callable[[str, str, Prepared], None]


def _reader(meaning: str) -> _Read:
    try:
        kind = attribute(meaning).type
    except UnknownAttribute:
        return _plain
    return {"phone": _phone, "date": _date, "code": _code}.get(kind, _plain)


def _plain(meaning: str, text: str, row: Prepared) -> None:
    row.claims[meaning] = text


def _phone(meaning: str, text: str, row: Prepared) -> None:
    try:
        found = phones.parse(text)
    except Invalid:
        row.faults[meaning] = "PHONE_FORM"
        return
    row.claims[meaning] = found.e164
    if found.findings:
        row.repairs[meaning] = Repair(found.national, f"PHONE_{found.findings[0].code}")


def _date(meaning: str, text: str, row: Prepared) -> None:
    iso, repair, fault = date_of(text, False)
    if not iso:
        row.faults[meaning] = fault
        return
    row.claims[meaning] = iso
    if repair:
        row.repairs[meaning] = Repair(iso, repair)


def _code(meaning: str, text: str, row: Prepared) -> None:
    row.claims[meaning] = _codes(meaning).get(fold(text), text)


@lru_cache(maxsize=64)
def _codes(meaning: str) -> Mapping[str, str]:
    listed = attribute(meaning).code_list
    if not listed:
        return {}
    entries = code_list(listed).codes.items()
    found = {fold(label): code for code, one in entries for label in (one.label_en, one.label_vi)}
    return {**found, **{fold(code): code for code, _ in entries}}
