"""Verifications and look-ups through the web server, good and bad."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.timezone import now

from dancu.catalogue import contracts as declared
from dancu.disclosure.models import AccessRecord
from dancu.exchange.api import keeping
from dancu.exchange.batches import spool
from dancu.exchange.models import Usage
from dancu.exchange.oauth import ring, tokens
from dancu.exchange.oauth.models import KeptAnswer
from tests.disclosure.conftest import map_loaded, new_person, register  # noqa: F401 - fixtures
from tests.exchange.agency import BASE, PURPOSE, Agency, question

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> None:
    ring.forget()
    tokens.SESSIONS.forget()


@pytest.fixture
def agency(register: object) -> Agency:  # noqa: F811
    return Agency().register().sign_in()


@pytest.fixture
def huong(register: object) -> SimpleNamespace:  # noqa: F811
    return new_person()


def _claims(person: SimpleNamespace, **changed: str) -> dict[str, str]:
    known = {"pid": person.pid, "full_name": person.name, "birth_date": "1988-09-02"}
    return known | changed


def _problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["remedy"]
    assert body["instance"].startswith("urn:dancu:request:")
    return body


def test_what_agrees_is_a_full_match_and_leaves_a_record(
    agency: Agency, huong: SimpleNamespace
) -> None:
    answer = agency.verify(
        _claims(huong),
        questions=[{"question": "is_at_least", "years": 18}, {"question": "is_alive"}],
        reference="row 7",
    )
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["outcome"], body["contract"]) == ("full_match", "student-check")
    assert body["reference"] == "row 7"
    assert body["attributes"]["full_name"] == {"result": "match"}
    assert [one["answer"] for one in body["answers"]] == ["yes", "yes"]
    assert body["answers"][0]["years"] == 18
    record = AccessRecord.objects.get(person_id=huong.id)
    assert (str(record.disclosure), record.purpose) == (body["id"], PURPOSE)
    assert Usage.objects.get(contract="student-check").records == 1


def test_an_answer_never_holds_a_value_of_the_register(
    agency: Agency, huong: SimpleNamespace
) -> None:
    answer = agency.verify(_claims(huong, full_name="Tran Thi Thu Huong", birth_date="1988-02-09"))
    assert answer.json()["outcome"] == "facts_differ"
    assert answer.json()["attributes"]["full_name"]["result"] == "close"
    assert huong.name not in answer.content.decode()
    assert "1988-09-02" not in answer.content.decode()


def test_a_signed_answer_can_be_checked_with_the_published_keys(
    agency: Agency, huong: SimpleNamespace
) -> None:
    answer = agency.verify(_claims(huong), headers={"accept": "application/jose"})
    assert answer["Content-Type"] == "application/jose"
    head, payload, signature = answer.content.split(b".")
    header = json.loads(_unpadded(head))
    keys = {key["kid"]: key for key in agency.get("/jwks.json").json()["keys"]}
    key = keys[header["kid"]]
    assert (header["alg"], header["typ"], key["alg"]) == ("EdDSA", "dancu-answer+jws", "EdDSA")
    public = Ed25519PublicKey.from_public_bytes(_unpadded(key["x"].encode()))
    public.verify(_unpadded(signature), head + b"." + payload)
    assert json.loads(_unpadded(payload))["outcome"] == "full_match"
    ring.rotate(ring.Use.ANSWER, by="operator", at=now())
    assert header["kid"] in {key["kid"] for key in agency.get("/jwks.json").json()["keys"]}


def _unpadded(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


def test_prefer_signed_asks_for_the_same(agency: Agency) -> None:
    assert agency.verify(headers={"prefer": "signed"})["Content-Type"] == "application/jose"
    both = agency.verify(headers={"prefer": "respond-async, signed"})
    assert both["Content-Type"] == "application/jose"
    assert agency.verify(headers={"prefer": "unsigned"})["Content-Type"] == "application/json"


def test_the_same_key_with_the_same_body_gives_the_same_answer_once(
    agency: Agency, huong: SimpleNamespace
) -> None:
    first = agency.verify(_claims(huong), headers={"idempotency_key": "k-1"})
    again = agency.verify(_claims(huong), headers={"idempotency_key": "k-1"})
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert AccessRecord.objects.filter(person_id=huong.id).count() == 1
    assert Usage.objects.get(contract="student-check").records == 1
    other = agency.verify(_claims(huong), headers={"idempotency_key": "k-2"})
    assert other.json()["id"] != first.json()["id"]


def test_a_look_up_under_a_key_is_kept_with_its_record(
    agency: Agency, huong: SimpleNamespace
) -> None:
    asked = {
        "purpose": "school_enrolment",
        "subject": {"pid": huong.pid, "full_name": huong.name},
        "attributes": ["permanent_residence"],
        "case": "TS-1",
    }
    first = agency.post("/lookups", asked, idempotency_key="k-1")
    again = agency.post("/lookups", asked, idempotency_key="k-1")
    assert first.status_code == 200
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert AccessRecord.objects.filter(person_id=huong.id).count() == 1


def test_the_same_key_with_another_body_is_refused(agency: Agency) -> None:
    agency.verify(headers={"idempotency_key": "k-1"})
    answer = agency.verify(reference="other", headers={"idempotency_key": "k-1"})
    _problem(answer, 422, "key-used-for-another")


def test_what_one_contract_was_answered_is_no_answer_under_another(agency: Agency) -> None:
    two = Agency("g03-two").register("student-check", "tax").sign_in(scope="student-check")
    asked = {"headers": {"idempotency_key": "k-1"}}
    assert two.verify(**asked).json()["contract"] == agency.verify().json()["contract"]
    two.sign_in(scope="tax")
    _problem(two.verify(**asked), 403, "clause-refused")


def test_a_key_counts_for_a_day_and_for_one_client(agency: Agency) -> None:
    agency.verify(headers={"idempotency_key": "k-1"})
    other = Agency("g03-other").register().sign_in()
    assert other.verify(reference="x", headers={"idempotency_key": "k-1"}).status_code == 200
    KeptAnswer.objects.update(at=now() - timedelta(hours=25))
    answer = agency.verify(reference="other", headers={"idempotency_key": "k-1"})
    assert answer.status_code == 200
    assert keeping.forget(at=now() + timedelta(hours=25)) == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_an_unusable_key_is_refused(agency: Agency, key: str) -> None:
    agency_headers = {"HTTP_IDEMPOTENCY_KEY": key, "HTTP_AUTHORIZATION": f"Bearer {agency.token}"}
    answer = agency.browser.post(
        f"{BASE}/verifications",
        json.dumps(question()),
        content_type="application/json",
        **agency_headers,
    )
    _problem(answer, 400, "header-unusable")


def test_x_road_headers_go_into_the_record_and_back(agency: Agency, huong: SimpleNamespace) -> None:
    answer = agency.verify(
        _claims(huong),
        headers={
            "x_road_client": "VN/GOV/G03/school",
            "x_road_id": "abc-1",
            "x_road_userid": "VN0790980001",
            "x_road_issue": "HS-2026-1",
        },
    )
    assert (answer["X-Road-Id"], answer["X-Road-Client"]) == ("abc-1", "VN/GOV/G03/school")
    record = AccessRecord.objects.get(person_id=huong.id)
    assert (record.case_number, record.request_id) == ("HS-2026-1", "abc-1")
    assert record.agent == "VN0790980001"


def test_another_member_than_the_registered_one_is_refused(register: object) -> None:  # noqa: F811
    agency = Agency().register(xroad_client="VN/GOV/G03/school").sign_in()
    headers = {"x_road_client": "VN/COM/X/y"}
    _problem(agency.verify(headers=headers), 403, "x-road-client-wrong")
    assert agency.verify(headers={"x_road_client": "VN/GOV/G03/school"}).status_code == 200


def test_without_a_token_nothing_is_answered(agency: Agency) -> None:
    agency.token = ""
    answer = agency.post("/verifications", question(), authorization="")
    _problem(answer, 401, "token-missing")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "body-unreadable"),
        (b'{"purpose": NaN}', 400, "body-unreadable"),
        (b'"\xff"', 400, "body-unreadable"),
        (b'"\\ud800"', 400, "body-unreadable"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"{" + b" " * 33_000 + b"}", 413, "body-too-large"),
    ],
)
def test_a_bad_body_is_told_what_is_wrong(
    agency: Agency, body: bytes, status: int, code: str
) -> None:
    _problem(agency.post("/verifications", body), status, code)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"purpos": "x"}, "purpos", "unknown"),
        ({"purpose": 7}, "purpose", "type"),
        ({"purpose": ""}, "purpose", "size"),
        ({"claims": {}}, "claims", "size"),
        ({"claims": []}, "claims", "type"),
        ({"claims": {"shoe_size": "42"}}, "claims.shoe_size", "unknown"),
        ({"claims": {"full_name": 7}}, "claims.full_name", "type"),
        ({"claims": {"full_name": "x" * 501}}, "claims.full_name", "size"),
        ({"claims": {"full_name": "a\0b"}}, "claims.full_name", "form"),
        ({"questions": [{"question": "is_at_least"}]}, "questions.0.years", "missing"),
        ({"questions": [{"question": "is_at_least", "years": "18"}]}, "questions.0.years", "type"),
        ({"questions": [{"question": "is_rich"}]}, "questions.0.question", "choice"),
        ({"questions": {}}, "questions", "type"),
        ({"case": None}, "case", "type"),
    ],
)
def test_a_wrong_field_is_named(
    agency: Agency, changed: dict[str, Any], field: str, code: str
) -> None:
    body = _problem(agency.post("/verifications", question() | changed), 422, "invalid")
    assert [(one["field"], one["code"]) for one in body["errors"]] == [(field, code)]
    assert body["errors"][0]["detail"]
    assert not AccessRecord.objects.exists()


def test_a_missing_field_is_named(agency: Agency) -> None:
    body = _problem(agency.post("/verifications", {"purpose": PURPOSE}), 422, "invalid")
    assert body["errors"][0]["field"] == "claims"


def test_another_type_of_body_is_refused(agency: Agency) -> None:
    answer = agency.post("/verifications", b"<a/>", content_type="application/xml")
    _problem(answer, 415, "body-of-another-kind")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_another_method_is_told_which_are_answered(agency: Agency, method: str) -> None:
    answer = getattr(agency.browser, method)(f"{BASE}/verifications")
    _problem(answer, 405, "method-unknown")
    assert answer["Allow"] == "POST"


def test_an_unknown_address_is_a_problem_too(agency: Agency) -> None:
    _problem(agency.get("/nothing/here"), 404, "operation-unknown")


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        (question(purpose="curiosity"), "purposes"),
        (
            question({"full_name": "A", "birth_date": "1999-01-01", "marital_status": "x"}),
            "attributes",
        ),
    ],
)
def test_a_refusal_names_contract_and_clause(
    agency: Agency, body: dict[str, Any], clause: str
) -> None:
    told = _problem(agency.post("/verifications", body), 403, "clause-refused")
    assert (told["contract"], told["clause"]) == ("student-check", clause)
    assert AccessRecord.objects.get().refusal == "clause-refused"


def test_a_contract_that_has_ended_refuses_at_once(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert agency.verify().status_code == 200
    _end_contract(monkeypatch, "student-check")
    told = _problem(agency.verify(), 403, "clause-refused")
    assert told["clause"] == "dates"


def test_what_was_answered_is_fetched_for_thirty_days_after_the_contract(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(spool, "folder", lambda: tmp_path)
    row = {"full_name": "Lê Văn Nam", "birth_date": "2012-09-02"}
    batch = agency.post("/batches", {"purpose": PURPOSE, "rows": [row]}).json()["id"]
    fetching = ("/batches", f"/batches/{batch}", f"/batches/{batch}/summary")
    with monkeypatch.context() as lately:
        _end_contract(lately, "student-check")
        agency.sign_in()
        assert [agency.get(path).status_code for path in fetching] == [200] * 3
        assert b"".join(agency.get(f"/batches/{batch}/rows").streaming_content)
        refused = agency.post("/batches", {"purpose": PURPOSE, "rows": [row]})
        assert _problem(refused, 403, "clause-refused")["clause"] == "dates"
    _end_contract(monkeypatch, "student-check", ago=30)
    assert {agency.get(path).status_code for path in fetching} == {403}
    refused = agency.ask_token()
    assert refused.status_code == 403
    assert refused.json()["clause"] == "dates"


def _end_contract(monkeypatch: pytest.MonkeyPatch, name: str, *, ago: int = 0) -> None:
    """Let a contract end with the day before today: a second after midnight it counts no more."""
    import dataclasses

    from dancu.kernel.clock import today

    day: date = today(now())
    found = declared.last_contract(name)
    assert found is not None
    ended = dataclasses.replace(found, valid_to=day - timedelta(days=ago))
    others = tuple(one for one in declared.all_contracts() if one.name != name)
    monkeypatch.setattr(declared, "_read_contracts", lambda _path: (*others, ended))
    declared._index.cache_clear()
    monkeypatch.setattr(declared, "_index", lambda _path: {name: (ended,)})


def test_problems_speak_the_language_that_is_asked_for(agency: Agency) -> None:
    told = agency.post("/verifications", b"{", accept_language="vi").json()
    assert told["language"] == "vi"
    assert "JSON" in told["detail"]
    assert told["detail"] != agency.post("/verifications", b"{").json()["detail"]


def test_a_look_up_gives_contracted_attributes_with_their_source(
    agency: Agency, huong: SimpleNamespace
) -> None:
    body = {
        "purpose": PURPOSE,
        "subject": {"pid": huong.pid, "full_name": huong.name},
        "attributes": ["permanent_residence"],
        "case": "G03-2026-1",
    }
    answer = agency.post("/lookups", body)
    assert answer.status_code == 200, answer.content
    found = answer.json()["attributes"]["permanent_residence"]
    assert found["source"]
    assert "Lê Lợi" in json.dumps(found["value"], ensure_ascii=False)
    told = _problem(
        agency.post("/lookups", {**body, "attributes": ["religion"]}), 403, "clause-refused"
    )
    assert told["clause"] == "attributes"


def test_the_own_contract_tells_what_is_left(agency: Agency) -> None:
    agency.verify()
    body = agency.get("/contract").json()
    assert body["contract"] == "student-check"
    assert body["today"]["records"] == 1
    assert body["today"]["left"] == body["records_per_day"] - 1


def test_status_and_keys_are_open_to_everybody(agency: Agency) -> None:
    agency.token = ""
    assert agency.get("/status", authorization="").json()["status"] == "ok"
    assert "keys" in agency.get("/jwks.json", authorization="").json()
