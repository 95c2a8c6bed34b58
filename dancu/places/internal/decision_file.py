"""Reading a decision file: YAML with the line of each entry. Pure: no database."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING, Any, cast

import orjson
from django.utils.translation import gettext_noop as _

from dancu.kernel.text import nfc
from dancu.places.decision_types import Change, Decision, Ending, Flaw, NewUnit, Part
from dancu.places.errors import DecisionRefused
from dancu.places.internal.decision_yaml import LINE, parsed
from dancu.places.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dancu.places.decision_types import Range
    from dancu.places.types import Level

_CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{0,7}")
_RANGE = re.compile(r"(\d{1,5})?\s*(-)?\s*(\d{1,5})?")
_SIDES = ("", "odd", "even")
#: A decision of another century is a slip of the pen.
_YEARS = range(1900, 2200)
#: So many characters of a wrong value are repeated to whoever wrote it.
_ROOM = 60
_LONGEST = {"number": 60, "title": 300, "legal_basis": 1000, "name": 120}

_HEAD = ("version", "number", "title", "legal_basis", "decided_on", "effective_on")
_KEYS = {
    "file": {*_HEAD, "units", "changes", "ends"},
    "unit": {"code", "level", "name", "kind", "parent"},
    "change": {"from", "to", "parts", "rest", "unclear"},
    "part": {"to", "neighbourhood", "street", "houses", "side"},
}


class _Reader:
    """Collects what is wrong while it takes the file apart."""

    def __init__(self, text: str, head: dict[str, Any]) -> None:
        self.flaws: list[Flaw] = []
        self._text, self._head = text, head

    def line(self, entry: dict[str, Any], key: str) -> int:
        """Return the line of an entry; of the head, which is one long entry, that of the key."""
        line: int = entry[LINE]
        if entry is self._head and key in entry:
            found = re.search(rf"^{re.escape(key)}\s*:", self._text, re.MULTILINE)
            line = self._text.count("\n", 0, found.start()) + 1 if found else line
        return line

    def wrong(self, line: int, message: str, remedy: str, **params: object) -> None:
        self.flaws.append(Flaw(line, message, remedy, params))

    def known_keys(self, entry: dict[str, Any], kind: str) -> None:
        for key in entry:
            if key != LINE and key not in _KEYS[kind]:
                self.wrong(
                    self.line(entry, key),
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
                self.line(entry, key),
                _("“%(key)s” is missing or is not a text."),
                _("Write it in quotes, so that zeros at its front stay."),
                key=key,
            )
            return ""
        cleaned = " ".join(nfc(value).split())
        if len(cleaned) > _LONGEST.get(key, 120):
            self.wrong(
                self.line(entry, key),
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
            code=_said(value),
        )
        return ""

    def day(self, entry: dict[str, Any], key: str) -> dt.date:
        value = entry.get(key)
        if type(value) is dt.date and value.year in _YEARS:
            return value
        self.wrong(
            self.line(entry, key),
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
                entry[LINE],
                _("“%(level)s” is no level."),
                _("Write province, commune or neighbourhood."),
                level=_said(level),
            )
        parent = entry.get("parent")
        return NewUnit(
            line=entry[LINE],
            code=self.code(entry[LINE], entry.get("code")),
            level=cast("Level", level),
            name=self.text(entry, "name"),
            kind=self.text(entry, "kind"),
            parent_code=self.code(entry[LINE], parent) if parent or level != "province" else "",
        )

    def change(self, entry: dict[str, Any]) -> Change:
        self.known_keys(entry, "change")
        line: int = entry[LINE]
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
        line: int = entry[LINE]
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
        side = entry.get("side") or ""
        if side not in _SIDES:
            said = _said(side)
            self.wrong(line, _("“%(side)s” is no side."), _("Write odd or even."), side=said)
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
                    houses=_said(value),
                )
                return ()
            found.append((first, last))
        return tuple(found)


def read(text: str) -> Decision:
    """Return the decision that the text of a file declares; raises ``DecisionRefused``."""
    data = parsed(text)
    reader = _Reader(text, data)
    reader.known_keys(data, "file")
    line: int = data[LINE]
    if data.get("version") != 1:
        at = reader.line(data, "version")
        reader.wrong(at, _("The version of the form is not 1."), _("Begin with “version: 1”."))
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
    value, line = data.get("ends") or [], reader.line(data, "ends")
    if not isinstance(value, list):
        reader.wrong(
            line,
            _("“%(key)s” is not a list of entries."),
            _("Begin each entry with a hyphen, as in the example of the guide."),
            key="ends",
        )
        return ()
    return [Ending(line, reader.code(line, code)) for code in value]


def _said(value: object) -> str:
    """Return what stands in the file, as far as a sentence has room for it."""
    words = str(value) if isinstance(value, str | int | float | dt.date) else "…"
    return words if len(words) <= _ROOM else f"{words[:_ROOM]}…"


def _digest(data: object) -> str:
    """Return a hash of what the file says; comments, order of keys and blanks do not count."""
    plain = orjson.dumps(_plain(data), option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(plain, digest_size=16).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items() if k != LINE}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
