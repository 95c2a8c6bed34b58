"""Deliveries of other agencies: which there are, how one stands, and its refused lines."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.core.exceptions import ObjectDoesNotExist
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dancu.console import refused, uploads
from dancu.console.desk import Desk, at_desk
from dancu.console.models import Upload
from dancu.console.show.facts import account_words
from dancu.console.views.uploads import LOAD, crumbs, size_words
from dancu.console.words import day_words, moment_words
from dancu.design.paging import Window, window_of
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Crumb, Empty, Fact, Link, Progress, Stat
from dancu.disclosure.words import source_label
from dancu.identity.decorators import officer_required
from dancu.population import batches as loading
from dancu.population import deliveries
from dancu.population.deliveries import Delivery
from dancu.population.types import BatchReport

_ACTIONS = (LOAD, "quality.view")
_LONGEST_NUMBER = 9
_SHOWN_REFUSALS = 100
_MINUTE = 60
_HOUR = 3600


@officer_required(action=_ACTIONS)
@require_safe
@at_desk
def batches(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List all deliveries, the newest first; ``number`` opens one."""
    number = request.GET.get("number", "").strip()
    problem = ""
    if number:
        if number.isdecimal() and len(number) <= _LONGEST_NUMBER and _stands(int(number)):
            return HttpResponseRedirect(reverse("console:batch", args=[int(number)]))
        problem = _("There is no delivery with this number. Check the report you were sent.")
        if not number.isdecimal():
            problem = _("The number of a delivery has digits only.")
    found, has_next = deliveries.listed(window=window_of(request))
    may_load = desk.may(LOAD)
    context = {
        "number": number,
        "problem": problem,
        "table": _table(found, desk, may_load=may_load),
        "window": Window(window_of(request), has_next),
        "may_load": may_load,
        "unconfirmed": _unconfirmed(desk) if may_load else None,
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Deliveries"))],
    }
    return render(request, "console/batches.html", context, status=422 if problem else 200)


def _stands(batch_id: int) -> bool:
    try:
        deliveries.delivery(batch_id=batch_id)
    except ObjectDoesNotExist:
        return False
    return True


def _table(found: list[Delivery], desk: Desk, *, may_load: bool) -> Table:
    queued = _queued([one.batch_id for one in found if not one.is_done])
    rows = [
        Row(
            [
                Cell(
                    one.key,
                    reverse("console:batch", args=[one.batch_id]),
                    detail=" · ".join(
                        [
                            source_label(one.source, desk.language),
                            _("No. %(number)s") % {"number": one.batch_id},
                        ]
                    ),
                    badges=[_state(one, queued=one.batch_id in queued)],
                ),
                moment_words(one.started_at),
                grouped(one.rows),
                grouped(one.rejected),
                grouped(one.conflicts),
            ]
        )
        for one in found
    ]
    columns = [
        Column(_("Delivery"), heading=True),
        Column(_("Begun"), narrow=True, phone=False),
        Column(_("Rows"), numeric=True, narrow=True),
        Column(_("Refused"), numeric=True, narrow=True),
        Column(_("Conflicts"), numeric=True, narrow=True, phone=False),
    ]
    send = Link(_("Send in a file"), reverse("console:upload"), "upload", "primary")
    empty = Empty(
        _("No delivery has come yet"),
        _("Files of other agencies appear here with what became of each row."),
        send if may_load else None,
        "upload",
    )
    return Table(_("Deliveries"), columns, rows, empty=empty, key="deliveries")


def _queued(batch_ids: list[int]) -> set[int]:
    rows = Upload.objects.filter(batch_id__in=batch_ids, state=Upload.State.QUEUED)
    return {number for number in rows.values_list("batch_id", flat=True) if number is not None}


def _state(one: Delivery, *, queued: bool) -> Badge:
    if one.is_done:
        return Badge(_("loaded"), "success", "check")
    if one.is_running:
        return Badge(_("being loaded"), "info", "clock")
    if queued:
        return Badge(_("waiting"), "info", "clock")
    return Badge(_("not finished"), "warning", "warning")


def _unconfirmed(desk: Desk) -> Table | None:
    found = Upload.objects.filter(
        account_id=desk.actor.account_id or 0, state=Upload.State.SHOWN
    ).order_by("-uploaded_at")[:10]
    rows = [
        Row(
            [
                Cell(one.name, reverse("console:upload-confirm", args=[one.pk])),
                grouped(one.rows),
                size_words(one.size),
                moment_words(one.uploaded_at),
            ]
        )
        for one in found
    ]
    if not rows:
        return None
    columns = [
        Column(_("File"), heading=True),
        Column(_("Rows"), numeric=True, narrow=True),
        Column(_("Size"), narrow=True),
        Column(_("Sent in"), narrow=True),
    ]
    return Table(_("Files that nobody has confirmed"), columns, rows, key="unconfirmed")


def _found(batch_id: int) -> tuple[Delivery, Upload | None]:
    try:
        found = deliveries.delivery(batch_id=batch_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    return found, Upload.objects.filter(batch_id=batch_id).order_by("-id").first()


@officer_required(action=_ACTIONS)
@require_safe
@at_desk
def batch(request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:
    """How a delivery stands: the bar while it loads, then what was accepted, refused, disputed."""
    found, upload = _found(batch_id)
    report = loading.report(batch_id=batch_id) if found.rejected or found.is_done else None
    said, what = uploads.problem_words(upload.problem if upload else None)
    stopped = upload is not None and uploads.is_stopped(upload, at=desk.at)
    may_again = stopped and desk.may(LOAD) and upload is not None and uploads.has_content(upload)
    context = {
        "delivery": found,
        "source": source_label(found.source, desk.language),
        "progress": None if found.is_done else _progress(found, upload, desk.at),
        "interrupted": not found.is_done and not found.is_running and upload is None,
        "problem": said,
        "what_to_do": what,
        "stopped": stopped,
        "again_href": reverse("console:upload-again", args=[upload.pk])
        if may_again and upload
        else "",
        "stats": _stats(found) if found.rows or found.is_done else [],
        "table": (_rejections(report, desk.language) if report and report.rejections else None),
        "more": bool(report and len(report.rejections) > _SHOWN_REFUSALS),
        "with_lines": _with_lines(desk, upload),
        "in_workbook": found.rejected <= refused.MOST_IN_WORKBOOK,
        "facts": _facts(found, upload),
        "crumbs": crumbs(found.key),
    }
    return render(request, "console/batch.html", context)


@officer_required(action=_ACTIONS)
@require_safe
@at_desk
def progress(request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:
    """The bar alone, for the page that shows it; the whole page once there is more to say."""
    found, upload = _found(batch_id)
    stopped = upload is not None and uploads.is_stopped(upload, at=desk.at)
    if found.is_done or stopped:
        return HttpResponse(headers={"HX-Refresh": "true"})
    shown = _progress(found, upload, desk.at)
    return render(request, "console/parts/progress.html", {"progress": shown})


def _progress(found: Delivery, upload: Upload | None, at: datetime) -> Progress:
    is_waiting = upload is not None and upload.state == Upload.State.QUEUED
    goes_on = found.is_running or (
        upload is not None and upload.state in {Upload.State.QUEUED, Upload.State.LOADING}
    )
    refused_words = ngettext(
        "%(n)s row refused so far", "%(n)s rows refused so far", found.rejected
    ) % {"n": grouped(found.rejected)}
    pace = time_left(upload, found, at)
    if is_waiting:
        pace = _("It begins as soon as the worker is free.")
    elif goes_on and found.rows and not found.is_running:
        pace = _("Interrupted for a moment; it goes on by itself.")
    details = [pace, refused_words if found.rejected else ""]
    return Progress(
        label=_("Waiting to be loaded") if is_waiting else _("Rows loaded"),
        done=found.rows,
        total=found.total,
        href=reverse("console:batch-progress", args=[found.batch_id]) if goes_on else "",
        running=goes_on,
        detail=" · ".join(word for word in details if word),
        tone="info" if goes_on else "warning",
        key="batch-progress",
    )


def time_left(upload: Upload | None, found: Delivery, at: datetime) -> str:
    """Return about how long the rest takes, by the pace since this loading began; or nothing."""
    if upload is None or upload.begun_at is None or not found.total:
        return ""
    done = found.rows - upload.begun_rows
    seconds = (at - upload.begun_at).total_seconds()
    if done <= 0 or seconds <= 0:
        return ""
    left = (found.total - found.rows) * seconds / done
    if left < _MINUTE:
        return _("less than a minute left")
    if left < _HOUR:
        minutes = round(left / _MINUTE)
        return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {
            "n": minutes
        }
    hours = round(left / _HOUR)
    return ngettext("about %(n)s hour left", "about %(n)s hours left", hours) % {"n": hours}


def _with_lines(desk: Desk, upload: Upload | None) -> bool:
    """Say whether the file of refusals holds the lines themselves: for the office that sent it."""
    return (
        upload is not None
        and desk.may(LOAD)
        and upload.office == desk.actor.office_code
        and uploads.has_content(upload)
    )


def _stats(found: Delivery) -> list[Stat]:
    share = found.accepted / found.rows if found.rows else 1.0
    return [
        Stat(_("Rows"), grouped(found.rows)),
        Stat(_("Accepted"), grouped(found.accepted), tone="success", part=share),
        Stat(
            _("Refused"),
            grouped(found.rejected),
            href="#refused" if found.rejected else "",
            tone="warning" if found.rejected else "neutral",
        ),
        Stat(_("Conflicts opened"), grouped(found.conflicts)),
    ]


def _facts(found: Delivery, upload: Upload | None) -> list[Fact]:
    by = account_words([found.entered_by])[found.entered_by] if found.entered_by else ""
    rows = [
        Fact(_("Number of the delivery"), str(found.batch_id)),
        Fact(_("Begun"), moment_words(found.started_at)),
        Fact(_("Loaded"), moment_words(found.finished_at) or _("not yet")),
        Fact(_("By"), by or _("the command line")),
    ]
    if upload is not None:
        rows += [
            Fact(_("File"), upload.name),
            Fact(_("The facts hold from"), day_words(upload.day)),
        ]
    return rows


def _rejections(report: BatchReport, language: str) -> Table:
    columns = [
        Column(_("Row"), numeric=True, narrow=True),
        Column(_("Field"), heading=True),
        Column(_("What is wrong")),
    ]
    rows = [
        Row(
            [
                grouped(one.row_number),
                refused.field_words(one.field, language),
                Cell(one.message, detail=one.remedy),
            ]
        )
        for one in report.rejections[:_SHOWN_REFUSALS]
    ]
    return Table(_("Refused rows"), columns, rows)


@officer_required(action=_ACTIONS)
@require_safe
@at_desk
def rejected(_request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:
    """Download every refused row with its reason, as CSV."""
    found, upload = _found(batch_id)
    rows = refused.table(batch_id, upload if _with_lines(desk, upload) else None, desk.language)
    answer = StreamingHttpResponse(refused.as_csv(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{found.batch_id}.csv"'
    return cast("HttpResponse", answer)


@officer_required(action=_ACTIONS)
@require_safe
@at_desk
def rejected_workbook(_request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:
    """Download every refused row with its reason, as a workbook in which every cell is text."""
    found, upload = _found(batch_id)
    if found.rejected > refused.MOST_IN_WORKBOOK:
        return HttpResponseRedirect(reverse("console:batch-rejected", args=[batch_id]))
    rows = refused.table(batch_id, upload if _with_lines(desk, upload) else None, desk.language)
    answer = FileResponse(
        refused.as_workbook(rows),
        as_attachment=True,
        filename=f"refused-{found.batch_id}.xlsx",
        content_type=refused.XLSX,
    )
    return cast("HttpResponse", answer)
