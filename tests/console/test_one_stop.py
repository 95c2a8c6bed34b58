"""The one-stop desk: two scans and an answer."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.onestop.models import Question
from dancu.population.types import AddressValue
from tests.console.cast import HERE, LONG_NAME, MAP, Family, a_person, at_work, client_of, say
from tests.console.desk_work import (
    DOSSIER,
    START,
    Kind,
    asked,
    card_of,
    family_pid,
    kinds_of,
    main_of,
    opened,
    text,
    worked,
)


def test_two_scans_lead_to_the_answer_with_its_sources(family: Family) -> None:
    client = opened()
    page = text(client.get(asked(client, card_of(family.mother_pid))))
    for words in (
        "Trần Thị Thu Hương",
        "12/3A Lê Lợi, Phường Sài Gòn",
        "Đang có vợ/chồng",
        "từ 01/05/2018, xác nhận gần nhất 01/05/2018",
        "Không có trong cơ sở dữ liệu",
        DOSSIER,
    ):
        assert words in page, words
    assert "Nguyễn Văn Hòa" not in page  # Of others in the household only initials.
    assert "Nguyễn V. H." in page or "N.V.H" in page or "N. V. H." in page
    assert kinds_of(family.mother) == [Kind.PRESENTED, Kind.LOOK]
    row = Question.objects.get()
    assert (row.dossier, row.office, row.person_id) == (DOSSIER, "MC-26740", family.mother)


@pytest.mark.parametrize("more", [{"name": "tran thi thu huong"}, {"birth_date": "02/09/1988"}])
def test_the_number_and_one_more_particular_are_enough(
    family: Family, more: dict[str, str]
) -> None:
    asked(opened(), family.mother_pid, **more)


@pytest.mark.parametrize(
    ("line", "more", "words"),
    [
        ("", {}, "Quét mã QR của thẻ"),
        ("123", {"birth_date": "1988"}, "mười hai chữ số"),
        ("right", {}, "Hỏi thêm ngày sinh hoặc họ tên"),
        ("right", {"birth_date": "31/02/1988"}, "31/02/1988"),
        ("1|2", {}, "không phải nội dung mã QR"),
    ],
)
def test_what_lacks_is_said_at_its_field_and_nothing_is_asked(
    family: Family, line: str, more: dict[str, str], words: str
) -> None:
    line = family.mother_pid if line == "right" else line
    answer = opened().post(START, {"card": line, **more})
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Question.objects.exists()


def test_absent_wrong_and_dead_are_one_answer(family: Family) -> None:
    say(family.grandmother, "HT-26740", date(2026, 10, 1), life_status="CHET")
    dead = family_pid(family.grandmother)
    lines = (
        card_of("079188999999"),
        card_of(family.mother_pid, name="LE THI SAU"),
        card_of(family.mother_pid, born="03091988"),
        card_of(dead, name="LE THI SAU", born="1944"),
    )
    pages = set()
    for line in lines:
        answer = opened().post(START, {"card": line})
        assert answer.status_code == 404
        pages.add(main_of(answer).replace(line, ""))
    assert len(pages) == 1
    assert list(Question.objects.values_list("person_id", flat=True)) == [None] * 4


def test_an_old_person_a_long_name_and_nobody_at_home(family: Family) -> None:
    client = opened()
    line = card_of(family_pid(family.grandmother), "LÊ THỊ SÁU", "00001944")
    assert "1944" in text(client.get(asked(client, line)))
    alone = a_person(LONG_NAME, "F", "1990-01-01", permanent_residence=None, marital_status=None)
    page = text(client.get(asked(client, family_pid(alone), birth_date="01011990")))
    assert LONG_NAME in page
    assert "không biết hộ gia đình nào" in page
    assert page.count("Không có trong cơ sở dữ liệu") >= 7


def test_conflicts_and_stale_facts_are_seen(family: Family) -> None:
    say(
        family.mother,
        "UB-26740",
        date(2024, 1, 1),
        current_residence=AddressValue("9 Pasteur, Phường Sài Gòn", HERE, MAP),
    )
    say(family.mother, "BHXH", marital_status="CHUA_KET_HON")
    client = opened()
    page = text(client.get(asked(client, card_of(family.mother_pid))))
    assert "cần xác nhận" in page
    assert "mâu thuẫn" in page


def test_another_officer_and_another_case_see_nothing(family: Family) -> None:
    client = opened()
    href = asked(client, card_of(family.mother_pid))
    assert opened("ward").get(href).status_code == 404
    assert opened("ward").get(f"{href}steps/").status_code == 404
    client.post(START, {"dossier": "H29-261122-0008"})
    answer = client.get(href)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/case/")
    assert at_work("steward").get(START).status_code == 403


def test_dossiers_without_steps_wait_on_the_first_page(family: Family) -> None:
    worked(family)
    page = text(client_of("desk", language="vi").get(START))
    assert "0000126" in page
    assert "0000124" not in page
