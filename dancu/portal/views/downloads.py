"""Copies to keep: one's data, and the list of who looked, as files."""

from __future__ import annotations

import json
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.audit.wire import receipt_object
from dancu.design.values import Crumb
from dancu.disclosure import services as disclosure
from dancu.identity.decorators import citizen_required
from dancu.kernel.clock import today
from dancu.portal import copies, looks
from dancu.portal.forms import DownloadForm
from dancu.portal.views.asking import asking, crumbs

DATA_DOWNLOADED = "own_data.downloaded"
LOOKS_DOWNLOADED = "own_access_log.downloaded"
RECEIPT_DOWNLOADED = "own_receipt.downloaded"


@citizen_required(action="own.view")
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """Everything that the register holds about the reader."""
    actor, at = asking(request)
    form = DownloadForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _choose(request, form, _("Download my data"), _("My data"), reverse("portal:data"))
    page = disclosure.own_record(actor=actor, at=at)
    household = disclosure.own_household(actor=actor, at=at)
    copy = copies.of_data(page, household, at)
    return _file(copy, _("my-data"), form, actor=actor, at=at, event=DATA_DOWNLOADED)


@citizen_required(action="access_log.read_own")
@require_http_methods(["GET", "HEAD", "POST"])
def accesses(request: HttpRequest) -> HttpResponse:
    """Everybody who looked at the reader."""
    actor, at = asking(request)
    form = DownloadForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        back = reverse("portal:looks")
        return _choose(request, form, _("Download the list"), _("Who looked at me"), back)
    rows = looks.every_look(looks.Filter(own=True), actor=actor, at=at)
    copy = copies.of_looks(rows, at)
    return _file(copy, _("who-looked"), form, actor=actor, at=at, event=LOOKS_DOWNLOADED)


@citizen_required(action="access_log.read_own")
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of one look: it shows to anybody that the look stands in the sealed log."""
    actor, at = asking(request)
    row = looks.one_look(request.GET.get("look", ""), actor=actor, at=at)
    found = disclosure.receipt_of_access(actor=actor, record=row.record, at=at)
    record(event=RECEIPT_DOWNLOADED, actor=actor, at=at)
    content = json.dumps(receipt_object(found), ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(content, content_type="application/json")
    file_name = f"{_('receipt')}-{found.index}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _choose(
    request: HttpRequest, form: DownloadForm, title: str, back_label: str, back_href: str
) -> HttpResponse:
    context = {
        "crumbs": crumbs(Crumb(back_label, back_href), Crumb(title)),
        "title": title,
        "form": form,
        "back_label": _("Go back"),
        "back_href": back_href,
    }
    wrong = form.is_bound and not form.is_valid()
    return render(request, "portal/download.html", context, status=422 if wrong else 200)


def _file(
    copy: copies.Copy, name: str, form: DownloadForm, *, actor: Actor, at: datetime, event: str
) -> HttpResponse:
    kind = form.cleaned_data["kind"]
    record(event=event, actor=actor, at=at, detail={"kind": kind})
    content = copies.as_json(copy) if kind == "json" else copies.as_workbook(copy)
    response = HttpResponse(content, content_type=copies.CONTENT_TYPES[kind])
    file_name = f"{name}-{today(at):%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
