"""The access records as leaves of the sealed log; how their bytes look is written down here.

Version 1, see ``dancu.audit.canonical`` for the form. Readable by the person concerned: ``v``,
``source`` ("access"), ``id``, ``at``, ``kind`` (number), ``person``, ``attributes`` (numbers of the
dictionary, negative when masked, or when an agency compared and it differs), ``office``, ``agency``
(the source's code), ``role``, ``purpose``, ``case``, ``refusal``, ``contract``. Hashed only: the
other columns, by their names. A column that is added to the table is added here too, as an optional
one and under the same version: entries of before have nothing in it and stay as they are.
"""

from __future__ import annotations

from dancu.audit.canonical import entry_of, in_utc, present
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
    "contract": "contract",
}
PRIVATE = (
    "account_id",
    "officer_id",
    "disclosure",
    "asked",
    "client_id",
    "agent",
    "request_id",
)
COLUMNS = (*PUBLIC, *PRIVATE)

_NAMES = tuple(PUBLIC.values())
_COUNT = len(PUBLIC)
_OPTIONAL = ("person", "attributes", "case", "refusal", "contract")
_OPTIONAL_PRIVATE = ("account_id", "officer_id", "asked", "client_id", "agent", "request_id")


def entry(version: int, row: Row, salt: bytes) -> bytes:
    """Return the bytes of an access record. Raises ``ValueError`` for an unknown version."""
    if version != VERSION:
        raise ValueError(f"access records have no version {version}")
    public = present(_NAMES, row[:_COUNT], _OPTIONAL)
    public["at"] = in_utc(public["at"])
    public["v"], public["source"] = VERSION, NAME
    private = present(PRIVATE, row[_COUNT:], _OPTIONAL_PRIVATE)
    if "asked" in private:
        private["asked"] = bytes(private["asked"]).hex()
    return entry_of(public, private, salt)


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
