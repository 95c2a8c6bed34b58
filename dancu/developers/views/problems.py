"""Every error that a program may meet: what, why, and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.design.tables import Cell, Column, Row, Table
from dancu.developers import problem_types
from dancu.developers.types import FieldFault
from dancu.developers.views.common import crumbs
from dancu.identity.decorators import public
from dancu.kernel.errors import PROBLEM_TYPE


@public()
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """List all problem types by area, and how single fields can be wrong."""
    wanted = " ".join(request.GET.get("q", "").split())[:80]
    every = problem_types.problem_types()
    shown = [one for one in every if _fits(wanted, one.code, str(one.status), one.message)]
    areas = [
        {"name": name, "words": words, "problems": [one for one in shown if one.area == name]}
        for name, words in problem_types.areas()
    ]
    faults = [
        one
        for one in problem_types.field_faults()
        if _fits(wanted, one.code, one.field, one.message)
    ]
    context = {
        "crumbs": crumbs(_("Errors")),
        "areas": [area for area in areas if area["problems"] or not wanted],
        "faults": _faults(faults) if faults else None,
        "wanted": wanted,
        "count": len(shown),
        "total": len(every),
        "type": f"{PROBLEM_TYPE}‹code›",
    }
    return render(request, "developers/problems.html", context)


def _fits(wanted: str, *texts: str) -> bool:
    return not wanted or any(wanted.casefold() in text.casefold() for text in texts)


def _faults(found: list[FieldFault]) -> Table:
    return Table(
        caption=_("Faults of single fields"),
        columns=[
            Column(_("code"), heading=True),
            Column(_("Field")),
            Column(_("Why")),
            Column(_("What to do")),
        ],
        rows=[
            Row([Cell(one.code, code=True), Cell(one.field, code=True), one.message, one.remedy])
            for one in found
        ],
    )
