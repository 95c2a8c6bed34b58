"""What was told is on disk first: no count of a quota makes the records of an answer hasty."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from dancu.exchange import quotas
from dancu.exchange.types import Caller
from tests.disclosure.conftest import AT
from tests.exchange.test_batches import folder, line, pupils, submit, work

__all__ = ["folder", "pupils"]
pytestmark = pytest.mark.django_db(transaction=True)
_WATCH = """
CREATE TABLE watched (setting text);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO watched VALUES (current_setting('synchronous_commit'));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER watch AFTER INSERT OR UPDATE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION watch();
"""


@pytest.fixture
def watched(transactional_db: None) -> Iterator[Callable[[str], Callable[[], set[str]]]]:
    """Note how durable a transaction is that writes to a table, in the moment of its commit."""

    def watch(table: str) -> Callable[[], set[str]]:
        with connection.cursor() as cursor:
            cursor.execute(_WATCH.format(table=table))
        return seen

    yield watch
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS watch CASCADE; DROP TABLE IF EXISTS watched")


def seen() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT setting FROM watched")
        return {setting for (setting,) in cursor.fetchall()}


def test_a_slice_of_a_batch_is_on_disk_before_it_can_be_read(watched, pupils, caller: Caller):
    settings = watched("exchange_batchslice")
    submit([line(1, pupils[0].pid, "Lê Văn Nam", "02/09/2012")], caller)
    assert work()
    assert settings() == {"on"}


def test_a_count_by_itself_need_not_wait_for_the_disk(watched, school_contract):
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    settings = watched("exchange_usage")
    quotas.take(school_contract, 1, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")
    assert settings() == {"off"}
