"""The command ``dancu``.

A sub-command is a module in this package. It needs three names and may give three more:

- ``NAME``: the sub-command as typed; the file is called the same, with ``_`` for ``-``;
- ``add_arguments(parser)``: adds its options to an ``argparse.ArgumentParser``;
- ``run(args) -> int | None``: does the work and returns the exit code (None is 0);
- ``NEEDS_DJANGO`` (default true): settings and models are ready when ``run`` is called;
- ``NEEDS_DATABASE`` (default true): the database is running. Where no ``dancu up`` runs, the
  embedded server is started for this command and stopped after it;
- ``HIDDEN`` (default false): the sub-command is not listed.

The module's docstring is its help: the first line in the list, all of it in ``--help``. Modules
import what is heavy inside ``run``, because every command line imports them.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import dancu.cli
from dancu.operation.errors import DatabaseUnavailable, OperationError

PROGRAM = "dancu"
INTERRUPTED = 130


def command_names() -> list[str]:
    """The names of all sub-commands, sorted."""
    found = (item.name for item in pkgutil.iter_modules(dancu.cli.__path__))
    return sorted(
        name.replace("_", "-") for name in found if name != "main" and not name.startswith("_")
    )


def load_command(name: str) -> ModuleType:
    """The module of a sub-command."""
    return importlib.import_module(f"dancu.cli.{name.replace('-', '_')}")


def build_parser(names: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for the named sub-commands."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="An open population register: two doors, one city, two commands."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in map(load_command, names):
        text = (module.__doc__ or "").strip()
        # A sub-command without `help` works but is not listed.
        listed: dict[str, Any] = {}
        if not getattr(module, "HIDDEN", False):
            listed["help"] = text.split("\n")[0]
        sub = commands.add_parser(
            module.NAME,
            description=text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **listed,
        )
        module.add_arguments(sub)
        sub.set_defaults(module=module)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    known = command_names()
    # The usual command line names one sub-command: only its module is loaded.
    asked = [arguments[0]] if arguments and arguments[0] in known else known
    args = build_parser(asked).parse_args(arguments)
    try:
        return _run(args)
    except OperationError as error:
        sys.stdout.flush()
        sys.stderr.write(f"\n{PROGRAM}: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as error:
        code = _explain(error)
        if code is None:
            raise
        return code


def _run(args: argparse.Namespace) -> int:
    module: Any = args.module
    with ExitStack() as stack:
        if getattr(module, "NEEDS_DATABASE", True):
            from dancu.operation.postgres.session import database

            stack.enter_context(database(what=f"{PROGRAM} {module.NAME}", say=_say))
        if getattr(module, "NEEDS_DJANGO", True):
            prepare_django()
        return int(module.run(args) or 0)


def _explain(error: Exception) -> int | None:
    """Tell the operator of an error, and return the exit code; None when it cannot be told."""
    from dancu.kernel.errors import DancuError
    from dancu.operation.crash import keep_traceback

    if (known := _of_operation(error)) is not None:
        sys.stderr.write(f"\n{PROGRAM}: {known}\n")
        return known.exit_code
    if isinstance(error, DancuError):
        sys.stderr.write(f"\n{PROGRAM}: {error}\n  → {error.remedy_text()}\n")
        return 1
    kept = keep_traceback(error)
    if kept is None:
        return None
    sys.stderr.write(
        f"\n{PROGRAM}: an unexpected error ended the command: {type(error).__name__}.\n"
        f"  → the details are in {kept}; please report them\n"
    )
    return 1


def _of_operation(error: Exception) -> OperationError | None:
    """The error of a full disk, or of a database that went away, when that is the cause."""
    from dancu.kernel.errors import Unavailable
    from dancu.operation import space
    from dancu.operation.config import current
    from dancu.operation.postgres.provision import places

    again = "run the same command again"
    try:
        disks = places(current())
    except OperationError:
        return None
    if space.is_cause(error):
        if isinstance(error, OSError) and error.filename:
            disks = (Path(os.fsdecode(error.filename)).parent,)
        return space.no_space_left(*disks, then=again)
    went_away = _went_away(error)
    if (went_away or isinstance(error, Unavailable)) and any(map(space.is_scarce, disks)):
        return space.no_space_left(*disks, then=again)
    if went_away and not isinstance(error, Unavailable):
        line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return DatabaseUnavailable(
            f"The database went away: {line}", f"see why in the server's log, then {again}"
        )
    return None


def _went_away(error: Exception) -> bool:
    import psycopg
    from django.db import InterfaceError, OperationalError

    from dancu.operation.space import chain

    kinds = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
    return any(isinstance(item, kinds) for item in chain(error))


def prepare_django() -> None:
    """Make settings and models ready."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.house.settings")
    django.setup()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def iterate_commands() -> Iterator[tuple[str, ModuleType, argparse.ArgumentParser]]:
    """Each listed sub-command with its module and parser, for the reference page."""
    for name in command_names():
        module = load_command(name)
        if getattr(module, "HIDDEN", False):
            continue
        parser = argparse.ArgumentParser(prog=f"{PROGRAM} {name}", add_help=False)
        module.add_arguments(parser)
        yield name, module, parser


if __name__ == "__main__":
    sys.exit(main())
