"""With the public key alone anybody finds out whether the log is still the one it was."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from django.db import connection

from dancu.audit import outside, wire
from dancu.audit.errors import KeyUnreadable, NoteInvalid, NotReachable
from dancu.audit.exporting import export
from dancu.audit.log import receipt_of
from dancu.audit.models import TreeHead
from dancu.audit.notes import Head, read_verifier
from dancu.audit.services import make_key, rotate_key, seal
from dancu.cli import main
from dancu.kernel import merkle
from tests.audit.conftest import AT, add_records, later


def verify(*arguments: object) -> int:
    return main.main(["audit", "verify", *map(str, arguments)])


@pytest.fixture
def copy(log, tmp_path):
    """A log of 300 records, exported, with its public key in a file."""
    add_records(300)
    seal(at=AT)
    (tmp_path / "key.pem").write_text(log.pem())
    export(tmp_path / "copy")
    return tmp_path


def test_an_export_leads_to_its_signed_head(copy, capsys):
    assert verify("--key", copy / "key.pem", "--from", copy / "copy", "--full") == 0
    assert "all 300 leaves lead to the signed root" in capsys.readouterr().out


def test_the_key_may_be_given_as_a_line(copy, log):
    assert verify("--key", str(log), "--from", copy / "copy") == 0


def test_a_log_that_only_grew_continues_what_was_kept(copy, capsys):
    kept = copy / "kept.txt"
    said = ("--key", copy / "key.pem", "--since", kept, "--keep", kept)
    assert verify(*said, "--from", copy / "copy") == 0
    add_records(40)
    rotate_key(at=later(1))
    seal(at=later(2))
    export(copy / "later")
    assert verify(*said, "--from", copy / "later") == 0
    assert "nothing of the first 300 records was changed" in capsys.readouterr().out
    assert "\n340\n" in kept.read_text()


def test_a_log_made_anew_is_no_continuation_and_the_place_is_found(copy, capsys):
    export(copy / "kept")
    _make_anew(changed=137)
    export(copy / "forged")
    said = ("--key", copy / "key.pem", "--from", copy / "forged", "--since", copy / "kept")
    assert verify(*said) == 1
    assert "the first leaf that differs is 137" in capsys.readouterr().out


def test_a_head_of_another_key_is_refused(copy, tmp_path, settings, capsys):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    other = read_verifier(outside.Verifier("dancu/other", public).pem())
    (copy / "other.pem").write_text(other.pem())
    assert verify("--key", copy / "other.pem", "--from", copy / "copy") == 1
    assert "BAD" in capsys.readouterr().out


def test_a_key_that_nobody_vouches_for_is_not_trusted(copy, log):
    rotate_key(at=later(1), lost=True)
    seal(at=later(2))
    export(copy / "later")
    assert verify("--key", copy / "key.pem", "--from", copy / "later") == 1


def test_a_receipt_is_checked_without_the_log(copy, capsys):
    path = _receipt(copy)
    assert verify("--key", copy / "key.pem", "--receipt", path) == 0
    assert '"case":"HS-7"' in capsys.readouterr().out
    assert verify("--key", copy / "key.pem", "--receipt", path, "--from", copy / "copy") == 0


def test_a_receipt_that_was_changed_is_refused(copy):
    path = _receipt(copy)
    path.write_text(path.read_text().replace("HS-7", "HS-8"))
    assert verify("--key", copy / "key.pem", "--receipt", path) == 1


def test_a_receipt_of_a_log_that_others_do_not_see_is_refused(copy, capsys):
    path = _receipt(copy)
    _make_anew(changed=7)
    export(copy / "forged")
    said = ("--key", copy / "key.pem", "--receipt", path)
    assert verify(*said) == 0
    assert verify(*said, "--from", copy / "forged") == 1
    assert "is NO part of the log" in capsys.readouterr().out


def test_what_cannot_be_read_is_said_in_words(copy, capsys):
    assert verify("--key", copy / "nowhere.pem", "--from", copy / "copy") == 1
    assert verify("--key", copy / "key.pem", "--from", copy / "nowhere") == 1
    assert verify("--key", copy / "key.pem", "--receipt", copy / "key.pem") == 1
    assert verify("--from", copy / "copy") == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("where", ["ftp://x", "file:///etc", "http://127.0.0.1:1"])
def test_only_addresses_that_answer_are_logs(where):
    with pytest.raises(NotReachable):
        outside.open_log(where).note()


@pytest.mark.parametrize("text", ["", "x", "a+b+c", "dancu/x+00000000+AAAA", "-----BEGIN X"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(KeyUnreadable):
        read_verifier(text)


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"entry": 1}'])
def test_what_is_no_receipt_is_refused(text):
    with pytest.raises(NoteInvalid):
        outside.read_receipt(text)


def test_the_log_is_checked_over_http(live_server, settings, tmp_path):
    settings.AUDIT_KEYS = tmp_path / "keys"
    key = make_key(at=AT)
    add_records(300)
    old = seal(at=AT).head
    add_records(300)
    seal(at=later(1))
    log = outside.open_log(live_server.url)
    head = outside.signed_head(log.note(), outside.trusted_keys(key, log.keys()))
    assert head is not None
    assert outside.has_root(log, head)
    assert outside.continues(log, old, head)
    other = Head(old.origin, old.size, merkle.leaf_hash(b"other"), old.at)
    assert not outside.continues(log, other, head)


def test_checking_from_outside_needs_no_django(copy):
    program = (
        "import sys; from dancu.cli.main import main; code = main(sys.argv[1:]);"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django']; sys.exit(code)"
    )
    said = ["audit", "verify", "--key", copy / "key.pem", "--from", copy / "copy"]
    done = subprocess.run([sys.executable, "-c", program, *said], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


def _receipt(folder):
    record = _record(7)
    path = folder / "receipt.json"
    path.write_text(json.dumps(wire.receipt_object(receipt_of("access", record))))
    return path


def _record(index: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute('SELECT record FROM audit_leaf WHERE "index" = %s', [index])
        return int(cursor.fetchone()[0])


def _make_anew(*, changed: int) -> None:
    """Change a record and seal the whole log again, as the owner of the private key could."""
    record = _record(changed)
    tables = ("audit_leaf", "audit_node", "audit_treehead", "disclosure_accessrecord")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE disclosure_accessrecord SET account_id = 8 WHERE id = %s", [record])
        cursor.execute("CREATE TEMP TABLE salts AS SELECT record, salt FROM audit_leaf")
        for table in tables[:3]:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("UPDATE audit_leafsource SET floor = 0")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    _seal_with_salts()
    assert TreeHead.objects.count() == 1


def _seal_with_salts() -> None:
    """Seal with the salts that were used before."""
    import os

    real = os.urandom
    with connection.cursor() as cursor:
        cursor.execute("SELECT salt FROM salts ORDER BY record")
        salts = b"".join(bytes(row[0]) for row in cursor.fetchall())
    try:
        os.urandom = lambda count: salts if count == len(salts) else real(count)
        seal(at=AT)
    finally:
        os.urandom = real
