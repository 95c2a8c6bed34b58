"""verify: verifications a second through HTTP, with everything that one needs.

128 connections ask the exchange's own process: token, contract, quota, comparison per attribute,
and an access record on disk before the answer. Client, gateway and database share the machine. The
peer is pgbench in the same run on the same server: one look-up by key and one durable insert into a
table like that of the access records, a transaction.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import psutil

from dancu.bench import ground
from dancu.bench.exchange import BASE, gateway, lent_catalogue, registered_client, token_of
from dancu.bench.people import sample
from dancu.bench.pressing import Press, Pressed
from dancu.bench.sealing import EVERY
from dancu.bench.types import Benchmark, Line, Options, against_promise
from dancu.kernel.text import accent_key

PEOPLE = 1_000_000
ASKED = 50_000
CONNECTIONS = 128
WARM_SECONDS = 5.0
WINDOW_SECONDS = 10.0
WINDOWS = 3
PEER_SECONDS = 10
PEER_CLIENTS = 64
LIMIT = 4_000.0
LIMIT_P99_MS = 100.0
LIMIT_RATIO = 0.5
LIMIT_SEALING = 0.9

_PEOPLE = """
SELECT p.pid, n.full_name, coalesce(g.overrides ->> %(birth)s, s.claims ->> %(birth)s)
FROM population_person p TABLESAMPLE SYSTEM ({percent}) REPEATABLE (7)
JOIN population_nameform n ON n.id = p.name_id
JOIN population_golden g ON g.person_id = p.id AND g.facet = 0
JOIN population_statement s ON s.person_id = g.person_id AND s.id = g.statement_id
WHERE p.pid IS NOT NULL AND p.commune IS NOT NULL
"""
_PEER = """
\\set one random(1, :people)
BEGIN;
SELECT pid, name_id, birth_year, sex, commune FROM population_person WHERE id = :one;
INSERT INTO bench_peer (id, disclosure, person_id, at, kind, attributes, office, source, role,
    purpose, case_number, refusal)
VALUES (:one, :one, :one, now(), 13, '{{1,2,3}}', 'G03', 'BGDDT', 'agency', 'school_enrolment',
    '', '');
COMMIT;
"""
_TABLE = """
CREATE TABLE bench_peer (LIKE disclosure_accessrecord INCLUDING DEFAULTS INCLUDING INDEXES)
"""


def measure(options: Options) -> Iterator[Line]:
    """Build the city, serve it, press it, and let pgbench do the least."""
    people = options.people or PEOPLE
    with lent_catalogue(), ground.settled_city(people, options.seed, options.say):
        agency = registered_client()
        with gateway(options) as port:
            requests = _requests(port, agency, people, options)
            windows, shares = _pressed(port, requests, options)
            unsealed, sealed = _pressed_by_turns(port, requests, options)
        peer = _peer(people, options)
    rate = statistics.median(window.rate for window in windows)
    p99 = statistics.median(window.percentile(0.99) for window in windows)
    statuses = sum((window.statuses for window in windows), start=type(windows[0].statuses)())
    run = (
        f"{people:,} people, {CONNECTIONS} connections, {WINDOWS} windows of {WINDOW_SECONDS:.0f} s"
    )
    detail: dict[str, object] = {
        "p50_ms": round(statistics.median(window.percentile(0.5) for window in windows), 1),
        "p99_ms": round(p99, 1),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "cpu_seconds_per_second": shares,
    }
    reference = f"pgbench, one look-up and one durable insert, {PEER_CLIENTS} clients, tps"
    yield Line(
        name="verify",
        value=rate,
        unit="verifications/s",
        reference=reference,
        reference_value=peer,
        run=run,
        limit=LIMIT,
        detail=detail,
    )
    yield Line(
        name="verify-ratio",
        value=rate,
        unit="verifications/s",
        reference=reference,
        reference_value=peer,
        run=run,
        limit=LIMIT_RATIO,
        limits_ratio=True,
    )
    yield against_promise(
        name="verify-p99",
        value=p99,
        unit="ms",
        run=run,
        limit=LIMIT_P99_MS,
        at_most=True,
    )
    yield Line(
        name="verify-sealing",
        value=sealed,
        unit="verifications/s",
        reference="the same without sealing, in turns in the same run",
        reference_value=unsealed,
        run=f"{run}; the log is sealed every {EVERY:.0f} s",
        limit=LIMIT_SEALING,
        limits_ratio=True,
    )


# -- The questions ---------------------------------------------------------------------------------


def _requests(port: int, key: Any, people: int, options: Options) -> list[bytes]:
    token = token_of(port, key)
    head = (
        f"POST {BASE}/verifications HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: "
    ).encode()
    asked = options.records or ASKED
    dice = random.Random(options.seed)  # noqa: S311 - no secret
    found = []
    for pid, name, birth in _sampled(people, asked, options.seed):
        body = json.dumps(_question(dice, pid, name, birth), ensure_ascii=False).encode()
        found.append(head + b"%d\r\n\r\n" % len(body) + body)
    options.say(f"{len(found):,} people are asked about")
    return found


def _sampled(people: int, asked: int, seed: int) -> list[tuple[str, str, str]]:
    from dancu.catalogue.queries import attribute

    percent = min(100.0, max(1.0, 250.0 * asked / people))
    birth = str(attribute("birth_date").number)
    sql = _PEOPLE.format(percent=percent).replace("%(birth)s", f"'{birth}'")
    rows = [(str(pid), str(name), _day(born)) for pid, name, born in sample(sql, asked, seed)]
    return [row for row in rows if len(row[2]) == len("1988-09-02")]


def _day(stored: object) -> str:
    """Return a birth date as it is stored: alone, or first in a list with its day of validity."""
    text = str(stored or "")
    return str(json.loads(text)[0]) if text.startswith("[") else text


def _question(dice: random.Random, pid: str, name: str, birth: str) -> dict[str, Any]:
    """Ask as agencies do: most are right, some lack accents, are wrong, or are nobody."""
    chance = dice.random()
    if chance < 0.10:
        name = accent_key(name)
    elif chance < 0.15:
        birth = f"{int(birth[:4]) - 1}{birth[4:]}"
    elif chance < 0.18:
        pid = f"{pid[:6]}{999_999 - int(pid[6:]):06d}"
    return {
        "purpose": "school_enrolment",
        "claims": {"pid": pid, "full_name": name, "birth_date": birth, "sex": "F"},
        "questions": [{"question": "is_at_least", "years": 18}],
    }


# -- Pressing, and the peer ------------------------------------------------------------------------


def _pressed(
    port: int, requests: list[bytes], options: Options
) -> tuple[list[Pressed], dict[str, float]]:
    press = Press(port, requests, CONNECTIONS)
    try:
        press.run(WARM_SECONDS)
        before = _cpu()
        windows = [press.run(WINDOW_SECONDS) for _ in range(WINDOWS)]
        after = _cpu()
    finally:
        press.close()
    for window in windows:
        options.say(
            f"  {window.rate:8,.0f}/s   p50 {window.percentile(0.5):6.1f} ms"
            f"   p99 {window.percentile(0.99):6.1f} ms   {dict(window.statuses)}"
        )
    seconds = WINDOWS * WINDOW_SECONDS
    shares = {
        name: round((after[name] - before.get(name, 0.0)) / seconds, 2) for name in sorted(after)
    }
    shares["client"] = round(sum(window.cpu for window in windows) / seconds, 2)
    return windows, shares


def _pressed_by_turns(port: int, requests: list[bytes], options: Options) -> tuple[float, float]:
    """Return the rates without and with a process that seals what is recorded."""
    rates: dict[bool, list[float]] = {False: [], True: []}
    press = Press(port, requests, CONNECTIONS)
    try:
        # What was recorded before is sealed first and does not count.
        with _sealing():
            press.run(WARM_SECONDS)
        for is_sealing in (False, True) * WINDOWS:
            with _sealing() if is_sealing else nullcontext():
                rates[is_sealing].append(press.run(WINDOW_SECONDS).rate)
    finally:
        press.close()
    unsealed, sealed = statistics.median(rates[False]), statistics.median(rates[True])
    options.say(f"  {unsealed:8,.0f}/s without sealing, {sealed:,.0f}/s with it")
    return unsealed, sealed


@contextmanager
def _sealing() -> Iterator[None]:
    child = subprocess.Popen(
        [sys.executable, "-m", "dancu.bench.sealing"], stdout=subprocess.PIPE, text=True
    )
    try:
        if child.stdout is None or not child.stdout.readline():
            raise RuntimeError("The process that seals did not start.")
        yield
    finally:
        child.terminate()
        child.wait()


def _cpu() -> dict[str, float]:
    """Return the CPU seconds of the gateway and of the database so far."""
    used = {"gateway": 0.0, "database": 0.0}
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
            name = "database" if child.name().startswith("postgres") else "gateway"
        except psutil.Error:
            continue
        used[name] += times.user + times.system
    return used


def _peer(people: int, options: Options) -> float:
    """Return pgbench's transactions a second; 0 where there is no pgbench."""
    from django.db import connection

    program = shutil.which("pgbench")
    if program is None:
        options.say("There is no pgbench here, so no peer is measured")
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
    connection.close()
    known = connection.settings_dict
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_PEER.format())
        script.flush()
        done = subprocess.run(  # noqa: S603 - a fixed program
            [
                program,
                *("--no-vacuum", "--protocol=prepared", f"--client={PEER_CLIENTS}", "--jobs=2"),
                *(f"--time={PEER_SECONDS}", f"--define=people={people}"),
                f"--file={script.name}",
                *("--host", known["HOST"], "--port", str(known["PORT"])),
                *("--username", known["USER"], known["NAME"]),
            ],
            env=os.environ | {"PGPASSWORD": known["PASSWORD"]},
            capture_output=True,
            text=True,
            check=False,
        )
    match = re.search(r"tps = ([\d.]+) \(without", done.stdout)
    if match is None:
        sys.stderr.write(done.stdout + done.stderr)
        return 0.0
    options.say(f"  pgbench: {float(match[1]):,.0f} tps")
    return float(match[1])


BENCHMARK = Benchmark("verify", "verifications a second through HTTP, beside pgbench", measure)
