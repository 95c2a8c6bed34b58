"""Pages that show every element, without a database."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.design import samples
from dancu.design.values import Progress

LAYOUTS = {
    "console": "design/layouts/console.html",
    "portal": "design/layouts/portal.html",
    "plain": "design/layouts/plain.html",
}
PAGES = {"plain": "design/samples/sign_in.html", "portal": "design/samples/citizen.html"}


def styleguide(request: HttpRequest, face: str = "console") -> HttpResponse:
    """Every element in one face; ``?wrong`` shows the form as it is after a refused attempt."""
    form = (
        samples.SampleForm({"name": "", "born": "31/02/1985"}) if "wrong" in request.GET else None
    )
    if "saved" in request.GET:
        messages.success(request, _("The declaration has been saved."))
    context = {
        "layout": LAYOUTS[face],
        "chrome": samples.chrome(face),
        "form": form or samples.SampleForm(),
        **samples.elements(request.GET),
    }
    return render(request, PAGES.get(face, "design/styleguide.html"), context)


def error(request: HttpRequest) -> HttpResponse:
    """The error page."""
    context = {
        "status": 409,
        "title": _("A person with nearly the same particulars is already registered"),
        "detail": _("The name, the day of birth and the mother agree with an existing entry."),
        "what_to_do": _("Compare the two entries, then register a new person or amend the old."),
        "request_id": "9f2c-77a1-04be",
        "retry_href": reverse("design:styleguide"),
    }
    return render(request, "design/error.html", context, status=409)


def dialog(request: HttpRequest) -> HttpResponse:
    """A page of one question."""
    context = {
        "title": _("Strike this person from the household?"),
        "detail": _("The register keeps the history. The head of the household is told."),
        "confirm_label": _("Strike from the household"),
        "confirm_kind": "danger",
        "back_href": reverse("design:styleguide"),
    }
    return render(request, "design/layouts/dialog.html", context)


def beside(request: HttpRequest) -> HttpResponse:
    """A page that also opens beside a list."""
    context = {"chrome": samples.chrome("console"), "person": samples.person()}
    return render(request, "design/samples/beside.html", context)


def progress(request: HttpRequest, done: int) -> HttpResponse:
    """A progress bar that goes on by a quarter at each question."""
    total = samples.BATCH_ROWS
    now = min(total, done + total // 4)
    shown = Progress(
        label=samples.BATCH_LABEL,
        done=now,
        total=total,
        href=reverse("design:styleguide-progress", args=[now]),
        running=now < total,
        key="batch",
    )
    html = render_to_string("design/samples/progress.html", {"progress": shown}, request)
    return HttpResponse(html)
