"""The files of one running platform, under ``var/``: lock, secrets, logs.

An instance is a checkout with its ``var`` directory. One supervisor at a time holds its lock.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from dancu.operation import space
from dancu.operation.errors import AlreadyRunning, OperationError

_OTHERS = 0o007
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - only folders of our own are used
_METRICS_BYTES = 16 * 1024 * 1024


def instance_name(var: Path) -> str:
    """A name that tells this instance from others on the machine, fit for a path."""
    folder = re.sub(r"[^a-z0-9]+", "-", var.parent.name.lower()).strip("-") or "dancu"
    return f"{folder}-{hashlib.sha256(str(var).encode()).hexdigest()[:8]}"


def prepare_var(var: Path) -> None:
    """Make ``var`` and ``var/log``. Raises ``OperationError`` when they cannot be written.

    Others may pass through ``var``, because the database's own user must, but see nothing of it.
    """
    for folder, mode in ((var, 0o711), (var / "log", 0o750)):
        try:
            _make_closed(folder, mode)
        except OSError as error:
            if space.is_cause(error):
                raise
            raise _not_writable(folder, error.strerror or str(error)) from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise _not_writable(folder, "it belongs to another user")


def _make_closed(folder: Path, mode: int) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)
        return
    status = folder.stat()
    if status.st_uid == os.geteuid() and status.st_mode & _OTHERS & ~mode:
        folder.chmod(stat.S_IMODE(status.st_mode) & ~(_OTHERS & ~mode))


def metrics_folder(var: Path) -> Path:
    """An empty folder for the counters of the processes, in memory where there is room.

    The counters are memory-mapped: on a full disk, to write one would kill its process.
    """
    in_memory = _SHARED_MEMORY / f"dancu-{instance_name(var)}"
    if (space.free_bytes(_SHARED_MEMORY) or 0) >= _METRICS_BYTES and _may_replace(in_memory):
        with suppress(OSError):
            return _emptied(in_memory)
    return _emptied(var / "metrics")


def shared_folder() -> Path | None:
    """The folder that the processes of this run share, emptied at each start; None without one."""
    named = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(named) if named else None


def _may_replace(folder: Path) -> bool:
    # Everybody may write beside it, so what is there may be somebody else's.
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def open_log(path: Path) -> IO[bytes]:
    """Open a log to append to; its owner's group may read it, others may not.

    Raises ``OperationError`` for a link: whoever may write the folder could lead us to any file.
    """
    descriptor = _appending(path, os.O_WRONLY)
    with suppress(PermissionError):
        os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) & ~_OTHERS)
    return os.fdopen(descriptor, "ab")


def _appending(path: Path, how: int) -> int:
    try:
        return os.open(path, how | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o640)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise OperationError(
            f"{path} is a link, and nothing is written through links.",
            "remove it, and look who placed it there",
        ) from None


def _not_writable(path: Path, reason: str) -> OperationError:
    return OperationError(
        f"The directory {path} cannot be written: {reason}.",
        "start dancu as the user who owns it, or name another with DANCU_VAR",
    )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads; a crash leaves the old one or the new one whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        temporary.unlink()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """A JSON object from a file; None when there is none or it cannot be read."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def write_private_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object that only its owner reads."""
    write_private(path, json.dumps(value, indent=2) + "\n")


def secret_key(var: Path) -> str:
    """The key of this instance that signs sessions; made on first use, kept at mode 0600."""
    path = var / "secret_key"
    with suppress(OSError):
        if key := path.read_text(encoding="ascii").strip():
            return key
    key = secrets.token_urlsafe(48)
    prepare_var(var)
    descriptor_path = path.with_name(f".secret_key.{os.getpid()}")
    write_private(descriptor_path, key)
    try:
        # Two processes may come here at once; the first link wins and both read the same key.
        os.link(descriptor_path, path)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    finally:
        descriptor_path.unlink(missing_ok=True)
    return key


@contextmanager
def only_one(var: Path, *, what: str, address: str = "") -> Iterator[None]:
    """Hold the instance's lock. Raises ``AlreadyRunning`` when another process holds it.

    The kernel frees the lock when the process ends in whatever way. Raises ``OperationError`` when
    the lock is a link.
    """
    prepare_var(var)
    path = var / "lock"
    with os.fdopen(_appending(path, os.O_RDWR), "a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _already_running(path) from None
        stream.seek(0)
        stream.truncate()
        json.dump({"pid": os.getpid(), "what": what, "address": address}, stream)
        stream.flush()
        try:
            yield
        finally:
            stream.seek(0)
            stream.truncate()


def lock_holder(var: Path) -> dict[str, Any] | None:
    """Who holds the instance's lock (``pid``, ``what``, ``address``), or None."""
    path = var / "lock"
    try:
        with path.open("r", encoding="utf-8") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return read_json(path) or {}
    except OSError:
        return None
    return None


def _already_running(path: Path) -> AlreadyRunning:
    holder = read_json(path) or {}
    who = f"`{holder['what']}` (process {holder['pid']})" if holder else "another process"
    at = f" It serves {holder['address']}" if holder.get("address") else ""
    return AlreadyRunning(
        f"dancu is already running from this directory: {who}.{at}",
        "use that one, or stop it first with Ctrl-C in its window"
        + (f" or `kill {holder['pid']}`" if holder else ""),
    )
