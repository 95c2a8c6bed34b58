"""The first page: for strangers what this is, for citizens their three ways on."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.access.types import Actor
from dancu.disclosure import services as disclosure
from dancu.identity.decorators import public
from dancu.identity.queries import actor_of
from dancu.portal import requests, shown
from dancu.portal.values import Task
from dancu.portal.views.public import front

SHOWN = "shown"


@public()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page, by who asks."""
    actor = actor_of(request)
    if actor is None:
        return front(request)
    if actor.kind != "citizen":
        return HttpResponseRedirect(getattr(settings, "OFFICER_HOME_URL", "/console/"))
    return _citizen_home(request, actor, timezone.now())


def _citizen_home(request: HttpRequest, actor: Actor, at: datetime) -> HttpResponse:
    page = disclosure.own_record(actor=actor, at=at)
    whole = request.GET.get("number") == SHOWN
    asked = disclosure.own_requests(actor=actor, at=at)
    context = {
        "name": page.header.name,
        "pid": shown.pid_shown(page.header.pid, whole=whole) if page.header.pid else "",
        "pid_whole": whole,
        "tasks": _tasks(),
        "waiting": [requests.task(item) for item in asked if item.is_waiting],
    }
    return render(request, "portal/home.html", context)


def _tasks() -> list[Task]:
    return [
        Task(
            _("My data"),
            reverse("portal:data"),
            _("What the state has written down about you, and who wrote it."),
            "card",
            lead=True,
        ),
        Task(
            _("My household"),
            reverse("portal:household"),
            _("Who is registered at home with you."),
            "family",
        ),
        Task(
            _("Who looked at me"),
            reverse("portal:looks"),
            _("Which office looked, on which day, and what for."),
            "eye",
        ),
    ]
