"""The ground a benchmark stands on: a throw-away PostgreSQL, migrated, with a synthetic city."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dancu.operation.postgres.session import throw_away


@contextmanager
def empty_register(say: Callable[[str], None]) -> Iterator[None]:
    """Start a server of our own with the empty register, as ``dancu up`` makes it."""
    with throw_away(origin="auto", durable=True) as address:
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


def settle_down() -> None:
    """Let the server finish what the load left behind: statistics and visibility."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
