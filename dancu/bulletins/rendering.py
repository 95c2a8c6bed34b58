"""A bulletin as a file on paper: PDF, typeset from the stored figures, the same each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _

from dancu.bulletins import sheets, words
from dancu.bulletins.pictures import trend_svg
from dancu.bulletins.sheets import Sheet, Value
from dancu.bulletins.stuck import Stuck, stuck
from dancu.bulletins.types import Bulletin, UnitLine
from dancu.design.tags.display import grouped
from dancu.kernel.clock import VIETNAM

if TYPE_CHECKING:
    import typst

_FOLDER = Path(__file__).parent / "paper"
_TEMPLATE = "bulletin.typ"
#: Words of a column up to this length stand in a narrow one.
_SHORT = 16
_lock = Lock()


def pdf_of(found: Bulletin, language: str) -> bytes:
    """Return the bulletin of a unit as PDF.

    The font is Libertinus Serif, which comes with the typesetter and is embedded.
    """
    inputs: Mapping[str, str] = {
        "data": orjson.dumps(content_of(found, language)).decode(),
        "trend": trend_svg(found.trend, label=trend_words(found)),
    }
    with _lock:  # One compiler for the process; it holds fonts of some tens of megabytes.
        made = _compiler().compile(format="pdf", sys_inputs=dict(inputs), pdf_standards=["a-2b"])
    if not isinstance(made, bytes):
        raise TypeError("The typesetter gave no file.")
    return made


def content_of(found: Bulletin, language: str) -> dict[str, Any]:
    """Return what the paper says, in words."""
    edition, unit, total = found.edition, found.unit, found.unit.total
    made = edition.made_at.astimezone(VIETNAM)
    return {
        "language": language,
        "made": [made.year, made.month, made.day],
        "title": words.title(edition),
        "unit": words.unit_name(unit),
        "lead": words.headline(found),
        "movement": words.movement(total),
        "standing": words.standing(found),
        "span": words.span(edition),
        "examined": _("Data examined at %(at)s.") % {"at": words.moment_words(edition.examined_at)},
        "late": words.late(edition),
        "page": _("Page"),
        "figures": [
            {"label": _("Left"), "value": grouped(total.left), "detail": words.signed(total.net)},
            {"label": _("Mended"), "value": grouped(total.mended), "detail": ""},
            {"label": _("Newly found"), "value": grouped(total.opened), "detail": ""},
            {
                "label": _("Share mended"),
                "value": words.percent(unit.placing.share if unit.parent else total.share),
                "detail": "",
            },
        ],
        "stuck_title": _("Where work is stuck"),
        "stuck": [stuck_words(one, language) for one in stuck(found, words.FEW)],
        "nothing_stuck": _("Nowhere: everywhere something was mended, and more than was found."),
        "trend_words": trend_words(found),
        "tables": [
            _plain(one)
            for one in (
                sheets.groups(found, language),
                sheets.targets(found, language),
                sheets.offices(found, language),
                sheets.causes(found),
                _league(found),
            )
            if one.rows
        ],
        "measure": words.measure(edition) if found.children or found.sisters else "",
    }


def trend_words(found: Bulletin) -> str:
    """Say what the picture of the trend shows."""
    if len(found.trend) < 2:  # noqa: PLR2004
        return ""
    first, last = found.trend[0], found.trend[-1]
    return _(
        "Line: issues left, from %(first)s on %(since)s to %(last)s on %(until)s. "
        "Bars: newly found (yellow) and mended (green)."
    ) % {
        "first": grouped(first.left),
        "since": words.day_words(first.day),
        "last": grouped(last.left),
        "until": words.day_words(last.day),
    }


def stuck_words(one: Stuck, language: str) -> str:
    """Say of one place why work is stuck there."""
    name = words.unit_name(one.what) if isinstance(one.what, UnitLine) else one.what.label(language)
    given = {
        "name": name,
        "left": grouped(one.movement.left),
        "opened": grouped(one.movement.opened),
        "mended": grouped(one.movement.mended),
    }
    if one.why == "untouched":
        return _("%(name)s: %(left)s left, nothing mended") % given
    return _("%(name)s: %(opened)s newly found, only %(mended)s mended") % given


def _league(found: Bulletin) -> Sheet:
    """Return the league table without the columns that paper has no room for."""
    whole = sheets.units(found)
    kept = [0, 2, 3, 4, 5, 6, 7, 10, 11]
    return Sheet(
        whole.title,
        [whole.columns[at] for at in kept],
        [[row[at] for at in kept] for row in whole.rows],
    )


def _plain(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "columns": [
            {"label": label, "number": number, "wide": not number and _is_wide(sheet, at)}
            for at, (label, number) in enumerate(sheet.columns)
        ],
        "rows": [_row(row, sheet) for row in sheet.rows],
    }


def _is_wide(sheet: Sheet, at: int) -> bool:
    """Say whether a column of words takes the room that is left."""
    return any(len(str(row[at])) > _SHORT for row in sheet.rows)


def _row(row: Sequence[Value], sheet: Sheet) -> list[str]:
    changes = {at for at, (label, _n) in enumerate(sheet.columns) if label == _("Net change")}
    return [
        value
        if isinstance(value, str)
        else words.signed(int(value))
        if at in changes
        else words.number(value)
        for at, value in enumerate(row)
    ]


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    import typst

    return typst.Compiler(
        input=_FOLDER / _TEMPLATE, root=_FOLDER, ignore_system_fonts=True, sys_inputs={}
    )
