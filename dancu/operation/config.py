"""The configuration: one file ``dancu.toml`` and environment variables.

An environment variable wins over the file, the file over the default. Every value is checked when
it is read; an error names the setting, what is wrong with it and what to do. The fields of the
sections are the only list of settings: the sample file and the reference page are written from it.
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
from dancu.operation.config_sections import City, Database, Exchange, Jobs, Log, Web
from dancu.operation.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
FILE_NAME = "dancu.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration."""

    web: Web = field(default_factory=Web)
    database: Database = field(default_factory=Database)
    city: City = field(default_factory=City)
    log: Log = field(default_factory=Log)
    jobs: Jobs = field(default_factory=Jobs)
    exchange: Exchange = field(default_factory=Exchange)
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
    problems = [*_unknown(document, path), *_unknown_variables(environ)]
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
    problems += _shared_ports(parts)
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


def _unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none: a slip of the pen must not go unnoticed."""
    problems = []
    for section in _SECTIONS:
        known = {item.env for item in settings_of(section)}
        prefix = f"DANCU_{section}_".upper()
        problems += [
            f"{name} is no setting; [{section}] has {', '.join(sorted(known))}"
            for name in sorted(environ)
            if name.startswith(prefix) and name not in known
        ]
    return problems


def _shared_ports(parts: Mapping[str, Any]) -> list[str]:
    """Servers that are to listen on one port; the embedded database only where it is used."""
    ports = {"web.port": parts["web"].port, "exchange.port": parts["exchange"].port}
    if not parts["database"].url:
        ports["database.port"] = parts["database"].port
    names: dict[int, list[str]] = {}
    for name, port in ports.items():
        names.setdefault(port, []).append(name)
    return [
        f"{' and '.join(shared)} are all {port}; give each a port of its own"
        for port, shared in names.items()
        if port and len(shared) > 1
    ]


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
