"""Writing the log of events, and sealing logs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from dancu.audit.internal.rotation import make_key, rotate_key
from dancu.audit.internal.sealing import Sealed, seal
from dancu.audit.models import Event

__all__ = ["Actor", "Sealed", "make_key", "record", "rotate_key", "seal"]


class Actor(Protocol):
    """As much of an actor as the log keeps."""

    @property
    def account_id(self) -> int | None: ...
    @property
    def officer_id(self) -> int | None: ...
    @property
    def office_code(self) -> str: ...


def record(
    *,
    event: str,
    actor: Actor | None,
    at: datetime,
    detail: Mapping[str, object] | None = None,
    account_id: int | None = None,
) -> None:
    """Append an event, in the caller's transaction when there is one.

    ``event`` is named like ``sign-in.failed``. ``detail`` must not hold particulars of persons.
    ``account_id`` is for events before there is an actor.
    """
    Event.objects.create(
        at=at,
        event=event,
        account_id=actor.account_id if actor else account_id,
        officer_id=actor.officer_id if actor else None,
        office=actor.office_code if actor else "",
        detail=dict(detail or {}),
    )
