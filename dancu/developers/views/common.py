"""What the views share: addresses and crumbs."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.design.values import Crumb, Text
from dancu.exchange.api.basics import BASE
from dancu.exchange.api.problems import public_address


def crumbs(*labels: Text, **between: str) -> list[Crumb]:
    """Return the way back: the overview, pages between by ``route="words"``, the page itself."""
    found = [Crumb(_("Developers"), reverse("developers:home"))]
    found += [Crumb(words, reverse(f"developers:{route}")) for route, words in between.items()]
    return [*found, *(Crumb(label) for label in labels)]


def origin_of(request: HttpRequest) -> str:
    """Return scheme and host as the reader's browser knows them."""
    return f"{request.scheme}://{request.get_host()}"


def address_of(request: HttpRequest) -> str:
    """Return the address of the exchange for programs: as configured, else as seen from here."""
    return public_address() or origin_of(request) + BASE
