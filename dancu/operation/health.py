"""Whether this process can serve: the database answers and its tables are the ones we know."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Readiness:
    """The answer of ``/health/ready``."""

    database: bool
    migrations: bool

    @property
    def is_ready(self) -> bool:
        """Whether requests may be sent here."""
        return self.database and self.migrations


def readiness() -> Readiness:
    """Ask the database, and whether every migration of the code is applied."""
    if not answers():
        return Readiness(database=False, migrations=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return Readiness(database=True, migrations=not missing_migrations())
    except DatabaseError:
        return Readiness(database=False, migrations=False)


def answers() -> bool:
    """Whether a connection is to be had within two seconds; who probes will not wait longer."""
    try:
        pool = getattr(connection, "pool", None)
        if pool is None:
            connection.ensure_connection()
        else:
            pool.open()
            with pool.connection(timeout=_PATIENCE):
                pass
    except (psycopg.Error, DatabaseError):
        return False
    return True


def missing_migrations() -> list[str]:
    """The migrations of the code that the database lacks, as ``app.name``.

    Migrations that the code does not know are no obstacle: a newer release may have been here
    and expands before it contracts.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
