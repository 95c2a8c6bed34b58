"""A dirty city becomes clean by the screens alone, and the figures are what the ward worked off.

Slips are planted in the register with the truth beside; a ward officer follows the pages: streets,
homes, what stands there to be done. Nothing but the truth of the paper is typed.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from dancu.agencies.models import Office
from dancu.agencies.services import appoint_officer
from dancu.catalogue.quality import quality
from dancu.identity.models import Account
from dancu.kernel.clock import FixedClock, today
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.population import services as register
from dancu.population.models import Person, Pid
from dancu.quality import examining, queries, scoring
from dancu.quality.models import ClosedIssue, Handling, Issue
from dancu.synthesis.building import build
from dancu.synthesis.dirty.slips import Slip, plant
from tests.console.cast import client_of, prepare

PEOPLE, SEED, WARDS = 60, 4, 2
RATES = {"FIRST_OF_JANUARY": 0.25, "SEX_SWAPPED": 0.2, "NAME_CUT": 0.15}
MENDED = {
    "birth_date": "born_on_first_of_january",
    "sex": "pid_against_sex",
    "full_name": "name_of_one_syllable",
}


@pytest.fixture
def dirty_city(transactional_db: object) -> Iterator[dict[int, Slip]]:
    """The slips by the key of the person, in a city that was examined."""
    cache.clear()
    prepare()
    build(people=PEOPLE, seed=SEED)
    slips, report = plant(people=PEOPLE, seed=SEED, rates=RATES)
    assert report.rejected == 0
    at = timezone.now()
    examining.examine_all(clock=FixedClock(at), lanes=0)
    scoring.snapshot(day=today(at))
    keys = dict(Pid.objects.values_list("pid", "person_id"))
    yield {keys[one.pid]: one for one in slips}
    dictionary.forget()
    places.forget()


def officer(role: str, office: str) -> Client:
    """A signed-in officer of an office of the city's commune, in a case for visits."""
    appointed = appoint_officer(
        name=office, office_code=office, roles=(role,), active_from=date(2025, 7, 1)
    )
    account = Account(
        username=office,
        name=office,
        kind=Account.Kind.OFFICER,
        created_at=timezone.now(),
        officer_id=appointed.id,
    )
    account.set_unusable_password()
    account.save()
    return client_of(office, purpose="data_correction", case="LS-1", language="en")


def links(page: str, pattern: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(rf'href="({pattern}[^"]*)"', page)]


def correct(client: Client, href: str, slip: Slip) -> None:
    """Enter what the paper says: the form, the check, the confirmation."""
    found = re.search(r"/people/(\d+)/", href)
    assert found
    person = int(found[1])
    answers = {
        "value": "/".join(reversed(slip.right.split("-"))),
        "day": f"{timezone.localdate():%d/%m/%Y}",
        "evidence_kind": "birth_certificate",
        "evidence_reference": "1/GKS",
        f"version_{person}": str(register.version_of(person)),
    }
    checked = client.post(href, answers)
    assert "Check once more" in checked.content.decode(), checked.content.decode()
    done = client.post(href, answers | {"confirmed": "yes", "once": f"t{person}"})
    assert done.status_code == 302, done.content.decode()
    assert done["Location"].startswith("/console/ward/homes/")


def mend(client: Client, slips: Mapping[int, Slip], worked: set[int]) -> None:
    """Go through streets and homes and enter what is right wherever the page asks for it."""
    streets = client.get("/console/ward/").content.decode()
    for street in links(streets, "/console/ward/street/"):
        homes = client.get(street).content.decode()
        for home in links(homes, "/console/ward/homes/"):
            page = client.get(home).content.decode()
            for href in links(page, r"/console/people/\d+/facts/\w+/correct/"):
                found = re.search(r"/people/(\d+)/facts/(\w+)/", href)
                assert found
                slip = slips.get(int(found[1]))
                if slip and slip.attribute == found[2] and int(found[1]) not in worked:
                    correct(client, href, slip)
                    worked.add(int(found[1]))


def test_a_dirty_city_becomes_clean_by_the_screens(dirty_city: Mapping[int, Slip]) -> None:
    day = today(timezone.now())
    rules = {p: quality().rules[MENDED[s.attribute]].number for p, s in dirty_city.items()}
    found = {
        person: Issue.objects.get(subject=person, rule=rule).unit for person, rule in rules.items()
    }
    offices = set(Office.objects.values_list("code", flat=True))
    places_of = [queries.code_of(unit) for unit, _n in Counter(found.values()).most_common()]
    wards = [code for code in places_of if f"CA-{code}" in offices][:WARDS]
    here = {person for person, unit in found.items() if queries.code_of(unit) in wards}
    units = [queries.number_of(one) for one in wards]
    (before,) = queries.standings_of([wards], day=day)
    open_before = Issue.objects.filter(unit__in=units).count()

    worked: set[int] = set()
    for ward in wards:
        for role, office in (("ward_officer", f"CA-{ward}"), ("civil_registrar", f"HT-{ward}")):
            mend(officer(role, office), dirty_city, worked)
    assert worked == here

    for person in worked:
        assert not Issue.objects.filter(subject=person, rule=rules[person]).exists()
        settled = Handling.objects.filter(subject=person, rule=rules[person])
        assert settled.get().account_id is not None
    # The figures that leaders see are those that the wards worked off.
    closed = ClosedIssue.objects.filter(unit__in=units).count()
    settled_everywhere = Handling.objects.filter(act=Handling.Act.SETTLED).count()
    assert ClosedIssue.objects.count() == settled_everywhere >= closed >= len(worked)
    assert Issue.objects.filter(unit__in=units).count() == open_before - closed
    (after,) = queries.standings_of([wards], day=day)
    assert after[0].share > before[0].share
    assert sum(one.issues for one in before) - sum(one.issues for one in after) == closed
    # Examined whole, the night finds the same.
    examining.examine_all(clock=FixedClock(timezone.now()), lanes=0)
    assert Issue.objects.filter(unit__in=units).count() == open_before - closed
    assert Person.objects.count() == PEOPLE
