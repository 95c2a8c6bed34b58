"""Stays away from home: what is true from which day, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population.models import Person
from dancu.population.services import (
    declare_current_residence,
    end_temporary_residence,
    record_lodging,
    register_temporary_absence,
    register_temporary_residence,
)
from dancu.population.services.errors import (
    NothingToEnd,
    SameCommune,
)
from tests.population.services_cast import (
    AT,
    ELSEWHERE,
    EVERYBODY,
    HANOI,
    HOME,
    PAPER,
    TODAY,
    WARD,
    WARD_BEN_THANH,
    Family,
    fact,
    place,
)

pytestmark = pytest.mark.usefixtures("sources")
DAY = date(2026, 10, 15)


def test_temporary_residence_begins_elsewhere_and_ends(family: Family):
    with pytest.raises(SameCommune):
        register_temporary_residence(
            person_ids=[family.son], address=HOME, day=DAY, evidence=PAPER, actor=WARD, at=AT
        )
    register_temporary_residence(
        person_ids=[family.son],
        address=ELSEWHERE,
        day=DAY,
        evidence=PAPER,
        presented=EVERYBODY,
        actor=WARD_BEN_THANH,
        at=AT,
    )
    assert Person.objects.get(pk=family.son).stay_commune == "26743"
    end_temporary_residence(
        person_ids=[family.son],
        day=TODAY,
        evidence=PAPER,
        actor=WARD_BEN_THANH,
        at=AT,
    )
    assert fact(family.son, "temporary_residence") is None
    assert Person.objects.get(pk=family.son).stay_commune is None
    with pytest.raises(NothingToEnd):
        end_temporary_residence(
            person_ids=[family.son], day=TODAY, evidence=PAPER, actor=WARD, at=AT
        )


def test_absence_is_registered_at_home_only(family: Family):
    with pytest.raises(NotFoundOrNotYours):
        register_temporary_absence(
            person_ids=[family.son],
            destination=HANOI,
            day=DAY,
            evidence=PAPER,
            actor=WARD_BEN_THANH,
            at=AT,
        )
    register_temporary_absence(
        person_ids=[family.son], destination=HANOI, day=DAY, evidence=PAPER, actor=WARD, at=AT
    )
    assert fact(family.son, "temporary_absence") == place(HANOI)


def test_lodging_lasts_less_than_thirty_days(family: Family):
    stay = {"person_ids": [family.son], "address": ELSEWHERE, "day": DAY, "evidence": PAPER}
    with pytest.raises(Invalid) as caught:
        record_lodging(
            until=DAY + timedelta(days=30), presented=EVERYBODY, actor=WARD_BEN_THANH, at=AT, **stay
        )
    assert caught.value.field_errors[0].field == "until"
    record_lodging(
        until=DAY + timedelta(days=29), presented=EVERYBODY, actor=WARD_BEN_THANH, at=AT, **stay
    )
    assert fact(family.son, "lodging") == place(ELSEWHERE)


@pytest.mark.parametrize("person", ["son", "nobody"])
def test_nobody_from_elsewhere_stays_unless_presented(family: Family, person: str):
    key = getattr(family, person, 10**12)
    stay = {"address": ELSEWHERE, "day": DAY, "evidence": PAPER, "actor": WARD_BEN_THANH, "at": AT}
    for use_case, more in (
        (register_temporary_residence, {}),
        (declare_current_residence, {}),
        (record_lodging, {"until": TODAY}),
    ):
        with pytest.raises(NotFoundOrNotYours):
            use_case(person_ids=[key], **stay, **more)
