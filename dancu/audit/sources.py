"""Which logs are sealed: each room registers its own when the platform starts.

    register(Source(name="access", number=1, table="disclosure_accessrecord", …))

A sealed table is only ever added to, numbers its rows by itself (``id bigint``, from a sequence, in
the INSERT or COPY that adds them), and is written by nobody who takes a number beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Row: TypeAlias = tuple[Any, ...]
"""A record in the order of the source's columns."""


@dataclass(frozen=True, slots=True)
class Source:
    """A log and how its records become bytes.

    ``entry(version, row, salt)`` returns the bytes that are hashed, the same for ever for the same
    version and record; ``version`` is the one for new leaves. The first of ``columns`` is ``id``.
    Column names are SQL; both they and ``table`` are constants of the room.
    """

    name: str
    number: int
    table: str
    columns: tuple[str, ...]
    version: int
    entry: Callable[[int, Row, bytes], bytes]


_sources: dict[int, Source] = {}


def register(source: Source) -> Source:
    """Have a log sealed; the same number replaces the former entry."""
    _sources[source.number] = source
    return source


def sources() -> tuple[Source, ...]:
    """Return all sealed logs in the order of their numbers."""
    return tuple(_sources[number] for number in sorted(_sources))


def source(name: str) -> Source:
    """Return a sealed log by its name. Raises ``LookupError``."""
    for item in _sources.values():
        if item.name == name:
            return item
    raise LookupError(name)
