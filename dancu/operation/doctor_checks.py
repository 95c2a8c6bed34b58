"""The platform's own checks."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

from dancu.operation.config import ROOT, current
from dancu.operation.doctor import Finding, bad, check, good, warning
from dancu.operation.health import missing_migrations
from dancu.operation.postgres.binaries import OLDEST_MAJOR

_GIGABYTE = 1024**3
_LEAST_FREE_GB = 2
_CLOCK_SECONDS = 5
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*(.*?))?\s*\\?$", re.MULTILINE)


@check("python", label="Python")
def python_is_the_environments_own() -> Finding:
    """The Python of the checkout's environment; an older one than 3.11 cannot come this far."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.prefix == sys.base_prefix:
        return warning(f"Python {version}, outside of .venv", "use .venv/bin/dancu")
    return good(f"Python {version} in {sys.prefix}")


@check("packages", label="Packages")
def packages_are_the_locked_ones() -> Finding:
    """Every installed package has the locked version."""
    lock = ROOT / "requirements.lock"
    if not lock.exists():
        return warning("requirements.lock is missing", "restore it from the repository")
    pins = {name: version for name, version, _marker in _PIN.findall(lock.read_text())}
    wrong = []
    for name, version in pins.items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # Not for this platform, or only for development.
        if installed != version:
            wrong.append(f"{name} {installed} instead of {version}")
    if wrong:
        return bad("; ".join(wrong[:5]), "run `make setup`")
    return good(f"{len(pins)} locked packages")


@check("settings", label="Settings")
def settings_are_safe() -> Finding:
    """The settings are read (else we would not be here) and fit for what they are used for."""
    config = current()
    public = config.web.host not in {"127.0.0.1", "::1", "localhost"}
    if "*" in config.web.allowed_hosts:
        return warning("web.allowed_hosts holds *", "name the hosts under which the site answers")
    if public and not config.web.https:
        return warning(
            f"the web server listens on {config.web.host} without https",
            "put a proxy with https before it and set web.https = true",
        )
    if config.web.https and config.city.sign_ins:
        return warning(
            "city.sign_ins makes accounts with known passwords",
            "set city.sign_ins = false where real data is held",
        )
    return good(f"serves {config.address}")


@check("postgresql", label="PostgreSQL", needs_database=True)
def server_is_new_enough() -> Finding:
    """The server answers, is new enough and durable."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), "
            "current_setting('server_version_num')::int / 10000, "
            "current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on', "
            "current_setting('synchronous_commit') <> 'off', "
            "current_setting('wal_compression') IN ('on', 'pglz')"
        )
        version, major, safe, synchronous, is_slow = cursor.fetchone()
    if major < OLDEST_MAJOR:
        return bad(f"PostgreSQL {version}", f"upgrade to {OLDEST_MAJOR} or newer")
    if not safe or not synchronous:
        return bad(
            f"PostgreSQL {version} may lose acknowledged rows in a crash",
            "set fsync, full_page_writes and synchronous_commit to on",
        )
    if is_slow:
        return warning(
            f"PostgreSQL {version} compresses its log by pglz, which makes deliveries slow",
            "set wal_compression to lz4, or to off",
        )
    where = "DATABASE_URL" if current().database.url else "embedded"
    return good(f"PostgreSQL {version} ({where})")


@check("migrations", label="Tables", needs_database=True)
def migrations_are_applied() -> Finding:
    """The database has every table of this release."""
    missing = missing_migrations()
    if missing:
        return bad(f"{len(missing)} migrations are missing, first {missing[0]}", "run `dancu up`")
    return good("every migration is applied")


@check("clock", label="Clock", needs_database=True)
def clocks_agree() -> Finding:
    """The clocks of this machine and of the database agree."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        difference = abs(cursor.fetchone()[0] - time.time())
    if difference > _CLOCK_SECONDS:
        return bad(
            f"the clocks of this machine and of the database differ by {difference:.0f} s",
            "set both by NTP",
        )
    return good(f"differs from the database's by {difference * 1000:.0f} ms")


@check("disk", label="Disk space")
def disk_has_room() -> Finding:
    """There is room for the database to grow."""
    usage = shutil.disk_usage(current().var if current().var.exists() else ROOT)
    free = usage.free / _GIGABYTE
    if free < _LEAST_FREE_GB:
        return bad(f"{free:.1f} GB free", "free space: PostgreSQL stops when the disk is full")
    return good(f"{free:.0f} GB free of {usage.total / _GIGABYTE:.0f} GB")


@check("permissions", label="Secrets")
def secrets_are_private() -> Finding:
    """Only the owner reads the secrets in var/."""
    open_files = [
        path.name
        for path in (current().var / "database.json", current().var / "secret_key")
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_files:
        return bad(f"others may read {', '.join(open_files)}", f"chmod 600 in {current().var}")
    if current().var.exists() and not os.access(current().var, os.W_OK):
        return bad(f"{current().var} cannot be written", "run as the user who owns it")
    return good(f"in {current().var}")


@check("fonts", label="Fonts")
def fonts_show_vietnamese() -> Finding:
    """Pages bring their own font; a font of the system serves printing and screenshots."""
    listing = shutil.which("fc-list")
    if listing is None:
        return good("pages bring their own")
    found = subprocess.run(  # noqa: S603 - fixed program
        [listing, ":lang=vi", "family"], capture_output=True, text=True, check=False, timeout=30
    ).stdout.strip()
    if not found:
        return warning(
            "no font of this system has the Vietnamese letters",
            "install fonts-dejavu-core or fonts-noto-core (for printing and screenshots)",
        )
    return good(f"{len(found.splitlines())} with the Vietnamese letters")


@check("translations", label="Translations")
def translations_are_compiled() -> Finding:
    """Every translation is compiled."""
    from dancu.operation.translations import catalogues

    missing = [path for path in catalogues() if not path.with_suffix(".mo").exists()]
    if missing:
        return bad(f"{_short(missing[0])} is not compiled", "run `make setup`")
    return good(f"{len(catalogues())} files")


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))
