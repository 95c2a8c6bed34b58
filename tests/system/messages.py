"""Collects the words of the interface (msgids) from templates and code, room by room."""

from __future__ import annotations

import ast
import importlib
import io
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import template as translation_template

import dancu
from dancu.kernel.errors import DancuError
from dancu.operation.config import ROOT

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEMPLATE_KEYWORDS = KEYWORDS | {"_": None}
NOT_TRANSLATED = {"cli", "bench", "synthesis"}
"""The command line speaks English to operators, and these are reached by it alone."""

Found = tuple[str, str]
"""The msgid, and where it is."""


def rooms() -> list[Path]:
    return sorted(
        path.parent
        for path in (ROOT / "dancu").glob("*/__init__.py")
        if path.parent.name not in NOT_TRANSLATED
    )


def in_templates(room: Path) -> Iterator[Found]:
    for path in sorted((room / "templates").rglob("*.*")):
        source = translation_template.templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield from _extracted(source, path)


def in_code(room: Path) -> Iterator[Found]:
    for path in sorted(room.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _extracted(path.read_text(encoding="utf-8"), path)


def _extracted(source: str, path: Path) -> Iterator[Found]:
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    for line, words, _comments, _context in found:
        for message in words if isinstance(words, tuple) else (words,):
            if message:
                yield message, f"{path.relative_to(ROOT)}:{line}"


def in_error_classes(room: Path) -> Iterator[Found]:
    """The default message and the remedy of every error of a room."""
    for error in _all_errors(DancuError):
        if error.__module__.startswith(f"dancu.{room.name}."):
            for message in (error.default_message(), error.remedy):
                if message:
                    yield message, f"{error.__module__}.{error.__name__}"


def import_everything() -> None:
    """Import every module of the house, so that every error class is known."""
    for module in pkgutil.walk_packages(dancu.__path__, "dancu."):
        last = module.name.rsplit(".", 1)[-1]
        room = module.name.split(".")[1]
        if room in NOT_TRANSLATED or "migrations" in module.name:
            continue
        if last not in {"wsgi", "main"}:
            importlib.import_module(module.name)


def _all_errors(kind: type[DancuError]) -> Iterator[type[DancuError]]:
    yield kind
    for sub in kind.__subclasses__():
        yield from _all_errors(sub)


def in_field_errors(room: Path) -> Iterator[Found]:
    """The literal message and remedy in every ``FieldError(field, code, message, remedy)``."""
    for path in sorted(room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FieldError"):
                continue
            named = [item.value for item in node.keywords if item.arg in {"message", "remedy"}]
            for value in [*node.args[2:4], *named]:
                if isinstance(value, ast.Constant) and value.value:
                    yield str(value.value), f"{path.relative_to(ROOT)}:{value.lineno}"


def translations() -> dict[str, str]:
    """Every msgid of every room's Vietnamese file with its translation (plural: all forms)."""
    known: dict[str, str] = {}
    for path in sorted((ROOT / "dancu").glob("*/locale/vi/LC_MESSAGES/django.po")):
        with path.open("rb") as stream:
            for message in read_po(stream, locale="vi"):
                if not message.id or message.fuzzy:
                    continue
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                for key in message.id if isinstance(message.id, tuple) else (message.id,):
                    known[key] = " ".join(texts) if all(texts) else ""
    return known
