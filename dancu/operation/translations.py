"""Compiles the translations (``django.po``) into the form that is read at run time (``.mo``)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dancu.operation.config import ROOT
from dancu.operation.errors import OperationError


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every translation file of the rooms."""
    return sorted((root / "dancu").glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_stale(root: Path = ROOT) -> list[Path]:
    """Compile the translations that are newer than their compiled form; returns those."""
    stale = [path for path in catalogues(root) if _is_stale(path)]
    for path in stale:
        compile_file(path)
    return stale


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime <= path.stat().st_mtime


def compile_file(path: Path) -> None:
    """Compile one translation file; a reader never sees half of it."""
    try:
        with path.open("rb") as source:
            catalogue = read_po(source, locale=path.parents[1].name, abort_invalid=True)
    except Exception as error:
        raise OperationError(
            f"The translations in {path} cannot be read: {error}.", "correct that line"
        ) from error
    temporary = path.with_name(f".{path.stem}.{os.getpid()}")
    with temporary.open("wb") as target:
        write_mo(target, catalogue, use_fuzzy=False)
    temporary.replace(path.with_suffix(".mo"))


def main() -> int:
    """Compile what is stale and say how many."""
    try:
        done = compile_stale()
    except OperationError as error:
        sys.stderr.write(f"setup: {error}\n")
        return 1
    sys.stderr.write(f"setup: compiled {len(done)} translation files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
