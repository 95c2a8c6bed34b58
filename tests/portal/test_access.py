"""Who may open which page: every address, every member of the cast."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from dancu.audit.models import Event
from dancu.population.models import CorrectionRequest, Statement
from dancu.portal import urls
from tests.portal.cast import AT, CHILD_PID, HUSBAND_PID, MOTHER_PID, Cast, citizen, looked

FOR_EVERYBODY = {"home", "privacy", "accessibility", "robots", "favicon"}
ARGUMENTS = {"data_fact": ["full_name"], "request_value": ["ethnicity"], "request": [1]}
FOR_CITIZENS = sorted({str(p.name) for p in urls.urlpatterns} - FOR_EVERYBODY)
POSTED = {
    "data_download": {"kind": "json"},
    "looks_download": {"kind": "json"},
    "looks_report": {"why": "other"},
    "request_value": {"value": "02", "reason": "Giấy khai sinh ghi vậy.", "sure": "1"},
}


def address(name: str) -> str:
    return reverse(f"portal:{name}", args=ARGUMENTS.get(name, []))


@pytest.mark.parametrize("name", sorted(FOR_EVERYBODY))
def test_everybody_may_read_what_is_for_everybody(name: str, register: None) -> None:
    answer = Client().get(address(name))
    assert answer.status_code == (302 if name == "favicon" else 200)


@pytest.mark.parametrize("name", FOR_CITIZENS)
def test_who_is_not_signed_in_is_asked_to(name: str, family: Cast) -> None:
    for answer in (Client().get(address(name)), Client().post(address(name), POSTED.get(name))):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("identity:sign_in"))
    assert_nothing_happened()


@pytest.mark.parametrize("name", FOR_CITIZENS)
def test_an_officer_has_no_business_on_citizens_pages(name: str, officer: Client) -> None:
    for answer in (officer.get(address(name)), officer.post(address(name), POSTED.get(name))):
        assert answer.status_code == 403
    assert_nothing_happened()


@pytest.mark.parametrize("name", FOR_CITIZENS)
def test_a_stranger_sees_nothing_of_the_mother(name: str, family: Cast, stranger: Client) -> None:
    looked(family)
    shown = stranger.get(address(name)).content.decode()
    for secret in ("Minh Anh", MOTHER_PID, HUSBAND_PID, CHILD_PID, "0901234567"):
        assert secret not in shown


def test_an_officer_is_led_to_the_officers_pages(officer: Client) -> None:
    assert officer.get("/")["Location"] == "/console/"


def test_a_request_of_somebody_else_looks_absent(
    family: Cast, mother: Client, stranger: Client
) -> None:
    from dancu.population.services.requests import request_correction

    made = request_correction(
        attribute_name="ethnicity",
        value="02",
        reason="Giấy khai sinh ghi vậy.",
        actor=citizen(family.mother),
        at=AT,
    )
    page = reverse("portal:request", args=[made.request_id])
    assert mother.get(page).status_code == 200
    theirs, absent = stranger.get(page), stranger.get(reverse("portal:request", args=[10**9]))
    assert theirs.status_code == absent.status_code == 404
    assert words_of(theirs) == words_of(absent)


def test_a_look_at_somebody_else_cannot_be_opened_or_reported(
    family: Cast, mother: Client, stranger: Client
) -> None:
    looked(family)
    listed = mother.get(reverse("portal:looks")).content.decode()
    query = listed.split("/who-looked/one/")[1].split('"')[0]
    assert mother.get(f"/who-looked/one/{query}").status_code == 200
    assert stranger.get(f"/who-looked/one/{query}").status_code == 404
    assert stranger.post(f"/who-looked/report/{query}", {"why": "other"}).status_code == 404
    assert not Event.objects.filter(event="access.reported").exists()


@pytest.mark.parametrize("name", sorted(set(FOR_CITIZENS) - set(POSTED)))
def test_reading_pages_take_no_post(name: str, mother: Client) -> None:
    assert mother.post(address(name)).status_code == 405


def words_of(answer: object) -> str:
    page = answer.content.decode()
    return page.split("<h1>")[1].split("</main>")[0].split("small quiet")[0]


def assert_nothing_happened() -> None:
    assert not CorrectionRequest.objects.exists()
    assert not Statement.objects.filter(recorded_at__gte=AT).exists()
    assert not Event.objects.filter(event__in=("own_data.downloaded", "access.reported")).exists()
