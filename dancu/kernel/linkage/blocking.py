"""Which pairs are looked at: those that share a key of at least one rule.

A million records make half a billion times a thousand pairs; the rules leave some millions. Each
rule forgives other faults, so that a record with two or three of them still meets its twin under
one. Expressions are SQL on the columns of ``Prepared``; a record of which a part is unknown has no
key under the rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from dancu.kernel.linkage.prepared import Prepared

#: A key that more records share identifies nobody: the telephone of a shop, a dash in a column.
LARGEST_BLOCK = 400


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a key, as SQL and as a function."""

    sql: str
    of: Callable[[Prepared], str]


def _turned(one: Prepared) -> str:
    return min(one.birth, one.birth_turned) if one.birth_turned else one.birth


#: The date, the same for a date with day and month exchanged.
_DATE = Part("CASE WHEN birth_turned <> '' THEN least(birth, birth_turned) ELSE birth END", _turned)
_FIRST_SIX = Part("substr(pid, 1, 6)", lambda one: one.pid[:6])
_FIRST_NINE = Part("substr(pid, 1, 9)", lambda one: one.pid[:9])
_LAST_THREE = Part("substr(pid, 10)", lambda one: one.pid[9:])
_SERIAL = Part("substr(pid, 7)", lambda one: one.pid[6:])


def _column(name: str) -> Part:
    return Part(name, lambda one: str(getattr(one, name)))


_PID, _OLD, _GIVEN, _SOUND, _YEAR, _COMMUNE, _FATHER, _MOTHER, _PHONE, _ADDRESS, _PLACE = map(
    _column,
    "pid old_id given sound birth_year commune father mother phone address birth_place".split(),  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the columns that must be known, the parts of the key, what else must hold of a pair.

    ``also`` speaks of ``l`` and ``r``.
    """

    name: str
    known: tuple[str, ...]
    parts: tuple[Part, ...]
    also: str = ""

    @property
    def hash_sql(self) -> str:
        """Return the expression of the key's hash."""
        key = " || '/' || ".join(part.sql for part in self.parts)
        return f"key_hash({key})"

    @property
    def known_sql(self) -> str:
        """Return the condition that the record has a key."""
        return " AND ".join(f"{column} <> ''" for column in self.known)

    def hash_of(self, one: Prepared) -> int | None:
        """Return the hash of a record's key: the lower half of its MD5, as in DuckDB.

        ``None`` without a key.
        """
        if not all(getattr(one, column) for column in self.known):
            return None
        text = "/".join(part.of(one) for part in self.parts)
        digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
        return int.from_bytes(digest[8:], "little")


#: Of two whole dates of one year something must agree, else it is a namesake of the same age.
_DATES_NEAR = (
    "(l.birth = '' OR r.birth = '' OR substr(l.birth, 6, 2) = substr(r.birth, 6, 2)"
    " OR substr(l.birth, 9) = substr(r.birth, 9) OR l.birth_turned = r.birth)"
)

RULES = (
    Rule("pid", ("pid",), (_PID,)),
    Rule("old_number", ("old_id",), (_OLD,)),
    Rule("serial", ("pid", "given"), (_SERIAL, _GIVEN)),
    Rule("pid_front", ("pid", "given"), (_FIRST_NINE, _GIVEN)),
    Rule("pid_ends", ("pid", "given"), (_FIRST_SIX, _LAST_THREE, _GIVEN)),
    Rule("name_year", ("sound", "birth_year"), (_SOUND, _YEAR), _DATES_NEAR),
    Rule("name_commune", ("sound", "commune"), (_SOUND, _COMMUNE)),
    Rule("name_father", ("sound", "father"), (_SOUND, _FATHER)),
    Rule("name_mother", ("sound", "mother"), (_SOUND, _MOTHER)),
    Rule("given_date", ("given", "birth"), (_GIVEN, _DATE)),
    Rule("date_commune", ("birth", "commune"), (_DATE, _COMMUNE)),
    Rule("date_father", ("birth", "father"), (_DATE, _FATHER)),
    Rule("date_mother", ("birth", "mother"), (_DATE, _MOTHER)),
    Rule("date_birth_place", ("birth", "birth_place"), (_DATE, _PLACE)),
    Rule("parents_given", ("father", "mother", "given"), (_FATHER, _MOTHER, _GIVEN)),
    Rule("phone", ("phone",), (_PHONE,)),
    Rule("address_given", ("address", "given"), (_ADDRESS, _GIVEN)),
)
