"""A YAML file with the line of each of its values, for findings that point at the place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from dancu.catalogue.files import fastest_loader

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in the catalogue: where, what, and what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return one line as compilers print it."""
        return f"{self.file}:{self.line}: {self.what} {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: plain data (days as text, as JSON Schema knows them) and its node tree."""

    file: str
    data: Any
    root: yaml.Node | None

    def line(self, path: Iterable[str | int]) -> int:
        """Return the line, from 1, of the value at the path, or of the nearest one above it."""
        node = self.root
        line = node.start_mark.line if node else 0
        for step in path:
            node = _below(node, step)
            if node is None:
                break
            line = node.start_mark.line
        return int(line) + 1


def read_document(path: Path, name: str) -> Document:
    """Read a YAML file; raises ``OSError``, ``UnicodeDecodeError`` or ``yaml.YAMLError``."""
    text = path.read_text(encoding="utf-8-sig")
    loader = fastest_loader()
    data = yaml.load(text, Loader=loader)  # noqa: S506
    return Document(name, _plain(data), yaml.compose(text, Loader=loader))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _below(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((v for k, v in node.value if k.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None
