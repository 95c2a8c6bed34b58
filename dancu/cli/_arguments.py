"""What the commands about files of people take alike: files, columns, a purpose."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path


def existing(text: str) -> Path:
    """Return the path of a file that is there, for ``argparse``."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return path


def require_another(target: Path, *sources: Path | None) -> None:
    """Refuse to write over a file that is read. Raises ``SystemExit``."""
    for source in sources:
        if source is not None and target.exists() and target.samefile(source):
            raise SystemExit(f"dancu: {target} is read and would be written over; name another one")


def meanings_with(recognised: Sequence[str], given: Sequence[str]) -> list[str]:
    """Return what columns mean once ``NUMBER=MEANING`` set some right. Raises ``SystemExit``."""
    found = list(recognised)
    for one in given:
        number, _, meaning = one.partition("=")
        if not (number.isascii() and number.isdecimal()) or not 0 < int(number) <= len(found):
            raise SystemExit(f"dancu: there is no column {number}, only 1 to {len(found)}")
        found[int(number) - 1] = meaning.strip()
    return found


def purpose_of(purposes: Mapping[str, object], given: str | None) -> str:
    """Return the purpose that was given, else the only one. Raises ``SystemExit``.

    With several there is no usual one: what is asked for stands in the records of everybody asked
    about.
    """
    if given:
        return given
    if len(purposes) != 1:
        known = ", ".join(purposes)
        raise SystemExit(f"dancu: the contract has several purposes; say --purpose, one of {known}")
    return next(iter(purposes))
