"""The access records as leaves of the sealed log; how their bytes look is written down here.

Version 1, see ``dancu.audit.canonical`` for the form. Readable by the person concerned: ``v``,
``source`` ("access"), ``id``, ``at``, ``kind`` (number), ``person``, ``attributes`` (numbers of the
dictionary, negative when masked), ``office``, ``agency`` (the source's code), ``role``,
``purpose``, ``case``, ``refusal``, ``contract``. Hashed only: the other columns, by their names. A
column that is added to the table is added here too, under the same version; entries of before have
nothing in it and stay as they are.
"""

from __future__ import annotations

from typing import Any

from dancu.audit.canonical import entry_of, moment, present
from dancu.audit.sources import Row, Source, register

NAME = "access"
VERSION = 1
#: Column of the table → its name in the entry. Order matters to nobody: keys are sorted.
PUBLIC = {
    "id": "id",
    "at": "at",
    "kind": "kind",
    "person_id": "person",
    "attributes": "attributes",
    "office": "office",
    "source": "agency",
    "role": "role",
    "purpose": "purpose",
    "case_number": "case",
    "refusal": "refusal",
}
PRIVATE = ("account_id", "officer_id", "disclosure", "asked")
COLUMNS = (*PUBLIC, *PRIVATE)

_PUBLIC_NAMES = tuple(PUBLIC.values())
_PUBLIC_COUNT = len(PUBLIC)
_AT = COLUMNS.index("at")
_ASKED = COLUMNS.index("asked")


def entry(version: int, row: Row, salt: bytes) -> bytes:
    """Return the bytes of an access record. Raises ``ValueError`` for an unknown version."""
    if version != VERSION:
        raise ValueError(f"access records have no version {version}")
    values: list[Any] = list(row)
    values[_AT] = moment(values[_AT])
    if values[_ASKED] is not None:
        values[_ASKED] = bytes(values[_ASKED]).hex()
    public = present(_PUBLIC_NAMES, values[:_PUBLIC_COUNT])
    public["v"], public["source"] = VERSION, NAME
    return entry_of(public, present(PRIVATE, values[_PUBLIC_COUNT:]), salt)


def register_source() -> None:
    """Have the access records sealed."""
    register(
        Source(
            name=NAME,
            number=1,
            table="disclosure_accessrecord",
            columns=COLUMNS,
            version=VERSION,
            entry=entry,
        )
    )
