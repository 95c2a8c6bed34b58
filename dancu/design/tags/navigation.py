"""Ways around: breadcrumbs, tabs, side navigation, language, shortcuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from dancu.design.tags import register
from dancu.design.values import Crumb, Tab, Text

STYLES = (
    "tokens", "fonts", "base", "layout", "console", "portal", "plain", "navigation", "button",
    "field", "choice", "table", "notice", "badge", "facts", "people", "timeline", "steps",
    "progress", "disclosure", "panel", "stats", "empty", "dialog", "icon", "print",
)  # fmt: skip
SCRIPTS = ("page", "keys", "forms", "slider")


@register.simple_tag
def styles() -> SafeString:
    """The style sheets of the elements, one component each, in the order in which they apply."""
    return format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((static(f"design/css/{n}.css"),) for n in STYLES),
    )


@register.simple_tag
def scripts() -> SafeString:
    """The library htmx and our own few scripts, all deferred; no page needs them."""
    names = ("vendor/htmx/htmx.min.js", *(f"js/{name}.js" for name in SCRIPTS))
    return format_html_join(
        "\n", '<script defer src="{}"></script>', ((static(f"design/{name}"),) for name in names)
    )


@register.inclusion_tag("design/elements/breadcrumbs.html")
def breadcrumbs(items: Sequence[Crumb]) -> dict[str, object]:
    """The way back up."""
    return {"crumbs": items}


@register.inclusion_tag("design/elements/tabs.html")
def tabs(items: Sequence[Tab], *, label: Text = "") -> dict[str, object]:
    """Views on the same thing, each a page of its own."""
    return {"tabs": items, "label": label}


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
