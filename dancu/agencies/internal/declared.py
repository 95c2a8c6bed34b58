"""Agencies, offices and sources as declared, the local ones written out for each unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dancu.catalogue import code_list, local_sources, sources
from dancu.catalogue.files import day_or_none, folder, yaml_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dancu.places.tree import UnitTree
    from dancu.places.types import UnitValue

_FILE = "agencies/agencies.yaml"


@dataclass(frozen=True, slots=True)
class DeclaredAgency:
    """An agency with the codes of its parent and successor."""

    code: str
    kind: str
    name_vi: str
    name_en: str
    parent: str | None = None
    successor: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class DeclaredOffice:
    """An office with the codes of its agency and source."""

    code: str
    agency: str
    name_vi: str
    name_en: str
    serves: tuple[str, ...]
    source: str | None


@dataclass(frozen=True, slots=True)
class DeclaredSource:
    """A source with the code of its agency."""

    code: str
    kind: str
    agency: str | None
    name_vi: str
    name_en: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(slots=True)
class Declared:
    """Everything that is declared; agencies come after their parents, but for successors."""

    agencies: list[DeclaredAgency] = field(default_factory=list)
    offices: list[DeclaredOffice] = field(default_factory=list)
    sources: list[DeclaredSource] = field(default_factory=list)


def declared(tree: UnitTree) -> Declared:
    """Read the files and write out the local agencies for the newest map."""
    data = yaml_of(folder() / _FILE)
    found = Declared()
    found.agencies.extend(_agency(entry) for entry in data["agencies"])
    found.offices.extend(_office(entry) for entry in data["offices"])
    found.sources.extend(
        DeclaredSource(s.name, s.kind, s.agency, s.label_vi, s.label_en, s.valid_from, s.valid_to)
        for s in sources().values()
    )
    local = data["local"]
    for place in local["provinces"]:
        province = tree.unit(place["unit"], tree.newest_day)
        if province is not None:
            _write_out(found, local, province, province, place["agency"])
            for commune in tree.children(province.code, tree.newest_day):
                _write_out(found, local, commune, province, place["agency"])
    return found


def _write_out(
    found: Declared, local: Mapping[str, Any], unit: UnitValue, province: UnitValue, agency: str
) -> None:
    words = {"unit": unit.code, "province": province.code, "agency": agency}
    for entry in local[f"{unit.level}_agencies"]:
        found.agencies.append(_agency(_filled(entry, unit, words)))
    for entry in local[f"{unit.level}_offices"]:
        office = _office({**_filled(entry, unit, words), "serves": [unit.code]})
        found.offices.append(office)
        found.sources.extend(_sources_of(office, unit))


def _sources_of(office: DeclaredOffice, unit: UnitValue) -> Iterator[DeclaredSource]:
    for pattern in local_sources():
        if pattern.level == unit.level and office.source == f"{pattern.name}-{unit.code}":
            yield DeclaredSource(
                office.source,
                pattern.kind,
                office.agency,
                f"{pattern.label_vi} {_name(unit, 'vi')}",
                f"{pattern.label_en} {_name(unit, 'en')}",
            )


def _filled(entry: Mapping[str, Any], unit: UnitValue, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        key: value.format(name=_name(unit, "en" if key == "name_en" else "vi"), **words)
        if isinstance(value, str)
        else value
        for key, value in entry.items()
    }


def _name(unit: UnitValue, language: str) -> str:
    """Return “phường Sài Gòn” or “Sài Gòn Ward”, as it stands within the name of an office."""
    kind = code_list("unit_kinds").label(unit.kind, language)
    if language == "en":
        return f"{unit.name} {kind}"
    return f"{kind if unit.kind == 'THANH_PHO_TW' else kind.lower()} {unit.name}"


def _agency(entry: Mapping[str, Any]) -> DeclaredAgency:
    return DeclaredAgency(
        code=entry["code"],
        kind=entry["kind"],
        name_vi=entry["name_vi"],
        name_en=entry["name_en"],
        parent=entry.get("parent"),
        successor=entry.get("successor"),
        valid_from=day_or_none(entry.get("valid_from"), file=_FILE),
        valid_to=day_or_none(entry.get("valid_to"), file=_FILE),
    )


def _office(entry: Mapping[str, Any]) -> DeclaredOffice:
    return DeclaredOffice(
        code=entry["code"],
        agency=entry["agency"],
        name_vi=entry["name_vi"],
        name_en=entry["name_en"],
        serves=tuple(entry["serves"]),
        source=entry["source"],
    )
