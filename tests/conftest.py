"""The test session: a private PostgreSQL, no network, a clock that stands still.

Without ``DATABASE_URL`` a throw-away cluster is started on a free port by the same code as the
embedded server, when the first test asks for a database. With it, that server is used.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import settings as hypothesis_settings

# A slow machine is no defect: no test is judged by the clock.
hypothesis_settings.register_profile("unhurried", hypothesis_settings(), deadline=None)
hypothesis_settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def private_database_url() -> Iterator[str]:
    """The address of a database whose role may make databases; its server ends with the session."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    from dancu.operation.postgres.session import throw_away

    origin = os.environ.get("DANCU_DATABASE_BINARIES", "auto")
    with ExitStack() as stack:
        address = stack.enter_context(throw_away(origin=origin))
        os.environ["DATABASE_URL"] = address.url
        stack.callback(os.environ.pop, "DATABASE_URL", None)
        yield address.url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(private_database_url: str) -> None:
    """Point Django at the private server before pytest-django makes the test database."""
    from django.db import connections

    parts = urlsplit(private_database_url)
    connections["default"].settings_dict.update(
        NAME=parts.path.lstrip("/"),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=parts.hostname or "127.0.0.1",
        PORT=str(parts.port or 5432),
    )


@pytest.fixture(scope="session", autouse=True)
def _map_stays() -> Iterator[None]:
    """Keep the map of the country when a test with real transactions is cleaned up."""
    from django.test import TransactionTestCase

    from tests.emptying import empty

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def house_loaded(django_db_setup: None, django_db_blocker: Any) -> None:
    """The map, the agencies and their offices, once for the session.

    A test with real transactions empties the agencies for those after it.
    """
    from dancu.agencies.services import load_agencies
    from dancu.places.services import load_units

    with django_db_blocker.unblock():
        load_units()
        load_agencies()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Hash passwords quickly; a test of the real hashing sets the hashers itself."""
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]


@pytest.fixture
def clock() -> Any:
    """A clock that stands at 2026-03-02 09:00 in Vietnam and moves only when told."""
    from dancu.kernel.clock import VIETNAM, FixedClock

    return FixedClock(datetime(2026, 3, 2, 9, 0, tzinfo=VIETNAM))


class NetworkForbiddenError(RuntimeError):
    """A test tried to reach another machine."""


def _require_loopback(address: Any) -> None:
    if not isinstance(address, tuple):
        return  # A Unix socket has a path.
    host = str(address[0])
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise NetworkForbiddenError(f"tests reach no network, but something asked for {address!r}")


@pytest.fixture(scope="session", autouse=True)
def _only_loopback() -> Iterator[None]:
    """Refuse every connection that leaves the machine."""
    patch = pytest.MonkeyPatch()
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex

    def connect(self: socket.socket, address: Any) -> None:
        _require_loopback(address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _require_loopback(address)
        return real_connect_ex(self, address)

    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket.socket, "connect_ex", connect_ex)
    yield
    patch.undo()
