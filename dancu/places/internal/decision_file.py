"""Reading a decision file: YAML with the line of each entry. Pure: no database."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import orjson
import yaml
from django.utils.translation import gettext_noop as _

from dancu.catalogue.files import fastest_loader
from dancu.kernel.text import nfc
from dancu.places.decision_types import Change, Decision, Ending, Flaw, NewUnit, Part
from dancu.places.errors import DecisionRefused
from dancu.places.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dancu.places.decision_types import Range
    from dancu.places.types import Level

#: No decision is longer: the reform of 2025, for the whole country, has two megabytes.
LARGEST = 16 * 1024 * 1024
_CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{0,7}")
_RANGE = re.compile(r"(\d{1,5})?\s*(-)?\s*(\d{1,5})?")
_SIDES = {"odd": "odd", "even": "even"}
_LINE = "\0line"
_LONGEST = {"number": 60, "title": 300, "legal_basis": 1000, "name": 120}

_HEAD = ("version", "number", "title", "legal_basis", "decided_on", "effective_on")
_KEYS = {
    "file": {*_HEAD, "units", "changes", "ends"},
    "unit": {"code", "level", "name", "kind", "parent"},
    "change": {"from", "to", "parts", "rest", "unclear"},
    "part": {"to", "neighbourhood", "street", "houses", "side"},
}


class _Loader(fastest_loader()):  # type: ignore[misc]
    """Safe YAML whose mappings know their line and refuse a key said twice."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {_LINE: node.start_mark.line + 1}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str) or key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} is said twice or is no word", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class _Reader:
    """Collects what is wrong while it takes the file apart."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []

    def wrong(self, line: int, message: str, remedy: str, **params: object) -> None:
        self.flaws.append(Flaw(line, message, remedy, params))

    def known_keys(self, entry: dict[str, Any], kind: str) -> None:
        for key in entry:
            if key != _LINE and key not in _KEYS[kind]:
                self.wrong(
                    entry[_LINE],
                    _("“%(key)s” is not known here."),
                    _("Leave it out, or correct it to one of: %(known)s."),
                    key=key,
                    known=", ".join(sorted(_KEYS[kind])),
                )

    def text(self, entry: dict[str, Any], key: str, *, needed: bool = True) -> str:
        value = entry.get(key)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or not value.strip() or "\x00" in value:
            self.wrong(
                entry[_LINE],
                _("“%(key)s” is missing or is not a text."),
                _("Write it in quotes, so that zeros at its front stay."),
                key=key,
            )
            return ""
        cleaned = " ".join(nfc(value).split())
        if len(cleaned) > _LONGEST.get(key, 120):
            self.wrong(
                entry[_LINE],
                _("“%(key)s” is longer than %(most)s characters."),
                _("Shorten it."),
                key=key,
                most=_LONGEST.get(key, 120),
            )
        return cleaned

    def code(self, line: int, value: object) -> str:
        if isinstance(value, str) and _CODE.fullmatch(value):
            return value
        self.wrong(
            line,
            _("“%(code)s” is not the code of a unit."),
            _("Write the code in quotes: digits, capitals and hyphens, at most 8 of them."),
            code=value,
        )
        return ""

    def day(self, entry: dict[str, Any], key: str) -> dt.date:
        value = entry.get(key)
        if type(value) is dt.date:
            return value
        self.wrong(
            entry[_LINE],
            _("“%(key)s” is not a day."),
            _("Write it as year-month-day: 2026-12-01."),
            key=key,
        )
        return dt.date.min

    def entries(self, value: object, line: int, key: str) -> list[dict[str, Any]]:
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(v, dict) for v in value):
            return cast("list[dict[str, Any]]", value)
        self.wrong(
            line,
            _("“%(key)s” is not a list of entries."),
            _("Begin each entry with a hyphen, as in the example of the guide."),
            key=key,
        )
        return []

    def unit(self, entry: dict[str, Any]) -> NewUnit:
        self.known_keys(entry, "unit")
        level = entry.get("level")
        if level not in LEVELS:
            self.wrong(
                entry[_LINE],
                _("“%(level)s” is no level."),
                _("Write province, commune or neighbourhood."),
                level=level,
            )
        parent = entry.get("parent")
        return NewUnit(
            line=entry[_LINE],
            code=self.code(entry[_LINE], entry.get("code")),
            level=cast("Level", level),
            name=self.text(entry, "name"),
            kind=self.text(entry, "kind"),
            parent_code=self.code(entry[_LINE], parent) if parent or level != "province" else "",
        )

    def change(self, entry: dict[str, Any]) -> Change:
        self.known_keys(entry, "change")
        line: int = entry[_LINE]
        parts = tuple(map(self.part, self.entries(entry.get("parts"), line, "parts")))
        rest = self.code(line, entry["rest"]) if "rest" in entry else ""
        unclear = self.code(line, entry["unclear"]) if "unclear" in entry else ""
        given = entry.get("to", [])
        named = given if isinstance(given, list) else [given]
        direct = [self.code(line, value) for value in named]
        if not direct and not parts:
            self.wrong(
                line,
                _("The entry does not say where the unit goes."),
                _("Add “to” with the code of the unit that takes it, or “parts”."),
            )
        to = tuple(dict.fromkeys(c for c in (unclear, rest, *direct, *(p.to for p in parts)) if c))
        if len(direct) != len(set(direct)):
            self.wrong(line, _("A code stands twice under “to”."), _("Take one of them out."))
        return Change(line, self.code(line, entry.get("from")), to, parts, rest, unclear)

    def part(self, entry: dict[str, Any]) -> Part:
        self.known_keys(entry, "part")
        line: int = entry[_LINE]
        street = self.text(entry, "street", needed=False)
        neighbourhood = self.text(entry, "neighbourhood", needed=False)
        if not street and not neighbourhood:
            self.wrong(
                line,
                _("The part names neither a street nor a neighbourhood."),
                _("Name one, or use “rest” for what no part names."),
            )
        if ("houses" in entry or "side" in entry) and not street:
            self.wrong(
                line, _("House numbers without a street."), _("Name the street that they are in.")
            )
        side = entry.get("side", "")
        if side and side not in _SIDES:
            self.wrong(line, _("“%(side)s” is no side."), _("Write odd or even."), side=side)
        ranges = self.ranges(line, entry["houses"]) if "houses" in entry else ()
        return Part(line, self.code(line, entry.get("to")), neighbourhood, street, ranges, side)

    def ranges(self, line: int, value: object) -> tuple[Range, ...]:
        found: list[Range] = []
        for piece in str(value).split(","):
            match = _RANGE.fullmatch(piece.strip())
            low, dash, high = match.groups() if match else (None, None, None)
            first = int(low or 0)
            last = int(high) if high else (None if dash else first)
            if not (low or high) or (last is not None and last < first):
                self.wrong(
                    line,
                    _("“%(houses)s” are no house numbers."),
                    _("Write 1-99, 101- or 2, 4, 10-20; the smaller number first."),
                    houses=value,
                )
                return ()
            found.append((first, last))
        return tuple(found)


def read(text: str) -> Decision:
    """Return the decision that the text of a file declares; raises ``DecisionRefused``."""
    reader = _Reader()
    data = _parsed(text)
    reader.known_keys(data, "file")
    line: int = data[_LINE]
    if data.get("version") != 1:
        reader.wrong(line, _("The version of the form is not 1."), _("Begin with “version: 1”."))
    units = tuple(map(reader.unit, reader.entries(data.get("units"), line, "units")))
    changes = tuple(map(reader.change, reader.entries(data.get("changes"), line, "changes")))
    decision = Decision(
        number=reader.text(data, "number"),
        title=reader.text(data, "title"),
        legal_basis=reader.text(data, "legal_basis"),
        decided_on=reader.day(data, "decided_on"),
        effective_on=reader.day(data, "effective_on"),
        units=units,
        changes=changes,
        ends=tuple(_endings(reader, data)),
        digest=_digest(data),
        text=text,
    )
    if not changes:
        reader.wrong(line, _("The decision changes nothing."), _("Add entries under “changes”."))
    if not reader.flaws and decision.decided_on > decision.effective_on:
        reader.wrong(
            line,
            _("The decision takes effect before it was made."),
            _("Compare both days with the decision on paper."),
        )
    if reader.flaws:
        raise DecisionRefused(sorted(reader.flaws, key=lambda flaw: flaw.line))
    return decision


def _endings(reader: _Reader, data: dict[str, Any]) -> Iterable[Ending]:
    value, line = data.get("ends") or [], data[_LINE]
    if not isinstance(value, list):
        reader.wrong(
            line,
            _("“%(key)s” is not a list of entries."),
            _("Begin each entry with a hyphen, as in the example of the guide."),
            key="ends",
        )
        return ()
    return [Ending(line, reader.code(line, code)) for code in value]


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        why = _("The file is larger than any decision.")
        raise DecisionRefused([Flaw(1, why, _("Check that it is the right file."))])
    try:
        with _without_collecting():
            data = yaml.load(text, Loader=_Loader)  # noqa: S506 - built on the safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise DecisionRefused(
            [
                Flaw(
                    mark.line + 1 if mark else 1,
                    _("This is not YAML: %(why)s."),
                    _("Check indentation, colons and quotes in this line and the one above."),
                    {"why": getattr(error, "problem", None) or error},
                )
            ]
        ) from error
    if not isinstance(data, dict):
        why = _("The file does not begin with “version”, “number” and the other words of its head.")
        raise DecisionRefused([Flaw(1, why, _("Take the example of the guide as a pattern."))])
    return data


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: half a million nodes live until the end, and none is any."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _digest(data: object) -> str:
    """Return a hash of what the file says; comments, order of keys and blanks do not count."""
    plain = orjson.dumps(_plain(data), option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(plain, digest_size=16).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items() if k != _LINE}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
