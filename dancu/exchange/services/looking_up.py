"""Looking up contracted attributes for a numbered case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dancu.exchange.types import Caller, LookUpAnswer


def look_up(
    caller: Caller,
    *,
    purpose: str,
    subject: Mapping[str, object],
    attributes: Sequence[str],
    case: str,
    at: datetime,
) -> LookUpAnswer:
    """Return contracted attributes of the person named by PID and name or birth date."""
    raise NotImplementedError
