"""The configuration: one file ``dancu.toml`` and environment variables.

An environment variable wins over the file, the file over the default. Every value is checked when
it is read; an error names the setting, what is wrong with it and what to do. The fields below are
the only list of settings: the sample file and the reference page are written from it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import unquote, urlsplit, urlunsplit

from dancu.operation import config_checks as checks
from dancu.operation.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
FILE_NAME = "dancu.toml"


def _setting(
    default: Any,
    doc: str,
    *,
    check: checks.Check | None = None,
    secret: bool = False,
    env: str = "",
) -> Any:
    metadata = {"doc": doc, "check": check, "secret": secret, "env": env}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Web:
    """The web server."""

    host: str = _setting("127.0.0.1", "Address that the web server listens on.")
    port: int = _setting(8006, "Port of the web server.", check=checks.between(1, 65535))
    workers: int = _setting(2, "Web server processes.", check=checks.between(1, 64))
    threads: int = _setting(8, "Threads in each process.", check=checks.between(1, 256))
    allowed_hosts: tuple[str, ...] = _setting(
        ("127.0.0.1", "localhost"),
        "Host names under which the site answers; another is refused.",
        check=checks.host_names,
    )
    https: bool = _setting(
        default=False,
        doc="The site is reached by https (through a proxy that sets X-Forwarded-Proto). "
        "Cookies are then sent over https only, and browsers are told to stay on https.",
    )
    trusted_origins: tuple[str, ...] = _setting(
        (),
        "Origins from which forms may be sent when a proxy changes the host.",
        check=checks.origins,
    )
    metrics_from: tuple[str, ...] = _setting(
        ("127.0.0.0/8", "::1/128"),
        "Networks whose machines may read /metrics directly, not through the proxy.",
        check=checks.networks,
    )
    metrics_token: str = _setting(
        "",
        "When set, /metrics is for those who send `Authorization: Bearer` with this token, from "
        "wherever they come, and for nobody else.",
        check=checks.secret,
        secret=True,
    )
    secret_key: str = _setting(
        "",
        "Key that signs sessions. When empty, a random one is made and kept in var/ (mode 0600). "
        "Give the same one to every node.",
        check=checks.secret,
        secret=True,
        env="DANCU_SECRET_KEY",
    )


@dataclass(frozen=True, slots=True)
class Database:
    """PostgreSQL."""

    url: str = _setting(
        "",
        "postgresql://user:password@host:port/name of a server of yours (15 or newer). "
        "When empty, the embedded server is used.",
        check=checks.database_url,
        secret=True,
        env="DATABASE_URL",
    )
    port: int = _setting(
        8007,
        "Port of the embedded server on 127.0.0.1; the next free one when it is taken.",
        check=checks.between(1024, 65535),
    )
    binaries: str = _setting(
        "auto",
        "Where the embedded server's programs come from: auto (the system's, else the wheel's), "
        "system, wheel.",
        check=checks.one_of("auto", "system", "wheel"),
    )
    user: str = _setting(
        "",
        "System user that runs the embedded server when dancu runs as root; made when absent. "
        "When empty: postgres where there is such a user, else dancu.",
    )
    shared_buffers_mb: int = _setting(
        0,
        "Memory for the embedded server's page cache; 0 chooses a quarter of the machine's "
        "memory, at most 1024.",
        check=checks.between(0, 1_048_576),
    )
    pool_size: int = _setting(
        10, "Connections that each web process may hold.", check=checks.between(1, 500)
    )
    statement_timeout_ms: int = _setting(
        30_000,
        "A page's query is stopped after so many milliseconds; 0 never stops one.",
        check=checks.between(0, 3_600_000),
    )


@dataclass(frozen=True, slots=True)
class City:
    """The synthetic city that fills an empty register."""

    people: int = _setting(
        100_000, "People of the city; 0 builds none.", check=checks.between(0, 100_000_000)
    )
    seed: int = _setting(
        1, "The same seed gives the same city.", check=checks.between(0, 2**31 - 1)
    )
    sign_ins: bool = _setting(
        default=True,
        doc="Make demo accounts with known passwords and print them. Turn off for real data.",
    )


@dataclass(frozen=True, slots=True)
class Log:
    """The logs."""

    level: str = _setting(
        "INFO", "Least severity written.", check=checks.one_of("DEBUG", "INFO", "WARNING", "ERROR")
    )
    format: str = _setting(
        "json", "json (one object a line) or console.", check=checks.one_of("json", "console")
    )


@dataclass(frozen=True, slots=True)
class Jobs:
    """The worker of background jobs."""

    concurrency: int = _setting(4, "Jobs that run at once.", check=checks.between(1, 64))


@dataclass(frozen=True, slots=True)
class Exchange:
    """The agencies' exchange: a process of its own beside the web server."""

    port: int = _setting(
        8005,
        "Port of the exchange, on web.host; 0 starts none (the web server answers agencies too).",
        check=checks.between(0, 65535),
    )
    workers: int = _setting(1, "Processes of the exchange.", check=checks.between(1, 64))
    waiting: int = _setting(
        2000,
        "Questions that may wait in each process; more are told to come back (503).",
        check=checks.between(1, 100_000),
    )
    address: str = _setting(
        "",
        "Address that agencies know, such as https://exchange.example.vn/api/exchange/v1. Client "
        "assertions must be meant for it. When empty, the address they connect to counts.",
        check=checks.address,
    )
    certificate_header: str = _setting(
        "",
        "Header in which your proxy hands on the SHA-256 thumbprint of a client's TLS certificate. "
        "The proxy must remove this header from what comes from outside.",
    )
    keep_batches_days: int = _setting(
        7,
        "Questions and answers of a batch are deleted so many days after the answers were "
        "fetched; when nobody fetches them, after four times as long.",
        check=checks.between(1, 365),
    )


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration."""

    web: Web = Web()
    database: Database = Database()
    city: City = City()
    log: Log = Log()
    jobs: Jobs = Jobs()
    exchange: Exchange = Exchange()
    var: Path = ROOT / "var"

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        return f"http://{self.web.host}:{self.web.port}/"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as documented: ``name`` is ``section.key``."""

    name: str
    env: str
    type_name: str
    default: Any
    doc: str
    check: checks.Check | None
    secret: bool


_SECTIONS: dict[str, type] = {
    "web": Web,
    "database": Database,
    "city": City,
    "log": Log,
    "jobs": Jobs,
    "exchange": Exchange,
}
_TYPE_NAMES = {
    str: "text",
    int: "number",
    bool: "true or false",
    tuple[str, ...]: "list of text",
}


def section_doc(section: str) -> str:
    """One line on what the settings of a section are about."""
    return (_SECTIONS[section].__doc__ or "").strip()


def settings_of(section: str) -> list[Setting]:
    """The settings of a section, in the order in which they are documented."""
    kind = _SECTIONS[section]
    hints = get_type_hints(kind)
    return [_describe(section, item, hints[item.name]) for item in fields(kind)]


def sections() -> tuple[str, ...]:
    """The names of the sections."""
    return tuple(_SECTIONS)


def _describe(section: str, item: Field[Any], hint: Any) -> Setting:
    name = f"{section}.{item.name}"
    return Setting(
        name=name,
        env=item.metadata["env"] or f"DANCU_{section}_{item.name}".upper(),
        type_name=_TYPE_NAMES[hint],
        default=item.default,
        doc=item.metadata["doc"],
        check=item.metadata["check"],
        secret=item.metadata["secret"],
    )


def load(*, environ: Mapping[str, str] | None = None, file: Path | None = None) -> Config:
    """Read and check the configuration.

    The file is ``DANCU_CONFIG``, else ``dancu.toml`` beside the code when there is one.
    Raises ``ConfigurationError`` that lists every wrong setting.
    """
    environ = os.environ if environ is None else environ
    path, required = _config_path(environ, file)
    document = _read(path, required=required)
    problems = _unknown(document, path)
    parts: dict[str, Any] = {}
    for section, kind in _SECTIONS.items():
        table = document.get(section, {})
        values = {}
        for item in settings_of(section) if isinstance(table, dict) else ():
            value, problem = _value(item, table, environ, path)
            values[item.name.partition(".")[2]] = value
            if problem:
                problems.append(problem)
        parts[section] = kind(**values) if not problems else kind()
    if problems:
        raise ConfigurationError(
            "The configuration has errors:\n" + "\n".join(f"  - {line}" for line in problems),
            "correct them and start again; `dancu config --sample` shows every setting",
        )
    var = Path(environ.get("DANCU_VAR") or ROOT / "var").expanduser().resolve()
    return Config(**parts, var=var)


def _config_path(environ: Mapping[str, str], file: Path | None) -> tuple[Path, bool]:
    if file is not None:
        return file, True
    if named := environ.get("DANCU_CONFIG"):
        return Path(named), True
    return ROOT / FILE_NAME, False


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        if not required:
            return {}
        raise ConfigurationError(
            f"The configuration file {path} does not exist.",
            "correct DANCU_CONFIG, or copy dancu.toml.sample there",
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"The configuration file {path} cannot be read: {error.strerror}.",
            "let the user who starts dancu read it",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The configuration file {path} is not valid TOML: {error}.",
            "compare it with dancu.toml.sample",
        ) from None


def _unknown(document: Mapping[str, Any], path: Path) -> list[str]:
    problems = []
    for section, table in document.items():
        if section not in _SECTIONS:
            problems.append(
                f"[{section}] in {path.name} is no section; there are {', '.join(_SECTIONS)}"
            )
        elif not isinstance(table, dict):
            problems.append(f"{section} in {path.name} must be a section: write [{section}]")
        else:
            known = {item.name.partition(".")[2] for item in settings_of(section)}
            problems.extend(
                f"{section}.{key} in {path.name} is no setting; [{section}] has "
                + ", ".join(sorted(known))
                for key in sorted(set(table) - known)
            )
    return problems


def _value(
    item: Setting, table: Mapping[str, Any], environ: Mapping[str, str], path: Path
) -> tuple[Any, str | None]:
    key = item.name.partition(".")[2]
    if item.env in environ:
        origin = f"{item.name} (environment variable {item.env})"
        value, problem = _from_text(item, environ[item.env])
    elif key in table:
        origin = f"{item.name} (in {path.name})"
        value, problem = _from_toml(item, table[key])
    else:
        return item.default, None
    if problem is None and item.check is not None:
        problem = item.check(value)
    return value, f"{origin} {problem}" if problem else None


def _from_text(item: Setting, text: str) -> tuple[Any, str | None]:
    shown = "" if item.secret else f", not {text!r}"
    match item.type_name:
        case "number":
            try:
                return int(text.replace("_", "")), None
            except ValueError:
                return item.default, f"must be a whole number{shown}"
        case "true or false":
            words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
            if text.strip().lower() in words:
                return words[text.strip().lower()], None
            return item.default, f"must be true or false{shown}"
        case "list of text":
            return tuple(part.strip() for part in text.split(",") if part.strip()), None
        case _:
            return text, None


def _from_toml(item: Setting, value: Any) -> tuple[Any, str | None]:
    shown = "" if item.secret else f", not {value!r}"
    match item.type_name:
        case "number":
            good = isinstance(value, int) and not isinstance(value, bool)
            return (value, None) if good else (item.default, f"must be a whole number{shown}")
        case "true or false":
            good = isinstance(value, bool)
            return (value, None) if good else (item.default, f"must be true or false{shown}")
        case "list of text":
            good = isinstance(value, list) and all(isinstance(part, str) for part in value)
            if good:
                return tuple(value), None
            return item.default, f'must be a list of text, as in ["a", "b"]{shown}'
        case _:
            good = isinstance(value, str)
            return (value, None) if good else (item.default, f"must be text in quotes{shown}")


@cache
def current() -> Config:
    """The configuration of this process, read once."""
    return load()


def effective(config: Config) -> dict[str, Any]:
    """The configuration without secrets, for printing: ``{"web.port": 8006, …}``."""
    shown: dict[str, Any] = {}
    for section in _SECTIONS:
        for item in settings_of(section):
            value = getattr(getattr(config, section), item.name.partition(".")[2])
            shown[item.name] = _without_secret(item, value) if item.secret else value
    shown["var"] = str(config.var)
    return shown


def _without_secret(item: Setting, value: str) -> str:
    if not value:
        return ""
    if item.name != "database.url":
        return "(set)"
    parts = urlsplit(value)
    host = parts.hostname or ""
    user = f"{unquote(parts.username)}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{user}{host}{port}", parts.path, "", ""))
