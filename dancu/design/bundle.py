"""The style sheets and scripts of the elements as one file each, named by their content.

The parts stay as they are, one component a file; what is served is put together from them when the
first process asks, below ``var/static``, beside a compressed copy. A file whose name changes with
its content may be cached for ever. Faces add parts of their own when they are ready.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from dancu.operation.config import current

Kind = Literal["css", "js"]
STYLES = (
    "tokens", "fonts", "base", "layout", "console", "portal", "plain", "navigation", "button",
    "field", "choice", "table", "notice", "badge", "facts", "people", "timeline", "steps",
    "progress", "disclosure", "panel", "stats", "strips", "empty", "dialog", "icon", "print",
)  # fmt: skip
SCRIPTS = ("page", "keys", "forms", "slider")
#: Where the bundles lie, so that the paths inside the style sheets stay right.
FOLDERS: dict[Kind, str] = {"css": "design/css", "js": "design/js"}
_NAME = re.compile(r"design/(css|js)/all\.[0-9a-f]{12}\.\1")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_added: list[str] = []


class PartMissing(RuntimeError):
    """A part of a bundle is not among the static files."""


def add(*names: str) -> None:
    """Put style sheets of a face behind those of the elements; before the first page is shown."""
    _added.extend(name for name in names if name not in _added)


def parts_of(kind: Kind) -> list[str]:
    """Return the names of the static files that a bundle is made of, in order."""
    if kind == "js":
        return [f"design/js/{name}.js" for name in SCRIPTS]
    sheets = [f"design/css/{name}.css" for name in STYLES]
    # Paper comes last: it undoes what the screen needs.
    return [*sheets[:-1], *_added, sheets[-1]]


@cache
def name_of(kind: Kind) -> str:
    """Return the static file of a bundle, having made it. Raises ``OSError`` when it cannot."""
    content = "\n".join(_text(part) for part in parts_of(kind)).encode()
    name = f"{FOLDERS[kind]}/all.{hashlib.sha256(content).hexdigest()[:12]}.{kind}"
    for target, data in (
        (folder() / name, content),
        (folder() / f"{name}.gz", gzip.compress(content, 9, mtime=0)),
    ):
        if not target.is_file():
            _write(target, data)
    return name


@cache
def folder() -> Path:
    """Return the folder of the bundles. Raises ``OSError``."""
    return current().var / "static"


def _text(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise PartMissing(name)
    text = Path(found).read_text(encoding="utf-8")
    if name.endswith(".js"):
        return text
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def _write(target: Path, data: bytes) -> None:
    """Write a file whole or not at all; another process may be writing the same."""
    target.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    with os.fdopen(number, "wb") as file:
        file.write(data)
    Path(name).chmod(0o644)
    Path(name).replace(target)


class BundleFinder(finders.BaseFinder):
    """Lets Django and WhiteNoise find the bundles among the static files."""

    def check(self, **_options: Any) -> list[Any]:
        """Nothing can be set wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:  # noqa: FBT001, FBT002
        """Return where a bundle lies; an empty list for any other file."""
        match = _NAME.fullmatch(path)
        if match is None:
            return []
        kind: Kind = "css" if match[1] == "css" else "js"
        if name_of(kind) != path:
            return []
        found = str(folder() / path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Yield the bundles and their compressed copies."""
        del ignore_patterns
        storage = FileSystemStorage(location=str(folder()))
        kinds: tuple[Kind, ...] = ("css", "js")
        for kind in kinds:
            try:
                name = name_of(kind)
            except OSError:  # The pages then name the parts one by one.
                continue
            yield name, storage
            yield f"{name}.gz", storage
