"""Comparing what an agency holds with what the register holds, without telling the latter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """How one value stands to the register's."""

    MATCH = "match"
    CLOSE = "close"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    """The result for one value; ``reason`` says in what a close value differs."""

    result: Result
    reason: str = ""
