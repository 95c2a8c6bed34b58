"""A database for the length of one command or one test session."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from dancu.operation import process
from dancu.operation.config import Config, current
from dancu.operation.errors import DatabaseUnavailable
from dancu.operation.instance import lock_holder, only_one
from dancu.operation.postgres import binaries
from dancu.operation.postgres.cluster import Address, Embedded, ephemeral_port
from dancu.operation.postgres.provision import (
    STORE,
    ensure_database,
    known_address,
    make_store,
    server_user,
    start_embedded,
)
from dancu.operation.postgres.reach import reachable_for, reachable_programs
from dancu.operation.process import SystemUser

TEST_PASSWORD = "only-for-tests"  # noqa: S105 - a throw-away cluster on loopback


@contextmanager
def database(
    *, what: str, say: Callable[[str], None] = lambda _line: None, config: Config | None = None
) -> Iterator[None]:
    """Make sure that the configured database runs while the block does.

    A server given by ``database.url`` is taken as it is, and so is the one of a running
    ``dancu up``. Otherwise the embedded server is started and stopped again.
    """
    config = config or current()
    if config.database.url:
        yield
        return
    if lock_holder(config.var) is not None:
        if known_address(config.var) is None:
            raise DatabaseUnavailable(
                "dancu is starting from this directory and its database is not ready yet.",
                "wait a moment and try again",
            )
        yield
        return
    with only_one(config.var, what=what):
        server, _address = start_embedded(config, say=say)
        try:
            yield
        finally:
            server.stop()


@contextmanager
def throw_away(*, origin: str = "auto", durable: bool = False) -> Iterator[Address]:
    """A fresh cluster in a temporary directory, gone afterwards; for tests and trials."""
    user = process.current_user()
    if user.uid == 0:
        user = server_user("")
    found = binaries.find(origin)
    if os.geteuid() == 0:
        make_store()
        found = reachable_programs(found, user, STORE)
    folder = _temporary_folder(user)
    server = Embedded(
        instance=folder.name,
        directory=folder / "postgresql",
        binaries=found,
        user=user,
        log=folder / "postgresql.log",
        durable=durable,
    )
    try:
        server.create(admin_password=TEST_PASSWORD)
        port = server.start(port=ephemeral_port())
        address = Address(
            port=port,
            name="dancu",
            user="dancu",
            password=TEST_PASSWORD,
            admin_password=TEST_PASSWORD,
        )
        ensure_database(address)
        yield address
    finally:
        server.kill() if not durable else server.stop()
        rmtree(folder, ignore_errors=True)


def _temporary_folder(user: SystemUser) -> Path:
    """A folder that the server's user may enter; the data directory in it is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="dancu-"))
    folder.chmod(0o755)
    if reachable_for(user, folder):
        return folder
    # TMPDIR may be root's own.
    folder.rmdir()
    folder = Path(tempfile.mkdtemp(prefix="dancu-", dir=make_store()))
    folder.chmod(0o755)
    return folder
