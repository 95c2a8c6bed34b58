"""The doctor names the step that is broken, and what to do."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from .exchange import Exchange, Handler

Run = Callable[..., tuple[int, str, str]]
STEPS = ["spool", "key", "DNS", "TCP", "TLS", "clock", "credential", "contract", "quota"]


def verdicts(run: Run) -> dict[str, dict[str, str]]:
    found = json.loads(run("doctor", "--json")[1])
    assert [each["step"] for each in found] == STEPS
    return {each["step"]: each for each in found}


def change(home: Path, name: str, value: str) -> None:
    path = home / "agent.toml"
    text = re.sub(rf"^{name} = .*$", f"{name} = {value}", path.read_text(), flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


def test_a_healthy_link_is_good_at_every_step(run: Run, exchange: Exchange) -> None:
    assert {each["verdict"] for each in verdicts(run).values()} == {"good"}
    assert run("doctor")[0] == 0
    code, out, _err = run("doctor", lang="vi")
    assert code == 0
    assert "đồng hồ" in out
    assert "HỎNG" not in out
    assert exchange.attempts == [], "nobody is asked about"


def broken(run: Run) -> tuple[str, str]:
    """The only broken step with its code; what builds on it was not tried."""
    code, out, _err = run("doctor", lang="vi")
    assert code == 1
    assert "HỎNG" in out
    assert "→" in out
    found = [each for each in verdicts(run).values() if each["verdict"] == "broken"]
    assert len(found) == 1
    assert found[0]["remedy"]
    return found[0]["step"], found[0]["code"]


def test_a_name_that_is_not_known(run: Run, home: Path) -> None:
    change(home, "server", '"https://exchange.invalid"')
    assert broken(run) == ("DNS", "dns")


def test_a_server_that_is_down(run: Run, exchange: Exchange) -> None:
    exchange.stop()
    assert broken(run) == ("TCP", "tcp-refused")


def test_a_key_that_the_exchange_does_not_know(run: Run, exchange: Exchange) -> None:
    exchange.keys.clear()
    assert broken(run) == ("credential", "credential")


def test_a_key_that_is_gone(run: Run, home: Path) -> None:
    for path in (home / "keys").glob("*.pem"):
        path.unlink()
    assert broken(run) == ("key", "key-unusable")


def test_a_spool_that_is_damaged_hides_nothing_of_the_line(run: Run, home: Path) -> None:
    (home / "spool.sqlite3").write_bytes(b"not a database, " * 500)
    assert broken(run) == ("spool", "spool")
    found = verdicts(run)
    assert [found[step]["verdict"] for step in ("TLS", "clock")] == ["good", "unknown"]


def test_a_contract_that_has_ended(run: Run, exchange: Exchange) -> None:
    exchange.contract["valid_to"] = "2025-12-31"
    assert broken(run)[0] == "contract"


def test_a_purpose_that_the_contract_does_not_allow(run: Run, exchange: Exchange) -> None:
    exchange.contract["purposes"] = ["tax"]
    assert broken(run)[0] == "contract"
    assert "to one of: tax" in verdicts(run)["contract"]["remedy"]


def test_an_allowance_that_is_used_up(run: Run, exchange: Exchange) -> None:
    exchange.contract["today"]["left"] = 0
    assert broken(run)[0] == "quota"
    exchange.contract["today"]["left"] = 4000
    assert verdicts(run)["quota"]["verdict"] == "doubtful"


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 of an authority that nobody knows, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=90))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture
def encrypted(exchange: Exchange, authority: Path) -> Iterator[str]:
    """The same exchange behind TLS."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_args: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), type("Bound", (Handler,), {"exchange": exchange}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_certificate_of_an_unknown_authority(
    run: Run, home: Path, encrypted: str, authority: Path, exchange: Exchange
) -> None:
    change(home, "server", f'"{encrypted}"')
    assert broken(run) == ("TLS", "tls-certificate")
    change(home, "ca_file", f'"{authority}"')
    change(home, "audience", f'"{exchange.url}/api/exchange/v1/token"')
    found = verdicts(run)
    assert found["TLS"]["verdict"] == "good"
    assert "TLSv1." in found["TLS"]["what"]
    assert found["quota"]["verdict"] == "good"


def test_a_server_that_does_not_speak_tls(run: Run, home: Path, exchange: Exchange) -> None:
    change(home, "server", f'"{exchange.url.replace("http:", "https:")}"')
    assert broken(run) == ("TLS", "tls")
