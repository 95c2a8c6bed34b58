"""Look-ups in the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.catalogue.errors import UnknownAttribute, UnknownCodeList
from dancu.catalogue.loading import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dancu.catalogue.types import (
        Attribute,
        CodeList,
        Label,
        LocalSource,
        Purpose,
        Role,
        SourceEntry,
    )


def attributes() -> tuple[Attribute, ...]:
    """Return the data dictionary in the order of its numbers."""
    return catalogue().attributes


def attribute(name_or_number: str | int) -> Attribute:
    """Return one attribute by its name, number or storage key. Raises ``UnknownAttribute``."""
    found = catalogue().by_name.get(str(name_or_number))
    if found is None:
        raise UnknownAttribute(name=str(name_or_number))
    return found


def attributes_of_group(group: str) -> tuple[Attribute, ...]:
    """Return the attributes that an officer finds under one heading."""
    return tuple(a for a in attributes() if a.group == group)


def attributes_of_facet(facet: str) -> tuple[Attribute, ...]:
    """Return the attributes that are stored together."""
    return tuple(a for a in attributes() if a.facet == facet)


def groups() -> tuple[Label, ...]:
    """Return the headings of a person's page, in order."""
    return catalogue().groups


def facets() -> tuple[Label, ...]:
    """Return the storage groups, the first record's ``core`` first."""
    return catalogue().facets


def checks() -> Mapping[str, Label]:
    """Return the validation rules that attributes may name."""
    return catalogue().checks


def code_list(name: str) -> CodeList:
    """Return a code list. Raises ``UnknownCodeList``."""
    found = catalogue().code_lists.get(name)
    if found is None:
        raise UnknownCodeList(name=name)
    return found


def code_lists() -> Mapping[str, CodeList]:
    """Return all code lists by name."""
    return catalogue().code_lists


def actions() -> Mapping[str, Label]:
    """Return what roles may permit."""
    return catalogue().actions


def roles() -> Mapping[str, Role]:
    """Return the roles by name."""
    return catalogue().roles


def purposes() -> Mapping[str, Purpose]:
    """Return the purposes of access by name, whether in force or not."""
    return catalogue().purposes


def source_kinds() -> Mapping[str, Label]:
    """Return the kinds of source by name."""
    return catalogue().source_kinds


def sources() -> Mapping[str, SourceEntry]:
    """Return the declared sources by code (those of communes are patterns: ``local_sources``)."""
    return catalogue().sources


def local_sources() -> tuple[LocalSource, ...]:
    """Return the patterns of the sources that every commune or province office has."""
    return catalogue().local_sources
