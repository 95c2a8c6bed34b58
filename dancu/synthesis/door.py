"""What the city hands to the door in.

Rows travel as plain tuples in the order of ``IncomingRow``, because they cross a pipe and tuples
are what pickle packs fastest; ``incoming`` gives them back their names.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dancu.population.types import AddressValue, IncomingRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["AddressValue", "IncomingRow", "Row", "incoming"]

Row = tuple[str | None, bool, dt.date, str, str, dict[str, object]]


def incoming(rows: Iterable[Row]) -> Iterator[IncomingRow]:
    """Yield the rows as the door takes them."""
    return map(IncomingRow._make, rows)
