"""The one-stop desk: two scans and an answer, the steps, the sealed extract, and the measure."""

from __future__ import annotations

import io
import re
import zlib
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from dancu.disclosure.models import AccessRecord
from dancu.onestop import checking, queries, signing
from dancu.onestop.models import Copy, Extract, Question, StepRecord
from dancu.onestop.types import Span
from dancu.population.models import Pid
from dancu.population.types import AddressValue
from tests.console.cast import (
    HERE,
    LONG_NAME,
    MAP,
    Family,
    a_person,
    at_work,
    client_of,
    footprint,
    say,
)

Kind = AccessRecord.Kind
START = "/console/one-stop/"
DOSSIER = "H29.26740-261122-0007"
FAILED = {
    "reason_1": "no_connection",
    "reason_2": "no_device",
    "reason_3": "no_reader",
    "reason_4": "no_other_means",
}


def card_of(pid: str, name: str = "TRAN THI THU HUONG", born: str = "02091988") -> str:
    return f"{pid}||{name}|{born}|Nữ|1 Lê Lợi, Sài Gòn|15032022"


def opened(who: str = "desk", dossier: str = DOSSIER, language: str = "vi") -> Client:
    client = client_of(who, language=language)
    answer = client.post(START, {"dossier": dossier})
    assert answer.status_code == 302, answer.content.decode()
    return client


def asked(client: Client, line: str, **more: str) -> str:
    answer = client.post(START, {"card": line, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def kinds_of(person: int) -> list[int]:
    rows = AccessRecord.objects.filter(person_id=person).order_by("id")
    return list(rows.values_list("kind", flat=True))


def main_of(answer: object) -> str:
    """What a page says, without what changes from one request to the next."""
    found = re.search(r"<main.*</main>", text(answer), re.DOTALL)
    assert found
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", found[0])
    return re.sub(r"one-stop/\d+/|\d\d:\d\d", "", page)


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def sealed(client: Client, href: str) -> str:
    answer = client.post(f"{href}extract/")
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def link_of(page: str) -> str:
    found = re.search(r"http://testserver(/extract/[^<\s]+)", page)
    assert found
    return found[1].replace("&amp;", "&")


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


def family_pid(person: int) -> str:
    return str(Pid.objects.get(person_id=person).pid)


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


def test_an_extract_is_sealed_printed_and_in_the_citizens_list(family: Family) -> None:
    client = opened()
    href = asked(client, card_of(family.mother_pid))
    made = sealed(client, href)
    page = text(client.get(made))
    number = Extract.objects.get().number
    assert re.fullmatch(r"TL-MC-26740-\d{6}-0001", number)
    for words in (
        number,
        DOSSIER,
        "Nghị định 104/2022/NĐ-CP",
        "Cán bộ desk",
        "<svg",
        "12/3A Lê Lợi",
    ):
        assert words in page, words
    assert kinds_of(family.mother) == [Kind.PRESENTED, Kind.LOOK, Kind.PRINT]
    seen = text(client_of("citizen", language="vi").get("/who-looked/"))
    assert "Đã in" in seen
    assert DOSSIER in seen
    stored = repr(list(Extract.objects.values()))
    for secret in ("Trần", "Lê Lợi", family.mother_pid):
        assert secret not in stored


def test_the_pdf_carries_its_signed_text_and_its_fonts(family: Family) -> None:
    client = opened()
    made = sealed(client, asked(client, card_of(family.mother_pid)))
    answer = client.get(f"{made}file.pdf")
    assert answer["Content-Type"] == "application/pdf"
    file = answer.content
    assert file.startswith(b"%PDF-1.7")
    assert checking.token_in(file) is not None
    inside = b"".join(checking.streams_of(file))
    for word in (b"/FontFile", b"/ToUnicode", b"LibertinusSerif", b"trich-luc.jws"):
        assert word in inside, word
    assert Copy.objects.get().extract.number in answer["Content-Disposition"]
    assert AccessRecord.objects.filter(person_id=family.mother, kind=Kind.PRINT).count() == 1


def test_what_the_font_lacks_breaks_no_file(family: Family) -> None:
    client = opened(dossier="H29😀漢0007")
    made = sealed(client, asked(client, card_of(family.mother_pid)))
    assert client.get(f"{made}file.pdf").content.startswith(b"%PDF")


def test_an_extract_of_another_dossier_leads_back_to_its_answer(family: Family) -> None:
    client = opened()
    href = asked(client, card_of(family.mother_pid))
    client.post(START, {"dossier": "H29-261122-0008"})
    away = str(client.post(f"{href}extract/")["Location"])
    assert parse_qs(urlsplit(away).query)["next"] == [href]


def test_facts_that_changed_are_not_printed_under_the_old_seal(family: Family) -> None:
    client = opened()
    href = asked(client, card_of(family.mother_pid))
    made = sealed(client, href)
    say(family.mother, "HT-26740", date(2026, 11, 1), marital_status="LY_HON")
    answer = client.get(made, follow=True)
    assert answer.redirect_chain[0][0] == href
    assert "đã ghi nhận thông tin mới" in text(answer)


def test_whoever_holds_the_paper_learns_whether_and_never_what(family: Family) -> None:
    client = opened()
    made = sealed(client, asked(client, card_of(family.mother_pid)))
    link = link_of(text(client.get(made)))
    anybody = Client()
    page = text(anybody.get(link))
    assert "Trích lục thật" in page
    assert "Trần" not in page
    assert "Lê Lợi" not in page
    row = AccessRecord.objects.filter(kind=Kind.EXTRACT_CHECKED).get()
    assert (row.person_id, row.account_id, row.attributes) == (family.mother, None, None)
    assert "trích lục của bạn" in text(client_of("citizen", language="vi").get("/who-looked/"))
    path, _query, code = link.partition("?c=")
    wrong = {
        main_of(anybody.get(f"{path}?c=AAAABBBBCCCCDDDD")),
        main_of(anybody.get("/extract/TL-X")),
    }
    assert len(wrong) == 1
    assert "Không phải trích lục thật" in wrong.pop()
    assert anybody.get(f"{path}?c={code.lower()}").status_code == 200


def test_a_copied_qr_code_on_another_paper_is_found_out(family: Family) -> None:
    client = opened()
    made = sealed(client, asked(client, card_of(family.mother_pid)))
    link = link_of(text(client.get(made)))
    right = {
        "full_name": "Trần Thị Thu Hương",
        "birth_date": "02/09/1988",
        "marital_status": "Đang có vợ/chồng",
        "permanent_residence": "12/3A Lê Lợi, phường Sài Gòn,  Thành phố Hồ Chí Minh",
    }
    page = text(Client().post(link, right))
    assert "Trích lục thật" in page
    assert page.count("đúng như đã ký") == 4
    for nothing in ("Không có trong cơ sở dữ liệu", "not in the register"):
        page = text(Client().post(link, {"temporary_residence": nothing}))
        assert "Trích lục thật" in page
    page = text(Client().post(link, {"permanent_residence": "Không có trong cơ sở dữ liệu"}))
    assert "Không đúng như đã ký" in page
    page = text(Client().post(link, right | {"permanent_residence": "1 Lê Lợi"}))
    assert "Không đúng như đã ký" in page
    assert "12/3A" not in page
    assert Client().post(link, {}).status_code in {200, 422}


def test_a_paper_of_another_dossier_and_house_number_is_found_out(family: Family) -> None:
    client = opened()
    link = link_of(text(client.get(sealed(client, asked(client, card_of(family.mother_pid))))))
    house = "12/3A Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh"
    nothing = "Không có trong cơ sở dữ liệu"
    right = {"dossier": DOSSIER, "sex": "Nữ", "permanent_residence": house}
    right |= {"temporary_absence": nothing}
    page = text(Client().post(link, right))
    assert page.count("đúng như đã ký") == 4
    assert "Trích lục thật" in page
    for wrong in (
        {"dossier": "H29.26740-261122-0008"},
        {"sex": "Nam"},
        {"permanent_residence": house.replace("12/3A", "12-3A")},
        {"permanent_residence": house.replace("12/3A", "12, 3A")},
    ):
        assert "Không đúng như đã ký" in text(Client().post(link, wrong)), wrong


def test_whoever_guesses_at_what_was_signed_waits(family: Family) -> None:
    client = opened()
    link = link_of(text(client.get(sealed(client, asked(client, card_of(family.mother_pid))))))
    for _try in range(6):
        assert "Không đúng như đã ký" in text(Client().post(link, {"sex": "Nam"}))
    for guess in ("Nam", "Nữ"):
        page = text(Client().post(link, {"sex": guess}))
        assert "quá nhiều lần" in page
        assert "đúng như đã ký" not in page
    cache.clear()


def test_newer_facts_and_a_withdrawal_are_told(family: Family) -> None:
    client = opened()
    href = asked(client, card_of(family.mother_pid))
    link = link_of(text(client.get(sealed(client, href))))
    say(family.mother, "HT-26740", date(2026, 11, 1), marital_status="LY_HON")
    page = text(Client().get(link))
    assert "thông tin đã thay đổi" in page
    assert "Đã ly hôn" not in page
    number = Extract.objects.get().number
    answer = client.post(f"{START}extracts/{number}/withdraw/", {"reason": "nhầm hồ sơ"})
    assert answer.status_code == 302
    page = text(Client().get(link))
    assert "Đã thu hồi" in page
    assert "nhầm hồ sơ" not in page
    assert opened("ward").get(f"{START}extracts/{number}/withdraw/").status_code == 404


def test_an_expired_paper_asks_the_register_no_more(family: Family) -> None:
    client = opened()
    link = link_of(text(client.get(sealed(client, asked(client, card_of(family.mother_pid))))))
    number, code = link.removeprefix("/extract/").split("?c=")
    later = timezone.now() + timedelta(days=5 * 365)
    assert checking.check_number(number=number, check=code, at=later).verdict == "expired"
    say(family.mother, "HT-26740", date(2026, 11, 1), marital_status="LY_HON")
    assert checking.check_number(number=number, check=code, at=later).verdict == "expired"
    assert not AccessRecord.objects.filter(kind=Kind.EXTRACT_CHECKED).exists()


def test_a_file_is_known_again_and_a_changed_one_is_not(family: Family) -> None:
    client = opened()
    made = sealed(client, asked(client, card_of(family.mother_pid)))
    file = client.get(f"{made}file.pdf").content
    page = text(send(file))
    assert "Tệp nguyên vẹn" in page
    assert "12/3A Lê Lợi" in page  # From the file itself.
    page = text(send(file + b"\n% changed"))
    assert "Tệp nguyên vẹn" not in page
    assert "Trích lục thật" in page
    token = checking.token_in(file) or ""
    head, payload, signature = token.split(".")
    for forged in (f"{head}.{payload[:-4]}AAAA.{signature}", "x.y.z", "%PDF", ""):
        assert "12/3A" not in text(Client().post("/extract/", {"text": forged}))
    assert "Trích lục thật" in text(Client().post("/extract/", {"text": token}))
    for bomb in (b"a" * 1_900_000, signing.BEGINNING * 30_000, b"stream" * 300_000):
        assert checking.token_in(bomb) is None
    assert "Không phải" in text(
        send(b"%PDF-1.7 stream\n" + zlib.compress(b"0" * 10**6) + b"endstream")
    )


def send(content: bytes) -> object:
    file = io.BytesIO(content)
    file.name = "trich-luc.pdf"
    return Client().post("/extract/", {"file": file})


def test_the_form_of_the_check_leads_to_the_paper(family: Family) -> None:
    client = opened()
    link = link_of(text(client.get(sealed(client, asked(client, card_of(family.mother_pid))))))
    number, code = link.removeprefix("/extract/").split("?c=")
    page = Client().post(
        "/extract/", {"number": number, "c": f"{code[:4]}-{code[4:]}"}, follow=True
    )
    assert "Trích lục thật" in text(page)
    assert Client().post("/extract/", {"number": "", "c": ""}).status_code == 422
    assert Client().get("/extract/").status_code == 200


def worked(family: Family) -> None:
    """Three dossiers: found here, by VNeID, and with a paper; and one without a record."""
    client = opened(dossier="0000123")
    client.post(f"{asked(client, card_of(family.mother_pid))}steps/", {"step": "1"})
    client.post(START, {"dossier": "0000124"})
    href = asked(client, card_of(family.father_pid, "NGUYỄN VĂN HÒA", "02031984"))
    client.post(f"{href}steps/", {"step": "2", "reason_1": "fact_outdated"})
    client.post(START, {"dossier": "0000125"})
    client.post(START, {"card": card_of("079188999999")})
    href = f"{START}{Question.objects.order_by('-id')[0].pk}/"
    client.post(f"{href}steps/", {"step": "5", "paper": "ct07", **FAILED})
    client.post(START, {"dossier": "0000126"})
    asked(client, card_of(family.mother_pid))


def test_leaders_see_numbers_and_never_a_person(family: Family) -> None:
    worked(family)
    page = text(at_work("province").get("/console/one-stop/measure/"))
    for words in ("Mất kết nối", "Xác nhận thông tin về cư trú (CT07)", "one-stop/dossiers/?"):
        assert words in page, words
    for name in ("Trần", "Hòa", family.mother_pid):
        assert name not in page
    steward = at_work("steward")
    page = text(steward.get("/console/one-stop/measure/"))
    assert "one-stop/dossiers/" not in page
    assert steward.get("/console/one-stop/dossiers/").status_code == 403
    assert steward.get("/console/one-stop/dossiers/table.csv").status_code == 403


def test_every_number_opens_the_dossiers_behind_it(family: Family) -> None:
    worked(family)
    client = at_work("province")
    for query, wanted in (
        ("", {"0000123", "0000124", "0000125", "0000126"}),
        ("?step=1", {"0000123"}),
        ("?step=5&paper=ct07", {"0000125"}),
        ("?step=0", {"0000126"}),
        ("?failed=1&reason=fact_outdated", {"0000124"}),
        ("?failed=2&reason=fact_outdated", set()),
        ("?day=1999-01-01", set()),
    ):
        page = text(client.get(f"/console/one-stop/dossiers/{query}"))
        assert set(re.findall(r"0000\d{3}", page)) == wanted, query


def test_sheets_keep_leading_zeros(family: Family) -> None:
    worked(family)
    client = at_work("auditor")
    answer = client.get("/console/one-stop/dossiers/table.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("0000126,MC-26740,")
    answer = client.get("/console/one-stop/dossiers/table.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert [row[0] for row in book.get_sheet_by_index(0).to_python()][1:] == [
        "0000126",
        "0000125",
        "0000124",
        "0000123",
    ]
    answer = client.get("/console/one-stop/measure/table.csv")
    assert b"".join(answer.streaming_content).decode().count("\n") == 2
    assert client.get("/console/one-stop/measure/table.doc").status_code == 404


def test_a_desk_of_another_province_is_not_counted(family: Family) -> None:
    worked(family)
    answer = at_work("province").get(
        "/console/one-stop/measure/?office=MC-00004&since=x&until=9999"
    )
    assert answer.status_code == 200


def test_dossiers_without_steps_wait_on_the_first_page(family: Family) -> None:
    worked(family)
    page = text(client_of("desk", language="vi").get(START))
    assert "0000126" in page
    assert "0000124" not in page
