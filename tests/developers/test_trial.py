"""The page asks the sandbox as a program would, and shows what came back."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from dancu.developers import limits, sandbox_people
from dancu.developers.models import Attempt
from dancu.disclosure.models import AccessRecord
from dancu.exchange.models import Usage

# The access record is on disk before the answer, so no test's transaction may lie around it.
pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/developers/trial/"
KNOWN = sandbox_people.known()


def ask(reader: Client, body: Any, **more: str) -> tuple[int, dict[str, Any]]:
    text = body if isinstance(body, str) else json.dumps(body)
    answer = reader.post(PAGE, {"body": text, **more})
    assert answer.status_code == 200
    page = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode().split('id="answer"')[1]))
    status = int(re.search(r"\b([2345]\d\d)\b", page)[1])
    return status, json.loads(page[page.index("{") : page.rindex("}") + 1])


def test_known_questions_get_their_known_answers(reader: Client, register: None) -> None:
    for known in KNOWN[:4]:
        status, told = ask(reader, known.body, known=known.key)
        assert status == 200
        assert told["outcome"] == known.example.outcome
        for name, said in known.example.attributes.items():
            found = told["attributes"][name]
            assert f"{found['result']} {found.get('reason', '')}".strip() == said
    status, told = ask(reader, sandbox_people.look_up_body(), operation="lookUp")
    assert status == 200
    assert told["attributes"]["permanent_residence"]["value"]["unit"] == "26740"


REFUSED = [
    ("{", 400, "body-unreadable"),
    ({"purpose": "trial"}, 422, "invalid"),
    ({"purpose": "taxes", "claims": {"pid": "999188000015"}}, 403, "clause-refused"),
    ({"purpose": "trial", "claims": {"pid": "999188000015"}}, 422, "unanswerable"),
]


def test_refusals_are_shown_as_programs_get_them(reader: Client, register: None) -> None:
    for body, status, code in REFUSED:
        got, told = ask(reader, body)
        assert (got, told["code"]) == (status, code)
        assert told["language"] == "en"


def test_nobody_real_is_read_and_no_quota_taken(reader: Client, register: None) -> None:
    ask(reader, KNOWN[0].body)
    (record,) = AccessRecord.objects.all()
    assert (record.person_id, record.contract) == (None, "sandbox")
    assert not Usage.objects.exists()


def test_a_chosen_question_is_taken_over_with_its_answer(reader: Client) -> None:
    known = KNOWN[1]
    page = reader.get(PAGE, {"known": known.key}).content.decode()
    assert known.example.claims["full_name"] in page
    assert "Known beforehand" in page
    assert "Accents differ." in page


def test_strangers_are_held_back(
    reader: Client, register: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.ALLOWED, Attempt.Kind.TRIAL, (1, timedelta(minutes=10)))
    ask(reader, KNOWN[0].body)
    answer = reader.post(PAGE, {"body": "{}"})
    assert answer.status_code == 429
    assert "Wait a while" in answer.content.decode()
    assert AccessRecord.objects.count() == 1


def test_odd_input_is_no_server_error(reader: Client, register: None) -> None:
    for body in ("\x00", "[]", "null", '"x"', "9" * 5000, "{" * 3000, '{"purpose":"\\ud800"}'):
        answer = reader.post(PAGE, {"body": body, "operation": "x", "known": "y"})
        assert answer.status_code == 200, body[:20]
