"""Elements that show something: tables, facts, people, events, numbers, progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dancu.design.paging import Window, pages
from dancu.design.tables import Table, headings, shown_rows
from dancu.design.tags import controls, register
from dancu.design.values import (
    Badge,
    Empty,
    Event,
    Fact,
    Link,
    PersonHeader,
    Progress,
    Relative,
    Stat,
    Step,
    Strip,
    Text,
    Tone,
)


def _query(context: Mapping[str, object]) -> QueryDict | None:
    request = context.get("request")
    return request.GET if isinstance(request, HttpRequest) else None


@register.inclusion_tag("design/elements/table.html", takes_context=True)
def table(context: Mapping[str, object], table: Table) -> dict[str, object]:
    """A :class:`dancu.design.tables.Table`; on a phone each row becomes a card."""
    return {
        "table": table,
        "headings": headings(table, _query(context)),
        "rows": shown_rows(table),
    }


@register.inclusion_tag("design/elements/pagination.html", takes_context=True)
def pagination(
    context: Mapping[str, object],
    page: Page[object] | Window,
    *,
    param: str = "page",
    label: Text = "",
    target: str = "",
) -> dict[str, object]:
    """Links to the other pages of a list; nothing when there is one page only.

    ``page`` is Django's page, or a ``Window`` for lists that are not counted.
    """
    shown = pages(page, _query(context), param)
    return {"pages": shown, "label": label, "target": target}


@register.simple_tag
def badge(text: Text | Badge, tone: Tone = "neutral", icon: str = "") -> SafeString:
    """A state in a word or two; takes words or a :class:`Badge`."""
    shown = text if isinstance(text, Badge) else Badge(text, tone, icon)
    picture = controls.icon(shown.icon, size="small") if shown.icon else SafeString("")
    return format_html('<span class="badge badge--{}">{}{}</span>', shown.tone, picture, shown.text)


@register.inclusion_tag("design/elements/facts.html")
def facts(items: Sequence[Fact], *, dense: bool = False, columns: int = 1) -> dict[str, object]:
    """Attributes with value, source, and conflict; ``columns`` 1 or 2 on wide screens."""
    return {"facts": items, "dense": dense, "columns": columns}


@register.inclusion_tag("design/elements/timeline.html")
def timeline(events: Sequence[Event], *, label: Text = "") -> dict[str, object]:
    """Events from top to bottom, in the order given."""
    return {"events": events, "label": label}


@register.inclusion_tag("design/elements/steps.html")
def steps(items: Sequence[Step], *, label: Text = "") -> dict[str, object]:
    """Where one stands in a longer task."""
    current = next((step for step in items if step.state == "current"), None)
    number = items.index(current) + 1 if current else 0
    count = len(items)
    return {"steps": items, "label": label, "current": current, "number": number, "count": count}


@register.inclusion_tag("design/elements/stats.html")
def stats(items: Sequence[Stat]) -> dict[str, object]:
    """Numbers side by side, each opening on the cases behind it."""
    return {"stats": items}


@register.inclusion_tag("design/elements/strips.html")
def strips(items: Sequence[Strip]) -> dict[str, object]:
    """Lines below each other, each with a strip of coloured stretches and what they mean."""
    return {"strips": [(item, _stretches(item)) for item in items]}


def _stretches(strip: Strip) -> list[tuple[str, str, Tone]]:
    """Return where each stretch begins, how wide it is, and its tone; in per cent."""
    found: list[tuple[str, str, Tone]] = []
    begin = 0.0
    for one in strip.parts:
        width = max(0.0, min(1.0 - begin, one.part))
        if width:
            found.append((f"{begin * 100:.2f}", f"{width * 100:.2f}", one.tone))
        begin += width
    return found


@register.inclusion_tag("design/elements/person_header.html")
def person_header(person: PersonHeader, *, level: int = 1) -> dict[str, object]:
    """Who the page is on."""
    return {"person": person, "level": level}


@register.inclusion_tag("design/elements/household.html")
def household(members: Sequence[Relative], *, label: Text = "") -> dict[str, object]:
    """The members of a household, its head first."""
    return {"members": members, "label": label}


@register.inclusion_tag("design/elements/family.html")
def family(
    roots: Sequence[Relative], *, label: Text = "", nested: bool = False
) -> dict[str, object]:
    """A family as a tree: parents above, ``children`` below each."""
    return {"roots": roots, "label": label, "nested": nested}


@register.inclusion_tag("design/elements/empty.html")
def empty(
    title: Text | Empty,
    detail: Text = "",
    *,
    action: Text = "",
    href: str = "",
    icon: str = "inbox",
) -> dict[str, object]:
    """Nothing here: why, and what to do next; takes words or an :class:`Empty`."""
    if isinstance(title, Empty):
        return {"empty": title}
    return {"empty": Empty(title, detail, Link(action, href) if action else None, icon)}


@register.inclusion_tag("design/elements/progress.html")
def progress(progress: Progress) -> dict[str, object]:
    """How far a long piece of work has come; renews itself while it runs."""
    return {"progress": progress}


@register.simple_tag
def bar(part: float, label: Text, tone: Tone = "info") -> SafeString:
    """A share from 0 to 1 as a thin bar, with ``label`` for those who do not see it."""
    width = max(0.0, min(1.0, part)) * 100
    return format_html(
        '<svg class="bar bar--{}" role="img" aria-label="{}" height="6" width="100%">'
        '<rect class="bar__track" width="100%" height="6" rx="3"/>'
        '<rect class="bar__fill" width="{}%" height="6" rx="3"/></svg>',
        tone,
        label,
        f"{width:.1f}",
    )


@register.filter
def grouped(value: object) -> str:
    """A whole number in the Vietnamese way: 1234567 → 1.234.567."""
    return f"{int(cast('str | int', value)):,}".replace(",", ".")


@register.simple_tag
def masked(value: Text, href: str = "") -> SafeString:
    """A value shown in part; ``href`` leads to where it may be seen whole."""
    return controls.masked_value(value, href)
