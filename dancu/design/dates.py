"""Dates as people type them, more tolerant than paper."""

from __future__ import annotations

import re

from dancu.kernel.dates import InvalidDate, PartialDate, parse

_EIGHT = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})\s+(?:(\d{1,2})\s+)?(\d{4})", re.ASCII)


def typed(text: str) -> PartialDate:
    """Read a date that somebody typed. Raises ``InvalidDate``.

    Takes ``1/2/1985``, ``01-02-1985``, ``1.2.1985``, ``1 2 1985``, ``01021985``, ``2/1985``,
    ``1985``, and the stored form ``1985-02-01``. Eight digits are day first, for keyboards of
    phones, which have no stroke.
    """
    text = text.strip()
    if eight := _EIGHT.fullmatch(text):
        try:
            return parse("/".join(eight.groups()))
        except InvalidDate:
            return parse(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    if parts := _PARTS.fullmatch(text):
        return parse("/".join(part for part in parts.groups() if part))
    return parse(text)
