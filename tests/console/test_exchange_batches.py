"""Verifying a file on the pages: none, one, many; sent in, confirmed, watched, fetched, stopped."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dancu.audit.models import Event
from dancu.exchange.batches import running
from dancu.exchange.batches.models import Batch
from dancu.exchange.models import ApprovedException, Usage
from dancu.exchange.quotas import COUNTRY, standing
from dancu.kernel.clock import system_clock, today
from dancu.operation.uploads import LARGER
from tests.console.cast import Family, client_of
from tests.console.test_work import words

LIST = "/console/verifications/"
NEW = f"{LIST}new/"
QUEUE = f"{LIST}queue/"
TRY = f"{LIST}try/"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("folder")]


def a_list(family: Family, *more: str) -> bytes:
    lines = [
        "STT;Mã định danh;Họ và tên;Ngày sinh;Ghi chú",
        f"1;{family.mother_pid};Trần Thị Thu Hương;12/03/1988;a",
        f"2;{family.father_pid};Ai Đó Khác;01/01/1950;b",
        *more,
    ]
    return ("\n".join(lines) + "\n").encode()


def send(client: Client, content: bytes, name: str = "hoc-sinh.csv") -> object:
    file = SimpleUploadedFile(name, content)
    return client.post(NEW, {"contract": "student-check", "file": file})


def confirm(client: Client, href: str, **changes: object) -> object:
    form = client.get(href).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    return client.post(href, {**answers, "purpose": "school_enrolment", **changes})


def submitted(client: Client, family: Family, *more: str) -> str:
    return confirm(client, send(client, a_list(family, *more))["Location"])["Location"]


def work(**more: object) -> bool:
    return running.work(clock=system_clock, **more)


def test_there_is_nothing_one_and_many(steward: Client) -> None:
    assert "No file has been verified yet" in words(steward.get(LIST))
    queue = words(steward.get(QUEUE))
    assert "Nobody waits" in queue
    assert "200.000" in queue
    assert "Nobody waits" in words(steward.get(TRY))
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    Batch.objects.bulk_create(
        Batch(
            reference=f"{number:032x}",
            contract="student-check",
            client="console:CDS-79",
            name=f"{'rat dai ' * 14}{number}"[-120:],
            size=1,
            digest=b"",
            has_head=True,
            columns=[],
            meanings=[],
            rows=1_000 + number,
            done=number,
            state="waiting" if number % 2 else "done",
            received_at=at,
            confirmed_at=at,
        )
        for number in range(120)
    )
    page = steward.get(LIST).content.decode()
    assert page.count("rat dai 119") == 1
    assert "page=2" in page
    assert "rat dai 0" in steward.get(f"{LIST}?page=3").content.decode()
    assert "60 files" in words(steward.get(QUEUE))
    tried = words(steward.get(f"{TRY}?cap=1000"))
    assert "days later" in tried
    assert steward.get(f"{TRY}?cap=0").status_code == 422


def test_a_file_is_read_confirmed_verified_and_explained(family: Family, steward: Client) -> None:
    shown = send(steward, a_list(family, "3;;Không Có Ai;02/02/2002;c", ";;Cộng;;"))
    assert shown.status_code == 302
    href = shown["Location"]
    page = words(steward.get(href))
    assert "Is this what the columns mean?" in page
    assert "Verify 4 rows" in page
    assert Usage.objects.count() == 0
    assert "Files whose columns are not confirmed" in words(steward.get(LIST))
    done = confirm(steward, href, is_alive="on")["Location"]
    waiting = words(steward.get(done))
    assert "Rows answered" in waiting
    assert "today" in waiting
    assert steward.get(f"{done}progress/").status_code == 200
    assert work()
    assert steward.get(f"{done}progress/")["HX-Refresh"] == "true"
    page = words(steward.get(done))
    assert "The number belongs to somebody else" in page
    assert "Nobody found" in page
    assert "Not asked: the row says too little" in page
    assert "Look at" in page or "Compare all digits" in page
    answers = b"".join(steward.get(f"{done}answers.csv").streaming_content).decode("utf-8-sig")
    lines = [*csv.reader(answers.splitlines())]
    assert len(lines) == 5
    assert lines[0][-5:] == ["STT", "Mã định danh", "Họ và tên", "Ngày sinh", "Ghi chú"]
    assert lines[2][-1] == "b"
    book = b"".join(steward.get(f"{done}answers.xlsx").streaming_content)
    assert book.startswith(b"PK")
    assert b"is_alive" in b"".join(steward.get(f"{done}answers.json").streaming_content)
    assert steward.get(f"{done}answers.pdf").status_code == 404


def test_a_file_that_is_none_says_why(steward: Client, folder: Path) -> None:
    for content, said in (
        (b"%PDF-1.7", "neither CSV nor a spreadsheet"),
        (b"PK\x03\x04xxxx", "damaged or cut"),
        (b"Ma dinh danh;Ho va ten\n", "no row to verify"),
    ):
        answer = send(steward, content)
        assert answer.status_code == 422
        assert said in words(answer)
    assert not Batch.objects.exists()
    assert not list(folder.iterdir())


def test_columns_can_be_set_right_and_contradictions_are_told(
    family: Family, steward: Client
) -> None:
    href = send(steward, a_list(family))["Location"]
    twice = confirm(steward, href, column_0="pid")
    assert twice.status_code == 422
    assert "Another column means the same" in words(twice)
    nobody = confirm(steward, href, column_1="", column_2="")
    assert "The columns do not say who the people are." in words(nobody)
    assert confirm(steward, href, column_3="")["Location"].startswith(LIST)
    assert Batch.objects.get().meanings == ["", "pid", "full_name", "", ""]


def test_it_stops_goes_on_and_can_be_thrown_away_before(family: Family, steward: Client) -> None:
    href = submitted(steward, family)
    assert steward.post(f"{href}stop/").status_code == 302
    assert "Stopped by" in words(steward.get(href))
    work()
    assert Batch.objects.get().done == 0
    steward.post(f"{href}resume/")
    work()
    assert Batch.objects.get().state == "done"
    assert "nothing is left to be stopped" in words(steward.post(f"{href}stop/", follow=True))
    other = send(steward, a_list(family))["Location"].replace("confirm/", "discard/")
    assert "nobody was asked about" in words(steward.post(other, follow=True))
    assert Batch.objects.count() == 1


def test_others_see_nothing_and_do_nothing(family: Family, steward: Client) -> None:
    href = submitted(steward, family)
    for username in ("ward", "registrar", "auditor"):
        stranger = client_of(username, language="en")
        assert stranger.get(href).status_code == 403
        assert stranger.get(NEW).status_code == 403
        assert stranger.post(f"{href}stop/").status_code == 403
    operator = client_of("admin", language="en")
    assert operator.get(href).status_code == 200
    assert operator.get(f"{href}answers.csv").status_code == 403
    assert steward.get(f"{LIST}{'0' * 32}/").status_code == 404


def test_who_looks_after_the_queue_does_not_get_the_rows_of_other_agencies(
    family: Family, steward: Client
) -> None:
    href = submitted(steward, family)
    work()
    answers = f"{href}answers.csv"
    for sender, status in (
        ({"client_id": 7, "client": "sgddt"}, 404),
        ({"client_id": None, "client": "console:CDS-01"}, 404),
        ({"client_id": None, "client": "dancu verify"}, 404),
        ({"client_id": None, "client": "console:CDS-79"}, 200),
    ):
        Batch.objects.update(**sender)
        assert steward.get(answers).status_code == status
        assert ("answers.csv" in steward.get(href).content.decode()) == (status == 200)
    b"".join(steward.get(answers).streaming_content)
    event = Event.objects.get(event="exchange.batch-fetched")
    assert (event.office, event.account_id is not None) == ("CDS-79", True)


def test_an_exception_is_approved_with_who_and_why(family: Family, steward: Client) -> None:
    day = today(system_clock.now())
    Usage.objects.create(day=day, contract="student-check", records=60_000)
    href = submitted(steward, family)
    work()
    assert Batch.objects.get().done == 0
    tomorrow = (day + timedelta(days=1)).strftime("%d/%m/%Y")
    assert tomorrow in words(steward.get(href))
    answers = {
        "contract": "student-check",
        "day": day.strftime("%d/%m/%Y"),
        "records": "100",
        "reason": "Công văn 12/SGDDT",
    }
    refused = steward.post(QUEUE, {**answers, "day": "01/01/2020"})
    assert refused.status_code == 422
    assert "This day is over." in words(refused)
    assert steward.post(QUEUE, answers).status_code == 302
    page = words(steward.get(QUEUE))
    assert "Công văn 12/SGDDT" in page
    assert "Cán bộ steward" in page
    assert ApprovedException.objects.get().account_id is not None
    assert Event.objects.filter(event="exchange.exception").exists()
    work()
    assert Batch.objects.get().state == "done"


def test_an_exception_that_is_sent_twice_is_approved_once_and_can_be_withdrawn(
    steward: Client,
) -> None:
    day = today(system_clock.now())
    answers = {
        "contract": "*",
        "day": day.strftime("%d/%m/%Y"),
        "records": "3000000",
        "reason": "Công văn 13",
        "once": steward.get(QUEUE).context["once"],
    }
    for _click in range(2):
        assert steward.post(QUEUE, answers).status_code == 302
    made = ApprovedException.objects.get()
    href = f"{LIST}exceptions/{made.pk}/withdraw/"
    assert href in steward.get(QUEUE).content.decode()
    assert client_of("ward").get(href).status_code == 403
    assert "3.000.000" in words(steward.get(href))
    refused = steward.post(href, {"reason": ""})
    assert refused.status_code == 422
    assert "Say why it is withdrawn." in words(refused)
    mistaken = {"reason": "Nhầm một số 0", "once": refused.context["once"]}
    for _click in range(2):
        assert steward.post(href, mistaken).status_code == 302
    assert standing(day)[COUNTRY].share == 200_000
    shown = steward.get(QUEUE)
    assert "Công văn 13" in words(shown)
    assert "withdrawn by Cán bộ steward" in words(shown)
    assert "Nhầm một số 0" in words(shown)
    assert href not in shown.content.decode()
    assert steward.post(href, {"reason": "again"}).status_code == 404
    event = Event.objects.get(event="exchange.exception-withdrawn")
    assert event.detail["reason"] == "Nhầm một số 0"


def test_what_a_file_is_called_is_for_its_agency_and_for_who_looks_after_the_queue(
    family: Family, steward: Client
) -> None:
    href = submitted(steward, family)
    Usage.objects.create(day=today(system_clock.now()), contract="", records=200_000)
    assert "hoc-sinh.csv" in words(steward.get(QUEUE))
    page = steward.get(QUEUE).content.decode()
    assert href in page
    ward = client_of("ward", language="en").get(QUEUE)
    assert ward.status_code == 200
    assert "hoc-sinh" not in words(ward)
    assert href not in ward.content.decode()


def test_each_waiting_file_shows_its_place_and_day(family: Family, steward: Client) -> None:
    day = today(system_clock.now())
    Usage.objects.create(day=day, contract="", records=200_000)
    first = submitted(steward, family)
    submitted(steward, family, "3;;Không Có Ai;02/02/2002;c")
    tomorrow = (day + timedelta(days=1)).strftime("%d/%m/%Y")
    page = words(steward.get(first))
    assert "place 1 of 2 in the queue" in page
    assert f"It will be done on {tomorrow}" in page
    queue = words(steward.get(QUEUE))
    assert tomorrow in queue
    assert "1 day sooner" in words(steward.get(f"{TRY}?cap=300000"))


def test_a_table_of_a_million_people_may_be_sent_and_no_more(
    steward: Client, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dancu.operation.uploads.MOST_BYTES", 10_000)
    assert send(steward, a_list(family) + b"\n" * 20_000).status_code == 302
    monkeypatch.setitem(LARGER, "console:verification-new", 10_000)
    assert send(steward, a_list(family) + b"\n" * 20_000).status_code == 413
