"""Whence a request came."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

_LONGEST = 64


def network_address(request: HttpRequest) -> str:
    """Return the caller's network address; behind a proxy, the one that the proxy appended."""
    if settings.SESSION_COOKIE_SECURE:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:_LONGEST]
    return str(request.META.get("REMOTE_ADDR", ""))[:_LONGEST]
