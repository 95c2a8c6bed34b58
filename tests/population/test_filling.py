"""A first fill goes without the indexes of searches, and leaves them as it found them."""

from __future__ import annotations

import pytest
from django.db import connection

from dancu.operation import indexes
from dancu.population import filling
from dancu.population.doctor import searches_have_indexes
from dancu.population.models import Person

pytestmark = pytest.mark.django_db


def _definitions() -> dict[str, str]:
    tables = [table._meta.db_table for table in filling.SEARCHED]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY (%s)", [tables]
        )
        return dict(cursor.fetchall())


def test_an_empty_register_is_filled_without_indexes_of_searches_and_has_them_afterwards() -> None:
    before = _definitions()

    with filling.first_fill():
        Person.objects.create()
        during = _definitions()

    assert len(during) < len(before)
    assert _definitions() == before


def test_a_register_with_people_keeps_its_indexes() -> None:
    Person.objects.create()
    before = _definitions()

    with filling.first_fill():
        assert _definitions() == before


def test_a_fill_cut_short_is_mended_by_the_next_start() -> None:
    before = _definitions()
    with pytest.raises(KeyboardInterrupt), filling.first_fill():
        _enter_somebody_and_stop()

    assert not filling.is_ready()
    assert searches_have_indexes().remedy
    assert filling.make_ready() == len(indexes_of_searches())
    assert not searches_have_indexes().remedy

    assert filling.is_ready()
    assert _definitions() == before


def test_a_fill_that_fails_leaves_no_search_slow() -> None:
    with pytest.raises(ValueError, match="no city"), filling.first_fill():
        raise ValueError("no city")

    assert filling.is_ready()


def test_a_fill_that_goes_on_makes_them_in_the_end() -> None:
    indexes.set_aside(filling.SEARCHED)
    Person.objects.create()

    with filling.first_fill():
        assert not filling.is_ready()

    assert filling.is_ready()


def indexes_of_searches() -> list[str]:
    return [index.name for table in filling.SEARCHED for index in table._meta.indexes]


def _enter_somebody_and_stop() -> None:
    Person.objects.create()
    raise KeyboardInterrupt
