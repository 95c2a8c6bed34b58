"""What the pages show: search, person, past, provenance, conflicts, family, print, masks."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.population.models import Batch, Person, Rejection, Source
from tests.console.cast import AT, HOUSEHOLD, LONG_NAME, Family, a_person, at_work, client_of, say


def page(client: object, href: str) -> str:
    answer = client.get(href)  # type: ignore[attr-defined]
    assert answer.status_code == 200, (href, answer.status_code)
    return answer.content.decode()


def find(client: object, q: str) -> str:
    answer = client.post("/console/people/", {"q": q}, follow=True)  # type: ignore[attr-defined]
    assert answer.status_code == 200, (q, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_search_finds_nobody_one_and_many(family: Family, language: str) -> None:
    client = at_work("ward", language=language)
    nobody = find(client, "khong ai ca 1801")
    assert ("Không tìm thấy ai" if language == "vi" else "Nobody in your area") in nobody
    assert "/console/people/present/" in nobody
    one = find(client, "tran thi thu huong 1988")
    assert one.count(" data-open>") == 1
    assert "Trần Thị Thu Hương" in one
    for number in range(60):
        a_person(f"Đỗ Văn {LONG_NAME if number == 0 else 'Minh'}", "M", "1990")
    many = find(client, "do van minh")
    assert many.count(" data-open>") >= 50
    assert "page=2" in many


def test_the_search_masks_numbers_and_never_counts(family: Family) -> None:
    shown = find(at_work("ward"), "nguyen van hoa")
    assert family.father_pid not in shown.split("<main", 1)[1]
    assert f"{family.father_pid[:3]}*******{family.father_pid[-2:]}" in shown


def test_somebody_of_another_ward_is_not_found(family: Family) -> None:
    assert " data-open>" not in find(at_work("ward"), "pham quoc em")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "tab", ["", "timeline/", "family/", "papers/", "print/", "facts/full_name/"]
)
def test_every_page_of_a_person_renders(family: Family, tab: str, language: str) -> None:
    client = at_work("ward", language=language)
    shown = page(client, f"/console/people/{family.father}/{tab}")
    assert "Nguyễn Văn Hòa" in shown
    assert f'lang="{language}"' in shown


def test_somebody_of_whom_nearly_nothing_is_known_has_all_pages(family: Family) -> None:
    bare = a_person(
        LONG_NAME,
        "F",
        "1931",
        pid=None,
        marital_status=None,
        hometown=None,
        ethnicity=None,
        birth_registration_place=None,
    )
    client = at_work("ward")
    for tab in ("", "timeline/", "family/", "papers/", "print/"):
        assert LONG_NAME in page(client, f"/console/people/{bare}/{tab}")


def test_a_fact_opens_its_source_evidence_and_history(family: Family) -> None:
    say(family.father, "CA-26740", date(2024, 2, 3), phone="0911111111")
    shown = page(at_work("ward", language="en"), f"/console/people/{family.father}/facts/phone/")
    assert "Police of" in shown
    assert "F-1" in shown
    assert "03/02/2024" in shown
    assert "01/05/2018" in shown


def test_beside_the_page_a_fact_comes_alone(family: Family) -> None:
    answer = at_work("ward").get(
        f"/console/people/{family.father}/facts/phone/",
        headers={"HX-Request": "true", "HX-Target": "side_content"},
    )
    assert "<html" not in answer.content.decode()


def test_an_attribute_that_there_is_not_is_not_found(family: Family) -> None:
    client = at_work("ward")
    assert client.get(f"/console/people/{family.father}/facts/shoe_size/").status_code == 404


def test_a_conflict_stands_on_the_page_with_both_sides(family: Family) -> None:
    say(family.mother, "BHXH", date(2025, 1, 1), birth_date="1988-02-09")
    client = at_work("ward", language="en")
    assert "1 fact is disputed" in page(client, f"/console/people/{family.mother}/")
    both = page(client, f"/console/people/{family.mother}/facts/birth_date/")
    assert "02/09/1988" in both
    assert "09/02/1988" in both
    assert "Settle this conflict" in both


def test_the_past_is_shown_as_past_and_what_differs_is_marked(family: Family) -> None:
    say(family.father, "CA-26740", date(2024, 2, 3), phone="0911111111")
    client = at_work("ward", language="en")
    past = page(client, f"/console/people/{family.father}/?as_of=2020-01-01")
    assert "This page shows the past" in past
    assert "900000014" in past
    assert "fact--changed" in past
    today = page(client, f"/console/people/{family.father}/")
    assert "This page shows the past" not in today
    assert "fact--changed" not in today


@pytest.mark.parametrize("day", ["2999-01-01", "1800-01-01", "x", "2020-02-30"])
def test_a_day_that_is_no_past_day_counts_as_today(family: Family, day: str) -> None:
    shown = page(at_work("ward", language="en"), f"/console/people/{family.father}/?as_of={day}")
    assert "This page shows the past" not in shown


def test_before_the_first_record_no_residence_was_known(family: Family) -> None:
    shown = page(
        at_work("ward", language="en"), f"/console/people/{family.father}/?as_of=2001-01-01"
    )
    assert "Not known then: " in shown
    assert 'id="residence"' not in shown


def test_a_masked_value_is_shown_once_and_only_for_a_numbered_case(family: Family) -> None:
    href = f"/console/people/{family.father}/facts/phone/show/"
    client = client_of("ward", purpose="residence_check", case="HS-9", language="en")
    asked = page(client, href)
    assert "900000014" not in asked
    shown = client.post(href)
    assert "900000014" in shown.content.decode()
    unnumbered = client_of("ward", purpose="residence_check", case="", language="en")
    assert "900000014" not in page(unnumbered, href)
    assert unnumbered.post(href).status_code == 302


def test_the_family_page_links_only_inside_the_area(family: Family) -> None:
    shown = page(at_work("ward"), f"/console/people/{family.son}/family/")
    assert f'href="/console/people/{family.mother}/family/"' in shown
    assert HOUSEHOLD in shown


def test_the_print_names_who_printed_it_and_why(family: Family) -> None:
    shown = page(at_work("ward", language="en"), f"/console/people/{family.father}/print/")
    assert "Printed by" in shown
    assert "Residence registration" in shown
    assert "HS-1" in shown


def test_somebody_from_elsewhere_is_admitted_with_all_that_the_card_says(family: Family) -> None:
    client = client_of("ward", purpose="residence_registration_incoming", language="en")
    href = f"/console/people/{family.neighbour}/"
    assert client.get(href)["Location"] == "/console/people/present/"
    pid = Person.objects.get(pk=family.neighbour).pid
    card = {"pid": pid, "name": "pham quoc em", "birth_date": "09/08/1995"}
    pages = []
    for wrong in ({"name": "Ai Do Khac"}, {"birth_date": "08/09/1995"}, {"pid": "079099999999"}):
        answer = client.post("/console/people/present/", card | wrong)
        assert answer.status_code == 404
        pages.append(str(answer.context["form"].errors))
    assert "do not belong together" in pages[0]
    assert len(set(pages)) == 1
    for missing in card:
        answer = client.post("/console/people/present/", card | {missing: ""})
        assert answer.status_code == 422
        assert missing in answer.context["form"].errors
    right = client.post("/console/people/present/", card)
    assert right["Location"] == href
    assert "Phạm Quốc Em" in page(client, href)


def test_the_access_log_shows_an_auditor_who_looked(family: Family) -> None:
    page(at_work("ward"), f"/console/people/{family.mother}/")
    auditor = at_work("auditor", language="en")
    answer = auditor.post("/console/access-log/", {"pid": family.mother_pid}, follow=True)
    shown = answer.content.decode()
    assert "Looked at the record" in shown
    assert "HS-1" in shown


def test_communes_are_suggested_by_a_part_of_their_name(family: Family) -> None:
    client = at_work("ward")
    shown = page(client, "/console/communes/?to_commune=ben+thanh")
    assert "Phường Bến Thành, Thành phố Hồ Chí Minh" in shown
    assert page(client, "/console/communes/?x=").strip() == ""


def test_a_delivery_is_told_with_its_refused_rows(family: Family) -> None:
    batch = Batch.objects.create(
        source=Source.objects.get(code="BHXH"),
        key="bhyt-2026-01",
        state=Batch.State.DONE,
        chunk_rows=1000,
        accepted=1234,
        rejected=2,
        started_at=AT,
        finished_at=AT,
    )
    for row, message in ((7, "This is not a number."), (9, "=1+1")):
        Rejection.objects.create(
            batch=batch, row_number=row, position=0, field="phone", code="x", message=message
        )
    client = at_work("steward", language="en")
    opened = client.get(f"/console/deliveries/?number={batch.pk}")
    shown = page(client, opened["Location"])
    assert "bhyt-2026-01" in shown
    assert "1.234" in shown
    assert "This is not a number." in shown
    file = client.get(f"/console/deliveries/{batch.pk}/refused.csv")
    content = b"".join(file.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Row,Field,Code")
    assert lines[1].startswith("7,Mobile phone number (phone),x,This is not a number.")
    assert ",'=1+1," in lines[2]


@pytest.mark.parametrize("number", ["99999", "x", "9" * 40])
def test_a_delivery_that_there_is_not_is_said(family: Family, number: str) -> None:
    client = at_work("steward", language="en")
    assert client.get(f"/console/deliveries/?number={number}").status_code == 422
    assert client.get("/console/deliveries/99999/").status_code == 404
