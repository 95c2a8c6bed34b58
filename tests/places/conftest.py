from __future__ import annotations

import pytest

from dancu.places import queries
from dancu.places.models import Unit
from dancu.places.services import load_units


@pytest.fixture(scope="session")
def both_maps(django_db_setup, django_db_blocker):
    """The administrative maps, once for the session."""
    with django_db_blocker.unblock():
        load_units()


@pytest.fixture
def maps(both_maps, db):
    """The maps in the database; a test with real transactions empties them for those after it."""
    if not Unit.objects.exists():
        load_units()
    queries.forget()
    yield queries.tree()
    queries.forget()
