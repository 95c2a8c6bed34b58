"""The units of the city and of the country that it draws its people from, ready for addresses.

Two maps are used: the one before 2025-07-01 (wards in districts in 63 provinces) for what happened
then, and today's (communes in 34 provinces).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dancu.catalogue.files import rows_of, yaml_of
from dancu.synthesis.days import number
from dancu.synthesis.door import AddressValue
from dancu.synthesis.units import read_units
from dancu.synthesis.wheels import wheel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NEW_MAP = dt.date(2025, 7, 1)
NEW_MAP_DAY = number(NEW_MAP)
#: Codes of the old map are read on its last day.
OLD_MAP = dt.date(2025, 6, 30)
NORTH_UP_TO, CENTRE_UP_TO = 37, 68
BITS = 12


class Ward(NamedTuple):
    """A commune before 2025-07-01 with all its successors, the usual one first."""

    place: AddressValue
    pid_code: str
    province: str
    rural: bool
    successors: tuple[int, ...]


class Commune(NamedTuple):
    """A commune of today with the numbers of the wards that it took in."""

    place: AddressValue
    code: str
    province: str
    rural: bool
    wards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class City:
    """One province in which people live, and where its families come from."""

    province: str
    region: str
    local_16: int
    communes: list[int]
    origins: list[str]
    streets: list[str]


@dataclass(frozen=True, slots=True)
class Geography:
    """All units, and wheels to draw from them."""

    wards: list[Ward]
    communes: list[Commune]
    cities: list[City]
    wards_of_province: dict[str, list[int]]
    ward_by_code: dict[str, int]
    commune_by_code: dict[str, int]


def region_of(province: str) -> str:
    """Return north, centre or south for a province code of the old map."""
    code = int(province)
    if code <= NORTH_UP_TO:
        return "north"
    return "centre" if code <= CENTRE_UP_TO else "south"


@lru_cache(maxsize=2)
def geography(path: str) -> Geography:
    """Read the units of a catalogue folder."""
    base = Path(path)
    config = yaml_of(base / "synthesis" / "city.yaml")
    new, old, links = read_units(base / "units")
    code_of = {unit.code: index for index, unit in enumerate(new)}
    took_in: dict[int, list[int]] = {index: [] for index in range(len(new))}
    wards: list[Ward] = []
    for index, unit in enumerate(old):
        successors = tuple(code_of[code] for code in links[unit.code])
        for successor in successors:
            took_in[successor].append(index)
        wards.append(
            Ward(
                AddressValue(unit.text, unit.code, OLD_MAP),
                f"0{unit.province}",
                unit.province,
                unit.rural,
                successors,
            )
        )
    communes = [
        Commune(
            AddressValue(unit.text, unit.code, NEW_MAP),
            unit.code,
            unit.province,
            unit.rural,
            tuple(took_in[index]),
        )
        for index, unit in enumerate(new)
    ]
    by_province: dict[str, list[int]] = {}
    for index, ward in enumerate(wards):
        by_province.setdefault(ward.province, []).append(index)
    streets = list(rows_of(base / "names" / "streets.csv"))
    cities = [
        _city(entry, new, communes, config["commune_weights"], streets)
        for entry in config["residence"]
    ]
    return Geography(
        wards,
        communes,
        cities,
        by_province,
        {unit.code: index for index, unit in enumerate(old)},
        code_of,
    )


def _city(
    entry: Mapping[str, Any],
    new: list[Any],
    communes: list[Commune],
    weights: Mapping[str, float],
    streets: Iterable[Mapping[str, str]],
) -> City:
    region = region_of(entry["province"])
    return City(
        province=entry["province"],
        region=region,
        local_16=round(entry["local"] * 65536),
        communes=wheel(
            (
                (index, float(weights[new[index].kind]))
                for index, commune in enumerate(communes)
                if commune.province == entry["province"] and commune.wards
            ),
            BITS,
        ),
        origins=wheel(((str(k), float(v)) for k, v in entry["origins"].items()), 8),
        streets=wheel(((row["street"], 1.0) for row in streets if row["region"] == region), 8),
    )
