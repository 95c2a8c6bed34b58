"""What surrounds the citizens' pages: five destinations, the account, the footer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dancu.access.types import Actor
from dancu.design.chrome import AccountMenu, Chrome, NavGroup, NavItem
from dancu.design.values import Link
from dancu.identity.queries import actor_of

NAMESPACE = "portal"
OFFICERS = "/console/"
#: Route name, words, icon, and the beginning of the names of the pages below it.
DESTINATIONS = (
    ("home", _("Home"), "home", "home"),
    ("data", _("Data"), "card", "data"),
    ("household", _("Family"), "family", "household"),
    ("looks", _("Seen by"), "eye", "looks"),
    ("requests", _("Requests"), "folder", "request"),
)


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the citizens' surroundings, for their pages and for everybody's.

    Leaves the officers' pages alone, and every page of an officer that is not of this face.
    """
    if request.path.startswith(OFFICERS) or not hasattr(request, "session"):
        return {}
    match = request.resolver_match
    is_own = match is not None and match.namespace == NAMESPACE
    actor = _actor(request)
    if actor is not None and actor.kind != "citizen" and not is_own:
        return {}
    chrome = _chrome(actor, (match.url_name or "") if match and is_own else "")
    if actor is None or actor.kind != "citizen":
        return {"chrome": chrome}
    # An error page of a signed-in citizen keeps the way to their pages.
    return {"chrome": chrome, "layout": "design/layouts/portal.html"}


def _actor(request: HttpRequest) -> Actor | None:
    """Who is signed in; nobody when the database cannot say, so that an error page still comes."""
    try:
        return actor_of(request)
    except (DatabaseError, InterfaceError):
        return None


def _chrome(actor: Actor | None, page: str) -> Chrome:
    footer = [
        Link(_("Your data and your rights"), reverse("portal:privacy")),
        Link(_("Accessibility"), reverse("portal:accessibility")),
        Link(_("For developers"), reverse("developers:home")),
    ]
    if actor is None:
        return Chrome(
            home_href=reverse("portal:home"),
            sign_in_href=reverse("identity:sign_in"),
            footer=footer,
        )
    if actor.kind != "citizen":
        account = AccountMenu(
            name=actor.name,
            office=actor.office_name,
            sign_out_href=reverse("identity:sign_out"),
        )
        home = getattr(settings, "OFFICER_HOME_URL", "/console/")
        return Chrome(home_href=home, account=account, footer=footer)
    return Chrome(
        home_href=reverse("portal:home"),
        nav=[NavGroup(_destinations(page))],
        account=AccountMenu(
            name=actor.name,
            links=[Link(_("My account"), reverse("portal:account"), "gear")],
            sign_out_href=reverse("identity:sign_out"),
        ),
        footer=footer,
    )


def _destinations(page: str) -> list[NavItem]:
    return [
        NavItem(words, reverse(f"portal:{name}"), icon, current=page.startswith(beginning))
        for name, words, icon, beginning in DESTINATIONS
    ]
