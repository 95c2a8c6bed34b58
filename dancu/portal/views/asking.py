"""Who asks, and when: both taken once at the head of a view."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.access.types import Actor
from dancu.design.values import Crumb


def asking(request: HttpRequest) -> tuple[Actor, datetime]:
    """The citizen, as the decorator of the view found them, and the moment of the request."""
    return cast("Actor", request.actor), timezone.now()  # type: ignore[attr-defined]


def crumbs(*steps: Crumb) -> list[Crumb]:
    """The way back, from the first page."""
    return [Crumb(_("Home"), reverse("portal:home")), *steps]
