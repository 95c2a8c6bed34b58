"""The embedded server: makes a data directory, runs ``postgres`` as a child, stops it.

The directory is recognised by a marker file that names the instance and the cluster's own
identifier (the first eight bytes of ``global/pg_control``). Anything else is left alone.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

from dancu.operation import process, space
from dancu.operation.errors import DatabaseUnavailable, ForeignDatabase
from dancu.operation.instance import open_log, read_json
from dancu.operation.postgres.binaries import Binaries
from dancu.operation.postgres.tuning import memory_mb, server_settings
from dancu.operation.process import SystemUser

MARKER = "dancu-instance.json"
ADMIN = "dancu_admin"
START_SECONDS = 600
"""Recovery after a crash may take minutes; it must not be cut short."""
STOP_SECONDS = 60
_LOOPBACK = "127.0.0.1"
_PROGRESS_EVERY = 5.0
_PORT_ATTEMPTS = 5

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach the embedded server."""

    port: int
    name: str
    user: str
    password: str
    admin_password: str
    host: str = _LOOPBACK

    @property
    def url(self) -> str:
        """The address for the application."""
        return _url(self.user, self.password, self.host, self.port, self.name)

    @property
    def admin_url(self) -> str:
        """The address of the maintenance database for the administrator."""
        return _url(ADMIN, self.admin_password, self.host, self.port, "postgres")


def _url(user: str, password: str, host: str, port: int, name: str) -> str:
    return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{host}:{port}/{name}"


@dataclass(slots=True)
class Embedded:
    """One embedded cluster in ``directory``, belonging to ``instance``."""

    instance: str
    directory: Path
    binaries: Binaries
    user: SystemUser
    log: Path
    shared_buffers_mb: int = 0
    durable: bool = True
    say: Say = lambda _line: None
    child: subprocess.Popen[bytes] | None = None
    port: int = 0

    # -- the data directory ------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether the data directory is there and whole."""
        return (self.directory / "PG_VERSION").exists()

    def create(self, *, admin_password: str) -> None:
        """Make the data directory beside its final place and rename it when it is whole."""
        self._discard_half_made()
        new = self.directory.with_name(f"{self.directory.name}.new")
        self._make_directory(new)
        password_file = new.with_name(f"{new.name}.password")
        self._write_as_user(password_file, admin_password)
        try:
            self._initdb(new, password_file)
        finally:
            password_file.unlink(missing_ok=True)
        self._write_as_user(new / "pg_hba.conf", f"host all all {_LOOPBACK}/32 scram-sha-256\n")
        marker = f'{{"instance": "{self.instance}", "cluster": "{identifier(new)}"}}\n'
        self._write_as_user(new / MARKER, marker)
        new.rename(self.directory)

    def _discard_half_made(self) -> None:
        for leftover in self.directory.parent.glob(f"{self.directory.name}.new*"):
            if leftover.is_dir():
                shutil.rmtree(leftover)
            else:
                leftover.unlink()

    def _make_directory(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=False)
        if os.geteuid() == 0:
            os.chown(path, self.user.uid, self.user.gid)

    def _write_as_user(self, path: Path, text: str) -> None:
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        if os.geteuid() == 0:
            os.chown(path, self.user.uid, self.user.gid)

    def _initdb(self, directory: Path, password_file: Path) -> None:
        command = [
            str(self.binaries.program("initdb")),
            f"--pgdata={directory}",
            f"--username={ADMIN}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # Byte order makes prefix searches use plain indexes; names are ordered by sort keys.
            "--lc-collate=C",
            "--lc-ctype=C.UTF-8",
            "--data-checksums",
        ]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(  # noqa: S603 - a program that we found ourselves
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=self._environment(),
            **process.identity_arguments(self.user),
        )
        if done.returncode != 0:
            if space.is_scarce(directory):
                raise space.no_space_left(directory.parent, then="start dancu again")
            raise DatabaseUnavailable(
                f"A data directory could not be made in {directory}:\n{done.stderr.strip()}",
                "correct what is named there, then start again",
            )

    # -- the server --------------------------------------------------------------------------

    def start(self, *, port: int) -> int:
        """Run the server as a child and wait until it accepts connections; returns its port.

        The next free port is taken when ``port`` is not free. Recovery after a crash is awaited.
        """
        self._clear_previous()
        for _attempt in range(_PORT_ATTEMPTS):
            port = free_port(port)
            try:
                self._run(port)
            except DatabaseUnavailable:
                # Somebody else may take the port between our look and the server's.
                if free_port(port) == port:
                    raise
            else:
                break
        self.port = port
        return port

    def restart(self) -> None:
        """Start a server that has fallen again, on the same port."""
        self._clear_previous()
        self._run(self.port)

    def _run(self, port: int) -> None:
        settings = server_settings(
            memory=memory_mb(),
            shared_buffers_mb=self.shared_buffers_mb,
            durable=self.durable,
        )
        settings |= {
            "listen_addresses": _LOOPBACK,
            "port": str(port),
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            # What "on" stands for, pglz, takes longer for a page than all the rest of a record.
            "wal_compression": "lz4" if self.binaries.takes("wal_compression", "lz4") else "off",
        }
        command = [str(self.binaries.program("postgres")), "-D", str(self.directory)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with open_log(self.log) as output:
            self.child = process.start(
                command,
                user=self.user,
                directory=Path("/"),
                environment=self._environment(),
                output=output,
                parent_death_signal=signal.SIGINT,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop the server after its running statements are rolled back (a fast shutdown)."""
        if self.child is None:
            return
        if not process.stop(self.child, signal_number=signal.SIGINT, seconds=STOP_SECONDS):
            self.say("The database did not stop in time and was killed; the next start mends it.")
        self.child = None

    def kill(self) -> None:
        """Stop the server at once, without waiting for anything."""
        if self.child is not None:
            self.child.send_signal(signal.SIGQUIT)
            process.stop(self.child, signal_number=signal.SIGQUIT, seconds=5)
            self.child = None

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/"}

    def _clear_previous(self) -> None:
        """Wait for a server that is still stopping, and drop a lock file that nobody holds."""
        lock = self.directory / "postmaster.pid"
        pid = _postmaster_pid(lock)
        if pid is not None and _serves(pid, self.directory):
            self.say("The previous database server is still stopping; waiting for it.")
            if not process.wait_until_gone(pid, seconds=STOP_SECONDS):
                os.kill(pid, signal.SIGQUIT)
                process.wait_until_gone(pid, seconds=10)
        lock.unlink(missing_ok=True)

    def _wait_until_ready(self) -> None:
        assert self.child is not None  # noqa: S101 - start() has just made it
        begin = time.monotonic()
        spoken = begin
        while True:
            if self.child.poll() is not None:
                if space.is_scarce(self.directory):
                    raise space.no_space_left(self.directory, then="start dancu again")
                raise DatabaseUnavailable(
                    f"The database server ended at once:\n{_tail(self.log)}",
                    f"see {self.log}",
                )
            if _status(self.directory) == "ready":
                return
            now = time.monotonic()
            if now - spoken > _PROGRESS_EVERY:
                self.say(f"The database recovers from a crash ({now - begin:.0f} s) …")
                spoken = now
            if now - begin > START_SECONDS:
                self.stop()
                raise DatabaseUnavailable(
                    f"The database server was not ready after {START_SECONDS} seconds.",
                    f"see {self.log}",
                )
            time.sleep(0.02)


def require_ours(directory: Path, instance: str) -> None:
    """Raise ``ForeignDatabase`` unless the instance made the data directory, if there is one."""
    if not directory.exists():
        return
    marker = read_json(directory / MARKER)
    if marker is None or not (directory / "PG_VERSION").exists():
        raise ForeignDatabase(
            f"{directory} was not made by dancu, so it is left alone.",
            "move it away, or use that server with DATABASE_URL",
        )
    if marker.get("cluster") != identifier(directory):
        raise ForeignDatabase(
            f"{directory} holds another PostgreSQL cluster than the one dancu made there.",
            "put the right one back, or move it away to begin anew",
        )
    if marker.get("instance") != instance:
        raise ForeignDatabase(
            f"{directory} belongs to the instance {marker.get('instance')}, not to {instance}.",
            "start that instance, or name another directory with DANCU_VAR",
        )


def identifier(directory: Path) -> str:
    """The cluster's own identifier, made by initdb and never changed."""
    with (directory / "global" / "pg_control").open("rb") as stream:
        return str(struct.unpack("=Q", stream.read(8))[0])


def major_of(directory: Path) -> int | None:
    """The major version that made a data directory, or None when there is none."""
    try:
        return int((directory / "PG_VERSION").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def free_port(wanted: int) -> int:
    """``wanted`` or the next port on 127.0.0.1 that nobody listens on."""
    for port in range(wanted, min(wanted + 200, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_LOOPBACK, port))
            except OSError:
                continue
            return port
    raise DatabaseUnavailable(
        f"No port from {wanted} to {wanted + 199} is free on {_LOOPBACK}.",
        "set database.port to a free one",
    )


def ephemeral_port() -> int:
    """A port on 127.0.0.1 that the kernel says is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _postmaster_pid(lock: Path) -> int | None:
    try:
        return int(lock.read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _serves(pid: int, directory: Path) -> bool:
    # The server changes into its data directory, which no recycled process number would do.
    try:
        server = psutil.Process(pid)
        return (
            server.status() != psutil.STATUS_ZOMBIE
            and Path(server.cwd()).resolve() == directory.resolve()
        )
    except (psutil.Error, OSError):
        return False


def _status(directory: Path) -> str:
    """The server's own word on its state: line 8 of ``postmaster.pid``."""
    try:
        lines = (directory / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return lines[7].strip()
    except (OSError, IndexError):
        return ""


def _tail(path: Path, lines: int = 12) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
