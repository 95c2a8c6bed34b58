"""The application's database: is it ours, does it have our tables, and bringing it up to date."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from dancu.operation.errors import DatabaseUnavailable, ForeignDatabase
from dancu.operation.health import missing_migrations
from dancu.operation.postgres.binaries import OLDEST_MAJOR
from dancu.operation.terminal import Report, Terminal

_OURS = "operation"
_MIGRATION_LOCK = 0x64616E6375
_LOCK_NOT_AVAILABLE = "55P03"


def require_usable() -> None:
    """Raise unless the server answers, is new enough and the database is empty or ours.

    It must keep Vietnamese letters, and let us make tables.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int / 10000, current_database(),"
                " current_setting('server_encoding'), pg_is_in_recovery(), current_user,"
                " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"
            )
            major, name, encoding, only_reads, user, may_create = cursor.fetchone()
    except OperationalError as error:
        raise DatabaseUnavailable(
            f"The database does not answer: {str(error).strip().splitlines()[0]}",
            "check DATABASE_URL, and that the server runs and lets this user in",
        ) from None
    for is_wrong, what, remedy in (
        (
            major < OLDEST_MAJOR,
            f"The server is PostgreSQL {major}; {OLDEST_MAJOR} or newer is needed.",
            "upgrade it, or leave DATABASE_URL out to use the embedded server",
        ),
        (
            encoding != "UTF8",
            f"The database {name} keeps text as {encoding}, which lacks Vietnamese letters.",
            "make one in UTF-8: createdb --encoding UTF8 --template template0 dancu",
        ),
        (
            only_reads,
            "The server is a standby, which can only be read.",
            "name the primary server in DATABASE_URL",
        ),
        (
            not may_create,
            f"The user {user} may not make tables in the database {name}.",
            f'make it the owner: ALTER DATABASE "{name}" OWNER TO "{user}"',
        ),
    ):
        if is_wrong:
            raise DatabaseUnavailable(what, remedy)
    foreign = foreign_tables()
    if foreign:
        shown = ", ".join(foreign[:5]) + (" …" if len(foreign) > 5 else "")  # noqa: PLR2004
        raise ForeignDatabase(
            f"The database {name} holds tables that are not dancu's ({shown}), "
            "so it is left alone.",
            "name an empty database in DATABASE_URL (createdb dancu)",
        )


def foreign_tables() -> list[str]:
    """Tables of somebody else; none in an empty database or in one that we migrated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') "
            "ORDER BY 1"
        )
        tables = [row[0] for row in cursor.fetchall()]
        if "django_migrations" not in tables:
            return tables
        cursor.execute("SELECT 1 FROM django_migrations WHERE app = %s LIMIT 1", [_OURS])
        if cursor.fetchone():
            return []
        # The very first migration may have been cut short before any of ours.
        cursor.execute("SELECT count(*) FROM django_migrations")
        return [] if cursor.fetchone()[0] == 0 and len(tables) == 1 else tables


@contextmanager
def alone(key: int = _MIGRATION_LOCK) -> Iterator[None]:
    """Hold an advisory lock: of several nodes that start at once, one migrates at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    except BaseException:
        connection.close()  # The lock ends with the session, in whatever state that is.
        raise
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


class _Counter(io.TextIOBase):
    """Counts the lines in which ``migrate`` says that a migration is applied."""

    def __init__(self, report: Report, total: int) -> None:
        self.report, self.total, self.done = report, total, 0

    def write(self, text: str) -> int:
        if re.search(r"\bOK\b", text):
            self.done += 1
            self.report(self.done, self.total)
        return len(text)


def migrate(terminal: Terminal) -> int:
    """Apply the missing migrations; returns how many there were."""
    if not missing_migrations():
        return 0
    with alone():
        missing = missing_migrations()
        with terminal.step("Tables of the database") as report:
            counter = _Counter(report, len(missing))

            def apply() -> None:
                call_command(
                    "migrate", verbosity=1, interactive=False, no_color=True, stdout=counter
                )

            if all_or_nothing(missing):
                without_blocking(apply, say=terminal.say)
            else:
                apply()
    return len(missing)


def all_or_nothing(names: Iterable[str]) -> bool:
    """Whether each of the migrations, as ``app.name``, is one transaction that may be repeated."""
    known = MigrationLoader(None).disk_migrations
    return all(bool(known[name.split(".")[0], name.split(".", 1)[1]].atomic) for name in names)


def without_blocking(
    change: Callable[[], None],
    *,
    say: Callable[[str], None],
    lock_seconds: float = 3.0,
    pause: float = 2.0,
    attempts: int = 100,
) -> None:
    """Change tables without making the service wait behind us.

    A change that waits for a table makes everybody who comes later wait too. So it gives up after
    ``lock_seconds``, lets the others pass and tries again after a ``pause``.
    """
    for attempt in range(attempts):
        try:
            with _lock_timeout(lock_seconds):
                change()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            if attempt == attempts - 1:
                raise DatabaseUnavailable(
                    "A transaction of somebody else holds a table that has to be changed.",
                    "end it (pg_stat_activity names it), then start again; nothing is half done",
                ) from None
            say("A table is in use; letting the others pass and trying again.")
            time.sleep(pause)
        else:
            return


@contextmanager
def _lock_timeout(seconds: float) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds:.3f}s"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")


def wipe() -> None:
    """Drop everything in the schema: only for a first start that was cut short."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
