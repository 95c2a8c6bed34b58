"""``init`` and ``keys``: settings, key pairs, and what to register."""

from __future__ import annotations

import argparse
import json
import secrets
from dataclasses import fields
from pathlib import Path
from typing import Any

from dancu_agent.agent import Agent
from dancu_agent.cli.screen import Screen
from dancu_agent.credential import TokenRefused
from dancu_agent.errors import FAILED, AgentError, Problem
from dancu_agent.keys import ALGORITHMS, Key, Keyring
from dancu_agent.link import LinkBroken
from dancu_agent.settings import (
    SETTINGS_FILE,
    TOKEN_FILE,
    Settings,
    checked,
    read_settings,
    write_private,
    wrong,
)
from dancu_agent.texts import msg

_OPTIONS = {
    "server": msg("address of the exchange, as https://exchange.example.vn"),
    "client": msg("the agency's name as a client, told by the exchange's operator"),
    "contract": msg("name of the contract; needed where the agency has several"),
    "purpose": msg("purpose of questions that name none"),
    "audience": msg("what the exchange calls its token endpoint, if a gateway renames it"),
    "ca_file": msg("certificates (PEM) to trust instead of the system's"),
    "certificate_file": msg("client certificate (PEM) for mutual TLS"),
    "certificate_key_file": msg("its private key"),
    "proxy": msg("HTTP proxy as host:port"),
    "timeout_seconds": msg("how long to wait for an answer (20)"),
    "keep_days": msg("days after which answered questions are deleted (7)"),
    "connections": msg("connections used for files and the local service (4)"),
    "local_port": msg("port of `dancu-agent serve` (8017)"),
}


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add ``init`` and ``keys``."""
    init = commands.add_parser("init", parents=[common], help=msg("make settings and a key pair"))
    for item in fields(Settings):
        kind = int if item.type == "int" else str
        init.add_argument(
            f"--{item.name.replace('_', '-')}", type=kind, help=_OPTIONS[item.name], metavar="…"
        )
    init.add_argument("--algorithm", choices=ALGORITHMS, default=ALGORITHMS[0])
    init.add_argument("--again", action="store_true", help=msg("change the settings of an agent"))
    init.set_defaults(run=run_init)
    keys = commands.add_parser("keys", parents=[common], help=msg("show or rotate the key pair"))
    keys.add_argument(
        "act",
        choices=["show", "rotate", "activate", "clean"],
        help=msg(
            "show: the public key; rotate: make the next key; activate: let it sign, when it is "
            "registered; clean: delete keys that no longer sign"
        ),
    )
    keys.add_argument("--algorithm", choices=ALGORITHMS, default=ALGORITHMS[0])
    keys.set_defaults(run=run_keys)


def run_init(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Make the home of an agent and print the public key to register."""
    given = {
        item.name: value
        for item in fields(Settings)
        if (value := getattr(args, item.name)) is not None
    }
    exists = (home / SETTINGS_FILE).exists()
    if exists and not args.again:
        raise wrong(
            "--home",
            msg("There is an agent in %(home)s already."),
            msg("change its settings with --again, or name another folder with --home"),
            why=msg("Its keys and questions would be lost."),
            home=str(home),
        )
    before = _settings_of(home) if exists else {}
    settings = checked(before | given)
    _made(home)
    write_private(home / SETTINGS_FILE, settings.text())
    token = home / TOKEN_FILE
    if not token.exists() or not token.read_bytes().strip():
        write_private(token, secrets.token_urlsafe(32) + "\n")
    ring = Keyring(home)
    key = _key_of(ring, args.algorithm)
    screen.tell(msg("The agent is in %(home)s."), home=str(home))
    _register(key, settings, screen)
    return 0


def _settings_of(home: Path) -> dict[str, Any]:
    try:
        found = read_settings(home)
    except AgentError:
        return {}  # What cannot be read is what --again is to repair.
    return {item.name: getattr(found, item.name) for item in fields(Settings)}


def _key_of(ring: Keyring, algorithm: str) -> Key:
    """The key that signs; a new one where there is none that can be used."""
    try:
        return ring.following() or ring.current()
    except AgentError as error:
        if error.problem.code == "key-open":
            raise
        return ring.begin(algorithm)


def _made(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise wrong(
            "--home",
            msg("The folder %(home)s cannot be made: %(reason)s."),
            msg("name a folder that this account may write, with --home"),
            home=str(home),
            reason=error.strerror or str(error),
        ) from None


def _register(key: Key, settings: Settings, screen: Screen) -> None:
    screen.tell(
        msg("Give this public key to the exchange's operator, for the client %(client)s:"),
        client=settings.client,
    )
    screen.say("%(jwk)s", jwk=json.dumps(key.public_jwk()))


def run_keys(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Show, rotate, activate or clean the keys."""
    settings, ring = read_settings(home), Keyring(home)
    if args.act == "show":
        _register(ring.following() or ring.current(), settings, screen)
    elif args.act == "rotate":
        _register(ring.rotate(args.algorithm), settings, screen)
        screen.tell(
            msg(
                "The present key goes on signing. Once the new one is registered, the agent goes "
                "over to it by itself when the old one ends, or at once with `dancu-agent keys "
                "activate`."
            )
        )
    elif args.act == "activate":
        return _activate(home, screen)
    else:
        screen.say(msg("Deleted: %(n)d"), n=ring.drop_earlier())
    return 0


def _activate(home: Path, screen: Screen) -> int:
    with Agent(home, language=screen.language) as agent:
        key = agent.keyring.following()
        if key is None:
            raise AgentError(
                Problem(
                    "no-next-key",
                    msg("There is no key that is to follow."),
                    "",
                    msg("make one with `dancu-agent keys rotate`"),
                )
            )
        exchange = agent.exchange()
        try:
            agent.credential.try_key(exchange.link, key)
        except (TokenRefused, LinkBroken) as refused:
            screen.tell(msg("The new key does not work yet; the present one goes on signing."))
            screen.tell("%(text)s", text=refused.problem.text(screen.translate))
            return FAILED
        finally:
            exchange.close()
        agent.keyring.promote()
        screen.say(
            msg("The key %(kid)s signs from now on. Have the old one taken off the register."),
            kid=key.kid,
        )
    return 0
