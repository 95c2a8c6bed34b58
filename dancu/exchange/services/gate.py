"""What a contract lets its agency ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dancu.disclosure.inquiries import Question
from dancu.exchange.types import Caller, Mode


def check(
    caller: Caller,
    *,
    mode: Mode,
    purpose: str,
    attributes: Iterable[str],
    questions: Iterable[Question],
    at: datetime,
) -> None:
    """Raise ``ClauseRefused`` with the clause that does not allow this."""
    raise NotImplementedError
