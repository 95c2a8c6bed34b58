"""The maps as declared in ``catalogue/units``. Pure: no database."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dancu.catalogue.files import day_or_none, folder, rows_of
from dancu.places.types import BEGINNING, Edition, Level

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

_FILES: tuple[tuple[str, Level], ...] = (
    ("provinces.csv", "province"),
    ("districts.csv", "district"),
    ("communes.csv", "commune"),
)


@dataclass(frozen=True, slots=True)
class DeclaredUnit:
    """One row of the unit files."""

    code: str
    level: Level
    name: str
    kind: str
    parent_code: str
    valid_from: dt.date
    valid_to: dt.date | None
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None


@dataclass(frozen=True, slots=True)
class DeclaredSuccession:
    """One row of ``successions.csv``."""

    from_code: str
    to_code: str
    on: dt.date
    is_default: bool
    share: float | None
    cross_check: str


def declared_units() -> Iterator[DeclaredUnit]:
    """Yield provinces, districts and communes of all maps."""
    for file, level in _FILES:
        for row in rows_of(folder() / "units" / file):
            yield DeclaredUnit(
                code=row["code"],
                level=level,
                name=row["name"],
                kind=row["kind"],
                parent_code=row.get("parent", ""),
                valid_from=day_or_none(row["valid_from"], file=file) or BEGINNING,
                valid_to=day_or_none(row["valid_to"], file=file),
                latitude=_number(row.get("latitude")),
                longitude=_number(row.get("longitude")),
                area_km2=_number(row.get("area_km2")),
            )


def declared_successions() -> Iterator[DeclaredSuccession]:
    """Yield the links between units of consecutive maps."""
    file = "successions.csv"
    for row in rows_of(folder() / "units" / file):
        on = day_or_none(row["on"], file=file)
        if on is not None:
            yield DeclaredSuccession(
                from_code=row["from"],
                to_code=row["to"],
                on=on,
                is_default=row["is_default"] == "1",
                share=_number(row["share"]),
                cross_check=row["cross_check"],
            )


def editions() -> tuple[Edition, ...]:
    """Return the editions of the map, oldest first."""
    return _editions(str(folder()))


@lru_cache(maxsize=4)
def _editions(path: str) -> tuple[Edition, ...]:
    file = "editions.csv"
    found = []
    for row in rows_of(Path(path) / "units" / file):
        as_of = day_or_none(row["as_of"], file=file)
        if as_of is not None:
            valid_from = day_or_none(row["valid_from"], file=file) or BEGINNING
            valid_to = day_or_none(row["valid_to"], file=file)
            labels = row["label_vi"], row["label_en"]
            found.append(Edition(as_of, valid_from, valid_to, *labels, row["legal_basis"]))
    return tuple(found)


def _number(text: str | None) -> float | None:
    return float(text) if text else None
