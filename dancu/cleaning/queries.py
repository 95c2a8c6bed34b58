"""Reads: the files of an office, and how each stands."""

from __future__ import annotations

from dancu.cleaning.errors import FileGone
from dancu.cleaning.models import File

WINDOW = 50


def find(*, reference: str, office: str) -> File:
    """Return a file of an office. Raises ``FileGone``, alike for none and for another's."""
    found = File.objects.filter(reference=reference, office=office).first()
    if found is None or not office:
        raise FileGone
    return found


def listed(*, office: str, window: int = 1) -> tuple[list[File], bool]:
    """Return a window of an office's files, the newest first, and whether there are more."""
    rows = File.objects.filter(office=office).order_by("-id").defer("found", "decisions")
    start = (max(window, 1) - 1) * WINDOW
    found = list(rows[start : start + WINDOW + 1])
    return found[:WINDOW], len(found) > WINDOW
