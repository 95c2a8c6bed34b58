"""Rows of a file on the bench that seem to be one person, in it and in a second file."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dancu.cleaning.findings import twins_of
from dancu.cleaning.models import File
from dancu.cleaning.outcome import twin_words
from dancu.cleaning.twice import Place, Twin
from dancu.console.show.cleaning import PAGE
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Empty


def twins_table(file: File, window: int) -> tuple[Table, bool]:
    """Return a window of the pairs of rows that seem to be one person."""
    found = twins_of(file.found or {})
    empty = Empty(_("Nobody is in the file twice"), "", icon="check-circle")
    rows, has_next = _pairs(found, window, _("Rows %(one)s and %(other)s"))
    return Table(_("Duplicate rows"), _pair_columns(), rows, empty=empty, key="twins"), has_next


def others_table(file: File, window: int) -> tuple[Table, bool]:
    """Return a window of the rows whose person seems to be in the second file too."""
    found = twins_of(file.found or {}, "against")
    empty = Empty(_("Nobody of this file was found in the second one"), "", icon="check-circle")
    rows, has_next = _pairs(found, window, _("Row %(one)s; in the second file row %(other)s"))
    caption = _("Rows in both files")
    return Table(caption, _pair_columns(), rows, empty=empty, key="others"), has_next


def _pairs(found: Sequence[Twin], window: int, words: str) -> tuple[list[Row], bool]:
    start = (window - 1) * PAGE
    has_sheets = any(place.sheet for one in found for place in (one.first, one.second))
    rows = [
        Row(
            [
                Cell(
                    _names(one),
                    detail=words
                    % {
                        "one": _place(one.first, has_sheets),
                        "other": _place(one.second, has_sheets),
                    },
                ),
                twin_words(one),
                f"{int(one.probability * 100)}%",
            ]
        )
        for one in found[start : start + PAGE]
    ]
    return rows, len(found) > start + PAGE


def _names(one: Twin) -> str:
    """Return who both rows are about; twice where the files write it in two ways."""
    return " · ".join(dict.fromkeys(name or _("no name") for name in one.names))


def _pair_columns() -> list[Column]:
    return [
        Column(_("Who"), heading=True),
        Column(_("Why")),
        Column(_("How sure"), numeric=True, narrow=True),
    ]


def _place(place: Place, has_sheets: bool) -> str:  # noqa: FBT001 - told by its only caller
    if not has_sheets:
        return str(place.row)
    return _("%(row)s of sheet %(sheet)s") % {"row": place.row, "sheet": place.sheet + 1}
