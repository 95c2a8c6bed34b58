"""Asking for a correction, from the wrong fact to the ward's answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dancu.population.models import CorrectionRequest, Statement
from dancu.population.services.requests import decide_correction
from tests.portal.cast import AT, Cast, ward_officer
from tests.portal.test_pages import text, words

REASON = "Giấy khai sinh của tôi ghi vậy."


def ask(client: Client, attribute: str, *, sure: bool = True, **answers: object) -> object:
    form = {"reason": REASON, **answers, **({"sure": "1"} if sure else {})}
    return client.post(reverse("portal:request_value", args=[attribute]), form)


def said(answer: object) -> str:
    return words(answer.content.decode())


def test_nothing_is_sent_before_the_reader_is_sure(mother: Client) -> None:
    answer = ask(mother, "ethnicity", sure=False, value="02")
    assert answer.status_code == 200
    assert "Bạn cho rằng đúng là Tày" in said(answer)
    assert not CorrectionRequest.objects.exists()


def test_a_request_gets_a_receipt_with_the_day_of_the_answer(mother: Client, family: Cast) -> None:
    answer = ask(mother, "ethnicity", value="02")
    receipt = mother.get(answer["Location"]).content.decode()
    assert "Trả lời chậm nhất lúc 17:00, Thứ Tư, 04/11/2026" in words(receipt)
    assert CorrectionRequest.objects.get().person_id == family.mother
    for page in ("home", "requests"):
        assert "Dân tộc: Tày Trả lời chậm nhất lúc 17:00" in words(text(mother, page))
    assert "Bạn đã đề nghị sửa, đang chờ" in words(text(mother, "data"))


@pytest.mark.parametrize(
    ("attribute", "value", "shown"),
    [
        ("birth_date", "1991", "1991"),
        ("birth_date", "03/1991", "03/1991"),
        ("full_name", "Nguyễn Thị Minh Ánh", "Nguyễn Thị Minh Ánh"),
        ("sex", "M", "Nam"),
        ("phone", "0912345678", "0912345678"),
        ("other_names", "Nguyễn Thị Bé\nNguyễn Thị Út", "Nguyễn Thị Bé, Nguyễn Thị Út"),
    ],
)
def test_each_kind_of_fact_is_entered_its_own_way(
    attribute: str, value: str, shown: str, mother: Client
) -> None:
    answer = ask(mother, attribute, value=value)
    assert answer.status_code == 302, said(answer)
    assert shown in said(mother.get(answer["Location"]))


def test_an_address_is_understood_by_its_words(mother: Client) -> None:
    answer = ask(
        mother, "hometown", sure=False, line="Thôn 2", value="xã Đông Thọ, Yên Phong, Bắc Ninh"
    )
    assert "Thuộc: Xã Đông Thọ, Huyện Yên Phong, Tỉnh Bắc Ninh" in said(answer)


def test_an_address_with_several_readings_asks_which(mother: Client) -> None:
    answer = ask(mother, "hometown", line="", value="xã Tân Lập")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Là nơi nào trong các nơi này?" in page
    unit = page.split('name="unit" value="')[1].split('"')[0]
    assert ask(mother, "hometown", line="", value="xã Tân Lập", unit=unit).status_code == 302


def test_an_unknown_place_is_told_beside_its_field(mother: Client) -> None:
    answer = ask(mother, "hometown", line="", value="xyz abc")
    assert answer.status_code == 422
    assert "Chưa tìm thấy nơi này" in said(answer)


@pytest.mark.parametrize(
    ("attribute", "answers", "complaint"),
    [
        ("birth_date", {"value": "31/02/1985"}, "31/02/1985"),
        ("birth_date", {"value": ""}, "Hãy ghi nội dung đúng"),
        ("birth_date", {"value": "2199"}, "2199"),
        ("ethnicity", {"value": "9999"}, "Hãy chọn một"),
        ("ethnicity", {"value": "02", "reason": ""}, "Hãy viết một câu"),
        ("phone", {"value": "12"}, "0901234567"),
        ("full_name", {"value": "x" * 5000}, "200"),
    ],
)
def test_a_wrong_answer_is_told_and_changes_nothing(
    attribute: str, answers: dict[str, str], complaint: str, mother: Client
) -> None:
    before = Statement.objects.count()
    answer = ask(mother, attribute, **answers)
    assert answer.status_code in {409, 422}
    page = answer.content.decode()
    assert complaint in page
    assert "error-summary" in page
    assert Statement.objects.count() == before
    assert not CorrectionRequest.objects.exists()


def test_the_same_fact_is_not_asked_about_twice(mother: Client) -> None:
    ask(mother, "ethnicity", value="02")
    answer = ask(mother, "ethnicity", value="03")
    assert answer.status_code == 409
    assert CorrectionRequest.objects.count() == 1


@pytest.mark.parametrize("attribute", ["pid", "household_number", "life_status"])
def test_what_changes_by_registration_says_so(attribute: str, mother: Client) -> None:
    answer = ask(mother, attribute, value="x")
    assert answer.status_code == 200
    assert "công an phường, xã" in said(answer)
    assert not CorrectionRequest.objects.exists()


def test_going_back_keeps_the_answers(mother: Client) -> None:
    page = reverse("portal:request_value", args=["phone"])
    answer = mother.post(page, {"value": "0912345678", "reason": REASON, "edit": "1"})
    shown = answer.content.decode()
    assert 'value="0912345678"' in shown
    assert REASON in shown


@pytest.mark.parametrize(
    ("decision", "outcome"), [("accept", "đã đồng ý"), ("decline", "không đồng ý")]
)
def test_the_answer_comes_with_the_officers_words(
    decision: str, outcome: str, mother: Client
) -> None:
    receipt = ask(mother, "ethnicity", value="02")["Location"]
    decide_correction(
        request_id=CorrectionRequest.objects.get().pk,
        decision=decision,
        reason="Đã đối chiếu giấy khai sinh.",
        actor=ward_officer(),
        at=AT + timedelta(hours=5),
    )
    shown = said(mother.get(receipt))
    assert outcome in shown
    assert "Đã đối chiếu giấy khai sinh." in shown
    assert "Đã trả lời" in words(text(mother, "requests"))
    assert "Đang chờ" not in words(text(mother, "home"))
