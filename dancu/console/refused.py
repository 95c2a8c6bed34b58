"""The refused lines of a delivery as a file: what is wrong, what to do, and the line itself.

Every cell is text, so that numbers keep their zeros and nothing is run as a formula.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from itertools import chain
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from dancu.catalogue.errors import UnknownAttribute
from dancu.catalogue.queries import attribute
from dancu.console import uploads
from dancu.console.models import Upload
from dancu.population import batches
from dancu.population.sheets import lines_of
from dancu.population.types import RejectedRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: More lines are handed out as CSV only, which is written while it is sent.
MOST_IN_WORKBOOK = 50_000
#: What a spreadsheet would run instead of showing.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s.,()/-]*\Z)")
_WIDTHS = (8, 28, 8, 44, 44)


def table(batch_id: int, upload: Upload | None, language: str) -> Iterator[list[str]]:
    """Yield the head and one line for each refusal; with the file at hand, its own cells behind.

    The lines are made after the request is over, hence the language.
    """
    with override(language), ExitStack() as stack:
        lines = None
        if upload is not None and uploads.has_content(upload):
            lines = lines_of(stack.enter_context(uploads.content_of(upload)))
        titles = next(lines, []) if lines else []
        head = [_("Row"), _("Field"), _("Code"), _("What is wrong"), _("What to do")]
        yield [*head, *titles]
        refusals = batches.iterate_rejections(batch_id=batch_id)
        for one, cells in _beside(refusals, lines or iter(())):
            said = [str(one.row_number), field_words(one.field, language), one.code]
            yield [*said, one.message, one.remedy, *cells]


def _beside(
    refusals: Iterable[RejectedRow], lines: Iterator[list[str]]
) -> Iterator[tuple[RejectedRow, list[str]]]:
    """Put each refusal beside its line; both come in the order of the file."""
    number, cells = 0, list[str]()
    for one in refusals:
        while number < one.row_number:
            number, cells = number + 1, next(lines, [])
        yield one, cells


def field_words(name: str, language: str) -> str:
    """Return a field by its label and its name; by its name alone where it is no attribute."""
    try:
        label = attribute(name).label(language)
    except UnknownAttribute:
        return name
    return f"{label} ({name})"


class _Line:
    """A file of one line: what ``csv`` writes is handed back."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield the table in UTF-8 with a byte order mark, which spreadsheets look for."""
    writer = csv.writer(_Line())
    for line in chain([None], rows):
        if line is None:
            yield b"\xef\xbb\xbf"
        else:
            yield str(writer.writerow([_harmless(cell) for cell in line])).encode()


def _harmless(cell: str) -> str:
    """Keep a cell from being run as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_workbook(rows: Iterable[list[str]]) -> IO[bytes]:
    """Return the table as a workbook, an open file that vanishes when it is closed."""
    target = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    options = {
        "constant_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with closing(xlsxwriter.Workbook(target, options)) as book:
        text = book.add_format({"num_format": "@", "valign": "top"})
        bold = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        for number, line in enumerate(rows):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell, text if number else bold)
    target.seek(0)
    return target
