"""Verifying what agencies hold against the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dancu.exchange.types import Answer, Mode, Verification
from dancu.kernel.errors import DancuError


def verify_many(
    asked: Sequence[Verification],
    *,
    at: datetime,
    mode: Mode = "verify",
    is_taken: bool = False,
) -> list[Answer | DancuError]:
    """Answer many verifications in the order asked; a refused one by its error.

    One read, one durable write of access records before it returns. ``is_taken``: the caller took
    the records from the quota already. Must not be called inside a transaction.
    """
    raise NotImplementedError


def verify(asked: Verification, *, at: datetime) -> Answer:
    """Answer one verification; raises what refused it."""
    answer = verify_many([asked], at=at)[0]
    if isinstance(answer, DancuError):
        raise answer
    return answer
