"""Backup and restore: the whole database in one file that can prove that it is whole.

The file is a ZIP archive (stored, because the dump is compressed already) with two members:
``database.dump`` in ``pg_dump``'s custom format, and ``manifest.json`` with the release, the
migrations, the rows of every table at the moment of the dump, and the dump's SHA-256. A restore is
one transaction: it counts the rows before it commits, so either all is there or nothing changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from dancu.operation.errors import OperationError
from dancu.operation.postgres import binaries
from dancu.operation.postgres.binaries import Binaries
from dancu.operation.terminal import Report, no_report

FORMAT = 1
_DUMP, _MANIFEST = "database.dump", "manifest.json"
_BLOCK = 1 << 20
_SHOWN_LINES = 5


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``tables`` counts rows; ``migrations`` are ``app.name``."""

    format: int
    created_at: str
    server_major: int
    migrations: list[str]
    tables: dict[str, int]
    dump_bytes: int
    dump_sha256: str

    @property
    def rows(self) -> int:
        """The rows of all tables together."""
        return sum(self.tables.values())


class BackupError(OperationError):
    """The backup could not be made, or cannot be restored."""


def write(path: Path, *, at: datetime, report: Report = no_report) -> Manifest:
    """Write a backup of the database as of one moment; the platform may go on serving.

    The file holds personal data and is readable for its owner only. It appears under its name
    when it is complete.
    """
    if not _tables():
        raise BackupError(
            "There is nothing to back up: the database is empty.",
            "check that DANCU_VAR or DATABASE_URL names the place that you mean",
        )
    temporary = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise BackupError(
            f"The file {path} cannot be written: {error.strerror}.", "name another place"
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            manifest = _write(stream, at, report)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise BackupError(
            f"The backup could not be written: {error.strerror}.", "free space or name another disk"
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
    return manifest


def _write(stream: IO[bytes], at: datetime, report: Report) -> Manifest:
    with _snapshot() as (snapshot, cursor), zipfile.ZipFile(stream, "w") as archive:
        tables = _row_counts(cursor)
        with archive.open(_DUMP, "w", force_zip64=True) as target:
            size, digest = _dump(snapshot, target, report)
        manifest = Manifest(
            format=FORMAT,
            created_at=at.isoformat(),
            server_major=_server_major(),
            migrations=sorted(".".join(key) for key in _applied()),
            tables=tables,
            dump_bytes=size,
            dump_sha256=digest,
        )
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=2))
    return manifest


@contextmanager
def _snapshot() -> Iterator[tuple[str, psycopg.Cursor[Any]]]:
    """One view of the database that ``pg_dump`` and our counting share."""
    with (
        psycopg.connect(_address()) as own,
        own.cursor() as cursor,
    ):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        row = cursor.fetchone()
        assert row is not None  # noqa: S101 - the function always answers
        yield str(row[0]), cursor


def _row_counts(cursor: psycopg.Cursor[Any]) -> dict[str, int]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = current_schema()::regnamespace ORDER BY relname"
    )
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        row = cursor.fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


def _dump(snapshot: str, target: IO[bytes], report: Report) -> tuple[int, str]:
    command = [str(_programs().program("pg_dump")), "--format=custom", f"--snapshot={snapshot}"]
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as trouble:
        child = subprocess.Popen(  # noqa: S603 - a program that we found ourselves
            [*command, "--no-owner", "--no-privileges"],
            stdout=subprocess.PIPE,
            stderr=trouble,
            env=_environment(),
        )
        assert child.stdout is not None  # noqa: S101 - it is a pipe
        with child.stdout as source:
            while block := source.read(_BLOCK):
                target.write(block)
                digest.update(block)
                size += len(block)
                report(size, 0, "bytes")
        if child.wait() != 0:
            raise BackupError(f"pg_dump failed: {_last_lines(trouble)}", "see the server's log")
    return size, digest.hexdigest()


def read_manifest(path: Path) -> Manifest:
    """The manifest of a backup. Raises ``BackupError`` when the file is none or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return Manifest(**json.loads(archive.read(_MANIFEST)))
    except FileNotFoundError:
        raise BackupError(f"The file {path} does not exist.", "check its name") from None
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.", "check its owner") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError):
        raise BackupError(
            f"{path} is not a whole backup of dancu.", "take another copy; this one is damaged"
        ) from None


def verify(path: Path) -> Manifest:
    """Read a backup from end to end and compare its checksum. Raises ``BackupError``."""
    manifest = read_manifest(path)
    if manifest.format != FORMAT:
        raise BackupError(
            f"{path} has the format {manifest.format}, and this release reads {FORMAT}.",
            "restore it with the release that wrote it",
        )
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_DUMP) as source:
            while block := source.read(_BLOCK):
                digest.update(block)
    except (zipfile.BadZipFile, KeyError, OSError):
        digest = hashlib.sha256()
    if digest.hexdigest() != manifest.dump_sha256:
        raise BackupError(f"{path} is damaged.", "take another copy")
    return manifest


def restore(path: Path, *, replace: bool = False, report: Report = no_report) -> Manifest:
    """Restore a backup into an empty database; with ``replace`` in place of what is there.

    All or nothing: the rows are counted before the transaction commits.
    """
    manifest = verify(path)
    _require_known_migrations(manifest)
    if not replace and _tables():
        raise BackupError(
            "The database is not empty.", "add --replace to lose what is in it, or empty it first"
        )
    _require_nobody_else()
    connection.close()
    _load(path, manifest, replace=replace, report=report)
    return manifest


def _require_known_migrations(manifest: Manifest) -> None:
    loader = MigrationLoader(None)
    known = {".".join(key) for key in loader.disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise BackupError(
            f"The backup is of a newer release: {unknown[0]} is not known here.",
            "install the release that made it, or a newer one",
        )


def _require_nobody_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        raise BackupError(
            f"{others} other connections use the database.", "stop dancu (Ctrl-C) and try again"
        )


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return list(connection.introspection.table_names(cursor))


def _load(path: Path, manifest: Manifest, *, replace: bool, report: Report) -> None:
    found = _programs()
    to_sql = [str(found.program("pg_restore")), "--no-owner", "--no-privileges", "--file=-"]
    run_sql = [str(found.program("psql")), "--single-transaction", "--no-psqlrc", "--quiet"]
    run_sql += ["--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    if replace:
        run_sql += ["--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public"]
    run_sql += ["--file=-", f"--command={_counting(manifest)}"]
    with tempfile.TemporaryFile() as trouble:
        reader = subprocess.Popen(  # noqa: S603 - a program that we found ourselves
            to_sql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=trouble
        )
        writer = subprocess.Popen(  # noqa: S603 - a program that we found ourselves
            run_sql, stdin=reader.stdout, stderr=trouble, env=_environment()
        )
        assert reader.stdin is not None  # noqa: S101 - it is a pipe
        assert reader.stdout is not None  # noqa: S101 - it is a pipe
        reader.stdout.close()
        _feed(path, reader.stdin, manifest.dump_bytes, report)
        failed = [reader.wait() != 0, writer.wait() != 0]
        if any(failed):
            raise BackupError(
                f"Nothing was restored, and nothing changed: {_last_lines(trouble)}",
                "see the server's log",
            )


def _feed(path: Path, target: IO[bytes], total: int, report: Report) -> None:
    done = 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_DUMP) as source, target:
            while block := source.read(_BLOCK):
                target.write(block)
                done += len(block)
                report(done, total, "bytes")
    except BrokenPipeError:
        return  # The reader ended early; its exit code and words say why.


def _counting(manifest: Manifest) -> str:
    """SQL that fails the transaction when a table has another number of rows than it should."""
    checks = [
        f"IF (SELECT count(*) FROM public.{_quoted(name)}) <> {int(count)} THEN "
        f"RAISE EXCEPTION 'the rows of {name.replace(chr(39), '')} are not complete'; END IF;"
        for name, count in manifest.tables.items()
    ]
    return f"DO $dancu$ BEGIN {' '.join(checks)} END $dancu$"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _applied() -> dict[tuple[str, str], Any]:
    return MigrationLoader(connection).applied_migrations


def _server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def _programs() -> Binaries:
    """Programs at least as new as the server, which is what ``pg_dump`` asks for."""
    major = _server_major()
    fitting = [
        item
        for item in binaries.available()
        if item.major >= major and item.program("pg_dump").exists()
    ]
    if not fitting:
        raise BackupError(
            f"pg_dump {major} or newer is not found.",
            f"install the Debian package postgresql-client-{major}, or run `make setup`",
        )
    return min(fitting, key=lambda item: item.major)


def _address() -> str:
    settings = connection.settings_dict
    return psycopg.conninfo.make_conninfo(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        dbname=settings["NAME"],
    )


def _environment() -> dict[str, str]:
    """The address for PostgreSQL's programs; a password on a command line would be public."""
    settings = connection.settings_dict
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"]),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    return {**os.environ, **{name: value for name, value in given.items() if value}}


def _last_lines(stream: IO[bytes]) -> str:
    stream.seek(0)
    lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    return " / ".join(lines[-_SHOWN_LINES:])
