"""A small register with its officers, for every test of the console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from dancu.places import queries as places
from dancu.population import dictionary
from tests.console.cast import Family, a_family, make_accounts, prepare


@pytest.fixture
def family(house_loaded: None, db: object) -> Iterator[Family]:
    """The family, and everybody's account."""
    cache.clear()
    prepare()
    found = a_family()
    make_accounts(found)
    yield found
    dictionary.forget()
    places.forget()
