"""A bulletin as a workbook. Codes are text, so that no program takes their zeros away."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from dancu.bulletins import words
from dancu.bulletins.sheets import Sheet, sheets_of
from dancu.bulletins.types import Bulletin

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60
_LONGEST_TITLE = 31


def workbook_of(found: Bulletin, language: str) -> bytes:
    """Return the bulletin as a workbook with one sheet for each table."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        # The same bulletin is the same file, whenever it is asked for.
        book.set_properties(
            {
                "title": words.title(found.edition),
                "subject": words.unit_name(found.unit),
                "created": found.edition.made_at.replace(tzinfo=None),
            }
        )
        forms = {
            "words": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.##", "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
            "head": book.add_format(
                {"bold": True, "num_format": "@", "bottom": 1, "text_wrap": True, "valign": "top"}
            ),
        }
        for sheet in sheets_of(found, language):
            _write(book.add_worksheet(sheet.title[:_LONGEST_TITLE]), sheet, forms)
    return target.getvalue()


def _write(page: Any, sheet: Sheet, forms: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for column, (heading, _is_number) in enumerate(sheet.columns):
        longest = max([len(heading) // 2, *(len(str(row[column])) for row in sheet.rows)])
        page.set_column(column, column, min(longest + 3, _WIDEST))
        page.write_string(0, column, heading, forms["head"])
        for number, row in enumerate(sheet.rows, start=1):
            value = row[column]
            if isinstance(value, str):
                page.write_string(number, column, value, forms["words"])
            else:
                form = forms["whole"] if isinstance(value, int) else forms["number"]
                page.write_number(number, column, value, form)
