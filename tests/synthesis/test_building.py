"""A small city goes through the door in, and going through it twice changes nothing."""

from __future__ import annotations

import pytest

from dancu.agencies.services import load_agencies
from dancu.places.models import MapVersion, Unit, UnitSuccession
from dancu.places.queries import forget as forget_map
from dancu.places.services import load_units
from dancu.population import dictionary
from dancu.population.models import Person, Statement
from dancu.population.setup import number_sources
from dancu.synthesis.anchors import COMMUNE, FAMILY, FATHER, GRANDFATHER
from dancu.synthesis.batches import BATCHES
from dancu.synthesis.building import build
from dancu.synthesis.errors import NoMap

PEOPLE = 300


@pytest.fixture
def empty_register(transactional_db):
    """The map, the agencies and the sources, and nobody."""
    load_units()
    load_agencies()
    dictionary.forget()
    number_sources(lambda *_: None)
    yield
    dictionary.forget()
    forget_map()


def test_a_city_is_loaded_once_without_a_refusal(empty_register):
    told = []
    built = build(people=PEOPLE, seed=4, progress=lambda *state: told.append(state))
    assert built.rejected == 0, [r.rejections for r in built.reports if r.rejected]
    assert Person.objects.count() == PEOPLE
    assert Statement.objects.count() == built.accepted
    assert {name for name, _, _ in told} <= {spec.name for spec in BATCHES}
    again = build(people=PEOPLE, seed=4)
    assert all(report.was_loaded_before for report in again.reports)
    assert Statement.objects.count() == built.accepted
    _check_the_anchors()


def _check_the_anchors():
    known = {
        person.pid: person for person in Person.objects.filter(pid__in=[a.pid for a in FAMILY])
    }
    assert len(known) == len(FAMILY)
    assert known[FATHER.pid].commune == COMMUNE
    assert known[FATHER.pid].status == Person.Status.ALIVE
    assert known[GRANDFATHER.pid].status == Person.Status.DEAD


def test_a_city_without_a_map_is_refused(transactional_db):
    for model in (UnitSuccession, Unit, MapVersion):
        model.objects.all().delete()
    forget_map()
    with pytest.raises(NoMap):
        build(people=PEOPLE, seed=4)
    assert not Person.objects.exists()
