"""What a column can mean to the workbench, in words."""

from __future__ import annotations

from django.utils.translation import get_language

from dancu.catalogue.errors import UnknownAttribute
from dancu.catalogue.queries import attribute
from dancu.cleaning.reading import EVERYTHING
from dancu.exchange.batches.meanings import PARTS, allowed
from dancu.exchange.batches.words import PART_LABELS


def meanings() -> tuple[str, ...]:
    """Return what columns can mean, the numbers first."""
    return allowed(EVERYTHING)


def meaning_words(meaning: str) -> str:
    """Return a meaning in the reader's language; empty for none."""
    if not meaning:
        return ""
    if meaning in PARTS:
        return str(PART_LABELS[meaning])
    try:
        return attribute(meaning).label(get_language() or "vi")
    except UnknownAttribute:
        return meaning
