"""Who looked at the reader, one look in full, and reporting one that seems wrong."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.audit.queries import REPORTED
from dancu.audit.services import record
from dancu.catalogue import purposes
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.disclosure.types import AccessRow
from dancu.identity.decorators import citizen_required
from dancu.portal import looks, words
from dancu.portal.forms import ReportForm
from dancu.portal.views.asking import asking, crumbs


@citizen_required(action="access_log.read_own")
@require_safe
def list_looks(request: HttpRequest) -> HttpResponse:
    """The looks by day, narrowed by period, office and what was seen."""
    actor, at = asking(request)
    chosen, wrong = looks.filter_of(request.GET)
    number = window_of(request)
    found = looks.window_of(chosen, number, actor=actor, at=at)
    context = {
        "crumbs": crumbs(Crumb(_("Who looked at me"))),
        "looks": found,
        "window": Window(found.number, found.has_next),
        "chosen": chosen,
        "wrong": wrong,
        "query": request.GET,
        "offices": looks.offices_seen(actor=actor, at=at),
        "kinds": looks.kinds_of_facts(),
        "here": reverse("portal:looks"),
        "followers": looks.told_of_changes(actor=actor, at=at),
    }
    return render(request, "portal/looks.html", context)


@citizen_required(action="access_log.read_own")
@require_safe
def one(request: HttpRequest) -> HttpResponse:
    """One look: everything that was seen, on what legal basis, and what to do when it is wrong."""
    actor, at = asking(request)
    row = looks.one_look(request.GET.get("look", ""), actor=actor, at=at)
    context = {**_about(row), "crumbs": _crumbs(Crumb(words.looker_words(row)))}
    return render(request, "portal/look.html", context)


@citizen_required(action="access_log.read_own")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Tell the auditor that a look seems wrong."""
    actor, at = asking(request)
    row = looks.one_look(request.GET.get("look", ""), actor=actor, at=at)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        record(
            event=REPORTED,
            actor=actor,
            at=at,
            detail={
                "why": form.cleaned_data["why"],
                "access_at": row.at.isoformat(),
                "kind": row.kind,
                "office": row.office,
                "purpose": row.purpose,
                "case": row.case,
            },
        )
        messages.success(request, _("Your report has been sent to the auditor."))
        return HttpResponseRedirect(looks.look_href(row))
    context = {
        **_about(row),
        "crumbs": _crumbs(Crumb(words.looker_words(row), looks.look_href(row)), Crumb(_("Report"))),
        "form": form,
    }
    wrong = form.is_bound and not form.is_valid()
    return render(request, "portal/report.html", context, status=422 if wrong else 200)


def _about(row: AccessRow) -> dict[str, object]:
    purpose = purposes().get(row.purpose)
    return {
        "row": row,
        "who": words.looker_words(row),
        "when": words.moment_words(row.at),
        "what": words.looked_words(row),
        "reason": words.reason_words(row),
        "legal_basis": purpose.legal_basis if purpose else "",
        "role": row.role_label(words.language()) if row.role else "",
        "full": [words.label(name) for name in row.attributes],
        "partial": [words.label(name) for name in row.masked],
        "differing": [words.label(name) for name in row.differing],
        "is_mine": row.kind == "own",
        "report_href": looks.report_href(row),
        "receipt_href": looks.receipt_href(row),
    }


def _crumbs(*steps: Crumb) -> list[Crumb]:
    return crumbs(Crumb(_("Who looked at me"), reverse("portal:looks")), *steps)
