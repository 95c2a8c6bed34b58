"""Elements that hold other content: panels, notices, forms' parts, drawers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dancu.design.attributes import attributes
from dancu.design.tags import register
from dancu.design.values import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


PAGE_PARTS = "#content .page-head, #content .page__content"


def _render(element: str, context: Mapping[str, object]) -> SafeString:
    return SafeString(render_to_string(f"design/elements/{element}.html", dict(context)))


@register.simple_block_tag
def panel(
    content: str,
    title: Text = "",
    *,
    key: str = "",
    detail: Text = "",
    href: str = "",
    link: Text = "",
    flush: bool = False,
    level: int = 2,
    **attrs: object,
) -> SafeString:
    """A section with a heading.

    ``link`` and ``href`` lead on from its head; ``flush`` lets a table reach the edges.
    """
    return _render(
        "panel",
        {
            "content": content,
            "title": title,
            "key": key,
            "detail": detail,
            "href": href,
            "link": link,
            "flush": flush,
            "level": level,
            "attrs": attributes(attrs),
        },
    )


@register.simple_block_tag
def notice(
    content: str,
    kind: str = "info",
    title: Text = "",
    *,
    live: bool = False,
    level: int = 2,
) -> SafeString:
    """A message: ``kind`` info, success, warning or danger. ``live`` has it read out at once."""
    return _render(
        "notice", {"content": content, "kind": kind, "title": title, "live": live, "level": level}
    )


@register.simple_block_tag
def disclosure(
    content: str,
    summary: Text,
    *,
    open: bool = False,  # noqa: A002
    key: str = "",
    detail: Text = "",
) -> SafeString:
    """Content that opens on demand, without scripts."""
    return _render(
        "disclosure",
        {"content": content, "summary": summary, "open": open, "key": key, "detail": detail},
    )


@register.simple_block_tag
def fieldset(content: str, legend: Text, *, hint: Text = "", key: str = "") -> SafeString:
    """Fields that belong together."""
    return _render("fieldset", {"content": content, "legend": legend, "hint": hint, "key": key})


@register.simple_block_tag(takes_context=True)
def filters(
    context: Mapping[str, object],
    content: str,
    *,
    action: str = "",
    method: str = "get",
    label: Text = "",
    button: Text = "",
    clear_href: str = "",
    count: int = 0,
    target: str = "",
) -> SafeString:
    """A bar of fields that narrows a list.

    ``count`` is how many filters are in force; ``target`` (a CSS selector) is replaced as soon
    as a field changes. ``method`` is post where the filters must not stand in an address.
    """
    return _render(
        "filters",
        {
            "content": content,
            "csrf_token": context.get("csrf_token"),
            "action": action,
            "method": method,
            "label": label,
            "button_label": button,
            "clear_href": clear_href,
            "count": count,
            "target": target,
        },
    )


@register.simple_block_tag
def actions(content: str, *, sticky: bool = False) -> SafeString:
    """A row of buttons; ``sticky`` keeps it in reach at the foot of a phone's screen."""
    return _render("actions", {"content": content, "sticky": sticky})


@register.simple_block_tag
def grid(content: str, columns: str = "auto") -> SafeString:
    """Blocks side by side, as many as fit: ``columns`` auto, 2, 3, 4, or "fields" for a form."""
    return _render("grid", {"content": content, "columns": columns})


@register.simple_block_tag
def prose(content: str) -> SafeString:
    """Running text of a readable width."""
    return _render("prose", {"content": content})


@register.simple_block_tag(takes_context=True)
def page_form(
    context: Mapping[str, object],
    content: str,
    *,
    action: str = "",
    method: str = "post",
    guard: bool = True,
    upload: bool = False,
    key: str = "",
    **attrs: object,
) -> SafeString:
    """A form with its CSRF token; ``guard`` warns before unsaved answers are left behind."""
    return _render(
        "page_form",
        {
            "content": content,
            "action": action,
            "method": method,
            "guard": guard and method == "post",
            "upload": upload,
            "key": key,
            "attrs": attributes(attrs),
            "csrf_token": context.get("csrf_token"),
        },
    )


@register.simple_block_tag
def side_panel(content: str, title: Text = "", *, key: str = "side") -> SafeString:
    """A panel beside a list that links with ``{% opens_beside %}``; empty at first.

    Without scripts the same links open the page itself.
    """
    return _render(
        "side_panel",
        {"content": content, "title": title, "key": key},
    )


@register.simple_tag
def opens_beside(href: str, key: str = "side", select: str = PAGE_PARTS) -> SafeString:
    """Attributes of a link that loads its page into the side panel instead of leaving.

    ``select`` says which parts of the answer are shown: head and content of a console page.
    """
    return attributes(
        {
            "href": href,
            "hx_get": href,
            "hx_target": f"#{key}_content",
            "hx_select": select,
            "hx_swap": "innerHTML",
            "aria_controls": key,
        }
    )
