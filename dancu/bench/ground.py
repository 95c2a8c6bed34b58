"""The ground a benchmark stands on: a throw-away PostgreSQL, migrated, with a synthetic city.

A city of a million people takes minutes to build, so benchmarks that only ask share one in a run of
all (``shared_cities``).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from dancu.operation.postgres.session import throw_away

#: The city that stands in a run of all: what holds it, and its size and seed.
_standing = ExitStack()
_size: tuple[int, int] | None = None
_is_shared = False
#: Where the administrator of the standing server connects.
_admin_url = ""


@contextmanager
def shared_cities() -> Iterator[None]:
    """Let benchmarks in this block that want the same city have the same one."""
    global _is_shared  # noqa: PLW0603
    _is_shared = True
    try:
        yield
    finally:
        _is_shared = False
        _tear_down()


@contextmanager
def settled_city(people: int, seed: int, say: Callable[[str], None]) -> Iterator[None]:
    """Give a city to ask questions in; whoever gets it next must not mind what was asked."""
    global _size  # noqa: PLW0603
    if _size != (people, seed):
        _tear_down()
        _standing.enter_context(_register(say))
        build_city(people, seed, say)
        settle_down()
        _size = (people, seed)
    try:
        yield
    finally:
        if not _is_shared:
            _tear_down()


def spend() -> None:
    """The standing city is not what it was any more: whoever wants one next gets another."""
    global _size  # noqa: PLW0603
    _size = None


@contextmanager
def spent_city(people: int, seed: int, say: Callable[[str], None]) -> Iterator[None]:
    """Give a city that is of no use to anybody afterwards."""
    with settled_city(people, seed, say):
        try:
            yield
        finally:
            _tear_down()


def _tear_down() -> None:
    global _size  # noqa: PLW0603
    _size = None
    _standing.close()


@contextmanager
def empty_register(say: Callable[[str], None]) -> Iterator[None]:
    """Start a server of our own with the empty register, as ``dancu up`` makes it."""
    _tear_down()
    with _register(say):
        yield


@contextmanager
def _register(say: Callable[[str], None]) -> Iterator[None]:
    global _admin_url  # noqa: PLW0603
    with throw_away(origin="auto", durable=True) as address:
        _admin_url = address.admin_url
        os.environ["DATABASE_URL"] = address.url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.house.settings")
        import django
        from django.conf import settings
        from django.core.management import call_command

        django.setup()
        _point_django_at(address.url)
        say(f"Migrating a fresh register ({settings.DATABASES['default']['PORT']})")
        call_command("migrate", verbosity=0)
        from dancu.operation import setup_steps
        from dancu.operation.terminal import no_report

        for step in setup_steps.ordered():
            if not step.needs_people:
                step.run(no_report)
        yield


def _point_django_at(url: str) -> None:
    from urllib.parse import unquote, urlsplit

    from django.db import connections

    parts = urlsplit(url)
    connections.close_all()
    connections["default"].settings_dict.update(
        NAME=parts.path.lstrip("/"),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=parts.hostname or "127.0.0.1",
        PORT=str(parts.port or 5432),
    )


def build_city(people: int, seed: int, say: Callable[[str], None]) -> float:
    """Build a city through the door in; return the seconds it took."""
    from dancu.synthesis.building import build

    started = time.monotonic()
    build(people=people, seed=seed)
    seconds = time.monotonic() - started
    say(f"Built a city of {people:,} people in {seconds:.0f} s")
    return seconds


def checkpoint() -> None:
    """Have the server write everything out, so that what is measured next begins as after hours.

    Only an administrator of the server may ask for it.
    """
    import psycopg

    with psycopg.connect(_admin_url, autocommit=True) as conn:
        conn.execute("CHECKPOINT")


def settle_down() -> None:
    """Let the server finish what the load left behind: statistics and visibility."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
