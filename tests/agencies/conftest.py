from __future__ import annotations

import pytest

from dancu.agencies.services import load_agencies
from dancu.places import queries as places
from dancu.places.models import Unit
from dancu.places.services import load_units


@pytest.fixture(scope="session")
def both_maps(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_units()


@pytest.fixture
def agencies(both_maps, db):
    """Agencies on the newest map; a test with real transactions empties it for those after it."""
    if not Unit.objects.exists():
        load_units()
    places.forget()
    load_agencies()
    yield
    places.forget()
