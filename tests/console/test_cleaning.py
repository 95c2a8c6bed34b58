"""The workbench on the pages: sent in, understood, decided, compared, fetched, deleted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dancu.audit.models import Event
from dancu.cleaning import services, working
from dancu.cleaning.models import File, Part
from dancu.exchange.batches import running
from dancu.exchange.models import Usage
from dancu.kernel.clock import system_clock
from tests.console.cast import Family, client_of
from tests.console.test_work import words

LIST = "/console/cleaning/"
NEW = f"{LIST}new/"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("folder")]


def a_list(family: Family) -> bytes:
    lines = [
        "STT;Mã định danh;Họ và tên;Ngày sinh;Địa chỉ;Ghi chú",
        f"1;{family.mother_pid};TRẦN THỊ  THU HƯƠNG;12/3/1988;Phường Sài Gòn, TP.HCM;a",
        f"2;{family.father_pid};Ai Đó Khác;01/01/1950;;b",
        "3;;Nguyễn Văn Bình;31/02/2001;;c",
        f"4;{family.mother_pid};Trần Thị Thu Hương;12/03/1988;;a",
        ";;Cộng: 4;;;",
    ]
    return ("\n".join(lines) + "\n").encode()


def send(client: Client, content: bytes, name: str = "hoc-sinh.csv", **more: object) -> object:
    return client.post(NEW, {"file": SimpleUploadedFile(name, content), **more})


def work() -> None:
    for file in File.objects.filter(state="working"):
        working.work(file_id=file.pk, at=system_clock.now())


def sent(client: Client, content: bytes) -> str:
    """Send a file in, have it looked through, and return its address."""
    href = send(client, content)["Location"]
    work()
    return href


def content_of(client: Client, href: str) -> bytes:
    return b"".join(client.get(href).streaming_content)


def decide(steward: Client, href: str) -> None:
    """Look at the proposals, accept some, and look at the duplicates."""
    page = words(steward.get(f"{href}proposals/"))
    assert "Capitals in the name" in page
    assert "TRẦN THỊ THU HƯƠNG → Trần Thị Thu Hương" in page
    assert "No date of the calendar" in page
    one = words(steward.get(f"{href}proposals/NAME_CASE/"))
    assert "Which are to be made?" in one
    assert "31/02/2001" in words(steward.get(f"{href}proposals/DATE_WRONG/"))
    assert steward.get(f"{href}proposals/NONE/").status_code == 404
    kept = steward.post(f"{href}proposals/NAME_CASE/", {"v0": "on"})
    refused = {"rows": "1", "row": ["0-2-3"]}
    steward.post(f"{href}proposals/DATE_FORM/", refused)
    assert "left as it is" in words(steward.get(f"{href}proposals/DATE_FORM/"))
    assert kept["Location"] == f"{href}proposals/"
    chosen = {
        "kind_NAME_CASE": "yes",
        "kind_DATE_FORM": "yes",
        "kind_ROW_TOTAL": "yes",
        "kind_UNIT_CODE": "yes",
    }
    assert steward.post(f"{href}proposals/", chosen)["Location"] == f"{href}duplicates/"
    twice = words(steward.get(f"{href}duplicates/"))
    assert "Rows 2 and 5" in twice
    assert "The same personal number" in twice


def test_the_whole_way_of_a_file(family: Family, steward: Client) -> None:
    assert "No file has been cleaned yet" in words(steward.get(LIST))
    href = send(steward, a_list(family))["Location"]
    assert "Rows looked through" in words(steward.get(href))
    assert steward.get(f"{href}progress/").status_code == 200
    assert steward.get(f"{href}proposals/")["Location"] == href
    work()
    assert steward.get(f"{href}progress/")["HX-Refresh"] == "true"
    page = steward.get(href)
    assert "999999999999" in words(page)
    form = page.context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    assert steward.post(href, answers)["Location"] == f"{href}proposals/"
    decide(steward, href)

    asked = {"contract": "student-check", "purpose": "school_enrolment", "case": "HS-1"}
    assert Usage.objects.count() == 0
    assert steward.post(f"{href}verification/", asked)["Location"] == f"{href}verification/"
    work()
    assert "Rows answered" in words(steward.get(f"{href}verification/"))
    assert running.work(clock=system_clock)
    assert "The number belongs to somebody else" in words(steward.get(f"{href}verification/"))
    assert steward.post(f"{href}result/")["Location"] == f"{href}result/"
    work()
    page = words(steward.get(f"{href}result/"))
    assert "Of 4 rows, 0 (0%) can be used" in page
    assert "The cleaned file" in page
    lines = content_of(steward, f"{href}files/cleaned/").decode("utf-8-sig").splitlines()
    assert lines[0].endswith("Ghi chú;Unit code: Địa chỉ;Result;What to do")
    assert lines[1].startswith(f"1;{family.mother_pid};Trần Thị Thu Hương;12/3/1988;")
    assert ";26740;" in lines[1]
    assert len(lines) == 5
    assert content_of(steward, f"{href}files/report/").startswith(b"PK")
    assert b"NAME_CASE" in content_of(steward, f"{href}files/recipe/")
    assert steward.get(f"{href}files/sent/").status_code == 404
    events = list(Event.objects.order_by("id").values_list("event", flat=True))
    assert [one for one in events if one.startswith("cleaning.")] == [
        "cleaning.received", "cleaning.decided", "cleaning.decided", "cleaning.decided",
        "cleaning.verified",
        "cleaning.written", "cleaning.fetched", "cleaning.fetched", "cleaning.fetched",
    ]  # fmt: skip

    again = send(steward, a_list(family), recipe=SimpleUploadedFile(
        "r.json", content_of(steward, f"{href}files/recipe/")))  # fmt: skip
    later = File.objects.latest("pk")
    assert again["Location"].endswith(f"{later.reference}/")
    assert later.decisions["kinds"]["NAME_CASE"] == "yes"
    work()
    said = "Chosen as in the former cleaning"
    assert said in words(steward.get(f"{again['Location']}proposals/"))
    steward.post(f"{again['Location']}proposals/", {"kind_NAME_CASE": "no"})
    assert said not in words(steward.get(f"{again['Location']}proposals/"))


def test_nobody_of_another_office_sees_it_and_it_goes_in_time(
    family: Family, steward: Client
) -> None:
    href = sent(steward, a_list(family))
    file = File.objects.get()
    File.objects.update(office="CDS-01")
    for page in ("", "proposals/", "duplicates/", "verification/", "result/", "progress/"):
        assert steward.get(f"{href}{page}").status_code == 404
    for act in ("discard/", "again/", "result/"):
        assert steward.post(f"{href}{act}").status_code == 404
    assert "hoc-sinh.csv" not in words(steward.get(LIST))
    assert client_of("ward").get(LIST).status_code == 403

    File.objects.update(office="CDS-79")
    at = file.received_at
    assert services.forget(at=at + timedelta(days=27)) == 0
    assert services.forget(at=at + timedelta(days=29)) == 1
    file.refresh_from_db()
    assert (file.found, file.decisions) == (None, {})
    assert not Part.objects.exists()
    page = words(steward.get(f"{href}proposals/", follow=True))
    assert "As promised, it was kept only for some days" in page


def test_a_file_can_be_deleted_at_once_and_what_is_none_is_refused(
    family: Family, steward: Client
) -> None:
    for content, said in (
        (b"%PDF-1.7", "neither CSV nor a spreadsheet"),
        (b"PK\x03\x04xxxx", "damaged or cut"),
    ):
        answer = send(steward, content)
        assert answer.status_code == 422
        assert said in words(answer)
    recipe = SimpleUploadedFile("r.json", b"{}")
    assert "recipe cannot be used" in words(send(steward, a_list(family), recipe=recipe))
    assert not File.objects.exists()
    href = sent(steward, b"Ma dinh danh;Ho va ten\n")
    page = words(steward.get(href))
    assert "has no row" in page
    assert "Back to the choices" not in page
    assert steward.post(f"{href}again/")["Location"] == href
    work()
    assert steward.post(f"{href}discard/")["Location"] == LIST
    assert not Part.objects.exists()


def test_a_column_that_means_something_else_is_looked_through_again(
    family: Family, steward: Client
) -> None:
    href = sent(steward, a_list(family))
    form = steward.get(href).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    twice = steward.post(href, {**answers, "column_5": "pid"})
    assert twice.status_code == 422
    assert "Another column means the same" in words(twice)
    assert steward.post(href, {**answers, "column_3": ""})["Location"] == href
    assert "Rows looked through" in words(steward.get(href))
    work()
    assert "DATE_WRONG" not in File.objects.get().found["kinds"]
    asked = {"contract": "student-check", "purpose": "school_enrolment"}
    steward.post(href, {**answers, "column_1": "", "column_2": "", "column_3": ""})
    work()
    steward.post(f"{href}verification/", asked)
    work()
    page = words(steward.get(f"{href}verification/"))
    assert "Two of these are needed" in page
    assert steward.post(f"{href}again/", {"leave": "1"})["Location"] == f"{href}verification/"
    assert "Compare with the register" in words(steward.get(f"{href}verification/"))


@pytest.mark.parametrize("page", [NEW, "/console/verifications/new/", "/console/deliveries/new/"])
def test_whatever_takes_a_file_has_words_for_one_that_is_too_large(
    steward: Client, page: str
) -> None:
    shown = steward.get(page).content.decode()
    weighed = [
        re.search(r'id="([^"]*)"', one)[1]
        for one in re.findall(r"<input[^>]*data-largest[^>]*>", shown)
    ]
    assert weighed
    assert all(f'id="{field}_large"' in shown for field in weighed)
