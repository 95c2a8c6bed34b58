"""The answers as files: CSV, a workbook whose cells are all text, JSON lines in an array.

All are made while they are sent, so that a million rows need no memory, and what has been answered
so far can be fetched while the rest is worked on.
"""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import override

from dancu.catalogue.errors import UnknownAttribute
from dancu.catalogue.queries import attribute
from dancu.exchange.batches import queries
from dancu.exchange.batches.answers import RowAnswer
from dancu.exchange.batches.models import Batch
from dancu.exchange.batches.words import GROUPS, OUTCOMES, RESULTS, code_words, reason_words

Format = Literal["csv", "xlsx", "json"]
FORMATS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_CHUNK_ROWS = 500
#: What a spreadsheet would run instead of showing.
_FORMULA = re.compile(r"[=@\t\r]|[+-][^\d\s]")
_FORMULA_BEGINS = frozenset("=@\t\r+-")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def content(batch: Batch, *, format_: Format, language: str = "vi") -> Iterator[bytes]:
    """Return a file of the rows answered so far, in the order of the batch, piece by piece.

    Raises ``FileForgotten`` before the first piece.
    """
    rows = queries.answered(batch)
    if format_ == "json":
        return _json(batch, rows)
    lines = table(batch, rows, language)
    return _csv(lines) if format_ == "csv" else _workbook(lines)


def table(
    batch: Batch, rows: Iterable[tuple[int, list[str], RowAnswer]], language: str
) -> Iterator[list[str]]:
    """Yield the head and a line for each row: what came of it, then the row as it was sent."""
    names = queries.attributes(batch)
    questions = [f"{n}:{a}" if a is not None else str(n) for n, a in batch.questions]
    with override(language):
        labels = [_label(name, language) for name in names]
        words = _Words()
        yield [
            _("Row"),
            _("Result"),
            _("What it means"),
            _("What to do"),
            _("Error code"),
            *(_("Result: %(column)s") % {"column": label} for label in labels),
            *(_("Proposed: %(column)s") % {"column": label} for label in labels),
            *questions,
            _("Outcome"),
            _("Number of the answer"),
            *queries.titles(batch),
        ]
    nothing = [""] * len(names)
    for number, cells, one in rows:
        line = [str(number), *words.of(one, language), one.code]
        line += words.results(one.results, names, language)
        proposed = one.proposed
        line += [proposed[n][0] if n in proposed else "" for n in names] if proposed else nothing
        if questions:
            line += [one.answers.get(key, "") for key in questions]
        line += (one.outcome, one.record)
        line += cells
        yield line


class _Words:
    """Words of groups, codes and results, translated once for each."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, bool | None], tuple[str, str, str]] = {}
        self._results: dict[tuple[str, str], str] = {}
        self._lines: dict[tuple[tuple[str, str] | None, ...], list[str]] = {}

    def of(self, one: RowAnswer, language: str) -> tuple[str, str, str]:
        """Return the name of the group, why the row is in it, and what to do."""
        key = (one.group, one.code, one.successor)
        if key not in self._groups:
            with override(language):
                self._groups[key] = _said(one)
        return self._groups[key]

    def results(
        self, found: Mapping[str, tuple[str, str]], names: Sequence[str], language: str
    ) -> list[str]:
        """Return the results of the attributes, in the order of ``names``."""
        key = tuple(map(found.get, names))
        if key not in self._lines:
            self._lines[key] = [self.result(one, language) for one in key]
        return self._lines[key]

    def result(self, found: tuple[str, str] | None, language: str) -> str:
        """Return the result of an attribute with its reason; empty when it was not compared."""
        if found is None:
            return ""
        result, reason = key = (found[0], found[1])
        if key not in self._results:
            with override(language):
                words = str(RESULTS.get(result, result))
                if reason:
                    words = f"{words}: {reason_words(reason)}"
                self._results[key] = words
        return self._results[key]


def _said(one: RowAnswer) -> tuple[str, str, str]:
    group = GROUPS[one.group]
    why = str(group.meaning)
    if one.code and one.code.lower() != one.group and not one.code.startswith("refused:"):
        why = code_words(one.code)
    if one.successor is not None:
        more = _("There is a new number.") if one.successor else _("There is no new number.")
        why = f"{why} {more}"
    return str(group.label), why, str(group.remedy)


def _label(name: str, language: str) -> str:
    try:
        return attribute(name).label(language)
    except UnknownAttribute:
        return name


def outcome_words(outcome: str) -> str:
    """Return an outcome in words."""
    return str(OUTCOMES.get(outcome, outcome))


def _chunks(lines: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    waiting: list[list[str]] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) == _CHUNK_ROWS:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _csv(lines: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield CSV in UTF-8 with a byte order mark, which spreadsheets look for."""
    yield b"\xef\xbb\xbf"
    for chunk in _chunks(lines):
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(map(_harmless, chunk))
        yield text.getvalue().encode("utf-8", "replace")


def _harmless(line: list[str]) -> list[str]:
    """Keep cells from being run as formulas."""
    if any(map(_FORMULA_BEGINS.__contains__, [cell[:1] for cell in line])):
        return [f"'{cell}" if _FORMULA.match(cell) else cell for cell in line]
    return line


def _json(batch: Batch, rows: Iterable[tuple[int, list[str], RowAnswer]]) -> Iterator[bytes]:
    head = {"batch": batch.reference, "contract": batch.contract, "rows": batch.rows}
    yield orjson.dumps(head)[:-1] + b',"answers":['
    separator = b""
    for number, _cells, one in rows:
        yield separator + orjson.dumps(row_json(number, one))
        separator = b",\n"
    yield b"]}\n"


def row_json(number: int, one: RowAnswer) -> dict[str, object]:
    """Return the answer to a row as programs read it."""
    found: dict[str, object] = {
        "row": number,
        "id": one.record or None,
        "outcome": one.outcome or None,
        "group": one.group,
        "code": one.code or None,
        "attributes": {
            name: {"result": result, "reason": reason} if reason else {"result": result}
            for name, (result, reason) in one.results.items()
        },
    }
    if one.proposed:
        found["proposed"] = {
            name: {"value": value, "code": code} for name, (value, code) in one.proposed.items()
        }
    if one.answers:
        found["answers"] = dict(one.answers)
    if one.successor is not None:
        found["successor"] = one.successor
    return found


_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/styles" Target="styles.xml"/></Relationships>'
    ),
    # Style 1 is text (format 49, "@"), style 2 the same in bold.
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<fonts count="2"><font><sz val="11"/><name val="Arial"/></font>'
        '<font><b/><sz val="11"/><name val="Arial"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '</cellStyleXfs><cellXfs count="3">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
        'applyFont="1"/></cellXfs></styleSheet>'
    ),
}
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_BEGIN = (
    f'{_XML}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<cols><col min="1" max="1" width="8" customWidth="1"/>'
    '<col min="2" max="4" width="34" customWidth="1"/>'
    '<col min="5" max="60" width="20" customWidth="1"/></cols><sheetData>'
)
_SHEET_END = "</sheetData></worksheet>"


class _Sink(io.RawIOBase):
    """What is written can be taken out, and is gone."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._parts.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        found = b"".join(self._parts)
        self._parts.clear()
        return found


def _workbook(lines: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield a workbook (ECMA-376) of one sheet; every cell is text and stays so."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=zlib.Z_BEST_SPEED) as parts:
        for name, text in _PARTS.items():
            parts.writestr(name, _XML + text)
        with parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_SHEET_BEGIN.encode())
            style = 2
            for chunk in chain(_chunks(lines)):
                rows = []
                for line in chunk:
                    rows.append(_xml_row(line, style))
                    style = 1
                sheet.write("".join(rows).encode())
                yield sink.take()
            sheet.write(_SHEET_END.encode())
    yield sink.take()


def _xml_row(line: list[str], style: int) -> str:
    cells = "".join(
        f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{_xml(cell)}</t></is></c>'
        if cell
        else f'<c s="{style}"/>'
        for cell in line
    )
    return f"<row>{cells}</row>"


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub(" ", text))
