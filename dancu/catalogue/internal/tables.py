"""Whether the CSV files are sound: code lists, and units with their successions."""

from __future__ import annotations

import csv
import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from dancu.catalogue.internal.document import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CODE_COLUMNS = ["code", "label_vi", "label_en", "valid_from", "valid_to"]
_UNIT_FILES = ("provinces.csv", "districts.csv", "communes.csv")


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its place."""

    file: str
    line: int
    values: dict[str, str]

    def finding(self, what: str, remedy: str) -> Finding:
        """Return a finding at this row."""
        return Finding(self.file, self.line, what, remedy)


def check_code_list(path: Path) -> Iterator[Finding]:
    """Yield what is wrong in one code list."""
    rows, problems = read_rows(path, f"codes/{path.name}", _CODE_COLUMNS)
    yield from problems
    counts = Counter(row.values["code"] for row in rows)
    for row in rows:
        code = row.values["code"]
        if not (code and row.values["label_vi"] and row.values["label_en"]):
            what = _("The code or one of its labels is empty.")
            yield row.finding(what, _("Give every code a Vietnamese and an English label."))
        if counts[code] > 1:
            what = _("Code %(code)s occurs more than once.") % {"code": code}
            yield row.finding(what, _("Keep one of them."))
        yield from _check_period(row)


def check_units(folder: Path) -> Iterator[Finding]:
    """Yield what is wrong in the administrative maps: parents, periods, successions."""
    units: dict[str, list[Row]] = defaultdict(list)
    for name in _UNIT_FILES:
        columns = ["code", "name", "kind", "valid_from", "valid_to"]
        rows, problems = read_rows(folder / name, f"units/{name}", columns)
        yield from problems
        for row in rows:
            yield from _check_period(row)
            units[row.values["code"]].append(row)
    for row in [row for rows in units.values() for row in rows]:
        parent = row.values.get("parent")
        if parent is not None and not _covers(units.get(parent, []), row):
            what = _("Unit %(code)s lies in %(parent)s, which does not stand in those days.")
            yield row.finding(
                what % {"code": row.values["code"], "parent": parent},
                _("Correct the parent or the days."),
            )
    yield from _check_successions(folder / "successions.csv", units)


def read_rows(path: Path, name: str, columns: list[str]) -> tuple[list[Row], list[Finding]]:
    """Read the rows of a CSV file; without the columns, none and a finding."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = _("The file cannot be read: %(why)s.") % {"why": error}
        return [], [Finding(name, 1, what, _("Save it as UTF-8 text."))]
    reader = csv.DictReader(text.splitlines())
    missing = [c for c in columns if c not in (reader.fieldnames or [])]
    if missing:
        what = _("Columns are missing: %(columns)s.") % {"columns": ", ".join(missing)}
        return [], [Finding(name, 1, what, _("Write them in the first line."))]
    rows = [Row(name, at, values) for at, values in enumerate(reader, start=2)]
    if unicodedata.is_normalized("NFC", text):
        return rows, []
    problems = [
        row.finding(_("The text is not in Unicode form NFC."), _("Save the file in form NFC."))
        for row in rows
        if not all(unicodedata.is_normalized("NFC", v or "") for v in row.values.values())
    ]
    return rows, problems


def _check_period(row: Row) -> Iterator[Finding]:
    try:
        start, end = _day(row.values["valid_from"]), _day(row.values["valid_to"])
    except ValueError:
        what = _("valid_from or valid_to is not a day.")
        yield row.finding(what, _("Write days as yyyy-mm-dd, or leave them empty."))
        return
    if start and end and start >= end:
        what = _("The period ends before it starts.")
        yield row.finding(what, _("valid_to is the first day on which it no longer holds."))


def _check_successions(path: Path, units: dict[str, list[Row]]) -> Iterator[Finding]:
    columns = ["from", "to", "on", "is_default", "share", "cross_check"]
    rows, problems = read_rows(path, "units/successions.csv", columns)
    yield from problems
    defaults: Counter[tuple[str, str]] = Counter()
    for row in rows:
        on = row.values["on"]
        key = (row.values["from"], on)
        defaults[key] += row.values["is_default"] == "1"
        ends = any(u.values["valid_to"] == on for u in units.get(row.values["from"], []))
        begins = any(u.values["valid_from"] == on for u in units.get(row.values["to"], []))
        if not (ends and begins):
            what = _("No unit %(before)s ends, or no unit %(after)s begins, on %(day)s.")
            words = {"before": row.values["from"], "after": row.values["to"], "day": on}
            yield row.finding(what % words, _("Correct the codes or the days of the units."))
    for row in rows:
        key = (row.values["from"], row.values["on"])
        if defaults[key] != 1:
            what = _("Unit %(code)s does not have exactly one default successor.")
            yield row.finding(what % {"code": key[0]}, _("Mark one of its rows as the default."))
            defaults[key] = 1


def _covers(parents: list[Row], child: Row) -> bool:
    """Say whether the parent's periods together hold the whole period of the child."""
    start, end = child.values["valid_from"], child.values["valid_to"] or "9999-12-31"
    for parent in sorted(parents, key=lambda p: p.values["valid_from"]):
        if parent.values["valid_from"] <= start < (parent.values["valid_to"] or "9999-12-31"):
            start = parent.values["valid_to"] or "9999-12-31"
    return start >= end


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
