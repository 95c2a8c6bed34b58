"""Where the catalogue lies, and how its files are read."""

from __future__ import annotations

import csv
import datetime as dt
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from dancu.catalogue.errors import CatalogueEntryInvalid, CatalogueFileMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

ENVIRONMENT = "DANCU_CATALOGUE"
BESIDE_THE_PACKAGE = Path(__file__).resolve().parents[2] / "catalogue"


def folder() -> Path:
    """Return the catalogue's folder: ``DANCU_CATALOGUE``, else ``catalogue`` beside the package."""
    chosen = os.environ.get(ENVIRONMENT)
    return _path(chosen) if chosen else BESIDE_THE_PACKAGE


#: Asked for each attribute of each verification; a path that is kept knows its text.
_path = lru_cache(maxsize=4)(Path)


def text_of(path: Path) -> str:
    """Read a file of the catalogue as UTF-8 text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CatalogueFileMissing(file=str(path)) from error
    except UnicodeDecodeError as error:
        raise CatalogueEntryInvalid(file=path.name, what="not UTF-8 text") from error


def yaml_of(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping."""
    try:
        data = fastest_loader()(text_of(path)).get_single_data()
    except yaml.YAMLError as error:
        raise CatalogueEntryInvalid(file=path.name, what=str(error)) from error
    if not isinstance(data, dict):
        raise CatalogueEntryInvalid(file=path.name, what="the top level is not a mapping")
    return data


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file; all values are text."""
    yield from csv.DictReader(text_of(path).splitlines())


def day_or_none(value: object, *, file: str) -> dt.date | None:
    """Read a day from YAML (a date) or CSV (ISO text); empty is ``None``."""
    if value in (None, ""):
        return None
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise CatalogueEntryInvalid(
            file=file, what=f"{value!r} is not a day (yyyy-mm-dd)"
        ) from error


def fastest_loader() -> type[yaml.SafeLoader]:
    """Return the fastest safe loader of this machine."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
