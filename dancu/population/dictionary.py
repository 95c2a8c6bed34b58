"""The data dictionary in the shape the door works with: small numbers instead of names.

Everything is built once in a process from ``dancu.catalogue``; numbers of sources and of kinds of
evidence come from the database, where ``sync_sources`` and ``evidence_kind_id`` keep them.
"""

from __future__ import annotations

from functools import lru_cache

from django.db import connection

from dancu.catalogue.queries import attribute, attributes, facets, source_kinds
from dancu.catalogue.types import Attribute
from dancu.population.errors import UnknownSource
from dancu.population.models import EvidenceKind, Source

RULES = {"once": 0, "authority": 1, "latest": 2}

#: Attributes whose values decide the index card of a person.
CARD_ATTRIBUTES = (
    "full_name",
    "pid",
    "birth_date",
    "sex",
    "old_id_number",
    "father_pid",
    "mother_pid",
    "permanent_residence",
    "temporary_residence",
    "current_residence",
    "household_number",
    "life_status",
)


def number(name: str) -> int:
    """Return the number of an attribute."""
    return attribute(name).number


def key(name: str) -> str:
    """Return the storage key of an attribute."""
    return attribute(name).key


@lru_cache(maxsize=1)
def facet_numbers() -> dict[str, int]:
    """Return the small number of each facet, 0 for ``core``."""
    return {facet.name: index for index, facet in enumerate(facets())}


@lru_cache(maxsize=1)
def facet_of() -> dict[str, int]:
    """Return the facet number of each storage key."""
    return {a.key: facet_numbers()[a.facet] for a in attributes()}


@lru_cache(maxsize=1)
def address_keys() -> frozenset[str]:
    """Return the storage keys of the attributes that are addresses."""
    return frozenset(a.key for a in attributes() if a.type == "address")


@lru_cache(maxsize=1)
def facet_list() -> list[int]:
    """Return the facet number by attribute number, for SQL arrays that begin at 1."""
    return [facet_numbers()[a.facet] for a in attributes()]


@lru_cache(maxsize=1)
def rules() -> list[int]:
    """Return the rule of survivorship by attribute number, for SQL arrays that begin at 1."""
    return [RULES[a.rule] for a in attributes()]


def width() -> int:
    """Return the number of attributes: the width of the table of ranks."""
    return len(attributes())


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Return the sources by code, as the database numbers them."""
    return {source.code: source for source in Source.objects.all()}


@lru_cache(maxsize=1)
def sources_by_id() -> dict[int, Source]:
    """Return the sources by number."""
    return {source.id: source for source in sources().values()}


def source(code: str) -> Source:
    """Return a source by its code. Raises ``UnknownSource``."""
    found = sources().get(code)
    if found is None:
        forget()
        found = sources().get(code)
    if found is None:
        raise UnknownSource(source=code)
    return found


@lru_cache(maxsize=1)
def kinds() -> dict[str, int]:
    """Return the small number of each kind of source."""
    return {name: index for index, name in enumerate(source_kinds())}


@lru_cache(maxsize=1)
def kind_list() -> list[int]:
    """Return the number of a source's kind by the source's number, from 1."""
    known = sources_by_id()
    return [
        kinds()[known[i].kind] if i in known else 0 for i in range(1, max(known, default=0) + 1)
    ]


@lru_cache(maxsize=1)
def ranks() -> list[int]:
    """Return the table of ranks, flat: position ``kind * width + attribute``, from 1."""
    return [a.rank(kind) for kind in kinds() for a in attributes()]


def rank(attr: Attribute, source_id: int) -> int:
    """Return the strength of a source for an attribute: 0 never wins."""
    found = sources_by_id().get(source_id)
    return attr.rank(found.kind) if found else 0


@lru_cache(maxsize=256)
def evidence_kind_id(code: str) -> int:
    """Return the small number of a kind of evidence, giving it one at first use."""
    found, _ = EvidenceKind.objects.get_or_create(code=code)
    return found.id


@lru_cache(maxsize=1)
def evidence_kinds() -> dict[int, str]:
    """Return the codes of evidence kinds by number."""
    return dict(EvidenceKind.objects.values_list("id", "code"))


def evidence_kind(kind_id: int) -> str:
    """Return the code of a kind of evidence."""
    if kind_id not in evidence_kinds():
        evidence_kinds.cache_clear()
    return evidence_kinds().get(kind_id, "")


def forget() -> None:
    """Drop what was read from the database, after the sources changed."""
    for cached in (sources, sources_by_id, kind_list, evidence_kind_id, evidence_kinds):
        cached.cache_clear()


def sync_sources(codes: dict[str, str]) -> int:
    """Give every source (code → kind) a small number; return how many are new.

    Numbers are never reused: statements keep them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO population_source (id, code, kind)
            SELECT (SELECT coalesce(max(id), 0) FROM population_source)
                   + row_number() OVER (ORDER BY code), code, kind
            FROM unnest(%s::text[], %s::text[]) AS given (code, kind)
            WHERE NOT EXISTS (SELECT 1 FROM population_source s WHERE s.code = given.code)
            """,
            [list(codes), list(codes.values())],
        )
        created: int = cursor.rowcount
        cursor.execute(
            """
            UPDATE population_source s SET kind = given.kind
            FROM unnest(%s::text[], %s::text[]) AS given (code, kind)
            WHERE s.code = given.code AND s.kind <> given.kind
            """,
            [list(codes), list(codes.values())],
        )
    forget()
    return created
