"""What one-stop desks did: by office and day, at which step, why not earlier, which papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.agencies import queries as agencies
from dancu.audit.services import record
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.one_stop import SpanForm
from dancu.console.refused import XLSX, as_csv, as_workbook
from dancu.console.show import one_stop_measure as show
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.identity.decorators import officer_required
from dancu.onestop import queries
from dancu.onestop.queries import Wanted
from dancu.onestop.types import Span
from dancu.places import queries as places

MEASURE, REVIEW = "one_stop.measure", "one_stop.review"
#: The decree has been in force since this day.
_EARLIEST = date(2023, 1, 1)
_DAYS = 30
_LONGEST = 366
_WINDOW = 50
_LAST_WINDOW = 200


@officer_required(action=MEASURE)
@require_safe
@at_desk
def measure(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Count dossiers of the area by office, day and step; never a person."""
    form, span, names = _asked(request, desk)
    found = queries.measure(span)
    may_open = desk.may(REVIEW)
    form.without_marks()
    context = {
        "form": form,
        "stats": show.stats(found, span, may_open=may_open),
        "lines": show.lines(found, span, names, desk.language, may_open=may_open),
        "reasons": show.reasons(found, span, desk.language, may_open=may_open),
        "papers": show.papers(found, span, desk.language, may_open=may_open),
        "has_any": bool(found.lines),
        "may_open": may_open,
        "here": reverse("console:one-stop-measure"),
        "count": sum(bool(request.GET.get(name)) for name in ("since", "until", "office")),
        "csv_href": show.export("measure", "csv", span),
        "xlsx_href": show.export("measure", "xlsx", span),
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("One-stop measure"))],
    }
    return render(request, "console/one_stop/measure.html", context)


@officer_required(action=REVIEW)
@require_safe
@at_desk
def dossiers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The dossiers that one number counts; opening them is noted."""
    _form, span, names = _asked(request, desk)
    wanted = _wanted(request)
    page = window_of(request, last=_LAST_WINDOW)
    rows = queries.dossiers(span, wanted, limit=_WINDOW + 1, offset=(page - 1) * _WINDOW)
    record(event="one-stop.dossiers-read", actor=desk.actor, at=desk.at)
    context = {
        "table": show.dossier_table(rows[:_WINDOW], names, desk.language),
        "window": Window(page, len(rows) > _WINDOW),
        "what": show.what(wanted, span, desk.language),
        "csv_href": show.export("dossiers", "csv", span, wanted),
        "xlsx_href": show.export("dossiers", "xlsx", span, wanted),
        "crumbs": [
            Crumb(_("Work list"), reverse("console:home")),
            Crumb(_("One-stop measure"), show.measure_href(span)),
            Crumb(_("Dossiers")),
        ],
    }
    return render(request, "console/one_stop/dossiers.html", context)


@officer_required(action=MEASURE)
@require_safe
@at_desk
def table(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """The measure as CSV or XLSX."""
    _form, span, names = _asked(request, desk)
    return _sheet(show.measure_rows(queries.measure(span), names, desk), kind, "one-stop", desk)


@officer_required(action=REVIEW)
@require_safe
@at_desk
def dossier_table(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """The dossiers behind a number as CSV or XLSX, their numbers as text."""
    _form, span, names = _asked(request, desk)
    rows = queries.dossiers(span, _wanted(request), limit=None)
    return _sheet(show.dossier_rows(rows, names, desk), kind, "one-stop-dossiers", desk)


def _asked(request: HttpRequest, desk: Desk) -> tuple[SpanForm, Span, dict[str, str]]:
    """Return the form, the span that it means, and the offices of the officer's area."""
    units = places.units_under(desk.actor.jurisdictions, desk.today)
    names = {one.code: one.name_vi for one in agencies.offices_in(units)}
    asked = queries.offices_that_asked(names)
    choices = [(code, names[code]) for code in asked]
    form = SpanForm(request.GET or None, offices=choices)
    form.is_valid()
    data = getattr(form, "cleaned_data", {})
    until = max(_EARLIEST, min(data.get("until") or desk.today, desk.today))
    since = data.get("since") or until - timedelta(days=_DAYS - 1)
    since = max(since, until - timedelta(days=_LONGEST))
    office = data.get("office") or ""
    offices = (office,) if office in names else tuple(asked)
    return form, Span(min(since, until), until, offices), names


def _wanted(request: HttpRequest) -> Wanted:
    query = request.GET
    return Wanted(
        day=_day(query.get("day", "")),
        step=_number(query.get("step", "")),
        paper=query.get("paper", "")[:40].replace("\x00", ""),
        failed=_number(query.get("failed", "")),
        reason=query.get("reason", "")[:40].replace("\x00", ""),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text in {"0", "1", "2", "3", "4", "5"} else None


def _sheet(rows: Iterator[list[str]], kind: str, name: str, desk: Desk) -> HttpResponse:
    """Hand out a table; every cell is text, so that numbers keep their zeros."""
    content = list(rows)  # In the language of this request, before it is over.
    record(event="one-stop.exported", actor=desk.actor, at=desk.at, detail={"rows": len(content)})
    if kind == "csv":
        answer = StreamingHttpResponse(as_csv(content), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return cast("HttpResponse", answer)
    if kind == "xlsx":
        return cast(
            "HttpResponse",
            FileResponse(
                as_workbook(content),
                as_attachment=True,
                filename=f"{name}.xlsx",
                content_type=XLSX,
            ),
        )
    raise Http404
