"""From a configuration to a running embedded server with the application's role and database."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from dancu.operation import process
from dancu.operation.config import Config
from dancu.operation.errors import OperationError
from dancu.operation.instance import (
    instance_name,
    prepare_var,
    read_json,
    write_private_json,
)
from dancu.operation.postgres import binaries
from dancu.operation.postgres.cluster import (
    Address,
    Embedded,
    major_of,
    require_ours,
)
from dancu.operation.postgres.reach import reachable_for, reachable_programs
from dancu.operation.process import SystemUser

STORE = Path("/var/lib/dancu")
DATABASE = "dancu"
ROLE = "dancu"


def start_embedded(
    config: Config,
    *,
    say: Callable[[str], None] = lambda _line: None,
    own: Callable[[Embedded], None] = lambda _server: None,
) -> tuple[Embedded, Address]:
    """Make the cluster when there is none, start it, make role and database when absent.

    Each step may be cut short at any point and is mended by the next call. The caller holds the
    instance's lock and stops the server; ``own`` gets it before it starts, so that a signal during
    the start finds it too.
    """
    prepare_var(config.var)
    state_path = config.var / "database.json"
    state = _passwords(state_path)
    server = plan(config, state, say=say)
    own(server)
    state |= {"data_directory": str(server.directory)}
    write_private_json(state_path, state)
    if not server.exists:
        say(f"Making the database (PostgreSQL {server.binaries.major}) in {server.directory}")
        server.create(admin_password=state["admin_password"])
    port = server.start(port=config.database.port)
    address = Address(
        port=port,
        name=DATABASE,
        user=ROLE,
        password=state["password"],
        admin_password=state["admin_password"],
    )
    try:
        ensure_database(address)
    except BaseException:
        server.stop()
        raise
    write_private_json(state_path, state | {"port": port, "name": DATABASE, "user": ROLE})
    return server, address


def known_address(var: Path) -> Address | None:
    """The address of the embedded server as it was last started, or None."""
    state = read_json(var / "database.json")
    if state is None or "port" not in state:
        return None
    return Address(
        port=int(state["port"]),
        name=str(state["name"]),
        user=str(state["user"]),
        password=str(state["password"]),
        admin_password=str(state["admin_password"]),
    )


def places(config: Config) -> tuple[Path, ...]:
    """Where the platform writes on this machine: ``var``, and the embedded server's data."""
    if config.database.url:
        return (config.var,)
    state = read_json(config.var / "database.json") or {}
    return config.var, Path(state.get("data_directory", config.var / "postgresql"))


def plan(
    config: Config, state: dict[str, Any], *, say: Callable[[str], None] = lambda _line: None
) -> Embedded:
    """Choose user, directory and programs of the embedded server. Makes no cluster."""
    user, directory = _place(config, state)
    require_ours(directory, instance_name(config.var))
    found = binaries.find(config.database.binaries, major=major_of(directory))
    if os.geteuid() == 0 and not reachable_for(user, found.directory):
        make_store()
        found = reachable_programs(found, user, STORE)
    return Embedded(
        instance=instance_name(config.var),
        directory=directory,
        binaries=found,
        user=user,
        log=config.var / "log" / "postgresql.log",
        shared_buffers_mb=config.database.shared_buffers_mb,
        say=say,
    )


def _passwords(path: Path) -> dict[str, Any]:
    state = read_json(path) or {}
    if "password" not in state:
        state |= {
            "password": secrets.token_urlsafe(24),
            "admin_password": secrets.token_urlsafe(24),
        }
        write_private_json(path, state)
    return state


def _place(config: Config, state: dict[str, Any]) -> tuple[SystemUser, Path]:
    """The user who runs the server and the data directory where that user can reach it."""
    inside = config.var / "postgresql"
    recorded = Path(state["data_directory"]) if "data_directory" in state else None
    for directory in (inside, recorded):
        if directory is not None and directory.exists():
            return _owner(directory), directory
    if os.geteuid() != 0:
        return process.current_user(), inside
    user = server_user(config.database.user)
    if reachable_for(user, config.var):
        return user, inside
    home = make_open(make_store() / instance_name(config.var))
    return user, home / "postgresql"


def _owner(directory: Path) -> SystemUser:
    owner = process.owner_of(directory)
    if os.geteuid() not in {0, owner.uid}:
        raise OperationError(
            f"The database in {directory} belongs to the user {owner.name}.",
            f"start dancu as {owner.name} or root, or name another place with DANCU_VAR",
        )
    if owner.uid == 0:
        raise OperationError(
            f"The database in {directory} belongs to root, and PostgreSQL never runs as root.",
            "give it to the user who shall run it (chown -R), or move it away",
        )
    return owner


def server_user(name: str) -> SystemUser:
    """The unprivileged user who runs the server for root; made when absent."""
    name = name or ("postgres" if process.find_user("postgres") else "dancu")
    if (user := process.find_user(name)) is not None:
        if user.uid == 0:
            raise OperationError(
                f"database.user is {name}, and PostgreSQL never runs as root.",
                "name an unprivileged user, or none to let dancu choose",
            )
        return user
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    done = subprocess.run(  # noqa: S603 - fixed program
        [*command, "--home-dir", "/nonexistent", "--user-group", name],
        capture_output=True,
        text=True,
        check=False,
    )
    user = process.find_user(name)
    if user is None:
        raise OperationError(
            f"The system user {name} that shall run the database could not be made: "
            f"{done.stderr.strip()}",
            "make an unprivileged user and name it in database.user, or start dancu as one",
        )
    return user


def make_store() -> Path:
    """Make the place for what cannot lie in the checkout."""
    return make_open(STORE)


def make_open(folder: Path) -> Path:
    """Make a folder that every user may enter, whatever the umask is."""
    folder.mkdir(parents=True, exist_ok=True)
    if ~folder.stat().st_mode & 0o055:
        folder.chmod(0o755)
    return folder


def ensure_database(address: Address) -> None:
    """Make the application's role and database when they are absent."""
    with psycopg.connect(address.admin_url, autocommit=True) as connection:
        _ensure_role(connection, address)
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (address.name,)
        ).fetchone()
        if found is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                    sql.Identifier(address.name), sql.Identifier(address.user)
                )
            )


def _ensure_role(connection: psycopg.Connection[Any], address: Address) -> None:
    role = sql.Identifier(address.user)
    found = connection.execute(
        "SELECT 1 FROM pg_roles WHERE rolname = %s", (address.user,)
    ).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
        connection.execute(sql.SQL("GRANT pg_monitor TO {}").format(role))
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(address.password))
    )
