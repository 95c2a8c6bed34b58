"""A developer gets a client at once, and only for invented people; strangers are held back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dancu.developers import limits, services
from dancu.developers.models import Attempt
from dancu.exchange import clients
from dancu.exchange.batches import spool
from dancu.exchange.batches.services import SANDBOX_ROWS
from dancu.exchange.models import Client as Connected
from dancu.exchange.models import ClientKey
from dancu.kernel.clock import system_clock
from tests.developers.conftest import Pair
from tests.exchange.agency import BASE, Agency

pytestmark = pytest.mark.django_db
PAGE = "/developers/sandbox/"
HUONG = {"pid": "999188000015", "full_name": "Trần Thị Thu Hương", "birth_date": "02/09/1988"}


def make(reader: Client, pair: Pair, **more: str) -> str:
    answer = reader.post(PAGE, {"key": pair.public, **more}, headers={"accept": "application/json"})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["client"])


def agency_of(name: str, pair: Pair) -> Agency:
    agency = Agency(name)
    agency.key = pair.key
    return agency


def test_a_client_asks_at_once_and_about_invented_people_only(reader: Client, pair: Pair) -> None:
    agency = agency_of(make(reader, pair), pair).sign_in()
    answer = agency.verify(HUONG, purpose="trial")
    assert answer.json()["outcome"] == "full_match"
    assert answer.json()["contract"] == "sandbox"
    assert agency_of(agency.name, pair).ask_token(scope="student-check").status_code == 400


def test_without_scripts_the_form_leads_to_the_client(reader: Client, pair: Pair) -> None:
    answer = reader.post(PAGE, {"key": pair.public, "label": "  Trường\n Lê Lợi "}, follow=True)
    (made,) = Connected.objects.all()
    assert answer.redirect_chain == [(reverse("developers:client", args=[made.name]), 302)]
    said = answer.content.decode()
    assert f"export EXCHANGE_CLIENT={made.name}" in said
    assert made.label == "Trường Lê Lợi"
    assert made.contracts == ["sandbox"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "cannot be registered"),
        ("nonsense", "cannot be registered"),
        ("-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----", "must not leave your"),
        ('{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}', "must not leave your"),
    ],
)
def test_a_key_that_is_none_is_explained_and_nothing_is_made(
    given: str, words: str, reader: Client
) -> None:
    answer = reader.post(PAGE, {"key": given})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    told = reader.post(PAGE, {"key": given}, headers={"accept": "application/json"})
    assert told.status_code == 422
    assert words in told.json()["detail"]
    assert not Connected.objects.exists()


def test_a_key_is_taken_once(reader: Client, pair: Pair) -> None:
    make(reader, pair)
    answer = reader.post(PAGE, {"key": pair.public})
    assert answer.status_code == 409
    assert "registered already" in answer.content.decode()


def test_one_network_makes_a_few_and_others_still_can(reader: Client) -> None:
    most, _within = limits.ALLOWED[Attempt.Kind.CLIENT]
    for _one in range(most):
        make(reader, Pair())
    answer = reader.post(PAGE, {"key": Pair().public})
    assert answer.status_code == 429
    assert "network" in answer.content.decode()
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert elsewhere.post(PAGE, {"key": Pair().public}).status_code == 302
    assert not Attempt.objects.filter(network__contains="203").exists()


def test_behind_a_proxy_each_reader_has_a_network_of_their_own(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setitem(limits.ALLOWED, Attempt.Kind.CLIENT, (1, timedelta(hours=1)))
    settings.SESSION_COOKIE_SECURE = True
    for network in ("198.51.100.7", "203.0.113.7"):
        reader = Client(headers={"x-forwarded-for": f"10.0.0.1, {network}"})
        assert reader.post(PAGE, {"key": Pair().public}).status_code == 302
    settings.SESSION_COOKIE_SECURE = False
    assert reader.post(PAGE, {"key": Pair().public}).status_code == 302
    other = Client(headers={"x-forwarded-for": "192.0.2.9"})
    assert other.post(PAGE, {"key": Pair().public}).status_code == 429


def test_a_whole_network_of_ipv6_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.ALLOWED, Attempt.Kind.CLIENT, (1, timedelta(hours=1)))
    first = Client(REMOTE_ADDR="2001:db8::1")
    second = Client(REMOTE_ADDR="2001:db8::2")
    assert first.post(PAGE, {"key": Pair().public}).status_code == 302
    assert second.post(PAGE, {"key": Pair().public}).status_code == 429


def test_a_full_sandbox_says_so(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "MOST_SANDBOXES", 0)
    answer = reader.post(PAGE, {"key": Pair().public})
    assert answer.status_code == 503
    assert "as many sandbox clients" in answer.content.decode()


def test_without_a_sandbox_contract_there_is_no_client(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients.declared, "contracts", lambda _day: ())
    assert reader.post(PAGE, {"key": Pair().public}).status_code == 404
    assert not Connected.objects.exists()


def test_clients_go_when_their_time_is_over_or_nobody_uses_them(reader: Client, pair: Pair) -> None:
    at = system_clock()
    used = make(reader, pair)
    agency_of(used, pair).sign_in()
    unused = make(reader, Pair())
    Agency("g03-school").register("sandbox")
    services.forget(at=at + clients.SANDBOX_UNUSED + timedelta(minutes=1))
    assert set(Connected.objects.values_list("name", flat=True)) == {used, "g03-school"}
    assert reader.get(reverse("developers:client", args=[unused])).status_code == 404
    assert not Attempt.objects.exists()
    services.forget(at=at + clients.SANDBOX_LIVES + timedelta(minutes=1))
    assert list(Connected.objects.values_list("name", flat=True)) == ["g03-school"]
    assert ClientKey.objects.count() == 1
    assert agency_of(used, pair).ask_token().status_code == 401


def test_an_operators_client_is_no_page_of_the_sandbox(reader: Client) -> None:
    Agency("g03-school").register("sandbox")
    assert reader.get(reverse("developers:client", args=["g03-school"])).status_code == 404


def test_a_batch_of_the_sandbox_is_small(
    reader: Client, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "path_of", lambda reference: tmp_path / f"{reference}.rows")
    agency = agency_of(make(reader, pair), pair).sign_in()
    row = "999188000015,Trần Thị Thu Hương,02/09/1988\n"
    for rows, status in ((3, 201), (SANDBOX_ROWS + 1, 422)):
        text = "pid,full_name,birth_date\n" + row * rows
        file = SimpleUploadedFile("people.csv", text.encode(), "text/csv")
        answer = agency.browser.post(
            f"{BASE}/batches",
            {"file": file},
            headers={"authorization": f"Bearer {agency.token}", "accept-language": "en"},
        )
        assert answer.status_code == status, answer.content
    assert answer.json()["code"] == "too-many-rows"
    assert str(SANDBOX_ROWS) in answer.json()["detail"]


def test_nothing_is_sent_where_a_stranger_says(reader: Client, pair: Pair) -> None:
    agency = agency_of(make(reader, pair), pair).sign_in()
    answer = agency.post("/feed/webhooks", {"address": "https://agency.example.vn/dancu"})
    assert answer.status_code == 403
    assert (answer.json()["code"], answer.json()["clause"]) == ("clause-refused", "feed.webhooks")
    assert "cursor" in answer.json()["remedy"]
    assert agency.get("/feed/webhooks").json() == {"webhooks": []}
