"""Static files with the hash of their content in the address, so that caches never mislead."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]


class VersionedStaticFilesStorage(StaticFilesStorage):
    """Adds ``?v=<hash>``; the files are served from the rooms, nothing is collected."""

    def url(self, name: str | None) -> str:
        """The address of a static file."""
        address = super().url(name)
        version = _version(name) if name else ""
        return f"{address}?v={version}" if version else address
