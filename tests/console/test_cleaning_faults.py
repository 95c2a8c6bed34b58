"""The workbench when something goes wrong: deleted in the middle, long names, old pages, faults."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pyarrow import parquet

from dancu.cleaning import services, working
from dancu.cleaning.models import File, Part
from dancu.cleaning.recipe import FORMAT
from dancu.exchange.batches import running
from dancu.exchange.batches.models import Batch, BatchSlice
from dancu.kernel.clock import system_clock
from tests.console.cast import Family
from tests.console.test_cleaning import LIST, a_list, send, sent, work
from tests.console.test_work import words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("folder")]
ASKED = {"contract": "student-check", "purpose": "school_enrolment"}


def compared(steward: Client, family: Family) -> str:
    """Have a file compared with the register, and return its address."""
    href = sent(steward, a_list(family))
    steward.post(f"{href}proposals/", {"kind_NAME_CASE": "yes"})
    steward.post(f"{href}verification/", ASKED)
    work()
    return href


@pytest.mark.parametrize("step", ["", "verification/"])
def test_what_is_deleted_in_the_middle_of_the_work_stays_deleted(
    family: Family,
    steward: Client,
    step: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    href = send(steward, a_list(family))["Location"]
    if step:
        work()
        steward.post(f"{href}{step}", ASKED)
    real = working.contents.on_disk
    monkeypatch.setattr(working.contents, "on_disk", lambda file: _read(real, file, steward, href))
    working.work(file_id=File.objects.get().pk, at=system_clock.now())
    file = File.objects.get()
    assert (file.found, file.batch, file.outcome) == (None, "", None)
    assert not Part.objects.exists()
    assert not Batch.objects.exists()
    assert "The file is deleted" in words(steward.get(href, follow=True))


class _read:  # noqa: N801
    """The file on disk; the officer deletes it once it was laid there."""

    def __init__(self, real: object, file: File, steward: Client, href: str) -> None:
        self._held, self._delete = real(file), lambda: steward.post(f"{href}discard/")

    def __enter__(self) -> Path:
        path = self._held.__enter__()
        self._delete()
        return path

    def __exit__(self, *what: object) -> None:
        self._held.__exit__(*what)


def test_deleting_a_file_deletes_what_the_register_said_of_it(
    family: Family, steward: Client, folder: Path
) -> None:
    href = compared(steward, family)
    assert Batch.objects.get().name == "hoc-sinh.csv"
    assert running.work(clock=system_clock)
    assert BatchSlice.objects.exists()
    steward.post(f"{href}discard/")
    batch = Batch.objects.get()
    assert batch.forgotten_at is not None
    assert not BatchSlice.objects.exists()
    assert not list(folder.iterdir())
    page = words(steward.get(f"/console/verifications/{batch.reference}/"))
    assert "Questions and answers are deleted" in page
    at_once = send(steward, a_list(family))["Location"]
    steward.post(f"{at_once}discard/")
    assert "The file is deleted" in words(steward.get(at_once, follow=True))
    assert steward.get(f"{LIST}?page={'9' * 5000}").status_code == 200


def test_the_same_choice_once_more_and_a_second_click_ask_nobody_again(
    family: Family, steward: Client
) -> None:
    href = compared(steward, family)
    steward.post(f"{href}result/")
    work()
    early = words(steward.get(f"{href}result/"))
    assert "Rows not answered yet" in early
    assert ", 0 (0%) can be used" in early
    assert "Written before the comparison was done" in early
    running.work(clock=system_clock)
    steward.post(f"{href}verification/", ASKED)
    steward.post(f"{href}proposals/", {"kind_NAME_CASE": "yes"})
    work()
    assert "What came of the rows" in words(steward.get(f"{href}verification/"))
    assert Batch.objects.count() == 1
    assert "has to be asked again" in words(steward.get(f"{href}proposals/"))
    Batch.objects.update(state="stopped")
    assert "The comparison stopped" in words(steward.get(f"{href}verification/"))
    steward.post(f"{href}verification/", ASKED)
    work()
    first, second = Batch.objects.order_by("pk")
    assert (first.forgotten_at is None, second.state) == (False, "waiting")


def test_answers_to_other_rows_are_given_up(family: Family, steward: Client) -> None:
    href = compared(steward, family)
    steward.post(f"{href}proposals/", {"kind_NAME_CASE": "yes", "kind_ROW_TOTAL": "yes"})
    assert "Compare with the register" in words(steward.get(f"{href}verification/"))
    steward.post(f"{href}verification/", ASKED)
    work()
    form = steward.get(href).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    steward.post(href, {**answers, "column_3": ""})
    work()
    assert running.work(clock=system_clock)
    assert [(one.state, one.done) for one in Batch.objects.all()] == [("stopped", 0)] * 2
    assert File.objects.get().batch == ""


def test_a_choice_made_on_an_old_page_is_not_kept(family: Family, steward: Client) -> None:
    href = sent(steward, a_list(family))
    page = steward.get(f"{href}proposals/NAME_CASE/")
    seen = page.context["seen"]
    form = steward.get(href).context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    steward.post(href, {**answers, "column_3": ""})
    work()
    for page in ("proposals/NAME_CASE/", "proposals/"):
        choice = {"v0": "on", "kind_NAME_CASE": "yes", "seen": seen}
        assert "looked through again" in words(steward.post(f"{href}{page}", choice, follow=True))
    assert File.objects.get().decisions == {}


def test_names_of_any_length_and_damaged_letters_come_through(
    family: Family, steward: Client
) -> None:
    href = send(steward, a_list(family), name=f"{'ễ' * 150}.csv")["Location"]
    work()
    steward.post(f"{href}result/")
    work()
    assert "The cleaned file" in words(steward.get(f"{href}result/"))
    table = pa.table({"Mã định danh\0": ["079\0" + "1" * 9] * 2, "Họ và tên": ["A\0 B", "C D"]})
    written = io.BytesIO()
    parquet.write_table(table, written)
    other = sent(steward, written.getvalue())
    assert "Columns" in words(steward.get(other))
    assert File.objects.latest("pk").state == "shown"
    recipe = (
        f'{{"format":"{FORMAT}","version":1,"columns":[{{"title":"STT","meaning":""}}],"kinds":{{}},'
        '"values":[{"kind":"NAME_CASE","column":"x","before":"\\u0000","accepted":true}]}'
    )
    refused = send(steward, a_list(family), recipe=SimpleUploadedFile("r.json", recipe.encode()))
    assert "recipe cannot be used" in words(refused)


def test_what_nobody_foresaw_is_told_and_what_was_lost_is_taken_up(
    family: Family, steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    href = send(steward, a_list(family))["Location"]
    with monkeypatch.context() as full:

        def no_room(_file: File) -> object:
            raise OSError(28, "No space left on device")

        full.setattr(working.contents, "on_disk", no_room)
        with pytest.raises(OSError, match="No space"):
            work()
    assert "Something unforeseen stopped the work" in words(steward.get(href))
    steward.post(f"{href}again/")
    # The job is lost.
    at = File.objects.get().received_at
    jobs = job_count()
    assert services.take_up(at=at + timedelta(minutes=50)) == 0
    assert services.take_up(at=at + timedelta(minutes=70)) == 1
    assert services.take_up(at=at + timedelta(minutes=71)) == 1
    assert job_count() == jobs + 1
    work()
    assert services.take_up(at=at + timedelta(minutes=72)) == 0


def job_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def test_the_people_of_a_file_are_found_in_a_second_one(family: Family, steward: Client) -> None:
    pytest.importorskip("duckdb")
    other = f"Số định danh;Họ tên;Ngày sinh\n{family.mother_pid};Trần Thị Thu Hương;12/03/1988\n"
    for content in (b"%PDF-1.7", b"a;b\n1;2\n"):
        refused = send(steward, a_list(family), other=SimpleUploadedFile("x.csv", content))
        assert "second file is no list of people" in words(refused)
    assert not File.objects.exists()
    second = SimpleUploadedFile("lop-6.csv", other.encode())
    href = send(steward, a_list(family), other=second)["Location"]
    work()
    page = words(steward.get(f"{href}duplicates/"))
    assert "Also in lop-6.csv" in page
    assert "Row 2; in the second file row 2" in page
    steward.post(f"{href}result/")
    work()
    assert File.objects.get().outcome["against"] == 2
    steward.post(f"{href}discard/")
    assert not Part.objects.exists()
