"""Who may open what: every address against the whole cast, and refusals that change nothing."""

from __future__ import annotations

import pytest
from django.urls import URLPattern

from dancu.console import urls
from tests.console.cast import Family, at_work, client_of, footprint

CAST = (
    "ward",
    "colleague",
    "other_ward",
    "registrar",
    "province",
    "steward",
    "auditor",
    "admin",
    "citizen",
    "",
)
POLICE, REGISTRAR = {"ward", "colleague", "province"}, {"registrar"}
VIEWERS = POLICE | REGISTRAR | {"steward"}
SEARCHERS = VIEWERS | {"other_ward"}
OFFICERS = SEARCHERS | {"auditor", "admin"}

#: Route → who gets a page of the family's mother (others are refused, or sent away).
MAY: dict[str, set[str]] = {
    "home": OFFICERS,
    "help": OFFICERS,
    "case": SEARCHERS | {"auditor"},
    "communes": SEARCHERS,
    "access-log": {"auditor"},
    "reports": {"auditor"},
    "requests": POLICE | {"other_ward"},
    "conflicts": POLICE | {"other_ward", "steward"},
    "upload": {"steward"},
    "batches": POLICE | {"other_ward", "steward", "auditor"},
    "audit-readers": {"auditor"},
    "audit-seal": {"auditor", "admin"},
    "rounds": POLICE | {"other_ward", "steward", "auditor"},
    "round-new": POLICE | {"other_ward"},
    "ward": POLICE | REGISTRAR | {"other_ward"},
    "ward-rules": POLICE | REGISTRAR | {"other_ward"},
    "quality": POLICE | {"other_ward", "steward", "auditor"},
    "quality-rules": POLICE | {"other_ward", "steward", "auditor"},
    "bulletins": POLICE | {"other_ward", "steward", "auditor"},
    "targets": POLICE | {"other_ward", "steward", "auditor"},
    "verifications": {"steward", "admin"},
    "verification-new": {"steward"},
    "cleaning": {"steward"},
    "cleaning-new": {"steward"},
    "verification-queue": POLICE | {"other_ward", "steward", "auditor", "admin"},
    "verification-simulation": {"steward", "admin"},
    "one-stop": {"ward", "colleague", "other_ward", "registrar"},
    "one-stop-measure": {"province", "steward", "auditor", "admin"},
    "one-stop-dossiers": {"province", "auditor"},
    "map-changes": {"province", "admin"},
    "map-unclear": POLICE | {"other_ward", "steward"},
    "people": SEARCHERS,
    "present": SEARCHERS,
    "person": VIEWERS,
    "timeline": VIEWERS,
    "family": VIEWERS,
    "papers": VIEWERS,
    "paper": VIEWERS,
    "issues": VIEWERS,
    "fact": VIEWERS,
    "reveal": VIEWERS,
    "move": POLICE,
    "stay": POLICE,
    "stay-end": POLICE,
    "absence": POLICE,
    "absence-end": POLICE,
    "head": POLICE | REGISTRAR,
    "birth": REGISTRAR,
    "death": REGISTRAR,
    "marriage": REGISTRAR,
    "divorce": REGISTRAR,
    "name": REGISTRAR,
}
#: The same in a case that is there to correct data.
MAY_CORRECT: dict[str, set[str]] = {
    "correct": POLICE | REGISTRAR,
    "ward-street": POLICE | REGISTRAR | {"other_ward"},
    "ward-passed": POLICE | REGISTRAR | {"other_ward"},
    "ward-home": POLICE | REGISTRAR,
    "ward-sheet": POLICE | REGISTRAR,
    "number": {"province"},
}
#: Carried out by POST only, or reached by another test.
ELSEWHERE = {
    "ward-rule",
    "round",
    "round-close",
    "round-coverage",
    "round-sheet",
    "round-stop",
    "round-stops",
    "cleaning-again",
    "cleaning-columns",
    "cleaning-discard",
    "cleaning-duplicates",
    "cleaning-file",
    "cleaning-kind",
    "cleaning-progress",
    "cleaning-proposals",
    "cleaning-result",
    "cleaning-verification",
    "case-close",
    "map-apply",
    "map-undo",
    "map-unclear-street",
    "map-unclear-undo",
    "confirm",
    "conflict",
    "duplicate",
    "duplicates",
    "duplicate-new",
    "request",
    "visits",
    "batch",
    "batch-progress",
    "batch-rejected",
    "batch-rejected-xlsx",
    "upload-confirm",
    "upload-discard",
    "upload-again",
    "audit-looks",
    "bulletin",
    "bulletin-behind",
    "bulletin-file",
    "bulletin-latest",
    "bulletin-league",
    "target-end",
    "quality-progress",
    "quality-rule",
    "quality-tried",
    "quality-cases",
    "one-stop-answer",
    "one-stop-steps",
    "one-stop-issue",
    "one-stop-extract",
    "one-stop-file",
    "one-stop-withdraw",
    "one-stop-measure-table",
    "one-stop-dossiers-table",
    "verification",
    "verification-answers",
    "verification-confirm",
    "verification-discard",
    "verification-exception-withdraw",
    "verification-progress",
    "verification-resume",
    "verification-stop",
}


def address(route: str, person: int) -> str:
    pattern = next(p for p in urls.urlpatterns if isinstance(p, URLPattern) and p.name == route)
    path = str(pattern.pattern)
    return "/console/" + path.replace("<int:person_id>", str(person)).replace(
        "<slug:name>", "phone"
    )


def test_every_address_is_in_the_table() -> None:
    names = {p.name for p in urls.urlpatterns if isinstance(p, URLPattern)}
    assert names == set(MAY) | set(MAY_CORRECT) | ELSEWHERE


def test_every_view_declares_who_may() -> None:
    for pattern in urls.urlpatterns:
        assert getattr(pattern.callback, "access", {}).get("kind") == "officer", pattern


@pytest.mark.parametrize("who", CAST, ids=lambda who: who or "anonymous")
def test_each_of_the_cast_gets_what_is_theirs(family: Family, who: str) -> None:
    client = at_work(who) if who else client_of("")
    before = footprint()
    for route, allowed in MAY.items():
        answer = client.get(address(route, family.father))
        if who in allowed:
            assert answer.status_code == 200, (route, who, answer.status_code)
        elif not who:
            assert answer.status_code == 302, route
            assert answer["Location"].startswith("/sign-in/"), route
        else:
            assert answer.status_code in {403, 404}, (route, who, answer.status_code)
            assert "Trần Thị" not in answer.content.decode(), (route, who)
    assert footprint() == before


@pytest.mark.parametrize("who", ["ward", "other_ward", "registrar", "province", "steward"])
def test_only_a_case_of_correction_corrects(family: Family, who: str) -> None:
    usual = at_work(who)
    for route in MAY_CORRECT:
        assert usual.get(address(route, family.father)).status_code == 403, route
    purpose = "data_cleaning" if who == "steward" else "data_correction"
    client = client_of(who, purpose=purpose)
    for route, allowed in MAY_CORRECT.items():
        answer = client.get(address(route, family.father))
        wanted = {200} if who in allowed else {403, 404}
        assert answer.status_code in wanted, (route, answer.status_code)


def test_a_stranger_and_somebody_absent_look_the_same(family: Family) -> None:
    client = at_work("other_ward")
    theirs = client.get(f"/console/people/{family.mother}/")
    absent = client.get("/console/people/999999/")
    assert theirs.status_code == absent.status_code == 404
    strip = [page.content.decode().split("<main", 1)[1][:600] for page in (theirs, absent)]
    assert strip[0] == strip[1]


@pytest.mark.parametrize(
    ("route", "who"),
    [
        ("move", "other_ward"),
        ("move", "registrar"),
        ("birth", "ward"),
        ("death", "ward"),
        ("name", "steward"),
        ("number", "ward"),
        ("correct", "other_ward"),
        ("confirm", "steward"),
        ("head", "citizen"),
        ("move", ""),
    ],
)
def test_a_refused_form_changes_nothing(family: Family, route: str, who: str) -> None:
    client = at_work(who) if who else client_of("")
    before = footprint()
    answers = {"confirmed": "yes", "full_name": "Ai Đó", "day": "01/11/2026", "value": "02"}
    answer = client.post(address(route, family.mother), answers)
    assert answer.status_code in {302, 403, 404}
    assert footprint() == before


def test_without_a_case_one_is_chosen_first_and_one_comes_back(family: Family) -> None:
    client = client_of("ward")
    href = f"/console/people/{family.mother}/timeline/"
    answer = client.get(href)
    assert answer.status_code == 302
    assert answer["Location"] == f"/console/case/?next={href.replace('/', '%2F')}"
    chosen = client.post(
        "/console/case/", {"purpose": "residence_registration", "case": "HS-7", "next": href}
    )
    assert chosen["Location"] == href
    assert client.get(href).status_code == 200


def test_a_case_leads_to_no_other_site(family: Family) -> None:
    client = client_of("ward")
    form = {"purpose": "residence_registration", "case": "HS-7", "next": "https://example.org/"}
    assert client.post("/console/case/", form)["Location"] == "/console/people/"


def test_a_purpose_that_needs_a_number_says_so(family: Family) -> None:
    client = client_of("ward", language="en")
    answer = client.post("/console/case/", {"purpose": "residence_registration", "case": ""})
    assert answer.status_code == 422
    assert "needs a case number" in answer.content.decode()


def test_a_purpose_of_another_role_cannot_be_chosen(family: Family) -> None:
    client = client_of("ward")
    answer = client.post("/console/case/", {"purpose": "card_issue", "case": "HS-7"})
    assert answer.status_code == 422


def test_a_closed_case_shows_nobody(family: Family) -> None:
    client = at_work("ward")
    assert client.post("/console/case/close/").status_code == 302
    assert client.get(f"/console/people/{family.mother}/").status_code == 302


def test_what_was_typed_outlives_a_lost_case(family: Family) -> None:
    client = client_of("ward")
    href = f"/console/people/{family.mother}/move/"
    asked = client.post(href, {"to_text": "9 Hàm Nghi", "people": [str(family.mother)]})
    assert asked.status_code == 409
    kept = asked.context["kept"]
    form = {"purpose": "residence_registration", "case": "HS-7", "next": href, "kept": kept}
    resumed = client.post("/console/case/", form)
    assert resumed.status_code == 200
    assert ("to_text", "9 Hàm Nghi") in resumed.context["answers"]
    assert resumed.context["onward"] == href
