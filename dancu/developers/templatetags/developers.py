"""Elements that only the developers' pages have: ``{% load developers %}``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.template import Library
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from dancu.design.tags.display import badge
from dancu.design.values import Step, Text, Tone

register = Library()

_TONES: dict[str, Tone] = {"GET": "info", "POST": "success", "DELETE": "danger"}
#: Comments, then texts; whatever is neither is left as it is.
_MARKS = {
    "sh": r"(?P<remark>(?m:^\s*#.*$))",
    "python": r"(?P<remark>(?m:#.*$)|\"\"\"[\s\S]*?\"\"\")|(?P<word>f?\"[^\"\n]*\"|f?'[^'\n]*')",
    "javascript": r"(?P<remark>(?m:^\s*//.*$|\s//\s.*$))|(?P<word>\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`)",
    "json": r"(?P<word>\"[^\"\n]*\"(?=\s*:))",
}
_MARKS["curl"] = _MARKS["sh"]


@register.inclusion_tag("developers/elements/code.html")
def code(text: str, language: str = "", *, label: Text = "", key: str = "") -> dict[str, Any]:
    """A block of code with a button that copies it; ``label`` says what it is."""
    return {"text": text, "lit": _lit(text, language), "label": label, "key": key}


def _lit(text: str, language: str) -> SafeString:
    pattern = _MARKS.get(language)
    if pattern is None:
        return escape(text)
    pieces, end = [], 0
    for found in re.finditer(pattern, text):
        pieces.append(escape(text[end : found.start()]))
        pieces.append(
            format_html('<span class="code-block__{}">{}</span>', found.lastgroup, found[0])
        )
        end = found.end()
    pieces.append(escape(text[end:]))
    return SafeString("".join(pieces))


@register.simple_tag
def environment(address: str, client: str = "", command: str = "", file: str = "") -> str:
    """What a shell must know before it runs an example, and how it runs it."""
    lines = [
        f"export EXCHANGE_URL={address}",
        f"export EXCHANGE_CLIENT={client or 'sandbox-…'}",
        f"export EXCHANGE_KEY={client or 'sandbox-…'}.pem",
    ]
    if command and file:
        lines.append(f"{command} {file}")
    return "\n".join(lines)


@register.simple_tag
def method(name: str) -> SafeString:
    """A method of HTTP."""
    return badge(name, _TONES.get(name, "neutral"))


@register.inclusion_tag("developers/elements/ways.html")
def ways(items: Sequence[Step]) -> dict[str, Any]:
    """Numbered ways on, one after the other; the whole card can be pressed."""
    return {"ways": items}


@register.inclusion_tag("developers/elements/history.html")
def history(bars: Sequence[dict[str, Any]], *, label: Text) -> dict[str, Any]:
    """A bar for each day; what each says can be read in a table beside it."""
    width = len(bars) * 6 - 2 if bars else 0
    return {"bars": bars, "label": label, "width": width}
