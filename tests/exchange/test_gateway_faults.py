"""The whole platform under load while its parts are killed: no record is lost, none is doubled."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dancu.operation.postgres.cluster import ephemeral_port
from dancu.operation.postgres.provision import known_address
from tests.exchange.agency import BASE, Agency, question
from tests.exchange.serving import Served
from tests.operation.running import Running, place, running

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
SECONDS = 60
EACH = 150


@pytest.fixture(scope="module")
def up() -> Iterator[Running]:
    port = ephemeral_port()
    with place() as folder, running(folder / "var", DANCU_EXCHANGE_PORT=str(port)) as item:
        item.start("up")
        item.wait_for("Ctrl-C stops everything")
        yield item


@pytest.fixture(scope="module")
def exchange(up: Running) -> Served:
    assert up.process is not None
    item = Served(int(up.environment["DANCU_EXCHANGE_PORT"]), up.process, up.output)
    item.wait()
    return item


@pytest.fixture(scope="module")
def agency(up: Running, exchange: Served) -> Agency:
    found = Agency("g03-faults")
    key: Path = up.var.parent / "key.pem"
    key.write_text(found.public, encoding="ascii")
    done = up.run(
        "exchange", "client", "add", found.name, "--contract", "student-check", "--key", str(key)
    )
    assert done.returncode == 0, done.stderr
    assert found.name in up.run("exchange", "client", "list").stdout
    return found


def _token(exchange: Served, agency: Agency) -> str:
    assertion = agency.assertion(aud=f"http://127.0.0.1:{exchange.port}{BASE}/token")
    form = (
        "grant_type=client_credentials&client_assertion_type="
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=" + assertion
    )
    got = exchange.send(
        "POST", f"{BASE}/token", form.encode(), content_type="application/x-www-form-urlencoded"
    )
    assert got.status == 200, got.body
    return str(got.json()["access_token"])


class Load:
    """Threads that ask, each question under a key of its own, and again until it is answered."""

    def __init__(self, exchange: Served, token: str, mark: str) -> None:
        self.exchange, self.token, self.mark = exchange, token, mark
        self.answered: dict[str, str] = {}
        self.odd: list[tuple[int, bytes]] = []
        self.refused = 0
        self.threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(8)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def finish(self) -> None:
        for thread in self.threads:
            thread.join(SECONDS)
            assert not thread.is_alive()

    def _ask(self, number: int) -> None:
        for question_number in range(EACH):
            key = f"{self.mark}-{number}-{question_number}"
            deadline = time.monotonic() + SECONDS
            while key not in self.answered and time.monotonic() < deadline:
                self._once(key)

    def _once(self, key: str) -> None:
        try:
            got = self.exchange.send(
                "POST",
                f"{BASE}/verifications",
                json.dumps(question(reference=key)).encode(),
                content_type="application/json",
                authorization=f"Bearer {self.token}",
                idempotency_key=key,
            )
        except OSError:
            # Nobody listens, or the connection died with the process.
            time.sleep(0.05)
            return
        if got.status == 200:
            self.answered[key] = got.json()["id"]
        elif got.status == 503:
            assert "retry-after" in got.headers
            assert got.json()["retryable"] is True
            self.refused += 1
            time.sleep(0.1)
        else:
            self.odd.append((got.status, got.body))
            time.sleep(0.1)


def _recorded(up: Running, mark: str) -> dict[str, list[str]]:
    address = known_address(up.var)
    assert address is not None
    with psycopg.connect(address.url) as connection:
        rows = connection.execute(
            "SELECT request_id, disclosure::text FROM disclosure_accessrecord"
            " WHERE request_id LIKE %s",
            [f"{mark}-%"],
        ).fetchall()
    found: dict[str, list[str]] = {}
    for key, number in rows:
        found.setdefault(key, []).append(number)
    return found


def _check(up: Running, load: Load) -> None:
    assert load.odd == []
    assert len(load.answered) == 8 * EACH
    recorded = _recorded(up, load.mark)
    assert {key: [number] for key, number in load.answered.items()} == recorded


def test_a_database_restarted_under_load_loses_and_doubles_nothing(
    up: Running, exchange: Served, agency: Agency
) -> None:
    load = Load(exchange, _token(exchange, agency), "db")
    load.start()
    time.sleep(0.3)
    up.child("/postgres -D").kill()
    up.wait_for("The database has recovered")
    load.finish()
    _check(up, load)


def test_an_exchange_killed_under_load_loses_and_doubles_nothing(
    up: Running, exchange: Served, agency: Agency
) -> None:
    load = Load(exchange, _token(exchange, agency), "kill")
    load.start()
    time.sleep(0.3)
    up.child("gateway.main:application").kill()
    up.wait_for("The exchange ended unexpectedly")
    load.finish()
    _check(up, load)


def test_the_platform_stops_in_order(up: Running, exchange: Served) -> None:
    assert exchange.send("GET", "/health/live").status == 200
    assert up.interrupt() == 0
    assert "killed" not in up.text, up.text + up.logs()
