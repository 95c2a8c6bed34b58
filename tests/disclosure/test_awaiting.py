"""For whom somebody waits, found among all that agencies ever asked."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.awaiting import awaited
from tests.disclosure.conftest import AT

Kind = AccessRecord.Kind
SINCE = AT - timedelta(days=30)


def asked(person_id: int, kind: Kind, attributes: list[int] | None, days: int = 1) -> None:
    AccessRecord.objects.create(
        person_id=person_id, disclosure=1, at=AT - timedelta(days=days), kind=kind,
        attributes=attributes, office="", source="", role="agency", purpose="", case_number="",
        refusal="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "attributes", "days", "waits"),
    [
        (Kind.VERIFY, [-4, 5], 1, True),
        (Kind.VERIFY, [4, 5], 1, False),
        (Kind.VERIFY, None, 1, False),
        (Kind.VERIFY, [-4], 31, False),
        (Kind.LOOKUP, [4], 1, True),
        (Kind.LOOKUP, None, 1, True),
        (Kind.LOOK, [-4], 1, False),
    ],
)
def test_an_agency_waits_where_something_differed_or_a_case_of_its_own_is_open(
    mother: SimpleNamespace, kind: Kind, attributes: list[int] | None, days: int, *, waits: bool
) -> None:
    asked(mother.id, kind, attributes, days)
    assert awaited(people=[mother.id], since=SINCE) == ({mother.id} if waits else frozenset())


def test_what_was_right_is_not_read_to_find_for_whom_an_agency_waits(
    mother: SimpleNamespace,
) -> None:
    plans = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    def explained(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        execute("EXPLAIN " + sql, params, many, context)
        plans.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        awaited(people=[mother.id], since=SINCE)
    assert "access_awaiting" in plans[0]
