"""Who looked at me: none, a few, ten thousand; filters; reports; copies."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dancu.audit.models import Event
from dancu.disclosure.models import AccessRecord
from dancu.exchange.feed.models import Subscription
from dancu.kernel.clock import VIETNAM
from tests.portal.cast import AT, MOTHER_PID, Cast, looked, some_looks
from tests.portal.test_pages import text, words

LOOKS = "/who-looked/"


def test_nobody_has_looked(mother: Client) -> None:
    assert "Chưa ai xem dữ liệu của bạn" in words(text(mother, "looks"))


def test_a_look_is_told_in_a_sentence(mother: Client, family: Cast) -> None:
    looked(family)
    said = words(text(mother, "looks"))
    assert "Chủ nhật, 01/11/2026" in said
    assert "Công an phường Sài Gòn" in said
    assert "Đã xem họ tên và nơi thường trú của bạn." in said
    assert "Để đăng ký cư trú, hồ sơ HS-2026-000417" in said


def test_many_attributes_are_summed_up_and_listed_behind(mother: Client, family: Cast) -> None:
    some_looks(family)
    listed = text(mother, "looks")
    assert "và 16 thông tin khác của bạn" in words(listed)
    queries = [part.split('"')[0] for part in listed.split("/who-looked/one/")[1:]]
    shown = [words(mother.get(f"/who-looked/one/{q}").content.decode()) for q in queries]
    assert any("Quê quán" in page and "Số chứng minh nhân dân" in page for page in shown)
    assert any("Chỉ thấy một phần" in page for page in shown)
    assert all("Luật" in page for page in shown)


def test_a_refused_try_is_shown_as_such(mother: Client, family: Cast) -> None:
    looked(family, refusal="not-found")
    said = words(text(mother, "looks"))
    assert "bị từ chối" in said
    assert "hệ thống đã từ chối, không cho thấy gì" in said


def test_agencies_that_follow_the_reader_are_named(mother: Client, family: Cast) -> None:
    assert "được thông báo khi thông tin của bạn thay đổi" not in words(text(mother, "looks"))
    Subscription.objects.create(
        key="a" * 32,
        contract="student-check",
        person_id=family.mother,
        purpose="school_enrolment",
        begun_at=AT,
    )
    looked(family, kind=AccessRecord.Kind.TOLD)
    said = words(text(mother, "looks"))
    assert "được thông báo khi thông tin của bạn thay đổi" in said
    assert "Xác thực học sinh, sinh viên: chết, thay đổi họ tên," in said
    assert "Mục đích: xét nhập học, từ ngày" in said
    assert "Được thông báo thông tin của bạn có thay đổi: họ tên và nơi thường trú." in said


def copies(family: Cast, count: int, **apart: object) -> None:
    """So many more records like the one look at the mother, a minute or more apart."""
    (fields,) = AccessRecord.objects.filter(person_id=family.mother).values()
    step = apart.pop("step", timedelta(minutes=1))
    AccessRecord.objects.bulk_create(
        (
            AccessRecord(**{**fields, "id": None, "at": AT - number * step, **apart})
            for number in range(10, count + 10)
        ),
        batch_size=2000,
    )


def test_looks_for_one_matter_on_one_day_are_one_line_that_opens(
    mother: Client, family: Cast
) -> None:
    morning = AT - timedelta(days=1)
    looked(family, at=morning)
    looked(family, at=morning + timedelta(minutes=7), attributes=(-3,))
    looked(family, at=morning + timedelta(minutes=9), kind=AccessRecord.Kind.SEARCH)
    others = (
        {"case": "HS-2"},
        {"purpose": "data_correction"},
        {"ward": "26743"},
        {"refusal": "not-found"},
        {"at": AT - timedelta(days=2)},
    )
    for other in others:
        looked(family, **{"at": morning, **other})  # type: ignore[arg-type]
    page = text(mother, "looks")
    assert page.count('class="event ') == 1 + len(others)
    (line,) = [event for event in page.split('class="event ')[1:] if "<details" in event]
    said = words(f"<main{line}</main>")
    assert "10:00–10:09 Công an" in said
    assert "3 lần" in said
    assert "Đã xem họ tên, nơi thường trú và số định danh cá nhân của bạn." in said
    assert line.count("/who-looked/one/") == 3
    assert "bị từ chối" not in said


def test_every_look_of_a_line_too_long_is_found_behind_it(mother: Client, family: Cast) -> None:
    looked(family, at=AT - timedelta(seconds=1))
    copies(family, 60, step=timedelta(seconds=1))
    page = text(mother, "looks")
    assert page.count('class="event ') == 1
    assert "61 lần" in words(page)
    assert page.count("/who-looked/one/") == 20
    link = page.split("event__parts")[1].split('<p><a href="')[1].split('"')[0]
    each = mother.get(html.unescape(link)).content.decode()
    assert each.count('class="event ') == 50
    assert 'rel="next"' in each


def test_ten_thousand_looks_come_in_windows(mother: Client, family: Cast) -> None:
    looked(family, at=AT - timedelta(minutes=1))
    copies(family, 10_000)
    each = text(mother, "looks", data={"each": "on"})
    assert each.count('class="event ') == 50
    assert 'rel="next"' in each
    last = mother.get(LOOKS, {"page": "201", "each": "on"}).content.decode()
    assert last.count('class="event ') == 1
    assert 'rel="next"' not in last
    with CaptureQueriesContext(connection) as asked:
        page = mother.get(LOOKS, {"until": "27/10/2026"}).content.decode()
    assert len([q for q in asked if "disclosure_accessrecord" in q["sql"]]) == 3
    assert page.count('class="event ') == len(
        AccessRecord.objects.filter(
            at__lt=datetime(2026, 10, 28, tzinfo=VIETNAM), person_id=family.mother
        ).datetimes("at", "day", tzinfo=VIETNAM)
    )
    narrow = mother.get(LOOKS, {"since": "02/11/2026"}).content.decode()
    assert "01/11/2026" not in words(narrow)


def test_lines_of_many_matters_come_in_windows_and_none_is_lost(
    mother: Client, family: Cast
) -> None:
    looked(family)
    (fields,) = AccessRecord.objects.filter(person_id=family.mother).values()
    AccessRecord.objects.bulk_create(
        AccessRecord(**{**fields, "id": None, "case_number": f"HS-{matter}"})
        for matter in range(40)
        for _look in range(2)
    )
    pages = [mother.get(LOOKS, {"page": str(page)}).content.decode() for page in (1, 2)]
    assert [page.count('class="event ') for page in pages] == [30, 11]
    assert ['rel="next"' in page for page in pages] == [True, False]
    assert len(set(re.findall(r"hồ sơ (HS-\d+)", "".join(map(words, pages))))) == 41


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ({"since": "01/11/2026"}, "Bến Thành", "Thứ Sáu"),
        ({"until": "31/10/2026"}, "30/10/2026", "Bến Thành"),
        ({"office": "CA-26743"}, "01/11/2026", "30/10/2026"),
        ({"since": "01112026"}, "Bến Thành", "Thứ Sáu"),
        ({"what": "papers"}, "30/10/2026", "Bến Thành"),
        ({"what": "nonsense"}, "Bến Thành", "Không ai xem"),
        ({"office": "' OR 1=1"}, "Không ai xem", "Bến Thành"),
        ({"since": "01/01/2020", "until": "02/01/2020"}, "Không ai xem", "Bến Thành"),
    ],
)
def test_the_list_is_narrowed(
    query: dict[str, str], there: str, absent: str, mother: Client, family: Cast
) -> None:
    some_looks(family)
    page = mother.get(LOOKS, query).content.decode()
    listed = words(re.sub(r'<form class="filters".*?</form>', "", page, flags=re.DOTALL))
    assert there in listed
    assert absent not in listed


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "²"])
def test_a_senseless_page_number_does_no_harm(page: str, mother: Client) -> None:
    assert mother.get(LOOKS, {"page": page}).status_code == 200


def test_a_wrong_day_is_told_beside_its_field(mother: Client) -> None:
    page = mother.get(LOOKS, {"since": "31/02/2026"}).content.decode()
    assert "31/02/2026" in page
    assert 'aria-invalid="true"' in page


def test_a_report_reaches_the_log_without_particulars(mother: Client, family: Cast) -> None:
    looked(family)
    query = text(mother, "looks").split("/who-looked/one/")[1].split('"')[0]
    report = f"/who-looked/report/{query}"
    assert mother.post(report, {}).status_code == 422
    assert not Event.objects.filter(event="access.reported").exists()
    answer = mother.post(report, {"why": "no_dealings"}, follow=True)
    assert "Đã gửi báo cáo của bạn" in words(answer.content.decode())
    (event,) = Event.objects.filter(event="access.reported")
    assert event.detail["why"] == "no_dealings"
    assert event.detail["case"] == "HS-2026-000417"
    assert MOTHER_PID not in json.dumps(event.detail)


def test_a_look_that_never_was_cannot_be_reported(mother: Client) -> None:
    assert (
        mother.post(f"{reverse('portal:looks_report')}?look=1-look", {"why": "other"}).status_code
        == 404
    )


def test_the_list_is_downloaded_and_that_is_recorded(mother: Client, family: Cast) -> None:
    some_looks(family)
    answer = mother.post(reverse("portal:looks_download"), {"kind": "json"})
    assert "ai-da-xem-2026-11-02.json" in answer["Content-Disposition"]
    rows = json.loads(answer.content)["accesses"]
    assert [row["refused"] for row in rows].count("có") == 1
    assert Event.objects.filter(event="own_access_log.downloaded").count() == 1


def test_the_data_is_downloaded_with_numbers_as_text(mother: Client) -> None:
    answer = mother.post(reverse("portal:data_download"), {"kind": "xlsx"})
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names[0] == "Dữ liệu của tôi"
    cells = {cell for row in book.get_sheet_by_index(0).to_python() for cell in row}
    assert {MOTHER_PID, "0901234567", "023456789"} <= cells
    (event,) = Event.objects.filter(event="own_data.downloaded")
    assert event.detail == {"kind": "xlsx"}


def test_the_data_file_is_complete(mother: Client) -> None:
    answer = mother.post(reverse("portal:data_download"), {"kind": "json"})
    content = json.loads(answer.content)
    facts = {row["name"]: row for row in content["facts"]}
    assert facts["pid"]["value"] == MOTHER_PID
    assert facts["permanent_residence"]["paper"].endswith("CT01-2210/2021")
    assert len(content["household"]) == 4
    assert {row["name"] for row in content["differences"]} == {"birth_date"}
    assert len([r for r in content["history"] if r["name"] == "permanent_residence"]) == 2


def test_no_file_without_a_kind(mother: Client) -> None:
    answer = mother.post(reverse("portal:data_download"), {"kind": "exe"})
    assert answer.status_code == 422
    assert not Event.objects.filter(event="own_data.downloaded").exists()


def test_ones_own_looks_are_shown_when_asked_for(mother: Client) -> None:
    text(mother, "data")
    assert "Chưa ai xem" in words(text(mother, "looks"))
    said = words(mother.get(LOOKS, {"own": "on"}).content.decode())
    assert "Chính bạn" in said
