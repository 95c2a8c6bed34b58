"""Events sent to a receiver of one's own: in order, at least once, signed, and nowhere else."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from joserfc import jws
from joserfc.jwk import KeySet

from dancu.audit.models import Event
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services import changing
from dancu.exchange import clients
from dancu.exchange.feed import cursors, delivering, guard, retiring, services, webhooks
from dancu.exchange.feed.guard import CallFailed, Rules, require_callable, target_of
from dancu.exchange.feed.models import FeedEvent, Webhook
from dancu.exchange.oauth import ring, tokens
from dancu.kernel.clock import FixedClock, system_clock
from tests.disclosure.conftest import HOME, NEXT_WARD, new_person, say
from tests.exchange.agency import Agency
from tests.exchange.following import Delivery, Receiver, collect, follow, receiving

JULY = date(2026, 7, 1)


@pytest.fixture
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look past the transaction that pytest keeps open around a test."""
    monkeypatch.setattr(changing, "is_settled", lambda _mark: True)


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving(tmp_path) as found:
        for module in (delivering, webhooks):
            monkeypatch.setattr(module, "rules", lambda: found.rules)
        yield found


@pytest.fixture
def agency(register: object) -> Agency:
    ring.forget()
    tokens.SESSIONS.forget()
    return Agency().register().sign_in()


@pytest.fixture
def child(register: object) -> SimpleNamespace:
    return new_person(birth_date="2012-09-02", full_name="Lê Văn Nam", sex="M")


@pytest.fixture
def clock() -> FixedClock:
    """A clock a little ahead of that by which webhooks are registered."""
    return FixedClock(system_clock.now() + timedelta(minutes=1))


def register_hook(agency: Agency, receiver: Receiver, **more: Any) -> dict[str, Any]:
    answer = agency.post("/feed/webhooks", {"address": receiver.address, **more})
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def standing(agency: Agency) -> dict[str, Any]:
    [found] = agency.get("/feed/webhooks").json()["webhooks"]
    return dict(found)


def move(person: SimpleNamespace, to: object = NEXT_WARD, day: date = JULY) -> None:
    say(person, {"permanent_residence": to}, day=day)
    collect()


def send(clock: FixedClock) -> None:
    delivering.work(clock=clock, seconds=20)


plain = [pytest.mark.django_db, pytest.mark.usefixtures("_settled")]


class TestSending:
    pytestmark = plain

    def test_nothing_is_sent_before_the_receiver_agrees(
        self, agency, receiver, child, caller, clock
    ):
        receiver.consents = False
        follow(caller, child)
        assert register_hook(agency, receiver)["state"] == "unconfirmed"
        assert receiver.got == []
        move(child)
        send(clock)
        assert [one.method for one in receiver.got] == ["OPTIONS"]
        assert standing(agency)["last_problem"] == "consent"
        receiver.consents = True
        clock.move(timedelta(hours=1))
        send(clock)
        assert [one.method for one in receiver.got] == ["OPTIONS", "OPTIONS", "POST"]
        assert standing(agency)["state"] == "active"

    @pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
    def test_a_delivery_is_signed_numbered_and_recorded(
        self, agency, receiver, child, caller, clock
    ):
        follow(caller, child)
        register_hook(agency, receiver)
        move(child)
        send(clock)
        [got] = receiver.posts
        assert got.path == "/hook?from=dancu"
        assert got.headers["content-type"] == "application/cloudevents-batch+json"
        head, _, signature = got.headers["webhook-jws"].partition("..")
        body = urlsafe_b64encode(got.body).rstrip(b"=").decode()
        keys = KeySet.import_key_set(agency.get("/jwks.json").json())
        lenient = jws.JWSRegistry(algorithms=["EdDSA"], strict_check_header=False)
        opened = jws.deserialize_compact(f"{head}.{body}.{signature}", keys, registry=lenient)
        header = opened.headers()
        assert header["jti"] == got.headers["webhook-id"]
        assert str(header["iat"]) == got.headers["webhook-timestamp"]
        assert header["aud"] == receiver.address
        [record] = AccessRecord.objects.filter(kind=AccessRecord.Kind.TOLD)
        assert got.events[0]["data"]["record"] == str(record.disclosure)
        assert standing(agency)["waiting"] == 0

    def test_what_fails_is_sent_again_as_it_was_later_and_in_order(
        self, agency, receiver, child, caller, clock
    ):
        follow(caller, child)
        register_hook(agency, receiver)
        send(clock)
        receiver.answer = lambda _got: (500, {})
        move(child)
        send(clock)
        send(clock)
        assert len(receiver.posts) == 1
        found = standing(agency)
        assert (found["attempts"], found["last_status"], found["waiting"]) == (1, 500, 1)
        move(child, HOME, date(2026, 8, 1))
        receiver.answer = lambda _got: (204, {})
        clock.move(timedelta(hours=1))
        send(clock)
        # The receiver has asked for a pause between two deliveries.
        clock.move(timedelta(seconds=1))
        send(clock)
        first, again, second = receiver.posts
        assert first.headers["webhook-id"] == again.headers["webhook-id"]
        # The same events and the same access, with the values of now.
        marks = [
            [(one["id"], one["data"]["record"]) for one in got.events] for got in (first, again)
        ]
        assert marks[0] == marks[1]
        assert [one["id"] for one in second.events] != [one["id"] for one in first.events]
        assert AccessRecord.objects.filter(kind=AccessRecord.Kind.TOLD).count() == 2
        assert standing(agency)["attempts"] == 0

    @pytest.mark.parametrize("is_by_use_case", [True, False])
    def test_a_revoked_client_is_sent_nothing_more(
        self, agency, receiver, child, caller, clock, *, is_by_use_case
    ):
        follow(caller, child)
        register_hook(agency, receiver)
        send(clock)
        at = clock.now()
        if is_by_use_case:
            clients.revoke(name=agency.name, by="operator", at=at)
        else:
            clients.Client.objects.update(revoked_at=at)
        move(child)
        send(clock)
        assert receiver.posts == []
        found = Webhook.objects.get()
        assert (found.state, found.why, found.ended_at) == ("ended", "client", at)

    def test_retry_after_is_honoured_and_a_day_at_most(
        self, agency, receiver, child, caller, clock
    ):
        follow(caller, child)
        register_hook(agency, receiver)
        send(clock)
        for asked, hours in (("7200", 2), ("999999999", 24)):
            receiver.answer = lambda _got, asked=asked: (503, {"Retry-After": asked})
            if not FeedEvent.objects.exists():
                move(child)
            send(clock)
            wait = Webhook.objects.get().next_at - clock.now()
            assert wait == timedelta(hours=hours)
            clock.move(wait)

    def test_gone_ends_it(self, agency, receiver, child, caller, clock):
        follow(caller, child)
        register_hook(agency, receiver)
        receiver.answer = lambda _got: (410, {})
        move(child)
        send(clock)
        assert (standing(agency)["state"], standing(agency)["why"]) == ("ended", "gone")

    def test_after_days_of_failing_it_is_switched_off_and_can_be_resumed(
        self, agency, receiver, child, caller, clock
    ):
        follow(caller, child)
        key = register_hook(agency, receiver)["id"]
        receiver.answer = lambda _got: (302, {"Location": "https://127.0.0.1/elsewhere"})
        move(child)
        for _day in range(9):
            send(clock)
            clock.move(timedelta(days=1))
        assert (standing(agency)["state"], standing(agency)["why"]) == ("off", "failing")
        assert Event.objects.filter(event="exchange.webhook-switched-off").count() == 1
        assert {one.path for one in receiver.got} == {"/hook?from=dancu"}
        receiver.answer = lambda _got: (204, {})
        before = len(receiver.posts)
        assert agency.post(f"/feed/webhooks/{key}/resume", b"").status_code == 200
        send(clock)
        assert len(receiver.posts) == before + 1
        assert agency.post(f"/feed/webhooks/{key}/resume", b"").status_code == 409

    def test_only_the_chosen_kinds_are_sent(self, agency, receiver, child, caller, clock):
        follow(caller, child)
        register_hook(agency, receiver, changes=["name_change"])
        move(child)
        say(child, {"full_name": "Lê Hoàng Nam"}, source="HT-26740", day=JULY)
        collect()
        send(clock)
        [got] = receiver.posts
        assert [one["data"]["change"] for one in got.events] == ["name_change"]

    def test_an_ended_webhook_is_sent_nothing(self, agency, receiver, child, caller, clock):
        follow(caller, child)
        key = register_hook(agency, receiver)["id"]
        taken = agency.post("/feed/webhooks", {"address": receiver.address})
        assert taken.status_code == 409
        path = f"/api/exchange/v1/feed/webhooks/{key}"
        headers = {"authorization": f"Bearer {agency.token}"}
        assert agency.browser.delete(path, headers=headers).status_code == 204
        assert agency.browser.delete(path, headers=headers).status_code == 404
        move(child)
        send(clock)
        assert receiver.got == []

    def test_what_somebody_else_has_in_hand_is_left_alone_until_they_are_late(
        self, agency, receiver, child, caller, clock
    ):
        follow(caller, child)
        register_hook(agency, receiver)
        send(clock)
        move(child)
        Webhook.objects.update(holder="x", held_until=clock.now() + timedelta(seconds=30))
        send(clock)
        assert receiver.posts == []
        clock.move(timedelta(seconds=31))
        send(clock)
        assert len(receiver.posts) == 1

    def test_what_is_hidden_is_neither_counted_nor_sent_nor_passed(
        self, agency, receiver, child, caller, clock
    ):
        other = new_person(birth_date="2012-09-02", full_name="Trần Văn An", sex="M")
        keys = follow(caller, child, other)
        move(other)
        move(child)
        services.unfollow(caller=caller, keys=keys[:1], at=clock.now())
        last = FeedEvent.objects.earliest("position")
        assert register_hook(agency, receiver)["cursor"] == cursors.cursor_of(last)
        send(clock)
        send(clock)
        assert receiver.posts == []
        found = standing(agency)
        assert (found["waiting"], found["cursor"]) == (0, cursors.cursor_of(last))
        assert "next_at" not in found
        assert not delivering.is_due(at=clock.now())
        move(other, HOME, date(2026, 8, 1))
        assert standing(agency)["waiting"] == 1
        clock.move(timedelta(minutes=1))
        send(clock)
        assert len(receiver.ids) == 1

    @pytest.mark.parametrize("has_taken", [False, True])
    def test_what_was_forgotten_meanwhile_is_not_skipped(
        self, agency, receiver, child, caller, has_taken
    ):
        follow(caller, child)
        key = register_hook(agency, receiver)["id"]
        if has_taken:
            move(child, NEXT_WARD, date(2026, 6, 1))
            send(FixedClock(system_clock.now() + timedelta(minutes=1)))
            assert len(receiver.posts) == 1
        # It fails for long, and what it was not sent is deleted: all but the newest old event.
        then = system_clock.now() - timedelta(days=200)
        Webhook.objects.update(state="off", why="failing", created_at=then)
        for month, home in ((7, HOME), (8, NEXT_WARD), (9, HOME)):
            move(child, home, date(2026, month, 1))
        FeedEvent.objects.update(noticed_at=then)
        assert retiring.retire(at=system_clock.now()) >= 1
        cursor = standing(agency)["cursor"]
        assert agency.get(f"/feed?cursor={cursor}").json()["code"] == "cursor-too-old"
        answer = agency.post(f"/feed/webhooks/{key}/resume", b"")
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor-too-old")


class TestGuard:
    @pytest.mark.parametrize(
        ("address", "code"),
        [
            ("http://agency.example.vn/hook", "https"),
            ("https://user:secret@agency.example.vn/", "form"),
            ("https://agency.example.vn/#part", "form"),
            ("https://agency.example.vn:99999/", "form"),
            ("https:///hook", "form"),
            ("https://127.0.0.1/hook", "network"),
            ("https://127.1/hook", "form"),
            ("https://2130706433/hook", "form"),
            ("https://10.0.0.8/hook", "network"),
            ("https://169.254.169.254/latest/meta-data", "network"),
            ("https://[::1]/", "network"),
            ("https://[::ffff:10.0.0.1]/", "network"),
            ("https://[64:ff9b::a00:1]/", "network"),
            ("https://[2002:0a00:0001::1]/", "network"),
            ("https://[fe80::1]/", "network"),
            ("https://0.0.0.0/", "network"),
            ("https://100.64.0.1/", "network"),
            ("https://agency.example.vn/\r\nX: y", "form"),
        ],
    )
    def test_addresses_that_lead_inside_are_refused(self, address, code):
        with pytest.raises(CallFailed) as failure:
            target_of(address)
        assert failure.value.code == code

    def test_public_and_named_networks_are_called(self):
        require_callable(ipaddress.ip_address("203.162.4.191"))
        require_callable(ipaddress.ip_address("2001:ee0:1::1"))
        closed = ipaddress.ip_network("10.20.0.0/16")
        require_callable(ipaddress.ip_address("10.20.3.4"), (closed,))
        with pytest.raises(CallFailed):
            require_callable(ipaddress.ip_address("10.21.3.4"), (closed,))

    def test_one_private_address_among_those_of_a_name_is_enough_to_refuse(self, monkeypatch):
        found = [(2, 1, 6, "", (ip, 443)) for ip in ("203.162.4.191", "192.168.1.4")]
        monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *_a, **_k: found)
        with pytest.raises(CallFailed) as failure:
            guard.call("POST", "https://agency.example.vn/", headers={}, rules=Rules())
        assert failure.value.code == "network"

    def test_the_connection_goes_to_the_address_that_was_checked(self, receiver, monkeypatch):
        port = target_of(receiver.address, receiver.rules.networks).port
        real, asked = socket.getaddrinfo, []

        def resolve(host: str, *args: Any, **more: Any) -> Any:
            if host != "agency.example.vn":
                return real(host, *args, **more)
            asked.append(host)
            return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port))]

        monkeypatch.setattr(guard.socket, "getaddrinfo", resolve)
        with pytest.raises(CallFailed) as failure:
            # The certificate is not for this name, which shows that the name is what was checked.
            guard.call(
                "POST", f"https://agency.example.vn:{port}/", headers={}, rules=receiver.rules
            )
        assert failure.value.code == "tls"
        assert len(asked) == 1

    def test_a_receiver_that_sends_a_byte_now_and_then_is_cut_off(self, receiver, tmp_path):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "receiver.pem", tmp_path / "receiver.key")
        over = threading.Event()
        with socket.create_server(("127.0.0.1", 0)) as listening:

            def drip() -> None:
                wire, _address = listening.accept()
                with suppress(OSError), context.wrap_socket(wire, server_side=True) as answer:
                    answer.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while not over.wait(0.05):
                        answer.sendall(b"x")

            thread = threading.Thread(target=drip)
            thread.start()
            address = f"https://127.0.0.1:{listening.getsockname()[1]}/"
            rules = Rules(receiver.rules.networks, receiver.ca_file, seconds=0.5)
            try:
                with pytest.raises(CallFailed) as failure:
                    guard.call("POST", address, headers={}, rules=rules)
            finally:
                over.set()
                thread.join(10)
        assert failure.value.code == "time"

    def test_a_certificate_of_nobody_known_is_refused(self, receiver):
        unknown = Rules((receiver.rules.networks[0],), "", 5.0)
        with pytest.raises(CallFailed) as failure:
            guard.call("POST", receiver.address, headers={}, rules=unknown)
        assert failure.value.code == "tls"
        assert receiver.got == []

    @pytest.mark.django_db
    def test_a_refused_address_is_explained(self, agency):
        answer = agency.post("/feed/webhooks", {"address": "https://192.168.0.1/hook"})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "address"
        assert not Webhook.objects.exists()


_SENDER = """
import django
django.setup()
from datetime import timedelta
from dancu.exchange.feed import delivering
from dancu.kernel.clock import system_clock
delivering.work(clock=system_clock, seconds=30)
"""


def sender(receiver: Receiver, folder: Path) -> subprocess.Popen[bytes]:
    """Send in a process of its own, on the tests' database."""
    known = connection.settings_dict
    address = (
        f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
        f"/{known['NAME']}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", _SENDER],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "dancu.house.settings",
            "DATABASE_URL": address,
            "DANCU_SECRET_KEY": settings.SECRET_KEY,
            "DANCU_VAR": str(folder),
            "DANCU_CONFIG": os.devnull,
            "DANCU_EXCHANGE_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "DANCU_EXCHANGE_WEBHOOK_CA_FILE": receiver.ca_file,
        },
    )


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_the_middle_loses_nothing(agency, receiver, child, caller, tmp_path):
    others = [new_person(birth_date="2012-09-02", full_name=f"Trần Văn {n}") for n in "ABC"]
    follow(caller, child, *others)
    register_hook(agency, receiver)
    for one in (child, *others):
        say(one, {"permanent_residence": NEXT_WARD}, day=JULY)
    assert len(collect()) == 4
    kill: list[subprocess.Popen[bytes]] = []

    def answer(_got: Delivery) -> tuple[int, dict[str, str]]:
        # It has come in, and the sender dies before it hears so.
        if kill:
            process = kill.pop()
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        return 204, {}

    receiver.answer = answer
    process = sender(receiver, tmp_path)
    kill.append(process)
    assert process.wait(60) == -signal.SIGKILL
    wanted = [
        str(e) for e in FeedEvent.objects.order_by("position").values_list("event", flat=True)
    ]
    assert receiver.ids == wanted
    assert Webhook.objects.get().told == 0
    # The next one waits until the dead one's time is over.
    Webhook.objects.update(held_until=system_clock.now())
    assert sender(receiver, tmp_path).wait(60) == 0
    assert receiver.ids == wanted * 2
    first, again = receiver.posts
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert Webhook.objects.get().told == FeedEvent.objects.latest("position").position
    assert AccessRecord.objects.filter(kind=AccessRecord.Kind.TOLD).count() == 4
