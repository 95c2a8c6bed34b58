"""Buttons, links that look like buttons, icons, copying, search."""

from __future__ import annotations

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dancu.design.attributes import attributes
from dancu.design.tags import register
from dancu.design.values import Text


@register.simple_tag
def icon(name: str, label: Text = "", size: str = "") -> SafeString:
    """An icon of ``icons.svg``. Without ``label`` it is decoration and hidden from readers."""
    role = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return format_html(
        '<svg class="icon{}"{} width="20" height="20" focusable="false"><use href="{}#{}"/></svg>',
        f" icon--{size}" if size else "",
        attributes(role),
        static("design/icons.svg"),
        name,
    )


def _face(kind: str, extra: str = "") -> str:
    return f"button button--{kind}{' ' + extra if extra else ''}"


def _content(label: Text, icon_name: str, *, label_hidden: bool) -> SafeString:
    picture = icon(icon_name) if icon_name else SafeString("")
    css = "hidden-text" if label_hidden else "button__label"
    return format_html('{}<span class="{}">{}</span>', picture, css, label)


@register.simple_tag
def button(
    label: Text,
    kind: str = "primary",
    *,
    type: str = "submit",  # noqa: A002
    icon: str = "",
    label_hidden: bool = False,
    small: bool = False,
    **attrs: object,
) -> SafeString:
    """A button: ``kind`` primary, secondary, quiet or danger; further keywords are attributes."""
    extra = " ".join(
        word for word, on in (("button--small", small), ("button--icon", label_hidden)) if on
    )
    title = {"title": str(label)} if label_hidden else {}
    return format_html(
        '<button type="{}" class="{}"{}>{}</button>',
        type,
        _face(kind, extra),
        attributes({**title, **attrs}),
        _content(label, icon, label_hidden=label_hidden),
    )


@register.simple_tag
def link_button(
    label: Text,
    href: str,
    kind: str = "secondary",
    *,
    icon: str = "",
    small: bool = False,
    **attrs: object,
) -> SafeString:
    """A link dressed as a button, for going somewhere (a button is for doing something)."""
    return format_html(
        '<a href="{}" class="{}"{}>{}</a>',
        href,
        _face(kind, "button--small" if small else ""),
        attributes(attrs),
        _content(label, icon, label_hidden=False),
    )


@register.simple_tag
def copy_button(text: Text, label: Text = "") -> SafeString:
    """Copies ``text``. Hidden where scripts do not run, as the text itself can be selected."""
    return SafeString(
        render_to_string("design/elements/copy_button.html", {"text": text, "label": label})
    )


@register.inclusion_tag("design/elements/search_box.html", takes_context=True)
def search_box(
    context: Mapping[str, object],
    action: str,
    *,
    method: str = "get",
    name: str = "q",
    label: Text = "",
    value: Text = "",
    hint: Text = "",
    key: str = "search",
    button: Text = "",
    hotkey: bool = False,
    **attrs: object,
) -> dict[str, object]:
    """A search form of one box. ``hotkey`` lets ``/`` focus it; one such box a page.

    ``method`` is post where what is looked for must not stand in an address.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "action": action,
        "method": method,
        "name": name,
        "label": label,
        "value": value,
        "hint": hint,
        "key": key,
        "button_label": button,
        "hotkey": hotkey,
        "attrs": attributes(attrs),
    }


def masked_value(value: Text, href: str) -> SafeString:
    """A value shown in part, as inline HTML."""
    return SafeString(
        render_to_string("design/elements/masked.html", {"value": value, "href": href})
    )
