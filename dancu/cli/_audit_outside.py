"""``dancu audit verify --key …``: checking the log with nothing but its public key."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from dancu.audit import outside
from dancu.audit.errors import AuditError
from dancu.audit.notes import Head, Verifier, read_verifier
from dancu.audit.outside import Log, LogInFolder

_OLD_SECONDS = 120


class _Now(NamedTuple):
    """The log as it is now."""

    log: Log
    note: str
    head: Head


def verify_outside(args: argparse.Namespace) -> int:
    """Check what the options name; 0 when all is well."""
    if not args.key or not (args.log or args.receipt):
        sys.stderr.write("dancu: to check from outside, give --key, and --from or --receipt\n")
        return 2
    log = outside.open_log(args.log) if args.log else None
    trusted = outside.trusted_keys(_given_key(args.key), log.keys() if log else [])
    now = _read_now(log, trusted) if log else None
    good = log is None or now is not None
    if now is not None:
        good &= not args.since or _check_since(Path(args.since), now, trusted)
        good &= not args.full or _check_full(now)
    if args.receipt:
        good &= _check_receipt(Path(args.receipt), now, trusted)
    if good and now is not None and args.keep:
        Path(args.keep).write_text(now.note, encoding="utf-8")
    return 0 if good else 1


def _given_key(given: str) -> Verifier:
    path = Path(given)
    return read_verifier(outside.kept_text(path) if path.is_file() else given)


def _read_now(log: Log, trusted: Sequence[Verifier]) -> _Now | None:
    note = log.note()
    head = outside.signed_head(note, trusted)
    if head is None:
        _say(False, "the last head is not signed by this key, nor by one that it vouches for")
        return None
    age = (datetime.now(UTC) - head.at).total_seconds()
    when = f"{head.at:%Y-%m-%d %H:%M:%S} UTC"
    _say(True, f"the head of {when} is signed: {head.size:,} records")
    if age > _OLD_SECONDS:
        print(f"warning  the head is {age / 60:,.0f} minutes old; one is signed each minute")
    return _Now(log, note, head)


def _check_since(path: Path, now: _Now, trusted: Sequence[Verifier]) -> bool:
    """Compare with a note or an exported folder that was kept; a first time has nothing yet."""
    if not path.exists():
        print(f"warning  {path} does not exist yet: nothing to compare with")
        return True
    copy = LogInFolder(path) if path.is_dir() else None
    old = outside.signed_head(copy.note() if copy else outside.kept_text(path), trusted)
    if old is None:
        return _say(False, f"{path} is not signed by this key")
    if outside.continues(now.log, old, now.head):
        return _say(True, f"nothing of the first {old.size:,} records was changed or removed")
    where = ""
    if copy is not None and now.head.size:
        where = f"; the first leaf that differs is {_difference(copy, old, now):,}"
    return _say(False, f"the log is no continuation of the {old.size:,} records kept{where}")


def _difference(copy: LogInFolder, old: Head, now: _Now) -> int:
    return outside.first_difference(copy, old, now.log, now.head)


def _check_full(now: _Now) -> bool:
    good = outside.has_root(now.log, now.head)
    words = "lead" if good else "do not lead"
    return _say(good, f"the hashes of all {now.head.size:,} leaves {words} to the signed root")


def _check_receipt(path: Path, now: _Now | None, trusted: Sequence[Verifier]) -> bool:
    receipt = outside.read_receipt(outside.kept_text(path))
    head = outside.signed_head(receipt.note, trusted)
    if head is None:
        return _say(False, f"the head in {path} is not signed by this key")
    if not receipt.proves(head):
        return _say(False, f"{path} does not fit its head: it was changed")
    _say(True, f"the access is record {receipt.index:,} of the {head.size:,} of {head.at:%Y-%m-%d}")
    print(f"         {receipt.entry.decode()}")
    if now is None:
        return True
    # Somebody may have been shown a log of their own: it must be the one that all others see.
    good = _agree(now, head)
    words = "is still part" if good else "is NO part"
    return _say(good, f"the receipt {words} of the log at the address")


def _agree(now: _Now, head: Head) -> bool:
    try:
        return outside.continues(now.log, head, now.head)
    except AuditError:
        return False


def _say(good: bool, words: str) -> bool:  # noqa: FBT001 - the verdict
    print(f"{'ok' if good else 'BAD':<8} {words}")
    return good
