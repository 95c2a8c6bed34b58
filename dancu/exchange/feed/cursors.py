"""Cursors: a place in a contract's feed, as agencies keep it.

A cursor names the last event that was examined, by its position and by the beginning of its random
number. So it means the same after a restart, on another machine and after any key was changed; and
after the register was restored from a backup, whose positions are given anew to other events, it is
known to be unknown instead of skipping some.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from dancu.catalogue.contracts import exchange_rules
from dancu.exchange.feed.errors import CursorTooOld, CursorUnknown
from dancu.exchange.feed.models import FeedEvent

PATTERN = r"^(0|[1-9][0-9]{0,17})-[0-9a-f]{12}$"
_DIGITS = 12


def cursor_of(position: int, event: UUID) -> str:
    """Return the cursor of an event."""
    return f"{position}-{event.hex[:_DIGITS]}"


def start(at: datetime) -> str:
    """Return the cursor before the first event, of a feed that has none at this moment."""
    return f"0-{int(at.timestamp()):012x}"


def position_of(cursor: str, *, contract: str, at: datetime) -> int:
    """Return the position of a cursor, 0 for the start.

    Raises ``CursorUnknown`` and ``CursorTooOld``.
    """
    kept_days = exchange_rules().feed_kept_days
    if not re.fullmatch(PATTERN.removesuffix("$"), cursor):
        raise CursorUnknown
    number, _, mark = cursor.partition("-")
    position = int(number)
    own = FeedEvent.objects.filter(contract=contract)
    if position == 0:
        if int(mark, 16) < (at - timedelta(days=kept_days)).timestamp() and own.exists():
            raise CursorTooOld(days=kept_days)
        return 0
    event = own.filter(position=position).values_list("event", flat=True).first()
    if event is not None:
        if event.hex[:_DIGITS] != mark:
            raise CursorUnknown
        return position
    # Events are deleted from the oldest on, but for the last one of each contract.
    oldest = own.order_by("position").values_list("position", flat=True).first()
    if oldest is not None and position < oldest:
        raise CursorTooOld(days=kept_days)
    raise CursorUnknown


def newest(contract: str, *, at: datetime) -> tuple[int, str]:
    """Return position and cursor of the contract's newest event, or of the start."""
    found = (
        FeedEvent.objects.filter(contract=contract)
        .order_by("-position")
        .values_list("position", "event")
        .first()
    )
    return (found[0], cursor_of(*found)) if found else (0, start(at))
