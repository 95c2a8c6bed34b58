"""Changing tables while the service goes on."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction

from dancu.operation.database import all_or_nothing, without_blocking
from dancu.operation.errors import DatabaseUnavailable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader():
    """Somebody else, in the middle of a transaction that has read a table."""
    parameters = connection.get_connection_params() | {"cursor_factory": None}
    with psycopg.connect(**parameters) as found:
        found.execute("SELECT count(*) FROM operation_setupmark")
        yield found


def _change() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE operation_setupmark SET (fillfactor = 90)")
        cursor.execute("ALTER TABLE operation_setupmark RESET (fillfactor)")
        cursor.execute("LOCK TABLE operation_setupmark IN ACCESS EXCLUSIVE MODE")


def test_a_change_lets_others_pass_and_comes_again(reader: psycopg.Connection) -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        # While we pause, somebody who comes later is not kept waiting by us.
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM operation_setupmark")
        reader.rollback()

    without_blocking(_change, say=say, lock_seconds=0.2, pause=0)

    assert len(said) == 1
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_a_change_that_never_gets_the_table_says_why(reader: psycopg.Connection) -> None:
    with pytest.raises(DatabaseUnavailable, match="holds a table"):
        without_blocking(_change, say=lambda _line: None, lock_seconds=0.1, pause=0, attempts=2)


def test_what_cannot_be_repeated_is_known() -> None:
    assert all_or_nothing(["operation.0001_setup_mark"])
