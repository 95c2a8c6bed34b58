"""Elements that only the citizens' pages have: ``{% load portal %}``."""

from __future__ import annotations

from collections.abc import Sequence

from django.template import Library

from dancu.portal.values import Line, Task

register = Library()


@register.inclusion_tag("portal/elements/tasks.html")
def tasks(items: Sequence[Task], *, label: str = "") -> dict[str, object]:
    """Large targets, one below the other: what can be done here."""
    return {"tasks": items, "label": label}


@register.inclusion_tag("portal/elements/lines.html")
def lines(items: Sequence[Line], *, source: str = "") -> dict[str, object]:
    """Facts with their ways on; ``source`` is where those come from that do not say otherwise."""
    return {"lines": items, "source": source, "has_others": any(line.source for line in items)}
