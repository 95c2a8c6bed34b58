"""Marks of long steps, so that a start that was cut short is recognised and mended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from dancu.operation.models import SetupMark


def exist() -> bool:
    """Whether the table of marks is there; in an empty database it is not."""
    return SetupMark._meta.db_table in connection.introspection.table_names()  # noqa: SLF001


def state_of(name: str) -> str | None:
    """``begun``, ``done`` or None when the step was never begun."""
    return SetupMark.objects.filter(name=name).values_list("state", flat=True).first()


def detail_of(name: str) -> dict[str, Any]:
    """What was noted when the step began; nothing when it never did."""
    found = SetupMark.objects.filter(name=name).values_list("detail", flat=True).first()
    return dict(found or {})


def begin(*, name: str, detail: dict[str, Any], at: datetime) -> None:
    """Remember that a step begins; committed before its work."""
    SetupMark.objects.update_or_create(
        name=name,
        defaults={
            "state": SetupMark.State.BEGUN,
            "detail": detail,
            "begun_at": at,
            "done_at": None,
        },
    )


def finish(*, name: str, at: datetime) -> None:
    """Remember that a step came to its end."""
    SetupMark.objects.filter(name=name).update(state=SetupMark.State.DONE, done_at=at)
