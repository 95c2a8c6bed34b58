"""Serve agencies, and say who may connect.

`dancu exchange serve` runs the process that answers agencies (`dancu up` starts it by itself).
`dancu exchange client add NAME --contract CONTRACT --key FILE` registers a program with its public
key; `client rotate` gives it a new key while the former still counts for a week; `client retire`
ends one key at once, `client revoke` the client; `client list` shows all. `dancu exchange keys
rotate` makes new keys for the exchange itself: signed answers of the former ones stay valid, tokens
for ten minutes.
"""

from __future__ import annotations

import argparse
import getpass
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import NoReturn

NAME = "exchange"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands and their options."""
    what = parser.add_subparsers(dest="what", metavar="serve|client|keys", required=True)
    serve = what.add_parser("serve", help="answer agencies until told to stop")
    serve.add_argument("--port", type=int, help="another port than exchange.port")
    client = what.add_parser("client", help="programs of agencies")
    acts = client.add_subparsers(dest="act", metavar="add|rotate|retire|revoke|list", required=True)
    _add_client(acts.add_parser("add", help="register a client with its first key"))
    _add_rotation(acts.add_parser("rotate", help="give a client a new key"))
    retire = acts.add_parser("retire", help="take one key of a client no more")
    retire.add_argument("name")
    retire.add_argument("kid", help="the key's id, as the list shows it")
    acts.add_parser("revoke", help="let a client ask no more").add_argument("name")
    listing = acts.add_parser("list", help="show clients and keys")
    listing.add_argument("--all", action="store_true", help="revoked ones too")
    keys = what.add_parser("keys", help="the exchange's own keys")
    keys.add_argument("act", choices=["rotate"])


def _add_client(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="as the client will call itself, like g03-school")
    parser.add_argument(
        "--contract", action="append", required=True, help="of the catalogue; may be repeated"
    )
    parser.add_argument("--label", default="", help="what people call it")
    parser.add_argument("--xroad-client", default="", metavar="I/C/M/S", help="its X-Road name")
    parser.add_argument(
        "--certificate", default="", help="SHA-256 (base64url) of the TLS certificate to bind to"
    )
    _add_key(parser)


def _add_rotation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name")
    parser.add_argument(
        "--overlap", type=int, default=7, metavar="DAYS", help="so long the former keys count (7)"
    )
    _add_key(parser)


def _add_key(parser: argparse.ArgumentParser) -> None:
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--key", type=Path, metavar="FILE", help="public key: PEM or JWK")
    group.add_argument(
        "--make-key", type=Path, metavar="FILE", help="make a pair; the private key goes there"
    )


def run(args: argparse.Namespace) -> int:
    """Do what the sub-command says."""
    if args.what == "serve":
        return _serve(args.port)
    if args.what == "keys":
        return _rotate_own()
    return {
        "add": _client_add,
        "rotate": _client_rotate,
        "retire": _client_retire,
        "revoke": _client_revoke,
        "list": _client_list,
    }[args.act](args)


# -- Serving ---------------------------------------------------------------------------------------


def _serve(port: int | None) -> int:
    from dataclasses import replace

    from django.db import connection

    from dancu.exchange.gateway.command import GRACE, command
    from dancu.operation import database, process
    from dancu.operation.config import current
    from dancu.operation.errors import OperationError

    config = current()
    if port is not None:
        config = replace(config, exchange=replace(config.exchange, port=port))
    if not config.exchange.port:
        raise OperationError("exchange.port is 0.", "name a port with --port")
    database.require_usable()
    connection.close()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    child = process.start(command(config), environment=os.environ | {"DANCU_PROCESS": "exchange"})
    sys.stderr.write(f"The exchange listens on {config.web.host}:{config.exchange.port}.\n")
    try:
        return child.wait()
    except KeyboardInterrupt:
        process.stop(child, seconds=GRACE)
        return 0


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


# -- Clients ---------------------------------------------------------------------------------------


def _client_add(args: argparse.Namespace) -> int:
    from dancu.exchange import clients
    from dancu.kernel.clock import system_clock

    public, private = _key(args)
    made = clients.add(
        name=args.name,
        contracts=args.contract,
        key=public,
        by=_operator(),
        at=system_clock.now(),
        label=args.label,
        xroad_client=args.xroad_client,
        certificate=args.certificate,
    )
    kid = made.keys.get().kid
    print(f"{made.name} may ask under {', '.join(made.contracts)} with the key {kid}.")
    _keep(args, private)
    return 0


def _client_rotate(args: argparse.Namespace) -> int:
    from dancu.exchange import clients
    from dancu.kernel.clock import system_clock

    public, private = _key(args)
    overlap = timedelta(days=args.overlap)
    at = system_clock.now()
    made = clients.rotate(name=args.name, key=public, by=_operator(), at=at, overlap=overlap)
    until = _moment(at + overlap)
    print(f"{args.name} may use the key {made.kid} from now on; former keys count until {until}.")
    _keep(args, private)
    return 0


def _client_retire(args: argparse.Namespace) -> int:
    from dancu.exchange import clients
    from dancu.kernel.clock import system_clock

    clients.retire_key(name=args.name, kid=args.kid, by=_operator(), at=system_clock.now())
    print(f"The key {args.kid} of {args.name} counts no more.")
    return 0


def _client_revoke(args: argparse.Namespace) -> int:
    from dancu.exchange import clients
    from dancu.kernel.clock import system_clock

    clients.revoke(name=args.name, by=_operator(), at=system_clock.now())
    print(f"{args.name} may ask no more; its tokens end within two seconds.")
    return 0


def _client_list(args: argparse.Namespace) -> int:
    from dancu.exchange import clients

    found = clients.listed(with_revoked=args.all)
    for one in found:
        state = f"  revoked {_moment(one.revoked_at)}" if one.revoked_at else ""
        print(f"{one.name}  {', '.join(one.contracts)}  {one.label}{state}".rstrip())
        for key in one.keys:
            used = f"used {_moment(key.used_at)}" if key.used_at else "not used yet"
            ends = f", until {_moment(key.retires_at)}" if key.retires_at else ""
            print(f"    {key.kid}  {key.kind}  since {_moment(key.added_at)}{ends}, {used}")
    if not found:
        print("There are no clients.")
    return 0


def _rotate_own() -> int:
    from dancu.exchange.oauth import ring
    from dancu.kernel.clock import system_clock

    for use in (ring.Use.TOKEN, ring.Use.ANSWER):
        kid = ring.rotate(use, by=_operator(), at=system_clock.now())
        print(f"{use.value}s are signed with {kid} from now on.")
    print("A running exchange takes the new keys within a minute.")
    return 0


def _key(args: argparse.Namespace) -> tuple[str, bytes]:
    """Return the public key as text, and the private one when it was made here."""
    if args.key is not None:
        return args.key.read_text(encoding="utf-8"), b""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode(), private


def _keep(args: argparse.Namespace, private: bytes) -> None:
    from dancu.operation.instance import write_private

    if private:
        write_private(args.make_key, private.decode())
        print(f"The private key is in {args.make_key}; nobody else has it.")


def _operator() -> str:
    return f"{getpass.getuser()} (command line)"


def _moment(at: object) -> str:
    from datetime import datetime

    from dancu.kernel.clock import VIETNAM

    return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M") if isinstance(at, datetime) else "-"
