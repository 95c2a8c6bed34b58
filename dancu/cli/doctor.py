"""Examine the installation and say what to do about what is wrong.

Exit code 0 when nothing is bad, 1 otherwise; warnings alone do not fail.
"""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from dataclasses import asdict

from dancu.operation.doctor import Finding, NamedCheck, bad

NAME = "doctor"
NEEDS_DATABASE = False
_SIGNS = {"good": "ok", "warning": "warning", "bad": "BAD"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Run every check; those that need the database come after an attempt to reach it."""
    from dancu.operation import doctor

    checks = doctor.checks()
    findings: list[tuple[NamedCheck, Finding]] = [
        (item, doctor.examine(item)) for item in checks if not item.needs_database
    ]
    with ExitStack() as stack:
        trouble = _reach_database(stack)
        findings += [
            (item, bad(trouble, "mend the database first") if trouble else doctor.examine(item))
            for item in checks
            if item.needs_database
        ]
    for item, finding in findings:
        _print(item, finding, as_json=args.json)
    return int(any(finding.verdict == "bad" for _item, finding in findings))


def _reach_database(stack: ExitStack) -> str:
    """Start the embedded database unless it runs, but make none; what hinders it, or nothing."""
    from django.db import connections

    from dancu.operation.config import current
    from dancu.operation.errors import OperationError
    from dancu.operation.postgres.provision import known_address
    from dancu.operation.postgres.session import database

    config = current()
    if not config.database.url and known_address(config.var) is None:
        return f"none has been made in {config.var} yet; `dancu up` makes it"
    try:
        stack.enter_context(database(what="dancu doctor"))
        _point_at_running_server()
        connections["default"].ensure_connection()
    except OperationError as error:
        return error.what
    except Exception as error:  # noqa: BLE001 - whatever hinders it is the finding
        return (str(error).strip().splitlines() or [type(error).__name__])[0]
    return ""


def _point_at_running_server() -> None:
    # The settings were read before the server was started, perhaps on another port.
    from django.db import connections

    from dancu.operation.config import current
    from dancu.operation.postgres.provision import known_address

    address = None if current().database.url else known_address(current().var)
    if address is not None:
        connections["default"].settings_dict.update(
            NAME=address.name,
            USER=address.user,
            PASSWORD=address.password,
            HOST=address.host,
            PORT=str(address.port),
        )


def _print(item: NamedCheck, finding: Finding, *, as_json: bool) -> None:
    if as_json:
        body = {"check": item.name, **asdict(finding)}
        print(json.dumps(body, ensure_ascii=False))
        return
    print(f"{_SIGNS[finding.verdict]:<8} {item.label}: {finding.detail}")
    if finding.remedy:
        print(f"         → {finding.remedy}")
