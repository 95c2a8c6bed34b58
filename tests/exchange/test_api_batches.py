"""Batches over HTTP, from the file to the rows."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dancu.exchange.batches import running, spool
from dancu.exchange.batches.models import Batch
from dancu.exchange.oauth import ring, tokens
from dancu.kernel.clock import system_clock
from tests.disclosure.conftest import new_person
from tests.exchange.agency import BASE, PURPOSE, Agency

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agency(register: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Agency:
    ring.forget()
    tokens.SESSIONS.forget()
    monkeypatch.setattr(spool, "folder", lambda: tmp_path)
    return Agency().register().sign_in()


@pytest.fixture
def pupil(register: object) -> SimpleNamespace:
    return new_person(birth_date="2012-09-02", full_name="Lê Văn Nam", sex="M")


def _send(agency: Agency, content: str, key: str = "", **fields: str) -> Any:
    file = SimpleUploadedFile("hs.csv", content.encode("utf-8-sig"))
    headers = {"authorization": f"Bearer {agency.token}", "accept-language": "en"}
    if key:
        headers["idempotency-key"] = key
    return agency.browser.post(f"{BASE}/batches", {"file": file, **fields}, headers=headers)


def _file(pupil: SimpleNamespace) -> str:
    return (
        "STT;Mã định danh;Họ và tên;Ngày sinh\n"
        f"1;{pupil.pid};{pupil.name};02/09/2012\n"
        "2;079012000001;Không Có Ai;01/01/2012\n"
    )


def test_a_file_goes_in_is_confirmed_answered_and_explained(
    agency: Agency, pupil: SimpleNamespace
) -> None:
    sent = _send(agency, _file(pupil), key="file-1")
    assert sent.status_code == 201, sent.content
    batch = sent.json()
    assert (batch["state"], batch["rows"]) == ("shown", 2)
    assert [one["meaning"] for one in batch["columns"][1:]] == ["pid", "full_name", "birth_date"]
    assert sent["Location"].endswith(f"/batches/{batch['id']}")
    assert _send(agency, _file(pupil), key="file-1").json()["id"] == batch["id"]

    path = f"/batches/{batch['id']}"
    confirmed = agency.post(f"{path}/confirm", {"purpose": PURPOSE})
    assert confirmed.json()["state"] == "waiting"
    assert confirmed.json()["place"] == 1
    running.work(clock=system_clock, seconds=30)
    assert agency.get(path).json()["state"] == "done"

    rows = agency.get(f"{path}/rows?format=json")
    assert [one["outcome"] for one in json.loads(rows.getvalue())["answers"]] == [
        "full_match",
        "not_found",
    ]
    for kind in ("csv", "xlsx"):
        assert agency.get(f"{path}/rows?format={kind}").getvalue()
    told = agency.get(f"{path}/summary").json()
    assert sum(group["rows"] for group in told["groups"]) == told["rows"] == 2
    assert [one["id"] for one in agency.get("/batches").json()["batches"]] == [batch["id"]]


def test_rows_may_come_in_the_body_and_be_stopped(agency: Agency, pupil: SimpleNamespace) -> None:
    row = {"pid": pupil.pid, "full_name": pupil.name, "birth_date": "2012-09-02"}
    sent = agency.post("/batches", {"purpose": PURPOSE, "rows": [row, row]})
    assert sent.status_code == 201, sent.content
    path = f"/batches/{sent.json()['id']}"
    assert agency.post(f"{path}/stop", b"").json()["state"] == "stopped"
    assert agency.post(f"{path}/resume", b"").json()["state"] == "waiting"


def test_what_cannot_be_read_and_what_is_not_ones_own_is_refused(agency: Agency) -> None:
    broken = _send(agency, "", purpose=PURPOSE)
    assert broken.status_code == 422
    assert broken.json()["remedy"]
    strange = agency.get("/batches/" + "0" * 32)
    assert (strange.status_code, strange.json()["code"]) == (404, "batch-gone")
    assert agency.get("/batches/..%00").status_code == 404
    sent = agency.post("/batches", {"purpose": PURPOSE, "rows": [{"full_name": "A"}]})
    assert sent.status_code == 422


def test_a_key_is_good_for_one_file(agency: Agency, pupil: SimpleNamespace) -> None:
    first = _send(agency, _file(pupil), key="file-1").json()
    other = _send(agency, _file(pupil) + "3;;Ai Đó;01/01/2012\n", key="file-1")
    assert (other.status_code, other.json()["code"]) == (422, "key-used-for-another")
    assert _send(agency, _file(pupil), key="file-1").json()["id"] == first["id"]


def test_long_keys_that_begin_alike_are_two(agency: Agency, pupil: SimpleNamespace) -> None:
    row = {"pid": pupil.pid, "full_name": pupil.name, "birth_date": "2012-09-02"}
    ids = [
        agency.post("/batches", {"purpose": PURPOSE, "rows": [row]}, idempotency_key=key).json()
        for key in ("k" * 200 + "1", "k" * 200 + "2", "k" * 200 + "1")
    ]
    assert ids[0]["id"] == ids[2]["id"] != ids[1]["id"]


def test_the_key_tells_requests_apart_whatever_the_number_of_the_message(
    agency: Agency, pupil: SimpleNamespace
) -> None:
    row = {"pid": pupil.pid, "full_name": pupil.name, "birth_date": "2012-09-02"}

    def sent(key: str, number: str) -> str:
        body = {"purpose": PURPOSE, "rows": [row]}
        answer = agency.post("/batches", body, idempotency_key=key, x_road_id=number)
        assert answer["X-Road-Id"] == number
        return str(answer.json()["id"])

    assert sent("a", "m-1") == sent("a", "m-2") != sent("b", "m-1")


def test_rows_without_anything_keep_their_place(agency: Agency, pupil: SimpleNamespace) -> None:
    row = {"pid": pupil.pid, "full_name": pupil.name, "birth_date": "2012-09-02"}
    nothing = {"pid": "", "full_name": ""}
    rows = [nothing, row, nothing, row, nothing]
    sent = agency.post("/batches", {"purpose": PURPOSE, "rows": rows})
    assert sent.status_code == 201, sent.content
    assert sent.json()["rows"] == 5
    running.work(clock=system_clock, seconds=30)
    told = agency.get(f"/batches/{sent.json()['id']}/rows?format=json")
    answers = json.loads(told.getvalue())["answers"]
    assert [one["row"] for one in answers] == [1, 2, 3, 4, 5]
    assert [one["group"] for one in answers][::2] == ["unreadable"] * 3
    assert [one["outcome"] for one in answers][1::2] == ["full_match"] * 2


def test_it_is_fetched_only_when_all_of_it_was_read(agency: Agency, pupil: SimpleNamespace) -> None:
    sent = _send(agency, _file(pupil), purpose=PURPOSE)
    path = f"/batches/{sent.json()['id']}/rows?format=csv"
    too_early = agency.get(path)
    running.work(clock=system_clock, seconds=30)
    assert too_early.getvalue()
    assert Batch.objects.get().fetched_at is None
    broken_off = agency.get(path)
    next(iter(broken_off.streaming_content))
    broken_off.close()
    assert Batch.objects.get().fetched_at is None
    assert agency.get(path).getvalue()
    assert Batch.objects.get().fetched_at is not None
