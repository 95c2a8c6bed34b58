"""Statements that are sent thousands of times a second."""

from __future__ import annotations

import pytest

from dancu.operation.cursors import server_cursor


@pytest.mark.django_db
def test_the_server_keeps_prepared_what_asks_for_it_and_nothing_else():
    with server_cursor() as cursor:
        for _ in range(10):
            cursor.execute("SELECT 'asks for it'", prepare=True)
            cursor.execute("SELECT 'is only sent often'")
        kept = cursor.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    assert kept == [("SELECT 'asks for it'",)]
