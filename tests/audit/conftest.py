"""A log with a key of its own, and access records to seal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from dancu.audit.services import make_key

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def log(db, settings, tmp_path):
    """An empty log whose private key lies in a folder of the test."""
    settings.AUDIT_KEYS = tmp_path / "keys"
    return make_key(at=AT)


def add_records(count: int, *, first_person: int = 1, office: str = "CA-26740") -> list[int]:
    """Write access records as the door does, and return their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosure_accessrecord (disclosure, person_id, account_id, officer_id,"
            " at, kind, attributes, office, source, role, purpose, case_number, refusal)"
            " SELECT 1, %s + n, 7, 3, %s + n * interval '1 second', 1, '{1,-2}', %s, 'CA-26740',"
            " 'ward_officer', 'residence_check', 'HS-' || n, ''"
            " FROM generate_series(0, %s - 1) n RETURNING id",
            [first_person, AT, office, count],
        )
        return [row[0] for row in cursor.fetchall()]


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)
