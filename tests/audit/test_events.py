"""The log of events is only ever added to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from dancu.access.types import Actor
from dancu.audit.queries import list_events
from dancu.audit.services import record

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
OFFICER = Actor(kind="officer", name="n", account_id=7, officer_id=3, office_code="CA-26740")


def test_an_event_keeps_who_where_and_when(db):
    record(event="case.opened", actor=OFFICER, at=AT, detail={"purpose": "residence_check"})
    (event,) = list_events(event="case.")
    assert (event.account_id, event.officer_id, event.office) == (7, 3, "CA-26740")
    assert (event.at, event.detail) == (AT, {"purpose": "residence_check"})


def test_events_are_listed_the_newest_first_and_filtered(db):
    for hour in range(3):
        record(event=f"sign-in.{hour}", actor=OFFICER, at=AT + timedelta(hours=hour))
    record(event="batch.loaded", actor=None, at=AT)
    assert [e.event for e in list_events(event="sign-in.")] == [
        "sign-in.2",
        "sign-in.1",
        "sign-in.0",
    ]
    assert list_events(account_id=7, since=AT + timedelta(hours=1)).count() == 2
    assert list_events(until=AT + timedelta(hours=1)).count() == 2


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET event = 'x'", "DELETE FROM audit_event"]
)
def test_events_cannot_be_changed(db, statement):
    record(event="sign-in.failed", actor=None, at=AT)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
