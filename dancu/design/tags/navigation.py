"""Ways around: breadcrumbs, tabs, side navigation, language, shortcuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import PrefixNode, static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from dancu.design import bundle
from dancu.design.chrome import NavGroup
from dancu.design.tags import register
from dancu.design.values import Crumb, Tab, Text

HTMX = "design/vendor/htmx/htmx.min.js"


@register.simple_tag
def styles() -> SafeString:
    """The style sheets of the elements as one file; one by one where it could not be made."""
    hrefs = _bundled("css")
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((href,) for href in hrefs))


@register.simple_tag
def scripts() -> SafeString:
    """The library htmx and our own few scripts, all deferred; no page needs them."""
    hrefs = [static(HTMX), *_bundled("js")]
    return format_html_join("\n", '<script defer src="{}"></script>', ((href,) for href in hrefs))


def _bundled(kind: bundle.Kind) -> list[str]:
    try:
        return [f"{PrefixNode.handle_simple('STATIC_URL')}{bundle.name_of(kind)}"]
    except OSError:
        return [static(name) for name in bundle.parts_of(kind)]


@register.inclusion_tag("design/elements/breadcrumbs.html")
def breadcrumbs(items: Sequence[Crumb]) -> dict[str, object]:
    """The way back up."""
    return {"crumbs": items}


@register.inclusion_tag("design/elements/tabs.html")
def tabs(items: Sequence[Tab], *, label: Text = "", kinds: bool = False) -> dict[str, object]:
    """Views on the same thing, each a page of its own.

    ``kinds``: not another view but a choice of what one view shows; looks lighter, and wraps.
    """
    return {"tabs": items, "label": label, "kinds": kinds}


@register.inclusion_tag("design/elements/drop_menu.html")
def drop_menu(label: Text, groups: Sequence[NavGroup], *, key: str = "") -> dict[str, object]:
    """Links behind one button, in groups with headings; only where the page is narrow.

    On a wide screen the same links stand beside the page.
    """
    return {"label": label, "groups": groups, "key": key}


@register.inclusion_tag("design/elements/language.html", takes_context=True)
def language_switch(context: Mapping[str, object]) -> dict[str, object]:
    """The other languages of the platform; nothing where the address to set them is absent."""
    try:
        href = reverse("set_language")
    except NoReverseMatch:
        href = ""
    request = context.get("request")
    current = get_language() or settings.LANGUAGE_CODE
    others = [(code, name) for code, name in settings.LANGUAGES if code != current]
    return {
        "href": href,
        "others": others,
        "next": request.get_full_path() if isinstance(request, HttpRequest) else "/",
        "csrf_token": context.get("csrf_token"),
    }
