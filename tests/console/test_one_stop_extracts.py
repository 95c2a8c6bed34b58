"""The one-stop desk: sealed extracts, and whoever holds the paper."""

from __future__ import annotations

import io
import re
import zlib
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from dancu.disclosure.models import AccessRecord
from dancu.identity.models import Account
from dancu.identity.queries import actor_for
from dancu.onestop import checking, signing
from dancu.onestop.models import Copy, Extract
from dancu.onestop.services import paper_of
from dancu.onestop.types import Paper
from dancu.operation.config import load
from tests.console.cast import Family, client_of, say
from tests.console.desk_work import (
    DOSSIER,
    START,
    Kind,
    asked,
    card_of,
    kinds_of,
    link_of,
    main_of,
    opened,
    sealed,
    text,
)


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
    # Presented, sealed, found changed, answered; and nothing was printed.
    kinds = AccessRecord.objects.filter(person_id=family.mother).order_by("id")
    looks = [Kind.LOOK] * 3
    assert list(kinds.values_list("kind", flat=True)) == [Kind.PRESENTED, *looks]


def test_a_paper_that_could_not_be_made_leaves_no_record_of_a_printing(family: Family) -> None:
    client = opened()
    sealed(client, asked(client, card_of(family.mother_pid)))
    at = timezone.now()
    actor = actor_for(Account.objects.get(username="desk"), session="", at=at)
    assert actor is not None

    def die(paper: Paper) -> None:
        assert paper.content["person"]
        raise InterruptedError

    with pytest.raises(InterruptedError):
        paper_of(actor=actor, number=Extract.objects.get().number, at=at, made=die)
    assert not AccessRecord.objects.filter(kind=Kind.PRINT).exists()


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


def test_a_paper_names_the_address_that_the_public_knows(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = opened()
    made = sealed(client, asked(client, card_of(family.mother_pid)))
    monkeypatch.setattr(
        "dancu.console.views.one_stop_extracts.current",
        lambda: load(environ={"DANCU_WEB_ADDRESS": "https://dancu.example.vn/"}),
    )
    assert "https://dancu.example.vn/extract/" in text(client.get(made))


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
