from __future__ import annotations

import datetime as dt

import pytest

from dancu.agencies import queries, services
from dancu.agencies.errors import (
    OutsideOffice,
    UnknownOffice,
    UnknownOfficer,
    UnknownRole,
    UnknownSource,
)
from dancu.agencies.models import Agency, Office, Officer, Source
from dancu.catalogue import source_kinds

DAY = dt.date(2026, 11, 21)


def appoint(**changes):
    values = {
        "name": "Lê Thị Hoa",
        "office_code": "CA-26740",
        "roles": ["ward_officer"],
        "active_from": dt.date(2025, 7, 1),
    }
    return services.appoint_officer(**{**values, **changes})


def test_every_commune_of_two_cities_has_three_offices(agencies):
    for prefix in ("CA", "HT", "MC"):
        assert Office.objects.filter(code__startswith=f"{prefix}-").count() == 168 + 126
    assert set(queries.source_kinds().values()) <= set(source_kinds())


def test_loading_again_changes_nothing(agencies):
    before = [m.objects.count() for m in (Agency, Office, Source)]
    officer = appoint()
    services.load_agencies()
    assert [m.objects.count() for m in (Agency, Office, Source)] == before
    assert queries.officer(officer.id, DAY) == officer


def test_a_ministry_that_ended_names_its_successor(agencies):
    labour = Agency.objects.get(code="G07")
    assert labour.valid_to == dt.date(2025, 3, 1)
    assert labour.successor.code == "G09"


def test_a_source_tells_kind_and_agency(agencies):
    found = queries.source("CA-26740")
    assert (found.kind, found.agency_code) == ("police", "G01.CA79.X26740")
    assert found.label("vi") == "Công an phường Sài Gòn"
    assert found.label("en") == "Police of Sài Gòn Ward"
    assert queries.source_kinds(["HT-26740", "UB-26740", "CONGDAN"]) == {
        "HT-26740": "civil_registry",
        "UB-26740": "ward",
        "CONGDAN": "citizen",
    }
    with pytest.raises(UnknownSource):
        queries.source("X")


def test_the_nearest_offices_come_first(agencies):
    codes = [o.code for o in queries.offices_serving("26740", DAY)]
    assert set(codes[:3]) == {"CA-26740", "HT-26740", "MC-26740"}
    assert "PC06-79" in codes[3:]
    assert not any(code.endswith("-01") for code in codes)


def test_an_officer_acts_for_the_office(agencies):
    officer = appoint()
    actor = queries.actor_of(officer_id=officer.id, on=DAY, account_id=4, session="s")
    assert (actor.kind, actor.source, actor.office_code) == ("officer", "CA-26740", "CA-26740")
    assert actor.jurisdictions == {"26740"}
    assert actor.roles == {"ward_officer"}
    assert queries.list_officers(office_code="CA-26740", on=DAY) == (officer,)


def test_an_officer_may_have_a_part_of_the_area(agencies):
    officer = appoint(
        office_code="PC06-79", roles=["province_officer"], jurisdictions=["26740", "26743"]
    )
    assert officer.jurisdictions == {"26740", "26743"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"office_code": "CA-99999"}, UnknownOffice),
        ({"roles": ["king"]}, UnknownRole),
        ({"roles": ["citizen"]}, UnknownRole),
        ({"jurisdictions": ["26743"]}, OutsideOffice),
        ({"jurisdictions": ["79"]}, OutsideOffice),
    ],
)
def test_an_appointment_that_makes_no_sense_is_refused(agencies, changes, error):
    with pytest.raises(error):
        appoint(**changes)
    assert Officer.objects.count() == 0


def test_an_appointment_ends(agencies):
    officer = appoint()
    services.end_appointment(officer_id=officer.id, on=DAY)
    assert queries.officer(officer.id, DAY - dt.timedelta(days=1)).name == "Lê Thị Hoa"
    with pytest.raises(UnknownOfficer):
        queries.actor_of(officer_id=officer.id, on=DAY)
    with pytest.raises(UnknownOfficer):
        services.end_appointment(officer_id=officer.id, on=DAY)


def test_an_agency_is_named_in_both_languages(agencies):
    assert queries.agency_name("G03") == "Bộ Giáo dục và Đào tạo"
    assert queries.agency_name("G03", "en") == "Ministry of Education and Training"
    assert queries.agency_name("no-such") == ""
