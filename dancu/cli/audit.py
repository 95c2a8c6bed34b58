"""Check and keep the sealed access log.

`dancu audit verify` recomputes the whole log in the database and names what was deleted, changed,
put in or moved. With `--key` it checks from outside, with nothing but the public key:

  dancu audit verify --key log.pub --from https://register.example --since kept.txt --keep kept.txt
  dancu audit verify --key log.pub --receipt receipt.json

`dancu audit key` prints the public key, `head` the last signed head, `export FOLDER` writes a copy
for auditors, `seal` seals at once, `rotate-key` puts a new key in place of the old one.

Exit code 0 when all is well, 1 when something was found or cannot be checked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "audit"
NEEDS_DJANGO = False
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions and their options."""
    parser.add_argument("action", choices=list(_ACTIONS), help="what to do")
    parser.add_argument("folder", nargs="?", type=Path, help="export: a new or empty folder")
    add = parser.add_argument
    add("--key", help="verify from outside with this public key (a file, or the line itself)")
    add("--from", dest="log", metavar="WHERE", help="verify: address or exported folder")
    add("--since", metavar="FILE", help="verify: a head, or an export, that was kept earlier")
    add("--keep", metavar="FILE", help="verify: write the head there when all is well")
    add("--receipt", metavar="FILE", help="verify: a citizen's receipt of one access")
    add("--full", action="store_true", help="verify: fetch the hashes of all leaves as well")
    add("--json", action="store_true", help="verify inside: print each finding as JSON")
    add("--line", action="store_true", help="key: as one line instead of PEM")
    add("--lost", action="store_true", help="rotate-key: the private key in use is lost")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    if args.action == "verify" and (args.key or args.receipt or args.log or args.since):
        from dancu.cli._audit_outside import verify_outside

        return verify_outside(args)
    if (args.folder is None) == (args.action == "export"):
        sys.stderr.write("dancu: `export` takes a folder, and nothing else does\n")
        return 2
    with _prepared(f"dancu audit {args.action}"):
        return _ACTIONS[args.action](args)


@contextmanager
def _prepared(what: str) -> Iterator[None]:
    """The database and Django, which checking from outside does without."""
    from dancu.cli.main import prepare_django
    from dancu.operation.postgres.session import database

    with database(what=what, say=_say):
        prepare_django()
        yield


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _verify_inside(args: argparse.Namespace) -> int:
    from time import perf_counter

    from dancu.audit.verifying import verify

    begin = perf_counter()
    found = verify(report=_progress if sys.stderr.isatty() else lambda _done, _total: None)
    seconds = perf_counter() - begin
    if args.json:
        for item in found.findings:
            body = {
                "damage": item.damage,
                "source": item.source,
                "records": item.records,
                "leaves": item.leaves,
                "note": item.note,
            }
            print(json.dumps(body, ensure_ascii=False))
    else:
        for item in found.findings:
            print(f"BAD      {item}")
        when = f", last head of {found.at:%Y-%m-%d %H:%M:%S} UTC" if found.at else ""
        verdict = "BAD" if found.findings else "ok"
        print(f"{verdict:<8} {found.size:,} records, {found.heads:,} heads{when}; {seconds:.1f} s")
    return 0 if found.is_whole else 1


def _progress(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done:,} of {total:,} records" + ("\n" if done == total else ""))


def _key(args: argparse.Namespace) -> int:
    from dancu.audit.errors import NoHeadYet
    from dancu.audit.log import list_keys

    keys = list_keys()
    if not keys:
        raise NoHeadYet
    verifier = keys[-1].verifier
    sys.stdout.write(f"{verifier}\n" if args.line else verifier.pem())
    return 0


def _head(_args: argparse.Namespace) -> int:
    from dancu.audit.log import latest_head

    sys.stdout.write(latest_head().note)
    return 0


def _export(args: argparse.Namespace) -> int:
    from dancu.audit.exporting import export

    size = export(args.folder)
    print(f"{size:,} leaf hashes in {args.folder}")
    return 0


def _seal(_args: argparse.Namespace) -> int:
    from dancu.audit.services import seal
    from dancu.kernel.clock import system_clock

    sealed = seal(at=system_clock())
    words = ", ".join(f"{count:,} of {name}" for name, count in sealed.added.items())
    print(f"sealed {words}; the log has {sealed.head.size:,} records")
    return 0


def _rotate(args: argparse.Namespace) -> int:
    from dancu.audit.services import rotate_key
    from dancu.kernel.clock import system_clock

    print(rotate_key(at=system_clock(), lost=args.lost))
    return 0


_ACTIONS = {
    "verify": _verify_inside,
    "key": _key,
    "head": _head,
    "export": _export,
    "seal": _seal,
    "rotate-key": _rotate,
}
