"""Signing in and out through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from dancu.agencies.services import end_appointment
from dancu.audit.models import Event
from dancu.house import settings as house
from dancu.identity import queries, services, throttle
from dancu.identity.errors import SignInFailed, TooManySignIns, UsernameTaken, WrongPassword
from dancu.identity.models import Account
from dancu.kernel.clock import today
from dancu.kernel.errors import Invalid, problem
from tests.identity.conftest import AT, PASSWORD

SIGN_IN = "/sign-in/"


def post(client, username="ward", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


def events():
    return list(Event.objects.order_by("id").values_list("event", flat=True))


def test_an_officer_signs_in_and_comes_to_the_console(client, officer_account):
    page = client.get(SIGN_IN)
    assert page.status_code == 200
    assert "Đăng nhập" in page.content.decode()
    answer = post(client, " WARD ")
    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    assert events() == ["account.created", "sign-in.done"]


def test_a_citizen_signs_in_and_comes_home(client, citizen_account):
    assert post(client, "citizen")["Location"] == "/"


def test_whoever_was_sent_to_sign_in_comes_back_but_never_to_another_site(client, officer_account):
    assert post(client, next="/console/people/?q=an")["Location"] == "/console/people/?q=an"
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/sign-in/"):
        assert post(client, next=evil)["Location"] == "/console/"


def test_the_session_key_changes_at_sign_in(client, officer_account):
    client.get(SIGN_IN)
    client.session["x"] = "y"
    before = client.session.session_key
    post(client)
    assert client.session.session_key != before
    assert "x" not in client.session


def test_an_unknown_name_and_a_wrong_password_look_the_same(client, officer_account):
    pages = [
        post(client, "ward", "wrong-wrong"),
        post(client, "nobody", "wrong-wrong"),
    ]
    assert {p.status_code for p in pages} == {422}
    texts = [p.content.decode().replace("ward", "").replace("nobody", "") for p in pages]
    cut = [t[t.index("<main") : t.index("csrfmiddlewaretoken")] for t in texts]
    assert cut[0] == cut[1]
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in texts[0]
    assert PASSWORD not in texts[0]


def test_a_closed_account_does_not_open(officer_account):
    Account.objects.update(is_active=False)
    with pytest.raises(SignInFailed):
        services.sign_in(username="ward", password=PASSWORD, address="10.0.0.1", at=AT)


def test_the_page_says_how_long_to_wait_in_vietnamese(client, officer_account):
    for _ in range(throttle.FREE["pair"] + 2):
        answer = post(client, password="wrong-wrong")
    assert answer.status_code == 429
    assert "Hãy đợi" in answer.content.decode()
    assert "giây" in answer.content.decode()


def test_sign_out_ends_the_session_and_needs_a_post(client, officer_account):
    post(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert queries_actor(client) is None
    assert events()[-1] == "sign-out.done"


def queries_actor(client):
    """Ask a page that shows who is signed in: the sign-in page sends an actor home."""
    answer = client.get(SIGN_IN)
    return answer["Location"] if answer.status_code == 302 else None


def test_sign_out_everywhere_ends_the_other_sessions(officer_account):
    from django.test import Client

    here, there = Client(), Client()
    post(here)
    post(there)
    assert queries_actor(there) == "/console/"
    here.post(reverse("identity:sign_out_everywhere"))
    assert queries_actor(here) is None
    assert queries_actor(there) is None


def test_an_idle_screen_signs_out(client, officer_account, monkeypatch):
    post(client)
    assert queries_actor(client) == "/console/"
    now = queries.system_clock()
    monkeypatch.setattr(queries, "system_clock", lambda: now + timedelta(minutes=31))
    assert queries_actor(client) is None
    assert events()[-1] == "sign-out.idle"


def test_work_keeps_the_session_but_not_beyond_a_day(client, officer_account, monkeypatch):
    post(client)
    queries_actor(client)
    now = queries.system_clock()
    for minutes in range(20, 720, 20):
        later = now + timedelta(minutes=minutes)
        monkeypatch.setattr(queries, "system_clock", lambda later=later: later)
        assert queries_actor(client) == "/console/"
    monkeypatch.setattr(queries, "system_clock", lambda: now + timedelta(minutes=725))
    assert queries_actor(client) is None


def test_an_officer_whose_appointment_ended_is_nobody(client, officer_account):
    post(client)
    end_appointment(officer_id=officer_account.officer_id, on=today(queries.system_clock()))
    assert queries_actor(client) is None


def test_a_changed_password_ends_the_other_sessions(officer_account):
    from django.test import Client

    here, there = Client(), Client()
    post(here)
    post(there)
    new = "mua-he-nang-77"
    answer = here.post("/password/", {"present": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302, answer.content.decode()
    assert queries_actor(here) == "/console/"
    assert queries_actor(there) is None
    with pytest.raises(SignInFailed):
        services.sign_in(username="ward", password=PASSWORD, address="10.0.0.1", at=AT)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("wrong", "mua-he-nang-77", "mua-he-nang-77"), "Mật khẩu hiện tại không đúng."),
        ((PASSWORD, "mua-he-nang-77", "mua-he-nang-78"), "không giống nhau"),
        ((PASSWORD, "short", "short"), "8"),
        ((PASSWORD, "password", "password"), ""),
    ],
)
def test_a_bad_new_password_is_refused_with_its_reason(client, officer_account, typed, words):
    present, new, again = typed
    post(client)
    answer = client.post("/password/", {"present": present, "new": new, "again": again})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert officer_account.password == Account.objects.get().password


def test_the_password_page_needs_a_sign_in(client, db):
    answer = client.get("/password/")
    assert answer["Location"] == "/sign-in/?next=%2Fpassword%2F"
    htmx = client.get("/password/", headers={"HX-Request": "true"})
    assert htmx["HX-Redirect"] == "/sign-in/"
    asked = client.get("/password/", headers={"Accept": "application/json"})
    assert asked.status_code == 401


def test_passwords_are_kept_with_argon2():
    assert house.PASSWORD_HASHERS[0].endswith(".Argon2PasswordHasher")


def test_a_username_is_given_once(officer_account):
    with pytest.raises(UsernameTaken):
        services.create_account(username="WARD", password=PASSWORD, at=AT, person_id=1)


def test_a_weak_password_is_refused(house):
    with pytest.raises(Invalid):
        services.create_account(username="x", password="12345", at=AT, person_id=1)
    account = services.create_account(username="x", password=PASSWORD, at=AT, person_id=1)
    with pytest.raises(WrongPassword):
        services.change_password(account_id=account.pk, present="no", new=PASSWORD, at=AT)


def test_whoever_finds_a_screen_open_does_not_guess_its_password(client, house):
    account = services.create_account(username="x", password=PASSWORD, at=AT, person_id=1)
    for _guess in range(5):
        with pytest.raises(WrongPassword):
            services.change_password(account_id=account.pk, present="no", new="y" * 12, at=AT)
    with pytest.raises(TooManySignIns):
        services.change_password(account_id=account.pk, present=PASSWORD, new="y" * 12, at=AT)
    assert Event.objects.filter(event="password.refused", account_id=account.pk).count() == 5
    later = AT + timedelta(seconds=11)
    services.change_password(account_id=account.pk, present=PASSWORD, new="bốn từ dễ nhớ", at=later)


@pytest.mark.parametrize("username", ["", "x" * 5000, "a\x00b", "' OR 1=1 --", "Ω≈ç√"])
def test_odd_input_is_a_failed_sign_in(client, house, username):
    answer = post(client, username, "y" * 5000)
    assert answer.status_code in (400, 422)


def test_the_error_of_a_wait_can_be_retried():
    body = problem(TooManySignIns(wait="10 s"))
    assert (body["status"], body["retryable"]) == (429, True)


def test_nothing_of_a_session_is_in_the_name_that_logs_carry(client, officer_account, rf):
    post(client)
    request = rf.get("/")
    request.session, request.user = client.session, officer_account
    actor = queries.actor_of(request)
    key = Session.objects.get().session_key
    assert len(actor.session) == 16
    assert actor.session not in key
    assert actor.roles == {"ward_officer"}
    assert actor.jurisdictions == {"26740"}
    assert actor.source == "CA-26740"
