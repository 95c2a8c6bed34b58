"""Deliveries of other agencies: the report of a batch and its refused rows, without any person."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from typing import cast

from django.core.exceptions import ObjectDoesNotExist
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from dancu.console.desk import Desk, at_desk
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Crumb, Stat
from dancu.disclosure.words import source_label
from dancu.identity.decorators import officer_required
from dancu.population import batches as deliveries
from dancu.population.types import BatchReport, RejectedRow

_ACTIONS = ("batch.load", "quality.view")
_LONGEST_NUMBER = 9


@officer_required(action=_ACTIONS)
@require_safe
@at_desk
def batches(request: HttpRequest, _desk: Desk) -> HttpResponse:
    """Open the report of a delivery by its number."""
    number = request.GET.get("number", "").strip()
    is_number = number.isdecimal() and len(number) <= _LONGEST_NUMBER
    problem = ""
    if is_number:
        try:
            deliveries.report(batch_id=int(number))
        except ObjectDoesNotExist:
            problem = _("There is no delivery with this number. Check the report you were sent.")
        else:
            return HttpResponseRedirect(reverse("console:batch", args=[int(number)]))
    elif number:
        problem = _("The number of a delivery has digits only.")
    context = {
        "number": number,
        "problem": problem,
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Deliveries"))],
    }
    return render(request, "console/batches.html", context, status=422 if problem else 200)


def _report(batch_id: int) -> BatchReport:
    try:
        return deliveries.report(batch_id=batch_id)
    except ObjectDoesNotExist:
        raise Http404 from None


@officer_required(action=_ACTIONS)
@require_safe
@at_desk
def batch(request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:
    """What became of a delivery: accepted, refused with reasons, and conflicts."""
    report = _report(batch_id)
    context = {
        "report": report,
        "source": source_label(report.source, desk.language),
        "stats": _stats(report),
        "table": _rejections(report),
        "more": report.rejected > len({one.row_number for one in report.rejections}),
        "crumbs": [
            Crumb(_("Work list"), reverse("console:home")),
            Crumb(_("Deliveries"), reverse("console:batches")),
            Crumb(report.key),
        ],
    }
    return render(request, "console/batch.html", context)


def _stats(report: BatchReport) -> list[Stat]:
    share = report.accepted / report.rows if report.rows else 1.0
    return [
        Stat(_("Rows"), grouped(report.rows)),
        Stat(_("Accepted"), grouped(report.accepted), tone="success", part=share),
        Stat(
            _("Refused"),
            grouped(report.rejected),
            href="#refused" if report.rejected else "",
            tone="warning" if report.rejected else "neutral",
        ),
        Stat(_("Conflicts opened"), grouped(report.conflicts)),
    ]


def _rejections(report: BatchReport) -> Table:
    columns = [
        Column(_("Row"), numeric=True, narrow=True, heading=True),
        Column(_("Field"), narrow=True),
        Column(_("What is wrong")),
    ]
    rows = [
        Row(
            [
                grouped(one.row_number),
                Cell(one.field, code=True),
                Cell(one.message, detail=one.remedy),
            ]
        )
        for one in report.rejections
    ]
    return Table(_("Refused rows"), columns, rows)


class _Line:
    """A file of one line: what ``csv`` writes is handed back."""

    def write(self, line: str) -> str:
        return line


@officer_required(action=_ACTIONS)
@require_safe
@at_desk
def rejected(_request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:
    """Download every refused row with its reason, as a file that spreadsheets open rightly."""
    report = _report(batch_id)
    answer = StreamingHttpResponse(
        _csv(deliveries.iterate_rejections(batch_id=batch_id), desk.language),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="refused-{report.batch_id}.csv"'
    return cast("HttpResponse", answer)


def _csv(rows: Iterator[RejectedRow], language: str) -> Iterator[bytes]:
    """Yield the lines in UTF-8 with a byte order mark, which spreadsheets look for.

    The lines are made after the request is over, hence the language.
    """
    with override(language):
        writer = csv.writer(_Line())
        head = [_("Row"), _("Field"), _("Code"), _("What is wrong"), _("What to do")]
        lines = (
            [str(one.row_number), one.field, one.code, one.message, one.remedy] for one in rows
        )
        yield b"\xef\xbb\xbf"
        for line in chain([head], lines):
            yield str(writer.writerow([_as_text(cell) for cell in line])).encode()


def _as_text(cell: str) -> str:
    """Keep a cell from being run as a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
