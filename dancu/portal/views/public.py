"""Pages for everybody: what this is, what is kept, and the small files browsers ask for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.design.tables import Column, Row, Table
from dancu.identity.decorators import public
from dancu.portal.values import Task

DAY = 24 * 3600
ROBOTS = """User-agent: *
Allow: /$
Allow: /privacy/
Allow: /accessibility/
Allow: /developers/
Allow: /static/
Disallow: /
"""


def front(request: HttpRequest) -> HttpResponse:
    """The first page of somebody who is not signed in."""
    sign_in = reverse("identity:sign_in")
    tasks = [
        Task(
            _("I am a citizen"),
            sign_in,
            _("See your data, your household, and who looked at you."),
            "person",
            lead=True,
        ),
        Task(
            _("I am an officer"),
            sign_in,
            _("Receive people and keep the register right."),
            "building",
        ),
    ]
    return render(request, "portal/front.html", {"tasks": tasks})


@public()
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who may look, and the rights of the person (Law 91/2025/QH15)."""
    return render(request, "portal/privacy.html", {"rights": _rights()})


def _rights() -> Table:
    """Rights and their time limits (Law 91/2025/QH15, Decree 356/2025/ND-CP)."""
    days = [
        (_("See your data; have it corrected"), 10),
        (_("Withdraw consent; restrict or object to a use"), 15),
        (_("Have data deleted that no law keeps"), 20),
    ]
    return Table(
        caption=_("Your rights and the time they take"),
        columns=[Column(_("What you ask for"), heading=True), Column(_("Carried out within"))],
        rows=[Row([right, _("%(days)s days") % {"days": count}]) for right, count in days],
    )


@public()
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How these pages are made for everybody, and what to do where they fail."""
    return render(request, "portal/accessibility.html")


@public()
@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Search engines may read what is written for everybody."""
    response = HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response


@public()
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The mark, for browsers that ask at the customary place."""
    response = HttpResponseRedirect(static("design/mark.svg"))
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response
