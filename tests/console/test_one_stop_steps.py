"""The one-stop desk: the steps of Decree 104, on record."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dancu.disclosure.models import AccessRecord
from dancu.onestop import queries
from dancu.onestop.models import Extract, Question, StepRecord
from dancu.onestop.types import Span
from tests.console.cast import Family, client_of, footprint
from tests.console.desk_work import DOSSIER, FAILED, START, asked, card_of, opened, text


def test_one_click_records_the_first_step(family: Family) -> None:
    client = opened()
    href = asked(client, card_of(family.mother_pid))
    answer = client.post(f"{href}steps/", {"step": "1"})
    assert answer.status_code == 302
    row = StepRecord.objects.get()
    assert (row.succeeded, row.reasons, row.paper, row.office) == (1, [], "", "MC-26740")
    assert client.post(f"{href}steps/", {"step": "1"}).status_code == 302  # a double click
    assert StepRecord.objects.count() == 1
    assert "thành công" in text(client.get(href))


def test_a_paper_may_only_be_asked_for_when_each_step_has_its_reason(family: Family) -> None:
    client = opened()
    client.post(START, {"card": card_of("079188999999")})
    href = f"{START}{Question.objects.get().pk}/steps/"
    before = footprint()
    answer = client.post(href, {"step": "5", "reason_1": "not_found", "reason_2": "no_device"})
    assert answer.status_code == 422
    page = text(answer)
    for words in ("bước 3", "bước 4", "giấy tờ nào"):
        assert words in page, words
    assert not StepRecord.objects.exists()
    answer = client.post(href, {"step": "5", "paper": "ct07", **FAILED, "note_3": "hỏng từ sáng"})
    assert answer.status_code == 302
    row = StepRecord.objects.get()
    assert (row.succeeded, row.paper) == (5, "ct07")
    assert [one["reason"] for one in row.reasons] == list(FAILED.values())
    assert "hỏng từ sáng" in text(client.get(href))
    assert footprint() == before


def test_steps_can_be_recorded_where_nothing_could_be_asked(family: Family) -> None:
    client = opened()
    answer = client.post(START, {"unasked": "1"})
    row = Question.objects.get()
    assert (row.person_id, row.topics, row.dossier) == (None, [], DOSSIER)
    taken = {"step": "2", "reason_1": "no_connection"}
    assert client.post(answer["Location"], taken).status_code == 302
    assert StepRecord.objects.get().succeeded == 2
    assert client.post(f"{START}{row.pk}/extract/", follow=True).status_code == 200
    assert not Extract.objects.exists()
    assert not AccessRecord.objects.filter(person_id__isnull=False).exists()


def test_the_first_step_cannot_hide_that_a_paper_was_asked_for(family: Family) -> None:
    client = opened()
    client.post(START, {"card": card_of("079188999999")})
    nobody = f"{START}{Question.objects.get().pk}/steps/"
    paper = {"step": "5", "paper": "ct07", **FAILED}
    assert client.post(nobody, {"step": "1"}).status_code == 422
    assert client.post(nobody, paper).status_code == 302
    unasked = client.post(START, {"unasked": "1"})["Location"]
    assert client.post(unasked, {"step": "1"}).status_code == 422
    href = asked(client, card_of(family.mother_pid))
    assert client.post(f"{href}steps/", {"step": "1"}).status_code == 302
    day = timezone.localdate()
    span = Span(day, day, ("MC-26740",))
    assert queries.measure(span).papers == (("ct07", 1),)
    first = StepRecord.objects.get(succeeded=5)
    right = {"step": "2", "reason_1": "not_found", "corrects": str(first.pk)}
    assert client.post(nobody, right).status_code == 302
    found = queries.measure(span)
    assert (found.papers, found.at_step(2), found.dossiers) == ((), 1, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "079188000014",
        "079 188 000 014",
        "012345678",
        "079188000014||X|02091988|Nữ|1 Le|1",
        "H29\x1b7",
    ],
)
def test_no_persons_number_becomes_a_dossier(family: Family, typed: str) -> None:
    client = client_of("desk", language="vi")
    answer = client.post(START, {"dossier": typed})
    assert answer.status_code == 422
    assert "Nhập mã hồ sơ" in text(answer)
    about = {"purpose": "one_stop_verification", "case": typed}
    assert client.post("/console/case/", about).status_code != 302
    assert not AccessRecord.objects.filter(case_number__gt="").exists()


def test_no_persons_number_becomes_a_note(family: Family) -> None:
    client = opened()
    href = client.post(START, {"unasked": "1"})["Location"]
    said = {"step": "2", "reason_1": "no_connection", "note_1": f"bà Hương {family.mother_pid}"}
    assert "không nêu thông tin của ai" in text(client.post(href, said))
    assert not StepRecord.objects.exists()


def test_a_record_stays_and_is_corrected_by_another(family: Family) -> None:
    client = opened()
    href = asked(client, card_of(family.mother_pid))
    client.post(f"{href}steps/", {"step": "1"})
    first = StepRecord.objects.get()
    stale = {"step": "2", "reason_1": "system_error", "corrects": str(first.pk)}
    assert client.post(f"{href}steps/", stale).status_code == 302
    second = StepRecord.objects.exclude(pk=first.pk).get()
    assert second.corrects_id == first.pk
    answer = client.post(f"{href}steps/", stale | {"step": "3", "reason_2": "no_device"})
    assert answer.status_code == 422
    assert StepRecord.objects.count() == 2
    for change in (
        lambda: StepRecord.objects.filter(pk=first.pk).update(succeeded=5),
        lambda: StepRecord.objects.filter(pk=second.pk).delete(),
        lambda: Question.objects.update(dossier="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
