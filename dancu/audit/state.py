"""How the seal stands: its last head, its age and size, and what still waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from dancu.audit.models import LeafSource, SigningKey, TreeHead
from dancu.audit.sources import sources

#: A head older than this means that sealing stands still.
OLDEST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class SealState:
    """The last head (none before the first), and how many records wait for the next.

    ``waiting`` counts up to ``COUNTED``; ``root`` is hexadecimal.
    """

    at: datetime | None
    size: int
    root: str
    heads: int
    key: str
    waiting: int

    def age(self, at: datetime) -> timedelta | None:
        """Return how old the last head is; None without one."""
        return max(at - self.at, timedelta()) if self.at else None

    def is_late(self, at: datetime) -> bool:
        """Say whether sealing stands still."""
        age = self.age(at)
        return age is None or age > OLDEST


#: Waiting records are counted up to this many.
COUNTED = 100_000


def seal_state() -> SealState:
    """Return how the seal stands."""
    last = TreeHead.objects.order_by("-id").first()
    key = SigningKey.objects.order_by("-id").first()
    return SealState(
        at=last.at if last else None,
        size=last.size if last else 0,
        root=bytes(last.root).hex() if last else "",
        heads=last.pk if last else 0,
        key=key.verifier if key else "",
        waiting=sum(_waiting(item.number, item.table) for item in sources()),
    )


def is_late(at: datetime) -> bool:
    """Say whether the last head is older than it may be; one index access."""
    last = last_sealed()
    return last is None or at - last[0] > OLDEST


def last_sealed() -> tuple[datetime, int] | None:
    """Return the moment and size of the last head; one index access."""
    return TreeHead.objects.order_by("-id").values_list("at", "size").first()


def _waiting(number: int, table: str) -> int:
    floor = LeafSource.objects.filter(number=number).values_list("floor", flat=True).first() or 0
    query = f"""
        SELECT count(*) FROM (
            SELECT FROM {table} r
            WHERE r.id > %s AND NOT EXISTS (
                SELECT FROM audit_leaf l
                WHERE l.source = %s AND l.record = r.id AND l.record > %s
            )
            LIMIT %s
        ) waiting"""
    with connection.cursor() as cursor:
        cursor.execute(query, [floor, number, floor, COUNTED])
        return int(cursor.fetchone()[0])
