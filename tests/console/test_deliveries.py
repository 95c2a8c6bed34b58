"""Deliveries: none, one, many; a file from the device to the register and back as refused lines."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from dancu.audit.models import Event
from dancu.console import jobs, uploads
from dancu.console.models import Upload, UploadPart
from dancu.console.views.batches import time_left
from dancu.identity.models import Account
from dancu.jobs import queue
from dancu.operation.uploads import MOST_BYTES
from dancu.population import deliveries
from dancu.population.models import Batch, BatchChunk, Source
from tests.console.cast import AT, Family, client_of, footprint
from tests.console.test_work import words

NEW = "/console/deliveries/new/"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def a_csv(family: Family, *more: str, head: str = "Số định danh cá nhân;Nghề nghiệp") -> bytes:
    lines = [head, f"{family.mother_pid};Giáo viên", f"{family.father_pid};Thợ điện", *more]
    return ("\n".join(lines) + "\n").encode("utf-8-sig")


def send(client: Client, content: bytes, name: str = "nghe-nghiep.csv") -> object:
    return client.post(NEW, {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, href: str, **changes: object) -> object:
    form = client.get(href).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    return client.post(href, {**answers, "source": "BHXH", "day": "01/11/2026", **changes})


def load(number: int) -> None:
    upload = Upload.objects.get(batch_id=number)
    uploads.load(upload_id=upload.pk, at=NOW, workers=0)


def test_there_is_nothing_one_and_many(steward: Client) -> None:
    nothing = words(steward.get("/console/deliveries/"))
    assert "No delivery has come yet" in nothing
    source = Source.objects.get(code="BHXH")
    done = {"state": Batch.State.DONE, "chunk_rows": 10, "started_at": AT, "finished_at": AT}
    Batch.objects.create(source=source, key="thang-1", accepted=1234, rejected=2, **done)
    one = words(steward.get("/console/deliveries/"))
    assert "thang-1" in one
    assert "1.234" in one or "1.236" in one
    assert "loaded" in one
    Batch.objects.bulk_create(
        Batch(source=source, key=f"{'dai ' * 25}{n}", **done) for n in range(60)
    )
    page = steward.get("/console/deliveries/")
    assert page.content.decode().count(" data-open>") == 50
    assert "page=2" in page.content.decode()
    assert "thang-1" in words(steward.get("/console/deliveries/?page=2"))


def test_a_file_is_read_confirmed_loaded_and_told(family: Family, steward: Client) -> None:
    content = a_csv(family, "012345678901;Thợ may", f"{family.mother_pid};=1+1")
    shown = send(steward, content)
    assert shown.status_code == 302
    href = shown["Location"]
    assert send(steward, content)["Location"] == href
    page = words(steward.get(href))
    assert "Số định danh cá nhân" in page
    assert "4 lines have it" in page
    assert "Load 4 rows" in page
    before = footprint()
    delivery = confirm(steward, href)["Location"]
    number = int(delivery.strip("/").rsplit("/", 1)[1])
    assert footprint() == before
    assert steward.get(href)["Location"] == delivery
    assert "Waiting to be loaded" in words(steward.get(delivery))

    load(number)
    done = words(steward.get(delivery))
    assert "Nobody in the register has this personal identification number." in done
    assert "This begins like a formula of a spreadsheet." in done
    assert "nghe-nghiep.csv" in done
    found = deliveries.delivery(batch_id=number)
    assert (found.is_done, found.accepted, found.rejected) == (True, 2, 2)
    refresh = steward.get(f"{delivery}progress/")
    assert refresh["HX-Refresh"] == "true"
    events = list(Event.objects.filter(event__startswith="batch.").values_list("event", flat=True))
    assert events == ["batch.confirmed", "batch.loaded"]


def test_refused_lines_come_back_whole_with_their_zeros(family: Family, steward: Client) -> None:
    href = send(steward, a_csv(family, "012345678901;Thợ may", "000;=1+1"))["Location"]
    delivery = confirm(steward, href)["Location"]
    load(int(delivery.strip("/").rsplit("/", 1)[1]))
    csv = b"".join(steward.get(f"{delivery}refused.csv").streaming_content).decode("utf-8-sig")
    lines = csv.splitlines()
    assert lines[0] == ("Row,Field,Code,What is wrong,What to do,Số định danh cá nhân,Nghề nghiệp")
    assert lines[1].startswith("3,")
    assert lines[1].endswith("012345678901,Thợ may")
    assert any(line.endswith("000,'=1+1") for line in lines)
    answer = steward.get(f"{delivery}refused.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][-2:] == ["012345678901", "Thợ may"]
    assert rows[-1][-1] == "=1+1"
    assert all(isinstance(cell, str) for row in rows for cell in row)
    other = client_of("auditor", language="en")
    plain = b"".join(other.get(f"{delivery}refused.csv").streaming_content).decode()
    assert "012345678901" not in plain
    assert other.get(delivery).status_code == 200


def test_columns_that_are_not_known_must_be_given_a_meaning_or_left_out(
    family: Family, steward: Client
) -> None:
    content = a_csv(family, head="CCCD của người lao động;Việc")
    href = send(steward, content)["Location"]
    assert "2 columns were not recognised" in words(steward.get(href))
    refused = confirm(steward, href)
    assert refused.status_code == 422
    assert "Choose what the column “Việc” means, or leave it out." in words(refused)
    assert "No column says" in words(confirm(steward, href, column_0="", column_1="occupation"))
    twice = confirm(steward, href, column_0="occupation", column_1="occupation")
    assert "Another column means the same" in words(twice)
    assert confirm(steward, href, column_0="pid", column_1="occupation").status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"pid;occupation\n", "no line below it"),
        ("a.csv", b"pid;occupation\n079185000001;Th\xee\n", "not text in UTF-8: line 2"),
        ("a.csv", "pid;occupation\n079185000001;Thợ\n07918500".encode(), "middle of line 3"),
        ("a.csv", b'pid;occupation\n079185000001;"Tho\n', "never closed"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 500, "damaged or cut"),
        ("a.xls", b"<html><table></table></html>", "not a spreadsheet"),
        ("a.csv", b"MZ\x00\x01" * 500, "not a spreadsheet"),
        ("a.csv", (";".join(f"c{n}" for n in range(101)) + "\n1\n").encode(), "101 columns"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    steward: Client, name: str, content: bytes, said: str
) -> None:
    before = footprint()
    answer = send(steward, content, name)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Upload.objects.exists()
    assert footprint() == before


def test_a_workbook_with_formulas_is_not_read(steward: Client) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["pid", "occupation"])
        sheet.write_formula(1, 1, '=HYPERLINK("x")')
    assert "formulas in 1 cells" in words(send(steward, target.getvalue(), "a.xlsx"))


def test_a_name_of_megabytes_is_refused_with_its_line_alone(
    family: Family, steward: Client
) -> None:
    head = "Số định danh cá nhân;Họ, chữ đệm và tên khai sinh;Nghề nghiệp"
    lines = [head, f"{family.mother_pid};{'Trần ' * 600_000};", f"{family.father_pid};;Thợ điện"]
    content = "\n".join([*lines, ""]).encode()
    href = send(steward, content, "x" * 300 + ".csv")["Location"]
    form = steward.get(href).context["form"]
    column = next(n for n in form.column_names if form[n].label.startswith("Họ"))
    delivery = confirm(steward, href, **{column: "full_name"})["Location"]
    load(int(delivery.strip("/").rsplit("/", 1)[1]))
    assert "longer than 200 characters" in words(steward.get(delivery))
    assert Batch.objects.get().accepted == 1


def test_a_file_larger_than_the_platform_takes_is_refused(
    steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 2**20)
    answer = send(steward, b"pid\n" + b"1\n" * 2**19)
    assert "has 2 MB; at most 1 MB" in words(answer)
    for bound in ("MOST_BYTES", "STRANGERS_BYTES"):
        monkeypatch.setattr(f"dancu.operation.uploads.{bound}", 10_000)
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies["dancu_csrf"] = "a" * 32
    for who in (steward, stranger):
        assert send(who, b"x" * 20_000).status_code == 413
    assert MOST_BYTES > 2**20
    assert not Upload.objects.exists()


def test_a_name_that_is_taken_is_told(family: Family, steward: Client) -> None:
    first = send(steward, a_csv(family))["Location"]
    delivery = confirm(steward, first, key="thang-10")["Location"]
    load(int(delivery.strip("/").rsplit("/", 1)[1]))
    again = send(steward, a_csv(family, f"{family.father_pid};Thợ mộc"))["Location"]
    assert "has this name already" in words(confirm(steward, again, key="thang-10"))


def test_what_stops_a_loading_is_told_and_it_can_go_on(family: Family, steward: Client) -> None:
    href = send(steward, a_csv(family))["Location"]
    delivery = confirm(steward, href)["Location"]
    number = int(delivery.strip("/").rsplit("/", 1)[1])
    part = UploadPart.objects.get()
    UploadPart.objects.update(content=b"pid;occupation\n\xff\n")
    load(number)
    page = words(steward.get(delivery))
    assert "not text in UTF-8" in page
    assert "Go on loading" in page
    UploadPart.objects.update(content=bytes(part.content))
    upload = Upload.objects.get()
    assert steward.post(f"{NEW}{upload.pk}/again/").status_code == 302
    load(number)
    assert deliveries.delivery(batch_id=number).accepted == 2
    load(number)
    assert deliveries.delivery(batch_id=number).accepted == 2


def test_an_interrupted_loading_is_offered_again(family: Family, steward: Client) -> None:
    href = send(steward, a_csv(family))["Location"]
    delivery = confirm(steward, href)["Location"]
    begun = datetime.now(UTC)
    Upload.objects.update(state=Upload.State.LOADING, begun_at=begun)
    assert "Go on loading" not in words(steward.get(delivery))
    BatchChunk.objects.create(
        batch=Batch.objects.get(),
        first_row=0,
        rows=1,
        digest=b"x",
        accepted=1,
        rejected=0,
        conflicts=0,
    )
    assert "Interrupted for a moment" in words(steward.get(delivery))
    assert "Interrupted for a moment" in words(steward.get(f"{delivery}progress/"))
    Upload.objects.update(begun_at=begun - timedelta(minutes=5))
    assert "Go on loading" in words(steward.get(delivery))
    assert "not finished" in words(steward.get("/console/deliveries/"))


def test_the_content_goes_when_nobody_needs_it(family: Family, steward: Client) -> None:
    clean = confirm(steward, send(steward, a_csv(family))["Location"])["Location"]
    load(int(clean.strip("/").rsplit("/", 1)[1]))
    assert not UploadPart.objects.exists()
    bad = send(steward, a_csv(family, "000000000000;x"))["Location"]
    load(int(confirm(steward, bad, key="b")["Location"].strip("/").rsplit("/", 1)[1]))
    send(steward, a_csv(family, "1;2"))
    assert Upload.objects.filter(parts__isnull=False).distinct().count() == 2
    uploads.forget(at=datetime.now(UTC) + timedelta(days=2))
    assert Upload.objects.filter(parts__isnull=False).distinct().count() == 1
    uploads.forget(at=NOW + uploads.KEPT_LOADED + timedelta(days=1))
    assert not UploadPart.objects.exists()
    assert Upload.objects.count() == 2


def test_an_unconfirmed_file_is_its_senders_and_can_be_deleted(
    family: Family, steward: Client
) -> None:
    href = send(steward, a_csv(family))["Location"]
    assert "Waiting for you to confirm" in words(steward.get("/console/deliveries/"))
    Upload.objects.update(account_id=Account.objects.get(username="ward").pk)
    assert steward.get(href).status_code == 404
    assert steward.post(f"{href}delete/").status_code == 404
    Upload.objects.update(account_id=Account.objects.get(username="steward").pk)
    assert steward.post(f"{href}delete/").status_code == 302
    assert not Upload.objects.exists()


@pytest.mark.parametrize("who", ["ward", "registrar", "province", "auditor", "admin", "citizen"])
def test_only_who_may_load_sends_files(family: Family, who: str) -> None:
    href = send(client_of("steward"), a_csv(family))["Location"]
    client = client_of(who)
    for address in (NEW, href):
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code == 403
    assert client.post(f"{href}delete/").status_code == 403
    assert client.post(f"{href}again/").status_code == 403
    assert Upload.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "seconds", "said"),
    [
        (0, 10, ""),
        (900, 10, "less than a minute left"),
        (100, 20, "about 3 minutes left"),
        (1, 20, "about 6 hours left"),
    ],
)
def test_the_time_left_goes_by_the_pace(rows: int, seconds: int, said: str) -> None:
    found = deliveries.Delivery(1, "BHXH", "a", False, True, 1_000, rows, 0, 0, AT, None, None)
    upload = Upload(begun_at=AT, begun_rows=0)
    with translation.override("en"):
        assert time_left(upload, found, AT + timedelta(seconds=seconds)) == said


def test_a_job_loads_the_file(
    family: Family, steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Callable[..., object]] = []
    monkeypatch.setattr(uploads, "load", lambda **told: done.append(told))
    monkeypatch.setattr(uploads, "forget", lambda **told: done.append(told))
    monkeypatch.setattr(queue.connection, "close", lambda: None)
    jobs.load_upload(upload_id=7)
    jobs.forget_uploads(timestamp=0)
    assert [sorted(told) for told in done] == [["at", "upload_id"], ["at"]]
