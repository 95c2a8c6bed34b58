"""Personal identification numbers that are unique by construction.

Within a prefix (province, century and sex, year) the last six digits are a permutation of a slot.
Every block of people owns ``PER_BLOCK`` slots of every prefix, so blocks need not know each other.
The serials below ``RESERVED`` are kept for people who are the same in every city (``anchors``).
"""

from __future__ import annotations

from zlib import crc32

from dancu.synthesis.errors import CityTooLarge

RESERVED = 100
SERIALS = 1_000_000 - RESERVED
PER_BLOCK = 48
BLOCKS = SERIALS // PER_BLOCK
#: Coprime to ``SERIALS``, so that slot -> serial is a permutation.
_STRIDE = 387_419
_FIRST_YEAR = 1900
_LAST_YEAR = 2060

#: ``GYY`` for sex (0 man, 1 woman) and year.
_MARKS = [
    [f"{2 * ((year - _FIRST_YEAR) // 100) + sex}{year % 100:02d}" for sex in (0, 1)]
    for year in range(_FIRST_YEAR, _LAST_YEAR + 1)
]


class PidIssuer:
    """Gives the numbers of one block."""

    __slots__ = ("_salt", "_start", "_used")

    def __init__(self, seed: int, block: int) -> None:
        """Raise ``CityTooLarge`` for a block beyond the last slot."""
        if block >= BLOCKS:
            raise CityTooLarge(blocks=BLOCKS)
        self._salt = seed & 0xFFFFFFFF
        self._start = block * PER_BLOCK
        self._used: dict[str, int] = {}

    def issue(self, province: str, female: int, year: int) -> str:
        """Return a new number; ``province`` has three digits."""
        prefix = province + _MARKS[year - _FIRST_YEAR][female]
        used = self._used.get(prefix, 0)
        if used == PER_BLOCK:
            # So many children of one year, sex and province in a block: register one next door.
            return self.issue("001" if province == "079" else "079", female, year)
        self._used[prefix] = used + 1
        shift = crc32(prefix.encode(), self._salt)
        serial = RESERVED + ((self._start + used) * _STRIDE + shift) % SERIALS
        return f"{prefix}{serial:06d}"
