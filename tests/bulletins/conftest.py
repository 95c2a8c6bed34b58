"""The map, once for the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dancu.places import queries as places
from tests.console.cast import prepare
from tests.disclosure.conftest import map_loaded  # noqa: F401


@pytest.fixture
def town(map_loaded: None, db: object) -> Iterator[None]:  # noqa: F811
    """An empty register with its map."""
    prepare()
    yield
    places.forget()
