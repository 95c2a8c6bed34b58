"""Every route says who may enter, and a stranger gets nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

FRAMEWORK = {"set_language"}
"""Routes of Django itself: open to everybody, and without people."""

VALUES = {"IntConverter": "1", "SlugConverter": "x", "StringConverter": "x", "UUIDConverter": ""}


def _routes(entries: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, route)
        else:
            yield route, entry


ROUTES = [
    pytest.param(route, entry, id=route or "(root)")
    for route, entry in _routes(get_resolver().url_patterns)
    if entry.name not in FRAMEWORK
]


def _access(entry: URLPattern) -> dict[str, Any] | None:
    return getattr(entry.callback, "access", None)


@pytest.mark.parametrize(("route", "entry"), ROUTES)
def test_it_declares_who_may_enter(route: str, entry: URLPattern) -> None:
    declared = _access(entry)
    assert declared is not None, f"{route}: add officer_required, citizen_required or public"
    assert declared["kind"] in {"officer", "citizen", "client", "any", "public"}


@pytest.mark.django_db
@pytest.mark.parametrize(("route", "entry"), ROUTES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_nothing(route: str, entry: URLPattern, method: str) -> None:
    if (_access(entry) or {}).get("kind") == "public":
        return
    address = "/" + route
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__
        address = address.replace(f"<int:{name}>", "1").replace(f"<slug:{name}>", "x")
        address = address.replace(f"<str:{name}>", VALUES.get(kind, "x"))
        address = address.replace(f"<{name}>", "x")
    # The faces' prefixes hold converters of their own, which the entry does not list.
    address = address.replace("<int:person_id>", "1").replace("<slug:name>", "x")
    answer = getattr(Client(), method)(address)
    assert answer.status_code in {302, 401, 403, 405}, f"{address}: {answer.status_code}"
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/sign-in/")
