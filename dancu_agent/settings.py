"""The agent's settings: one file ``agent.toml`` in its home."""

from __future__ import annotations

import ipaddress
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dancu_agent.errors import WRONG_USE, AgentError, Problem
from dancu_agent.texts import msg

API = "/api/exchange/v1"
HOME_VARIABLE = "DANCU_AGENT_HOME"
SPOOL_FILE = "spool.sqlite3"
TOKEN_FILE = "local.token"  # noqa: S105 - the name of a file
SETTINGS_FILE = "agent.toml"
_PROXY_PORT = 3128


@dataclass(frozen=True, slots=True)
class Settings:
    """What an agency told its agent.

    ``server`` is the address of the exchange without path; ``audience`` is what the exchange calls
    its token endpoint, where a gateway in front gives it another address.
    """

    server: str
    client: str
    contract: str = ""
    purpose: str = ""
    audience: str = ""
    ca_file: str = ""
    certificate_file: str = ""
    certificate_key_file: str = ""
    proxy: str = ""
    timeout_seconds: int = 20
    keep_days: int = 7
    connections: int = 4
    local_port: int = 8017

    @property
    def token_url(self) -> str:
        """The token endpoint as the exchange knows it: the audience of assertions."""
        return self.audience or f"{self.server}{API}/token"

    @property
    def proxy_end(self) -> tuple[str, int] | None:
        """Host and port of the proxy, when there is one. Raises ``ValueError`` for no address."""
        if not self.proxy:
            return None
        parts = urlsplit(self.proxy if "//" in self.proxy else f"//{self.proxy}")
        if not parts.hostname:
            raise ValueError(self.proxy)
        return parts.hostname, parts.port or _PROXY_PORT

    def text(self) -> str:
        """The file's text; strings of JSON are strings of TOML."""
        lines = [f"# {SETTINGS_FILE}: settings of dancu-agent"]
        lines += [f"{item.name} = {json.dumps(getattr(self, item.name))}" for item in fields(self)]
        return "\n".join(lines) + "\n"


def wrong(name: str, what: str, remedy: str, *, why: str = "", **params: object) -> AgentError:
    """The error of a setting or an argument."""
    problem = Problem("settings", what, why, remedy, field=name, params=params)
    return AgentError(problem, exit_code=WRONG_USE)


def home_of(asked: str | None, environ: Mapping[str, str] | None = None) -> Path:
    """The folder of the agent: as asked, as the environment says, or ``~/.dancu-agent``."""
    environ = os.environ if environ is None else environ
    named = asked or environ.get(HOME_VARIABLE, "")
    return Path(named).expanduser() if named else Path.home() / ".dancu-agent"


def read_settings(home: Path) -> Settings:
    """Read and check the settings of a home."""
    path = home / SETTINGS_FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise wrong(
            SETTINGS_FILE,
            msg("There is no agent in %(home)s."),
            msg("make one with `dancu-agent init`, or name its folder with --home"),
            home=str(home),
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise wrong(
            SETTINGS_FILE,
            msg("The settings in %(path)s cannot be read: %(reason)s."),
            msg("correct the file, or make it anew with `dancu-agent init --again`"),
            path=str(path),
            reason=str(error),
        ) from None
    return checked(found)


def checked(found: Mapping[str, Any]) -> Settings:
    """The settings of a mapping, every field checked."""
    known = {item.name: item for item in fields(Settings)}
    for name, value in found.items():
        if name not in known:
            raise wrong(
                name,
                msg("There is no such setting."),
                msg("take it out; known are: %(known)s"),
                known=", ".join(known),
            )
        wanted = int if known[name].type == "int" else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise wrong(
                name,
                msg("The value %(value)s is of the wrong kind."),
                msg("write a whole number") if wanted is int else msg("write text in quotes"),
                value=repr(value),
            )
    for name in ("server", "client"):
        if not found.get(name):
            raise wrong(
                name,
                msg("The setting is missing."),
                msg("the exchange's operator tells it when the agency is connected"),
            )
    settings = Settings(**{**found, "server": str(found["server"]).rstrip("/")})
    _check_server(settings.server)
    _check_proxy(settings)
    _check_numbers(settings)
    return settings


def _check_server(server: str) -> None:
    try:
        parts = urlsplit(server)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise wrong(
            "server",
            msg("%(server)s is not the address of a server."),
            msg("write it as https://exchange.example.vn"),
            server=server,
        )
    try:
        _port = parts.port
    except ValueError:
        raise wrong(
            "server",
            msg("%(server)s is not the address of a server."),
            msg("write a port from 1 to 65535"),
            server=server,
        ) from None
    if parts.path or parts.query or parts.fragment or parts.username:
        raise wrong(
            "server",
            msg("The address has more than a host and a port."),
            msg("write only https://host:port; the agent knows the path"),
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise wrong(
            "server",
            msg("The address is not encrypted (http)."),
            msg("use https"),
            why=msg("Questions about people would cross the network in the open."),
        )


def _check_proxy(settings: Settings) -> None:
    try:
        _end = settings.proxy_end
    except ValueError:
        raise wrong(
            "proxy",
            msg("%(server)s is not the address of a server."),
            msg("write it as http://proxy.example.vn:3128"),
            server=settings.proxy,
        ) from None


def _check_numbers(settings: Settings) -> None:
    for name, least, most in (
        ("timeout_seconds", 1, 600),
        ("keep_days", 0, 365),
        ("connections", 1, 32),
        ("local_port", 1, 65535),
    ):
        if not least <= getattr(settings, name) <= most:
            raise wrong(
                name,
                msg("The number must lie between %(least)d and %(most)d."),
                msg("correct it in agent.toml"),
                least=least,
                most=most,
            )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
