"""The personal identification number: 12 digits, no check digit.

``PPP G YY NNNNNN``: place of birth registration, century and sex, year of birth, random number
(Decree 137/2015 art. 13, Circular 59/2021; now Decree 70/2024).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

from dancu.kernel.errors import Invalid
from dancu.kernel.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

Sex = Literal["M", "F"]

LENGTH = 12
OLD_LENGTH = 9
FIRST_YEAR, LAST_YEAR = 1900, 2399
#: A mended number of somebody born later than this is a coincidence, not a person.
LAST_REPAIRED_YEAR = 2099

_TWELVE = re.compile(r"\d{12}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_SPACES = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_APOSTROPHES = "'\u2018\u2019\u02bc`\u00b4"
_POINT_ZERO = re.compile(r"^(\d+)[.,]0+$", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}", re.ASCII)


class InvalidPid(Invalid):
    """This is not a personal identification number."""

    code = "invalid-pid"

    def __init__(self, finding: Finding, field: str = "pid") -> None:
        """Keep the finding; its code tells why (``LEN``, ``NONDIGIT`` and so on)."""
        self.finding = finding
        super().__init__((finding.for_field(field),))

    @property
    def reason(self) -> str:
        """Return the code of the finding."""
        return self.finding.code


class Pid(str):
    """A well-formed number. It is a string, and says what its digits mean.

    Anything but 12 ASCII digits raises ``InvalidPid``; use ``parse`` for text that people typed.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check the form."""
        if not _TWELVE.fullmatch(text):
            raise InvalidPid(form_finding(text))
        return super().__new__(cls, text)

    @property
    def province(self) -> str:
        """Return the three digits of the province or country of birth registration."""
        return self[:3]

    @property
    def sex(self) -> Sex:
        """Return the sex at issue of the number."""
        return "F" if int(self[3]) % 2 else "M"

    @property
    def birth_year(self) -> int:
        """Return the year of birth, 1900 to 2399."""
        return FIRST_YEAR + 100 * (int(self[3]) // 2) + int(self[4:6])

    @property
    def serial(self) -> str:
        """Return the last six digits, which mean nothing."""
        return self[6:]


def parse(text: str) -> Pid:
    """Read a number, blanks between the digits allowed.

    Raises ``InvalidPid`` with the reason ``LEN``, ``NONDIGIT``, ``LEADING_ZERO_LOST`` (10 or 11
    digits) or ``CMND_ONLY`` (the 9 digits of the former card).
    """
    return Pid(_SPACES.sub("", text))


def is_valid(text: str) -> bool:
    """Tell whether the text has the form of a number."""
    return _TWELVE.fullmatch(text) is not None


def century_sex_digit(sex: Sex, year: int) -> str:
    """Return the fourth digit: 0/1 for males/females of the 1900s, 2/3 of the 2000s, and so on.

    ``ValueError`` for a year before 1900 or after 2399.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"No century digit is defined for {year}.")
    if sex not in ("M", "F"):
        raise ValueError(f"Sex must be M or F, not {sex!r}.")
    return str((year - FIRST_YEAR) // 100 * 2 + (sex == "F"))


def compose(*, province: str, sex: Sex, birth_year: int, serial: int) -> Pid:
    """Put a number together; ``serial`` is 0 to 999999."""
    return Pid(f"{province}{century_sex_digit(sex, birth_year)}{birth_year % 100:02d}{serial:06d}")


def mask(pid: str) -> str:
    """Return the number with only its province and its last two digits: ``001*******15``.

    A text of any other form is hidden altogether, since its digits may be somebody's number.
    """
    return f"{pid[:3]}*******{pid[-2:]}" if is_valid(pid) else "*" * min(len(pid), LENGTH)


def form_finding(text: str) -> Finding:
    """Return why a text that is not 12 digits is no number."""
    if _SCIENTIFIC.fullmatch(text):
        return Finding(
            "NONDIGIT",
            "The spreadsheet wrote the number in scientific notation.",
            "Format the column as text and export again: digits may be lost.",
        )
    if not _DIGITS.fullmatch(text):
        return Finding(
            "NONDIGIT",
            "A personal identification number has only digits.",
            "Remove everything that is not a digit.",
        )
    if len(text) == OLD_LENGTH:
        return Finding(
            "CMND_ONLY",
            "These 9 digits are the number of a former identity card.",
            "Enter it as the old number, or look up the 12-digit number of this person.",
        )
    if len(text) in (10, 11):
        return Finding(
            "LEADING_ZERO_LOST",
            "The number has %(length)d digits: zeros at the front may have been lost.",
            "Compare with the card; format the column as text before exporting.",
            params={"length": len(text)},
        )
    return Finding(
        "LEN",
        "A personal identification number has 12 digits; this has %(length)d.",
        "Compare with the card and enter all 12 digits.",
        params={"length": len(text)},
    )


def findings(
    pid: str,
    *,
    sex: Sex | None = None,
    birth_year: int | None = None,
    provinces: Container[str] | None = None,
) -> tuple[Finding, ...]:
    """Return where a number disagrees with what else is known; empty when nothing does.

    Codes: ``PROV_UNKNOWN`` (a warning: people born abroad have country codes that are not
    published), ``SEX_MISMATCH``, ``YEAR_MISMATCH``; for a text of another form, the one finding
    of ``form_finding``. What is not given is not checked.
    """
    if not isinstance(pid, Pid) and not is_valid(pid):
        return (form_finding(pid),)
    number = pid if isinstance(pid, Pid) else Pid(pid)
    found: list[Finding] = []
    if provinces is not None and number.province not in provinces:
        found.append(_unknown_province(number))
    if sex is not None and number.sex != sex:
        found.append(_sex_mismatch(number, sex))
    if birth_year is not None and number.birth_year != birth_year:
        found.append(_year_mismatch(number, birth_year))
    return tuple(found)


def _unknown_province(number: Pid) -> Finding:
    return Finding(
        "PROV_UNKNOWN",
        "The number begins with %(province)s, which is no known province.",
        "Accept it for a person born abroad; otherwise compare with the card.",
        "warning",
        {"province": number.province},
    )


def _sex_mismatch(number: Pid, sex: Sex) -> Finding:
    if number.sex == "F":
        message = "The number belongs to a female, but the record says male."
    else:
        message = "The number belongs to a male, but the record says female."
    remedy = "Compare both with the birth registration; the number may have to be reissued."
    return Finding("SEX_MISMATCH", message, remedy, params={"sex": sex})


def _year_mismatch(number: Pid, birth_year: int) -> Finding:
    return Finding(
        "YEAR_MISMATCH",
        "The number says born in %(number_year)d, the record says %(year)d.",
        "Compare both with the birth registration.",
        params={"number_year": number.birth_year, "year": birth_year},
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that a damaged text may have been.

    ``steps`` say what was undone: ``SPACES``, ``APOSTROPHE``, ``TRAILING_ZERO`` (".0"),
    ``SCIENTIFIC`` (no digit lost), ``LEADING_ZERO_LOST``, ``POINT_LOST`` (".0" without its point).
    ``confirm`` names what somebody must still compare before the number may be used: ``number``
    (with the card), ``province``, ``sex``, ``birth_year`` (not given, so not checked), ``kind``
    (10 digits may be a social-insurance or tax number). Empty: only the writing was mended.
    ``findings`` are disagreements of a number whose digits were all there.
    """

    pid: Pid
    steps: tuple[str, ...] = ()
    confirm: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def repair(
    text: str,
    *,
    sex: Sex | None = None,
    birth_year: int | None = None,
    provinces: Container[str] | None = None,
) -> list[Candidate]:
    """Return the numbers that a damaged text may have been: none, one or several.

    Never guesses: a digit is only added where a spreadsheet is known to drop it (a number loses
    its zeros at the front), and a mended number that contradicts the sex, the year of birth or the
    known provinces is left out. The 9 digits of a former card are never padded.
    """
    digits, steps = _undo_writing(text)
    unchecked = tuple(
        name
        for name, value in (("province", provinces), ("sex", sex), ("birth_year", birth_year))
        if value is None
    )
    candidates: list[Candidate] = []
    if is_valid(digits):
        doubts = findings(digits, sex=sex, birth_year=birth_year, provinces=provinces)
        candidates.append(Candidate(Pid(digits), steps, (), doubts))
        if not doubts:
            return candidates
    for number, extra in _undo_loss(digits, pointless="TRAILING_ZERO" not in steps):
        if findings(number, sex=sex, birth_year=birth_year, provinces=provinces):
            continue
        if number.birth_year > LAST_REPAIRED_YEAR:
            continue
        kind = ("kind",) if len(digits) == 10 else ()  # noqa: PLR2004
        candidates.append(Candidate(number, steps + extra, ("number", *unchecked, *kind)))
    return candidates


def _undo_writing(text: str) -> tuple[str, tuple[str, ...]]:
    """Take off what surrounds the digits; return them and the steps taken."""
    steps: list[str] = []
    bare = _SPACES.sub("", text)
    if bare != text:
        steps.append("SPACES")
    unquoted = bare.strip(_APOSTROPHES)
    if unquoted != bare:
        steps.append("APOSTROPHE")
    whole = _POINT_ZERO.sub(r"\1", unquoted)
    if whole != unquoted:
        steps.append("TRAILING_ZERO")
    exact = _scientific_digits(whole)
    if exact:
        steps.append("SCIENTIFIC")
    return exact or whole, tuple(steps)


def _scientific_digits(text: str) -> str:
    """Return the digits of ``1.199000015E+09``; empty if it is not so written or lost digits."""
    if not _SCIENTIFIC.fullmatch(text):
        return ""
    mantissa, exponent = re.split("[eE]", text)
    digits = mantissa.replace(",", ".").replace(".", "")
    return digits if len(digits) == int(exponent) + 1 else ""


def _undo_loss(digits: str, *, pointless: bool) -> Iterator[tuple[Pid, tuple[str, ...]]]:
    """Yield the numbers that may have lost zeros at the front, or the point before a last zero."""
    if not _DIGITS.fullmatch(digits):
        return
    if len(digits) in (10, 11) and digits[0] != "0":
        yield Pid(digits.zfill(LENGTH)), ("LEADING_ZERO_LOST",)
    if not pointless or digits[-1] != "0" or len(digits) not in (11, 12, 13):
        return
    rest = digits[:-1]
    if len(rest) == LENGTH:
        yield Pid(rest), ("POINT_LOST",)
    elif rest[0] != "0":
        yield Pid(rest.zfill(LENGTH)), ("POINT_LOST", "LEADING_ZERO_LOST")
