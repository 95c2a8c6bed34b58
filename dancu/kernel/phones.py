"""Telephone numbers of Vietnam in the national form and in E.164."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dancu.kernel.errors import Invalid
from dancu.kernel.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

COUNTRY = "84"
_SEPARATORS = re.compile(r"[\s().\-/\u00a0\u200b\u202f]+")
_POINT_ZERO = re.compile(r"^(\d+)\.0+$", re.ASCII)
_COUNTRY_PREFIX = re.compile(r"^(?:\+|00)84(?:\(0\)|0)?|^84(?=\d{9,10}$)", re.ASCII)
_MOBILE = re.compile(r"0[35789]\d{8}", re.ASCII)
_LANDLINE = re.compile(r"02\d{9}", re.ASCII)
_ELEVEN = re.compile(r"01\d{9}", re.ASCII)
_LOST_ZERO = re.compile(r"[35789]\d{8}|1\d{9}|2\d{9}", re.ASCII)
_LETTER = re.compile(r"[^\d+]", re.ASCII)
_OLD_PREFIX_LENGTH = 4
#: First four digits of the mobile numbers of eleven digits, and the three that replaced them from
#: 15/09 to 14/11/2018 (plan of the Ministry of Information and Communications).
OLD_PREFIXES: Mapping[str, str] = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083",
    "0124": "084", "0125": "085", "0127": "081", "0129": "082", "0162": "032", "0163": "033",
    "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_PREFIX_LENGTH = 3


class InvalidPhone(Invalid):
    """This is not a telephone number of Vietnam."""

    code = "invalid-phone"

    def __init__(self, finding: Finding, field: str = "phone") -> None:
        """Keep the finding; its code tells why (``LEN``, ``NONDIGIT``, ``PHONE_11``)."""
        self.finding = finding
        super().__init__((finding.for_field(field),))

    @property
    def reason(self) -> str:
        """Return the code of the finding."""
        return self.finding.code


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number in the national form: mobile ``0`` + 9 digits, fixed ``02`` + 9 digits.

    ``findings`` tell what was mended or is doubtful: ``PHONE_11`` (converted), ``PREFIX_UNKNOWN``,
    ``LEADING_ZERO_LOST``.
    """

    national: str
    kind: Literal["mobile", "fixed"]
    findings: tuple[Finding, ...] = ()

    @property
    def e164(self) -> str:
        """Return the international form for storage, such as ``+84912345678``."""
        return f"+{COUNTRY}{self.national[1:]}"

    @property
    def grouped(self) -> str:
        """Return the number as people read it: ``0912 345 678``."""
        number = self.national
        return f"{number[:4]} {number[4:7]} {number[7:]}"

    def __str__(self) -> str:
        """Return the national form."""
        return self.national


def parse(
    text: str,
    *,
    old_prefixes: Mapping[str, str] | None = None,
    prefixes: Container[str] | None = None,
) -> Phone:
    """Read a number with or without country code and separators.

    ``old_prefixes`` maps the first four digits of the 11-digit mobile numbers of before 2018 to
    the three that replaced them (``0123`` to ``083``); ``prefixes`` are the mobile prefixes in
    use, three digits each. Raises ``InvalidPhone``; an 11-digit number whose prefix is not in the
    table is ``PHONE_11``.
    """
    digits, found = _national(text)
    if _ELEVEN.fullmatch(digits):
        digits = _converted(digits, old_prefixes or {})
        found.append(_CONVERTED)
    if _LANDLINE.fullmatch(digits):
        return Phone(digits, "fixed", tuple(found))
    if not _MOBILE.fullmatch(digits):
        raise InvalidPhone(_form_finding(digits))
    if prefixes is not None and digits[:_PREFIX_LENGTH] not in prefixes:
        found.append(_unknown_prefix(digits[:_PREFIX_LENGTH]))
    return Phone(digits, "mobile", tuple(found))


def mask(national: str) -> str:
    """Return the number with only its last three digits: ``*******678``."""
    return "*" * max(len(national) - 3, 0) + national[-3:]


def _national(text: str) -> tuple[str, list[Finding]]:
    bare = _SEPARATORS.sub("", _POINT_ZERO.sub(r"\1", text.strip().strip("'’")))
    digits = _COUNTRY_PREFIX.sub("0", bare)
    if _LOST_ZERO.fullmatch(digits):
        return f"0{digits}", [_ZERO_LOST]
    return digits, []


def _converted(digits: str, old_prefixes: Mapping[str, str]) -> str:
    new = old_prefixes.get(digits[:_OLD_PREFIX_LENGTH])
    if new is None:
        raise InvalidPhone(_NOT_CONVERTIBLE)
    return new + digits[_OLD_PREFIX_LENGTH:]


_CONVERTED = Finding(
    "PHONE_11",
    "The number had 11 digits, as before 2018; its prefix was replaced.",
    "Nothing, unless the person says that the number has changed.",
    "notice",
)
_NOT_CONVERTIBLE = Finding(
    "PHONE_11",
    "The number has 11 digits, as before 2018, and its prefix has no successor.",
    "Ask for the present number.",
)
_ZERO_LOST = Finding(
    "LEADING_ZERO_LOST",
    "The 0 at the front was missing and has been restored.",
    "Format the column as text before exporting.",
    "notice",
)


def _unknown_prefix(prefix: str) -> Finding:
    return Finding(
        "PREFIX_UNKNOWN",
        "No mobile network is known to use the prefix %(prefix)s.",
        "Compare the number with the person.",
        "warning",
        {"prefix": prefix},
    )


def _form_finding(digits: str) -> Finding:
    if _LETTER.search(digits):
        return Finding(
            "NONDIGIT", "A telephone number has only digits.", "Remove everything that is no digit."
        )
    return Finding(
        "LEN",
        "A mobile number has 10 digits and begins with 03, 05, 07, 08 or 09; a fixed line has 11 "
        "and begins with 02.",
        "Compare the number with the person.",
    )
