"""The officer's first page: what waits, the case at hand, whom to look for."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.catalogue.queries import purposes
from dancu.console import communes
from dancu.console.desk import Desk, at_desk
from dancu.console.show import duplicates
from dancu.console.show.work import duties_table, stats_of
from dancu.console.views.cases import RECENT
from dancu.console.waiting import waiting_now
from dancu.console.words import moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Crumb, Link
from dancu.disclosure.cases import purposes_for
from dancu.identity.decorators import officer_required

ANY_OFFICER = (
    "people.search",
    "batch.load",
    "quality.view",
    "access_log.read",
    "officers.manage",
    "operation.view",
)


@officer_required(action=ANY_OFFICER)
@require_safe
@at_desk
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what waits for this officer and where to begin."""
    area = sorted(desk.actor.jurisdictions)
    counts = waiting_now(request, desk)
    context = {
        "desk": desk,
        "stats": [*stats_of(counts), *duplicates.stats_of(desk)],
        "duties": duties_table(counts, at=desk.at, language=desk.language),
        "can_search": desk.may("people.search"),
        "area": [communes.words_of(code, desk.today) for code in area[:3]],
        "area_more": max(0, len(area) - 3),
        "recent": _recent(request, desk),
        "beginnings": _beginnings(desk) if desk.may("people.search") else [],
    }
    return render(request, "console/home.html", context)


def _beginnings(desk: Desk) -> list[Link]:
    """Return a way into a case for each purpose of the officer's roles."""
    case = reverse("console:case")
    return [
        Link(one.label(desk.language), f"{case}?{urlencode({'purpose': one.name})}")
        for one in purposes_for(desk.actor, at=desk.at)
    ]


def _recent(request: HttpRequest, desk: Desk) -> Table | None:
    rows = []
    for one in request.session.get(RECENT, []):
        purpose = purposes().get(one["purpose"])
        if purpose is None:
            continue
        again = (
            f"{reverse('console:case')}?{urlencode({'purpose': purpose.name, 'case': one['case']})}"
        )
        rows.append(
            Row(
                [
                    Cell(one["case"] or _("without a number"), again),
                    purpose.label(desk.language),
                    moment_words(parse_datetime(one["at"])),
                ]
            )
        )
    if not rows:
        return None
    columns = [
        Column(_("Case"), heading=True),
        Column(_("Purpose")),
        Column(_("Opened"), narrow=True),
    ]
    return Table(_("Recent cases"), columns, rows)


@officer_required(action=ANY_OFFICER)
@require_safe
@at_desk
def keys(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Explain the console and its keys."""
    crumbs = [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Help"))]
    return render(request, "console/help.html", {"desk": desk, "crumbs": crumbs})
