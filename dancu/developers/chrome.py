"""What surrounds the developers' pages: the way through them. Nobody needs to sign in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dancu.design.chrome import Chrome, NavGroup, NavItem
from dancu.design.values import Link

PREFIX = "/developers/"
LAYOUT = "developers/layout.html"
#: Heading, then route, words and icon of each page below it.
GROUPS = (
    (
        "",
        (
            ("home", _("Overview"), "home"),
            ("start", _("First call"), "enter"),
        ),
    ),
    (
        _("Try"),
        (
            ("sandbox", _("Sandbox key"), "key"),
            ("trial", _("Ask now"), "send"),
            ("people", _("Test people"), "people"),
            ("examples", _("Examples"), "file"),
        ),
    ),
    (
        _("Look up"),
        (
            ("services", _("Services"), "list"),
            ("attributes", _("Attributes"), "card"),
            ("contracts", _("Contracts"), "folder"),
            ("problems", _("Errors"), "warning"),
            ("openapi", _("OpenAPI"), "download"),
        ),
    ),
    (
        _("Keep up"),
        (
            ("changes", _("Changes"), "history"),
            ("versions", _("Versions"), "flag"),
            ("status", _("Status"), "chart"),
        ),
    ),
)


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Give the developers' pages their surroundings (a context processor); others nothing."""
    if not request.path.startswith(PREFIX):
        return {}
    shown = Chrome(
        home_href=reverse("developers:home"),
        face=_("Developers"),
        nav=[NavGroup(_items(pages, request.path), label) for label, pages in GROUPS],
        footer=[Link(_("Citizens and officers"), "/")],
    )
    return {"chrome": shown, "layout": LAYOUT}


def _items(pages: tuple[tuple[str, Any, str], ...], here: str) -> list[NavItem]:
    home = reverse("developers:home")
    found = []
    for name, words, icon in pages:
        href = reverse(f"developers:{name}")
        current = here == href if href == home else here.startswith(href)
        found.append(NavItem(words, href, icon, current=current))
    return found
