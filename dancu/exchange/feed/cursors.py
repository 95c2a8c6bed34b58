"""Cursors: a place in a contract's feed, as agencies keep it.

A cursor names the last event that was told, by its second and by the beginning of its random
number. So it means the same after a restart, on another machine and after any key was changed;
after the register was restored from a backup it is known to be unknown instead of skipping some;
and it says nothing of the events of others, as their common positions would.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from dancu.catalogue.contracts import exchange_rules
from dancu.exchange.feed.errors import CursorTooOld, CursorUnknown
from dancu.exchange.feed.models import FeedEvent

PATTERN = r"^(0|[1-9][0-9]{0,10})-[0-9a-f]{12}$"
_DIGITS, _UUID_DIGITS = 12, 32
#: The cursor of an event that is not kept any more: too old for ever.
FORGOTTEN = f"1-{'0' * _DIGITS}"


def cursor_of(event: FeedEvent) -> str:
    """Return the cursor of an event."""
    return f"{int(event.noticed_at.timestamp())}-{event.event.hex[:_DIGITS]}"


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
    second = int(number)
    own = FeedEvent.objects.filter(contract=contract)
    is_old = (second or int(mark, 16)) < (at - timedelta(days=kept_days)).timestamp()
    if not second and not (is_old and own.exists()):
        return 0
    position = _position(own, second, mark) if second else None
    if position is not None:
        return position
    # Events are deleted from the oldest on, but for the last one of each contract.
    if is_old and own.exists():
        raise CursorTooOld(days=kept_days)
    raise CursorUnknown


def _position(own: QuerySet[FeedEvent], second: int, mark: str) -> int | None:
    begin = datetime.fromtimestamp(second, UTC)
    found = own.filter(
        noticed_at__gte=begin,
        noticed_at__lt=begin + timedelta(seconds=1),
        event__gte=UUID(mark.ljust(_UUID_DIGITS, "0")),
        event__lte=UUID(mark.ljust(_UUID_DIGITS, "f")),
    )
    return found.values_list("position", flat=True).first()
