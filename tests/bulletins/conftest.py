"""An empty register with its house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dancu.places import queries as places
from tests.console.cast import prepare


@pytest.fixture
def town(house_loaded: None, db: object) -> Iterator[None]:
    """An empty register with its map."""
    prepare()
    yield
    places.forget()
