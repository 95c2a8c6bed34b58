"""Reading the declared files into frozen values. Pure: no Django, no database."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import day_or_none, folder, rows_of, yaml_of
from dancu.catalogue.types import (
    Attribute,
    Catalogue,
    Code,
    CodeList,
    Label,
    LocalSource,
    Purpose,
    Role,
    SourceEntry,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")
L = TypeVar("L", bound=Label)

_LABEL_COLUMNS = ("code", "label_vi", "label_en", "valid_from", "valid_to")


def catalogue() -> Catalogue:
    """Return the catalogue of this process, read once per folder."""
    return _read(str(folder()))


def forget() -> None:
    """Read the files anew at the next use."""
    _read.cache_clear()


@lru_cache(maxsize=4)
def _read(path: str) -> Catalogue:
    root = Path(path)
    dictionary = yaml_of(root / "attributes.yaml")
    roles = yaml_of(root / "roles.yaml")
    sources = yaml_of(root / "sources.yaml")
    attributes = tuple(
        sorted(
            _entries("attributes.yaml", dictionary, "attributes", _attribute),
            key=lambda a: a.number,
        )
    )
    by_name: dict[str, Attribute] = {}
    for attribute in attributes:
        by_name[attribute.name] = by_name[attribute.key] = attribute
    purposes = _entries(
        "purposes.yaml",
        yaml_of(root / "purposes.yaml"),
        "purposes",
        lambda entry: _purpose(entry, attributes),
    )
    return Catalogue(
        groups=tuple(_entries("attributes.yaml", dictionary, "groups", _label)),
        facets=tuple(_entries("attributes.yaml", dictionary, "facets", _label)),
        checks=_named(_entries("attributes.yaml", dictionary, "checks", _label)),
        attributes=attributes,
        by_name=MappingProxyType(by_name),
        code_lists=_code_lists(root / "codes"),
        actions=_named(_entries("roles.yaml", roles, "actions", _label)),
        roles=_named(_entries("roles.yaml", roles, "roles", _role)),
        purposes=_named(purposes),
        source_kinds=_named(_entries("sources.yaml", sources, "kinds", _label)),
        sources=_named(_entries("sources.yaml", sources, "sources", _source)),
        local_sources=tuple(_entries("sources.yaml", sources, "local", _local_source)),
    )


def _entries(
    file: str, data: Mapping[str, Any], key: str, make: Callable[[Mapping[str, Any]], T]
) -> list[T]:
    try:
        return [make(entry) for entry in data[key]]
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=file, what=f"{key}: {error!r}") from error


def _named(labels: Iterable[L]) -> Mapping[str, L]:
    return MappingProxyType({label.name: label for label in labels})


def _labels(entry: Mapping[str, Any], name: str = "name") -> dict[str, str]:
    return {"name": str(entry[name]), "label_vi": entry["label_vi"], "label_en": entry["label_en"]}


def _label(entry: Mapping[str, Any]) -> Label:
    return Label(**_labels(entry))


def _attribute(entry: Mapping[str, Any]) -> Attribute:
    valid_from = day_or_none(entry["valid_from"], file="attributes.yaml")
    if valid_from is None:
        raise ValueError(f"{entry['name']} has no valid_from")
    return Attribute(
        **_labels(entry),
        number=int(entry["number"]),
        statutory=entry["statutory"],
        group=entry["group"],
        facet=entry["facet"],
        type=entry["type"],
        code_list=entry["code_list"],
        rule=entry["rule"],
        authority=entry["authority"],
        then=tuple(entry["then"]),
        legal_basis=entry["legal_basis"],
        sensitivity=entry["sensitivity"],
        freshness_days=entry["freshness_days"],
        checks=tuple(entry["checks"]),
        mask=entry["mask"],
        valid_from=valid_from,
    )


def _role(entry: Mapping[str, Any]) -> Role:
    return Role(
        **_labels(entry),
        kind=entry["kind"],
        sensitivity=entry["sensitivity"],
        actions=frozenset(entry["actions"]),
        purposes=frozenset(entry["purposes"]),
    )


def _purpose(entry: Mapping[str, Any], attributes: Iterable[Attribute]) -> Purpose:
    groups, single = set(entry["groups"]), set(entry["attributes"])
    allowed = frozenset(
        a.name for a in attributes if a.group in groups or a.name in single
    ) - frozenset(entry["except"])
    unmasked = allowed & frozenset(entry["unmasked"]) if entry["masked"] else allowed
    return Purpose(
        **_labels(entry),
        legal_basis=entry["legal_basis"],
        roles=frozenset(entry["roles"]),
        attributes=allowed,
        unmasked=unmasked,
        actions=frozenset(entry["actions"]),
        scope=entry["scope"],
        masked=bool(entry["masked"]),
        case_number=entry["case_number"],
        valid_from=day_or_none(entry["valid_from"], file="purposes.yaml"),
        valid_to=day_or_none(entry["valid_to"], file="purposes.yaml"),
        particulars=entry.get("particulars", "all"),
    )


def _source(entry: Mapping[str, Any]) -> SourceEntry:
    return SourceEntry(
        **_labels(entry, "code"),
        kind=entry["kind"],
        agency=entry["agency"],
        valid_from=day_or_none(entry.get("valid_from"), file="sources.yaml"),
        valid_to=day_or_none(entry.get("valid_to"), file="sources.yaml"),
    )


def _local_source(entry: Mapping[str, Any]) -> LocalSource:
    return LocalSource(**_labels(entry, "prefix"), level=entry["level"], kind=entry["kind"])


def _code_lists(path: Path) -> Mapping[str, CodeList]:
    return MappingProxyType({file.stem: _code_list(file) for file in sorted(path.glob("*.csv"))})


def _code_list(file: Path) -> CodeList:
    codes: dict[str, Code] = {}
    for row in rows_of(file):
        extra = {k: v for k, v in row.items() if k not in _LABEL_COLUMNS}
        try:
            code = Code(
                **_labels(row, "code"),
                valid_from=day_or_none(row["valid_from"], file=file.name),
                valid_to=day_or_none(row["valid_to"], file=file.name),
                extra=MappingProxyType(extra),
            )
        except KeyError as error:
            raise CatalogueEntryInvalid(file=file.name, what=f"no column {error}") from error
        codes[code.code] = code
    return CodeList(name=file.stem, codes=MappingProxyType(codes))
