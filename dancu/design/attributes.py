"""HTML attributes from keyword arguments."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import format_html_join
from django.utils.safestring import SafeString


def html_name(name: str) -> str:
    """``hx_get`` → ``hx-get``; a trailing underscore frees reserved words: ``for_`` → ``for``."""
    return name.rstrip("_").replace("_", "-")


def attributes(values: Mapping[str, object]) -> SafeString:
    """Attributes ready for a tag, with a leading space.

    True gives a bare attribute; False, None and the empty string give nothing.
    """
    kept = ((html_name(name), value) for name, value in values.items() if _present(value))
    return format_html_join("", "{}", ((_attribute(name, value),) for name, value in kept))


def _present(value: object) -> bool:
    return value is not None and value is not False and value != ""


def _attribute(name: str, value: object) -> SafeString:
    if value is True:
        return format_html_join("", " {}", [(name,)])
    return format_html_join("", ' {}="{}"', [(name, value)])
