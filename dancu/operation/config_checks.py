"""Checks of single settings: each returns what is wrong with a value, or None."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

Check = Callable[[Any], str | None]


def between(low: int, high: int) -> Check:
    """A number within bounds, both included."""

    def check(value: int) -> str | None:
        return None if low <= value <= high else f"must be from {low} to {high}, not {value}"

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: str) -> str | None:
        return None if value in allowed else f"must be one of {', '.join(allowed)}, not {value!r}"

    return check


def database_url(value: str) -> str | None:
    """The address of a PostgreSQL database, or nothing."""
    if not value:
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return "is not an address (postgresql://user:password@host:port/name)"
    if parts.scheme not in {"postgresql", "postgres"}:
        return f"must begin with postgresql://, not {parts.scheme or 'nothing'}://"
    if len(parts.path.strip("/")) == 0:
        return "names no database (postgresql://user:password@host:port/name)"
    return None


def secret(value: str) -> str | None:
    """Long enough not to be guessed, or nothing."""
    if value and len(value) < 32:  # noqa: PLR2004
        return "is shorter than 32 characters"
    return None


def host_names(value: tuple[str, ...]) -> str | None:
    """Names of hosts, `*` for all."""
    if not value:
        return "names no host, so the site would answer nobody"
    for name in value:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9.\-:\[\]]+", name):
            return f"holds {name!r}, which is no host name"
    return None


def networks(value: tuple[str, ...]) -> str | None:
    """Networks in CIDR notation."""
    for network in value:
        try:
            ip_network(network)
        except ValueError:
            return f"holds {network!r}, which is no network as in 10.0.0.0/8"
    return None


def origins(value: tuple[str, ...]) -> str | None:
    """Schemes with hosts."""
    for name in value:
        if not re.fullmatch(r"https?://[^/\s]+", name):
            return f"holds {name!r}; write scheme and host only, as in https://dancu.example.vn"
    return None


def address(value: str) -> str | None:
    """An address with scheme and host, or nothing."""
    if value and not re.fullmatch(r"https?://[^/\s?#]+(?:/[^\s?#]*)?", value):
        return f"is no address as in https://exchange.example.vn/api/exchange/v1, but {value!r}"
    return None
