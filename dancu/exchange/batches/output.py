"""The answers as files: CSV, a workbook whose cells are all text, JSON lines in an array.

All are made while they are sent, so that a million rows need no memory, and what has been answered
so far can be fetched while the rest is worked on.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple
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
#: What a spreadsheet would run instead of showing; numbers and telephone numbers are none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s.,()/-]*\Z)")
_MAY_BE_FORMULA = re.compile(r'"[=@\t\r+-]').search
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def content(
    batch: Batch,
    *,
    format_: Format,
    language: str = "vi",
    more: queries.More = queries.no_more,
) -> Iterator[bytes]:
    """Return a file of the rows answered so far, in the order of the batch, piece by piece.

    ``more`` says at the end of them whether others have been answered or will be. Raises
    ``FileForgotten`` before the first piece.
    """
    if format_ == "json":
        return _json(batch, queries.answered(batch, more))
    head = _head(batch, language)
    rows = _explained(batch, queries.answered_alike(batch, more), language)
    return _csv(head, rows) if format_ == "csv" else _workbook(head, rows)


class _Explained(NamedTuple):
    """A row of the table: what came of it, which rows that are alike share, and its own cells."""

    number: str
    said: list[str]
    is_shared: bool
    record: str
    cells: list[str]


def _head(batch: Batch, language: str) -> list[str]:
    names = queries.attributes(batch)
    with override(language):
        labels = [_label(name, language) for name in names]
        return [
            _("Row"),
            _("Result"),
            _("What it means"),
            _("What to do"),
            _("Error code"),
            *(_("Result: %(column)s") % {"column": label} for label in labels),
            *(_("Proposed: %(column)s") % {"column": label} for label in labels),
            *_questions(batch),
            _("Outcome"),
            _("Number of the answer"),
            *queries.titles(batch),
        ]


def _questions(batch: Batch) -> list[str]:
    return [f"{n}:{a}" if a is not None else str(n) for n, a in batch.questions]


def _explained(
    batch: Batch, rows: Iterable[tuple[int, list[str], RowAnswer, str]], language: str
) -> Iterator[_Explained]:
    """Yield what came of each row, in words, and the row as it was sent."""
    words = _Words(queries.attributes(batch), _questions(batch), language)
    alike: dict[int, tuple[RowAnswer, list[str]]] = {}
    for number, cells, one, record in rows:
        # Those alike are kept, so that no other row can be taken for one of them.
        is_shared = not one.record
        if not is_shared:
            said = words.of(one)
        elif (known := alike.get(id(one))) is not None:
            said = known[1]
        else:
            said = words.of(one)
            alike[id(one)] = (one, said)
        yield _Explained(str(number), said, is_shared, record, cells)


class _Words:
    """Words of groups, codes and results, translated once for each."""

    def __init__(self, names: Sequence[str], questions: Sequence[str], language: str) -> None:
        self._names, self._questions, self._language = names, questions, language
        self._groups: dict[tuple[str, str, bool | None], tuple[str, str, str]] = {}
        self._results: dict[tuple[str, str], str] = {}
        self._lines: dict[tuple[tuple[str, str] | None, ...], list[str]] = {}

    def of(self, one: RowAnswer) -> list[str]:
        """Return what came of a row: group, why, what to do, code, results, proposals, outcome."""
        proposed = one.proposed
        return [
            *self._group(one),
            one.code,
            *self._of_results(one.results),
            *(proposed[n][0] if n in proposed else "" for n in self._names),
            *(one.answers.get(key, "") for key in self._questions),
            one.outcome,
        ]

    def _group(self, one: RowAnswer) -> tuple[str, str, str]:
        key = (one.group, one.code, one.successor)
        if key not in self._groups:
            with override(self._language):
                self._groups[key] = _said(one)
        return self._groups[key]

    def _of_results(self, found: Mapping[str, tuple[str, str]]) -> list[str]:
        key = tuple(map(found.get, self._names))
        if key not in self._lines:
            self._lines[key] = [self._result(one) for one in key]
        return self._lines[key]

    def _result(self, found: tuple[str, str] | None) -> str:
        """Return the result of an attribute with its reason; empty when it was not compared."""
        if found is None:
            return ""
        result, reason = key = (found[0], found[1])
        if key not in self._results:
            with override(self._language):
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


def _chunks(rows: Iterable[_Explained]) -> Iterator[list[_Explained]]:
    left = iter(rows)
    while chunk := list(islice(left, _CHUNK_ROWS)):
        yield chunk


def _csv(head: list[str], rows: Iterable[_Explained]) -> Iterator[bytes]:
    """Yield CSV in UTF-8 with a byte order mark, which spreadsheets look for."""
    yield b"\xef\xbb\xbf" + f"{_line(head)}{_BREAK}".encode("utf-8", "replace")
    shared: dict[int, str] = {}
    for chunk in _chunks(rows):
        text = []
        for number, said, is_shared, record, cells in chunk:
            begin = shared.get(id(said)) if is_shared else _line(said)
            if begin is None:
                begin = shared[id(said)] = _line(said)
            text.append(f"{number},{begin},{record},{_line(cells)}{_BREAK}")
        yield "".join(text).encode("utf-8", "replace")


def _line(cells: list[str]) -> str:
    """Return cells as the text of a line of CSV (RFC 4180), kept from being run as formulas."""
    line = '","'.join(cells)
    if line.count('"') > 2 * (len(cells) - 1) or _MAY_BE_FORMULA(f'"{line}'):
        line = '","'.join([_harmless(cell).replace('"', '""') for cell in cells])
    return f'"{line}"'


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


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
_TEXT, _BOLD = 1, 2
_BREAK = "\r\n"


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


def _workbook(head: list[str], rows: Iterable[_Explained]) -> Iterator[bytes]:
    """Yield a workbook (ECMA-376) of one sheet; every cell is text and stays so."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=zlib.Z_BEST_SPEED) as parts:
        for name, text in _PARTS.items():
            parts.writestr(name, _XML + text)
        with parts.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_SHEET_BEGIN + _xml_row(head, _BOLD)).encode())
            for chunk in _chunks(rows):
                lines = [[r.number, *r.said, r.record, *r.cells] for r in chunk]
                sheet.write("".join([_xml_row(line, _TEXT) for line in lines]).encode())
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
