"""The exchange as benchmarks ask it: a contract without bounds, a client, and its own process."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from dancu.bench.types import Options

NAME = "bench"
BASE = "/api/exchange/v1"


@contextmanager
def lent_catalogue() -> Iterator[None]:
    """Lend a copy of the catalogue with a contract that has no bounds worth mentioning."""
    from dancu.catalogue import files

    with tempfile.TemporaryDirectory(prefix="dancu-bench-") as folder:
        copy = Path(folder) / "catalogue"
        shutil.copytree(files.folder(), copy)
        _without_bounds(copy)
        former = os.environ.get(files.ENVIRONMENT)
        os.environ[files.ENVIRONMENT] = str(copy)
        try:
            yield
        finally:
            if former is None:
                del os.environ[files.ENVIRONMENT]
            else:
                os.environ[files.ENVIRONMENT] = former


def _without_bounds(copy: Path) -> None:
    contract = (copy / "contracts" / "student-check.yaml").read_text(encoding="utf-8")
    for name, value in {
        "contract": NAME,
        "records_per_day": "1000000000",
        "requests_per_second": "1000000",
    }.items():
        contract = re.sub(rf"(?m)^{name}: .*$", f"{name}: {value}", contract)
    (copy / "contracts" / f"{NAME}.yaml").write_text(contract, encoding="utf-8")
    rules = copy / "exchange.yaml"
    text = re.sub(r"records: \d+\}", "records: 1000000000}", rules.read_text(encoding="utf-8"))
    rules.write_text(text, encoding="utf-8")


def registered_client() -> Any:
    """Register a client and return its private key."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from dancu.exchange import clients

    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    clients.add(name=NAME, contracts=[NAME], key=public.decode(), by=NAME, at=datetime.now(UTC))
    return key


@contextmanager
def gateway(options: Options) -> Iterator[int]:
    """Run the exchange's process; gives its port."""
    from django.conf import settings

    from dancu.exchange.gateway.command import GRACE, command
    from dancu.operation import process
    from dancu.operation.config import current
    from dancu.operation.postgres.cluster import ephemeral_port

    port = ephemeral_port()
    config = replace(current(), exchange=replace(current().exchange, port=port))
    with tempfile.TemporaryFile() as log:
        child = process.start(
            command(config),
            environment=os.environ
            | {"DANCU_PROCESS": "exchange", "DANCU_SECRET_KEY": settings.SECRET_KEY},
            output=log,
        )
        try:
            _wait(port, child, log)
            options.say(f"The exchange listens on {port}")
            yield port
        finally:
            process.stop(child, seconds=GRACE)


def _wait(port: int, child: subprocess.Popen[bytes], log: Any) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            _open(f"http://127.0.0.1:{port}/health/live")
        except OSError:
            if child.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    log.seek(0)
    raise RuntimeError("The exchange did not start: " + log.read().decode(errors="replace"))


def _open(url: str, form: dict[str, str] | None = None) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    data = urllib.parse.urlencode(form).encode() if form else None
    with opener.open(url, data, timeout=30) as answer:
        return bytes(answer.read())


def token_of(port: int, key: Any) -> str:
    from dancu.exchange.oauth.granting import ASSERTION_TYPE
    from dancu.exchange.oauth.jose import sign_compact

    address = f"http://127.0.0.1:{port}{BASE}/token"
    now = datetime.now(UTC)
    claims = {
        "iss": NAME,
        "sub": NAME,
        "aud": address,
        "jti": uuid4().hex,
        "exp": int((now + timedelta(seconds=60)).timestamp()),
    }
    assertion = sign_compact(key, {"typ": "JWT"}, json.dumps(claims).encode()).decode()
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
    }
    return str(json.loads(_open(address, form))["access_token"])
