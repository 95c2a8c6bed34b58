"""The pages of checks and rounds: figures name nobody, doors show their people under the check."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from dancu.console.show.facts import account_words
from dancu.disclosure.models import AccessRecord
from dancu.identity.models import Account
from dancu.kernel.clock import VIETNAM
from dancu.population.models import Person
from dancu.population.types import AddressValue
from dancu.rounds.models import Area, Campaign, Stop, Subject, Visit
from tests.console.cast import MAP, THERE, Family, a_person, client_of, say
from tests.console.desk_work import text

Kind = AccessRecord.Kind
NAMES = ("Văn Hòa", "Thu Hương", "Gia Bảo", "Thị Sáu", "Quốc Em")
START = "/console/rounds/"


def named_in(page: str) -> set[str]:
    return {name for name in NAMES if name in page}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields and first answers of a house's form."""
    form = page[page.index('name="once"') - 200 :]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        found[name] = re.findall(r'value="([^"]*)"', options)[0]
    return found


@pytest.fixture
def ward(family: Family) -> Client:
    """A ward officer without an open case: the check is the case."""
    return client_of("ward", language="en")


@pytest.fixture
def check(ward: Client) -> str:
    """The address of a round that the ward has opened by its form."""
    day = timezone.now().astimezone(VIETNAM)
    given = {"kind": "door_to_door", "unit": "26740", "once": "t-1"}
    days = {"begins_on": f"{day:%d/%m/%Y}", "ends_on": f"31/12/{day.year + 1}"}
    refused = ward.post(f"{START}new/", {**given, "begins_on": "", "ends_on": ""})
    assert refused.status_code == 422
    assert not Campaign.objects.exists()
    days["ends_on"] = f"{day:%d/%m}/{day.year}"
    answer = ward.post(f"{START}new/", {**given, **days})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def house() -> str:
    return f"{START}stops/{Stop.objects.get(household='HO-26740-000001').pk}/"


def test_figures_name_nobody_and_leave_no_record(check: str, ward: Client) -> None:
    before = AccessRecord.objects.count()
    for client in (ward, client_of("province"), client_of("steward"), client_of("auditor")):
        for href in (START, check):
            page = text(client.get(href))
            assert not named_in(page)
    assert "Round from door to door" in text(ward.get(START))
    assert AccessRecord.objects.count() == before


def test_a_door_shows_its_people_under_the_number_of_the_check(
    check: str,
    ward: Client,
    family: Family,
) -> None:
    page = text(ward.get(f"{check}stops/"))
    assert "Nguyễn Văn Hòa and 3 more" in page
    assert "12/3A Lê Lợi" in page
    row = AccessRecord.objects.filter(person_id=family.son).latest("id")
    campaign = Campaign.objects.get()
    assert row.case_number == f"KT-{campaign.opened_at.year}-{campaign.pk}"
    assert (row.purpose, row.kind) == ("residence_round", Kind.LOOK)
    assert named_in(text(ward.get(house()))) == set(NAMES) - {"Quốc Em"}


def test_a_double_tap_counts_once_and_the_second_officer_sees_the_first(
    check: str, ward: Client
) -> None:
    colleague = client_of("colleague", language="en")
    mine, theirs = (hidden(text(one.get(house()))) for one in (ward, colleague))
    for _tap in range(2):
        answer = ward.post(house(), {**mine, "outcome": "met", "team": "Tổ 7"})
        assert answer.status_code == 302, text(answer)
    assert Visit.objects.count() == 1
    late = colleague.post(house(), {**theirs, "outcome": "no_such_house", "team": ""})
    assert late.status_code == 409
    page = text(late)
    assert "Somebody else noted a visit here" in page
    assert "Tổ 7" in page
    assert Visit.objects.count() == 1
    again = colleague.post(house(), {**hidden(page), "outcome": "nobody_home", "team": ""})
    assert again.status_code == 302
    assert Stop.objects.get(household="HO-26740-000001").version == 2
    assert 'value="Tổ 7"' in text(ward.get(house())), "the team is kept"


def test_the_name_of_a_team_never_stands_for_an_account(check: str, ward: Client) -> None:
    registrar = Account.objects.get(username="registrar")
    (name,) = account_words([registrar.pk]).values()
    form = hidden(text(ward.get(house())))
    named = {**form, "outcome": "refused", "team": f"#{registrar.pk}"}
    assert ward.post(house(), named).status_code == 302
    page = text(ward.get(check))
    assert f"#{registrar.pk}" in page
    assert name not in page
    officer = Account.objects.get(username="ward")
    Stop.objects.update(team="")
    assert str(account_words([officer.pk])[officer.pk]) in text(ward.get(check))


def test_numbers_too_long_for_any_computer_are_only_wrong(check: str, ward: Client) -> None:
    form = hidden(text(ward.get(house())))
    long = "9" * 5_000
    assert ward.post(house(), {**form, "version": long, "outcome": "met"}).status_code == 409


def test_what_is_said_of_the_whole_house_needs_no_answer_about_anybody(
    check: str, ward: Client, family: Family
) -> None:
    form = hidden(text(ward.get(house())))
    bare = {name: value for name, value in form.items() if not name[-1].isdecimal()}
    assert ward.post(house(), {**bare, "outcome": "nobody_home"}).status_code == 302
    differs = ward.post(house(), {**form, "once": "t-2", "version": "1", "outcome": "differs",
                                  f"lives_here_{family.son}": ""})  # fmt: skip
    assert differs.status_code == 422


def test_of_whoever_has_left_the_area_nothing_is_asked_or_said(
    check: str, ward: Client, family: Family
) -> None:
    Person.objects.filter(pk=family.son).update(commune="26743")
    page = text(ward.get(house()))
    assert "Gia Bảo" not in page
    assert f"_{family.son}" not in page
    assert ward.post(house(), {**hidden(page), "outcome": "met"}).status_code == 302
    states = dict(Subject.objects.values_list("person_id", "state"))
    assert states[family.son] == Subject.State.WAITING
    assert states[family.father] == Subject.State.CONFIRMED


def test_a_check_shows_nobody_before_it_begins_and_after_it_has_ended(
    check: str, ward: Client, family: Family
) -> None:
    form = hidden(text(ward.get(house())))
    said = {**form, f"lives_here_{family.son}": "moved", "outcome": "differs"}
    assert ward.post(house(), said).status_code == 302
    looks = AccessRecord.objects.count()
    for days in ({"begins_on": date(2026, 1, 1), "ends_on": date(2026, 1, 9)},
                 {"begins_on": date(2126, 1, 1), "ends_on": date(2126, 1, 9)}):  # fmt: skip
        Campaign.objects.update(**days)
        for href in (house(), f"{check}stops/", f"{check}stops/?open=1"):
            page = text(ward.get(href))
            assert not named_in(page), href
            assert "only while the check is open" in page
        assert ward.get(f"{check}sheet/").status_code == 409
        # What was found still leads on, by way of a case.
        assert f"/console/people/{family.son}/move/" in text(ward.get(house()))
    assert AccessRecord.objects.count() == looks


def test_the_head_of_a_household_stands_first(check: str, ward: Client, family: Family) -> None:
    say(family.father, "CA-26740", household_relationship="CON_DE")
    say(family.grandmother, "CA-26740", household_relationship="CHU_HO")
    page = text(ward.get(house()))
    people = page[page.index("<tbody") : page.index("</tbody>")]
    assert people.index("Thị Sáu") < min(people.index(one) for one in ("Văn Hòa", "Thu Hương"))


def test_of_many_checks_none_is_left_out(ward: Client, family: Family) -> None:
    day = date(2026, 1, 1)
    given = {"kind": "lodging", "unit": "26740", "begins_on": day, "opened_at": timezone.now()}
    made = Campaign.objects.bulk_create(
        Campaign(ends_on=day + timedelta(days=n), **given) for n in range(45)
    )
    Area.objects.bulk_create(
        Area(campaign=one, commune="26740", kind="lodging", is_open=False) for one in made
    )
    first, second = (text(ward.get(START, {"page": n})) for n in (1, 2))
    assert all(f"{START}{one.pk}/" in first + second for one in made)


def test_a_ward_is_not_shown_how_to_close_the_check_of_its_province(family: Family) -> None:
    province, ward = client_of("province"), client_of("ward")
    day = timezone.now().astimezone(VIETNAM)
    days = {"begins_on": f"{day:%d/%m/%Y}", "ends_on": f"{day:%d/%m/%Y}"}
    province.post(f"{START}new/", {"kind": "door_to_door", "unit": "79", "once": "p", **days})
    close = f"{START}{Campaign.objects.get().pk}/close/"
    assert province.get(close).status_code == 200
    assert ward.get(close).status_code == 404


def test_what_differs_leads_to_the_service_that_registers_it(
    check: str,
    ward: Client,
    family: Family,
) -> None:
    form = hidden(text(ward.get(house())))
    nothing = ward.post(house(), {**form, "outcome": "differs"})
    assert nothing.status_code == 422
    assert "nothing differs" in text(nothing)
    assert ward.post(house(), {**form, "outcome": "whatever"}).status_code == 422
    assert ward.post(house(), {**form, "version": "x", "outcome": "met"}).status_code == 409
    assert not Visit.objects.exists()
    said = {f"lives_here_{family.son}": "moved", f"address_right_{family.mother}": "wrong"}
    answer = ward.post(house(), {**form, **said, "outcome": "differs", "others": "1"}, follow=True)
    page = text(answer)
    assert f"/console/people/{family.son}/move/" in page
    assert f"/console/people/{family.mother}/facts/permanent_residence/correct/" in page
    assert "1 people who are not on the list" in page
    assert Stop.objects.get(household="HO-26740-000001").settled == 4


def test_paper_is_recorded_as_printed(
    check: str,
    ward: Client,
    family: Family,
) -> None:
    page = text(ward.get(f"{check}sheet/")).replace("\u00a0", " ")
    assert named_in(page) == set(NAMES) - {"Quốc Em"}
    for person in (family.father, family.mother, family.son, family.grandmother):
        assert AccessRecord.objects.filter(person_id=person, kind=Kind.PRINT).count() == 1


def test_a_workbook_of_figures_keeps_leading_zeros_and_names_nobody(
    check: str, ward: Client
) -> None:
    Stop.objects.update(street="0123")
    answer = ward.get(f"{check}coverage.xlsx")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "26740"
    assert rows[1][3] == "0123"
    assert rows[1][4] == "1"
    assert not named_in(str(rows))


def test_others_see_nothing_of_it(check: str, ward: Client) -> None:
    number = Campaign.objects.get().pk
    hrefs = [check, house(), *(f"{check}{part}" for part in ("stops/", "sheet/", "close/"))]
    for href in hrefs:
        assert client_of("other_ward").get(href).status_code == 404, href
    for href in hrefs[1:]:
        assert client_of("steward").get(href).status_code == 403, href
    close = f"{START}{number}/close/"
    assert client_of("other_ward").post(close, {"reason": "x"}).status_code == 404
    form = hidden(text(ward.get(house())))
    assert client_of("other_ward").post(house(), {**form, "outcome": "met"}).status_code == 404
    assert not Visit.objects.exists()
    closed = ward.post(f"{check}close/", {"reason": "Xong", "once": "c-1"}, follow=True)
    assert "Closed" in text(closed)
    assert "outcome" not in text(ward.get(house()))


def test_a_guest_from_elsewhere_is_shown_at_the_check_of_lodging_and_nowhere_else(
    ward: Client,
) -> None:
    day = timezone.now().astimezone(VIETNAM).date()
    until = (day + timedelta(days=5)).isoformat()
    here = AddressValue("99 Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh", "26740", MAP)
    home = AddressValue("7 Nguyễn Trãi, Phường Bến Thành", THERE, MAP)
    guest = a_person("Bùi Quốc Em", "M", "1990-01-01", permanent_residence=home)
    say(guest, "CA-26740", lodging=here, lodging_until=until)
    given = {"kind": "lodging", "unit": "26740", "once": "t-1"}
    days = {"begins_on": f"{day:%d/%m/%Y}", "ends_on": f"{day:%d/%m/%Y}"}
    answer = ward.post(f"{START}new/", {**given, **days})
    assert answer.status_code == 302, text(answer)
    stop = f"{START}stops/{Stop.objects.get(house='99').pk}/"
    page = text(ward.get(stop))
    assert "Quốc Em" in page
    assert f"/console/people/{guest}/" not in page, "nothing that leads to a closed door"
    row = AccessRecord.objects.filter(person_id=guest).latest("id")
    assert (row.purpose, row.refusal) == ("lodging_check", "")
    for purpose in ("residence_check", "residence_round", "data_correction"):
        other = client_of("ward", purpose=purpose, language="en")
        assert other.get(f"/console/people/{guest}/").status_code == 404
    # The list of a ward is not for the ward next door.
    assert client_of("other_ward", language="en").get(stop).status_code == 404
    over = {f"lodges_here_{guest}": "longer", "outcome": "differs", "team": ""}
    assert ward.post(stop, {**hidden(page), **over}).status_code == 302
    assert "Register a stay at the desk" in text(ward.get(stop))
