"""Requests, conflicts and reports that wait, as lines of tables and as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.audit.queries import Report
from dancu.console.words import moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Empty, Stat
from dancu.disclosure.waiting import (
    OwnRequest,
    RequestList,
    WaitingCounts,
    case_of_request,
)
from dancu.disclosure.words import kind_label, purpose_label
from dancu.kernel.clock import VIETNAM, today
from dancu.population.work import Count

REASONS: dict[str, str | Promise] = {
    "no_dealings": gettext_lazy("has had nothing to do with this office"),
    "unknown_purpose": gettext_lazy("does not know of this case or purpose"),
    "acquaintance": gettext_lazy("thinks that somebody they know looked for private reasons"),
    "too_much": gettext_lazy("thinks that more was seen than was needed"),
    "other": gettext_lazy("finds something else wrong"),
}
"""Why a citizen reports a look, by the code of the portal's form."""


def request_href(request_id: int) -> str:
    """Return the page on which a request is decided."""
    return reverse("console:request", args=[request_id])


def count_words(count: Count) -> str:
    """Return a number; with a plus sign where there may be more."""
    return f"{count.number}+" if count.is_more else str(count.number)


def due_badges(due_at: datetime, at: datetime) -> list[Badge]:
    """Return the badge of what is overdue, or due today."""
    if due_at < at:
        return [Badge(_("overdue"), "danger", "warning")]
    if today(due_at) == today(at):
        return [Badge(_("due today"), "warning", "clock")]
    return []


def state_badge(asked: OwnRequest, at: datetime) -> Badge:
    """Return how a request stands."""
    if asked.is_overdue(at):
        return Badge(_("overdue"), "danger", "warning")
    if asked.is_waiting:
        return Badge(_("waiting"), "info", "clock")
    if asked.state == "accepted":
        return Badge(_("accepted"), "success", "check")
    return Badge(_("declined"), "neutral", "close")


def requests_table(found: RequestList, *, at: datetime, language: str) -> Table:
    """Return the requests that wait, those overdue first."""
    rows = [
        Row(
            [
                Cell(one.name or "—", request_href(one.request_id), detail=one.pid),
                Cell(
                    one.label(language),
                    detail=_("Request %(n)s") % {"n": case_of_request(one.request_id)},
                ),
                moment_words(one.asked_at),
                Cell(moment_words(one.due_at), badges=due_badges(one.due_at, at)),
            ],
            tone="danger" if one.is_overdue(at) else "",
        )
        for one in found.rows
    ]
    empty = Empty(
        _("No request waits"),
        _("Whatever citizens of your area ask to correct appears here, with the time it is due."),
        icon="check-circle",
    )
    columns = [
        Column(_("Who asks"), heading=True),
        Column(_("What about")),
        Column(_("Asked"), narrow=True),
        Column(_("To be decided by"), narrow=True),
    ]
    return Table(_("Requests that wait"), columns, rows, empty=empty, key="requests")


def reports_table(reports: Iterable[Report], people: Mapping[int, int], *, language: str) -> Table:
    """Return the citizens' reports; each leads to the looks at that citizen on that day."""
    rows = [
        Row(
            [
                Cell(moment_words(one.at), _looks_href(one, people.get(one.account_id or 0))),
                _("The citizen %(reason)s.") % {"reason": REASONS.get(one.why, REASONS["other"])},
                Cell(one.office or "—", detail=kind_label(one.kind, language)),
                Cell(purpose_label(one.purpose, language) if one.purpose else "—", detail=one.case),
                moment_words(one.access_at),
            ]
        )
        for one in reports
    ]
    empty = Empty(
        _("No citizen has reported anything"),
        _("When somebody finds that a look at them was wrong, their report appears here."),
        icon="check-circle",
    )
    columns = [
        Column(_("Reported"), heading=True, narrow=True),
        Column(_("Report")),
        Column(_("Who looked")),
        Column(_("What for")),
        Column(_("Looked at"), narrow=True),
    ]
    return Table(_("Citizens' reports"), columns, rows, empty=empty, key="reports")


def _looks_href(one: Report, person_id: int | None) -> str:
    """Return the access log on the citizen and the day of the look, as far as they are known."""
    wanted: dict[str, object] = {}
    if person_id is not None:
        wanted["person"] = person_id
    if one.access_at is not None:
        day = one.access_at.astimezone(VIETNAM).strftime("%d/%m/%Y")
        wanted |= {"since": day, "until": day}
    return f"{reverse('console:access-log')}?{urlencode(wanted)}"


def stats_of(counts: WaitingCounts) -> list[Stat]:
    """Return how much waits, each number with the way to what it counts."""
    found = []
    if counts.requests is not None:
        overdue = _("%(n)s overdue") % {"n": counts.overdue} if counts.overdue else ""
        found.append(
            Stat(
                _("Requests of citizens"),
                count_words(counts.requests),
                reverse("console:requests"),
                detail=overdue,
                tone="danger" if counts.overdue else "neutral",
            )
        )
    if counts.conflicts is not None:
        found.append(
            Stat(
                _("Open conflicts"),
                count_words(counts.conflicts),
                reverse("console:conflicts"),
            )
        )
    return found


def duties_table(counts: WaitingCounts, *, at: datetime, language: str) -> Table | None:
    """Return the first duties, without whose they are; None when nothing waits."""
    rows: Sequence[Row] = [
        Row(
            [
                Cell(
                    one.label(language),
                    request_href(one.request_id),
                    detail=_("Request %(n)s") % {"n": case_of_request(one.request_id)},
                ),
                Cell(moment_words(one.due_at), badges=due_badges(one.due_at, at)),
            ],
            tone="danger" if one.is_overdue(at) else "",
        )
        for one in counts.first
    ]
    if not rows:
        return None
    columns = [Column(_("What about"), heading=True), Column(_("To be decided by"), narrow=True)]
    return Table(_("To be decided first"), columns, rows)


def case_href(request_id: int, person_id: int) -> str:
    """Return the way to a person's page in the case of a request."""
    wanted = {
        "purpose": "data_correction",
        "case": case_of_request(request_id),
        "next": reverse("console:person", args=[person_id]),
    }
    return f"{reverse('console:case')}?{urlencode(wanted)}"
