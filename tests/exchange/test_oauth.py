"""Who gets a token, and who is told why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now
from django.utils.translation import override

from dancu.audit.models import Event
from dancu.exchange import clients
from dancu.exchange.oauth import granting, ring, tokens
from dancu.exchange.oauth.jose import KeyUnusable, read_public, thumbprint
from dancu.exchange.oauth.models import ClientKey, SeenAssertion, ServerKey
from tests.exchange.agency import TOKEN_ADDRESS, Agency

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> None:
    ring.forget()
    tokens.SESSIONS.forget()


def _refused(answer: object, code: str, status: int = 401, error: str = "invalid_client") -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert (body["code"], body["error"], body["status"]) == (code, error, status)
    assert body["detail"]
    assert body["remedy"]
    return body


@pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa"])
def test_a_signed_assertion_gets_a_short_token(kind: str) -> None:
    agency = Agency(kind=kind).register()
    answer = agency.ask_token()
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 300
    assert body["scope"] == "student-check"
    assert answer["Cache-Control"] == "no-store"


def test_an_assertion_is_taken_once() -> None:
    agency = Agency().register()
    assertion = agency.assertion()
    assert agency.ask_token(assertion).status_code == 200
    _refused(agency.ask_token(assertion), "assertion-replayed")


def test_another_assertion_with_the_same_number_is_refused() -> None:
    agency = Agency().register()
    assert agency.ask_token(agency.assertion(jti="7")).status_code == 200
    _refused(agency.ask_token(agency.assertion(jti="7", aud=[TOKEN_ADDRESS])), "assertion-replayed")


def test_two_clients_may_use_the_same_number() -> None:
    one, other = Agency("g03-one").register(), Agency("g03-two").register()
    assert one.ask_token(one.assertion(jti="7")).status_code == 200
    assert other.ask_token(other.assertion(jti="7")).status_code == 200


def test_a_clock_ten_minutes_slow_is_told_that_the_assertion_expired() -> None:
    agency = Agency().register()
    slow = agency.assertion(now() - timedelta(minutes=10))
    body = _refused(agency.ask_token(slow), "assertion-expired")
    assert "expired 9 minutes ago" in body["detail"] or "expired 10 minutes ago" in body["detail"]
    assert "our clock says" in body["detail"]
    assert "NTP" in body["remedy"]


def test_a_clock_ten_minutes_fast_is_told_to_wait_and_set_its_clock() -> None:
    agency = Agency().register()
    fast = agency.assertion(now() + timedelta(minutes=10))
    body = _refused(agency.ask_token(fast), "assertion-not-yet-valid")
    assert "in 10 minutes" in body["detail"]
    assert "clock seems to be fast" in body["remedy"]


def test_clocks_may_be_half_a_minute_apart() -> None:
    agency = Agency().register()
    for shift in (-30, 30):
        assertion = agency.assertion(now() + timedelta(seconds=shift))
        assert agency.ask_token(assertion).status_code == 200


def test_an_assertion_may_not_live_long() -> None:
    agency = Agency().register()
    long = agency.assertion(exp=int((now() + timedelta(hours=1)).timestamp()))
    _refused(agency.ask_token(long), "assertion-lives-too-long")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"aud": "https://other.example/token"}, "assertion-for-another"),
        ({"aud": None}, "assertion-for-another"),
        ({"jti": None}, "assertion-unreadable"),
        ({"exp": None}, "assertion-unreadable"),
        ({"exp": "soon"}, "assertion-unreadable"),
        ({"exp": 10**40}, "assertion-unreadable"),
        ({"iss": "somebody"}, "assertion-unreadable"),
        ({"iss": "g03-other", "sub": "g03-other"}, "assertion-key-unknown"),
        ({"iss": "g03\0", "sub": "g03\0"}, "assertion-key-unknown"),
    ],
)
def test_an_assertion_that_lacks_something_is_refused(changed: dict, code: str) -> None:
    agency = Agency().register()
    _refused(agency.ask_token(agency.assertion(**changed)), code)
    assert not SeenAssertion.objects.exists()


def test_a_stranger_with_a_key_of_their_own_gets_nothing() -> None:
    Agency().register()
    _refused(Agency().ask_token(), "assertion-signature-wrong")
    assert not SeenAssertion.objects.exists()


@pytest.mark.parametrize("text", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "." * 9000, "%00"])
def test_what_is_no_assertion_is_refused(text: str) -> None:
    agency = Agency().register()
    _refused(agency.ask_token(text), "assertion-unreadable")


def test_an_assertion_without_a_signature_is_refused() -> None:
    agency = Agency().register()
    head, body, _signature = agency.assertion().split(".")
    _refused(agency.ask_token(f"{head}.{body}."), "assertion-signature-wrong")


@pytest.mark.parametrize(
    ("fields", "code", "error"),
    [
        ({"grant_type": "password"}, "grant-unsupported", "unsupported_grant_type"),
        ({"grant_type": ""}, "token-request-incomplete", "invalid_request"),
        ({"scope": "bank-check"}, "scope-refused", "invalid_scope"),
        ({"scope": "a&scope=b"}, "token-field-repeated", "invalid_request"),
    ],
)
def test_a_wrong_form_is_told_what_is_wrong(fields: dict, code: str, error: str) -> None:
    agency = Agency().register()
    _refused(agency.ask_token(**fields), code, 400, error)


def test_a_scope_chooses_among_the_contracts_of_a_client() -> None:
    agency = Agency().register("student-check", "sandbox")
    assert agency.ask_token(scope="sandbox").json()["scope"] == "sandbox"


def test_a_key_is_replaced_while_the_former_still_counts() -> None:
    agency, successor = Agency().register(), Agency()
    at = now()
    made = clients.rotate(name=agency.name, key=successor.public, by="operator", at=at)
    agency.kid = ClientKey.objects.exclude(pk=made.pk).get().kid
    successor.kid = made.kid
    assert agency.ask_token().status_code == 200
    assert successor.ask_token().status_code == 200
    ClientKey.objects.exclude(pk=made.pk).update(retires_at=at - timedelta(seconds=1))
    _refused(agency.ask_token(), "assertion-key-unknown")
    assert successor.ask_token().status_code == 200
    assert Event.objects.filter(event="exchange.client-key-rotated").exists()


def test_without_a_kid_one_key_is_found_and_of_two_neither() -> None:
    agency, successor = Agency().register(), Agency()
    clients.rotate(name=agency.name, key=successor.public, by="operator", at=now())
    _refused(agency.ask_token(), "assertion-key-unknown")


def test_a_revoked_client_gets_no_token_and_its_token_no_answer() -> None:
    agency = Agency().register().sign_in()
    clients.revoke(name=agency.name, by="operator", at=now())
    _refused(agency.ask_token(), "assertion-key-unknown")
    tokens.SESSIONS.refresh(anew=True)
    answer = agency.get("/contract")
    assert answer.status_code == 401
    assert answer.json()["code"] == "token-revoked"


def test_an_expired_token_says_since_when() -> None:
    agency = Agency().register()
    client = clients.Client.objects.get()
    agency.token = tokens.issue(client, "student-check", at=now() - timedelta(minutes=6))
    answer = agency.get("/contract")
    assert answer.status_code == 401
    assert answer.json()["code"] == "token-expired"
    assert "ago" in answer.json()["detail"]
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "x" * 5000, "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_token_is_refused(token: str) -> None:
    agency = Agency().register()
    agency.token = token
    answer = agency.get("/contract")
    assert answer.status_code == 401
    assert answer.json()["code"] == "token-invalid"


def test_a_token_signed_for_answers_is_no_token() -> None:
    agency = Agency().register().sign_in()
    ServerKey.objects.update(use="answer")
    ring.forget()
    tokens.SESSIONS.forget()
    assert agency.get("/contract").json()["code"] == "token-invalid"


def test_tokens_of_a_retired_key_still_count_and_new_ones_use_the_new_key() -> None:
    agency = Agency().register().sign_in()
    ring.rotate(ring.Use.TOKEN, by="operator", at=now())
    tokens.SESSIONS.forget()
    assert agency.get("/contract").status_code == 200
    assert ServerKey.objects.filter(use="token").count() == 2
    event = Event.objects.get(event="exchange.key-rotated")
    assert (event.detail["use"], event.detail["by"]) == ("token", "operator")


def test_nobody_makes_tokens_with_a_stolen_key_that_retired() -> None:
    agency = Agency().register().sign_in()
    ring.rotate(ring.Use.TOKEN, by="operator", at=now() - timedelta(minutes=11))
    tokens.SESSIONS.forget()
    assert agency.get("/contract").json()["code"] == "token-invalid"
    assert agency.sign_in().get("/contract").status_code == 200


def test_a_token_that_says_it_lives_for_years_is_known_for_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Agency().register()
    monkeypatch.setattr(tokens, "LIFETIME", timedelta(days=999))
    header = f"Bearer {tokens.issue(clients.Client.objects.get(), 'student-check', at=now())}"
    monkeypatch.undo()
    at = now()
    session = tokens.Sessions().opened(header, at=at)
    assert session.expires <= (at + tokens.LIFETIME).timestamp()


def test_a_bound_token_needs_its_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = "A" * 43
    monkeypatch.setattr("dancu.exchange.api.views.certificate_of", lambda _headers: printed)
    agency = Agency().register(certificate=printed).sign_in()
    assert agency.get("/contract").status_code == 200
    monkeypatch.setattr("dancu.exchange.api.views.certificate_of", lambda _headers: "B" * 43)
    assert agency.get("/contract").json()["code"] == "certificate-wrong"
    answer = agency.ask_token()
    assert answer.json()["code"] == "certificate-wrong"


def test_a_private_key_is_not_taken() -> None:
    with override("en"), pytest.raises(KeyUnusable, match="private"):
        read_public("-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----")
    with override("en"), pytest.raises(KeyUnusable, match="private"):
        read_public('{"kty":"OKP","crv":"Ed25519","x":"","d":"AA"}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"a":' * 2000,
        '{"kty":"oct"}',
        '{"keys":[]}',
        '{"kty":"EC","crv":"P-256","x":1,"y":2}',
        '{"kty":"OKP","crv":"Ed25519","x":"' + "A" * 43 + '","kid":"a\\u0000b"}',
        '{"kty":"OKP","crv":"Ed25519","x":"' + "A" * 43 + '","kid":"\\ud800"}',
    ],
)
def test_what_is_no_key_is_not_taken(text: str) -> None:
    with pytest.raises(KeyUnusable):
        read_public(text)


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    key = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_operators_see_clients_and_keys() -> None:
    Agency().register(label="School office")
    (seen,) = clients.listed()
    assert (seen.name, seen.contracts, len(seen.keys)) == ("g03-school", ("student-check",), 1)


def test_a_name_or_key_is_not_given_twice() -> None:
    agency = Agency().register()
    with pytest.raises(clients.ClientTaken):
        Agency().register()
    with pytest.raises(clients.KeyTaken):
        clients.add(name="g03-more", contracts=("sandbox",), key=agency.public, by="x", at=now())
    assert len(clients.listed()) == 1


def test_expired_assertions_are_forgotten() -> None:
    agency = Agency().register().sign_in()
    assert granting.forget_assertions(at=now()) == 0
    assert granting.forget_assertions(at=now() + timedelta(minutes=5)) == 1
    assert agency.token
