"""Every committed record gets its place in the tree once, and heads are signed."""

from __future__ import annotations

import json
import stat
from hashlib import sha256

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from dancu.access.types import Actor
from dancu.audit import notes
from dancu.audit.errors import KeyMissing, SealBroken
from dancu.audit.internal import keys, sealing
from dancu.audit.internal.tree import StoredTree
from dancu.audit.models import Leaf, LeafSource, SigningKey, TreeHead
from dancu.audit.services import make_key, record, rotate_key, seal
from dancu.audit.sources import source, sources
from dancu.disclosure.internal.sealing import COLUMNS
from dancu.disclosure.models import AccessRecord
from dancu.kernel import merkle
from tests.audit.conftest import AT, add_records, later

SYSTEM = Actor(kind="system", name="n")


def leaves() -> list[bytes]:
    return [bytes(h) for h in Leaf.objects.order_by("index").values_list("hash", flat=True)]


def test_the_head_is_the_root_over_the_records(log):
    add_records(600)
    sealed = seal(at=AT)
    assert sealed.added == {"access": 600, "event": 0}
    assert (sealed.head.size, sealed.head.root) == (600, merkle.root_of(leaves()))
    assert StoredTree().root(600) == sealed.head.root


def test_what_is_sealed_already_is_not_sealed_again(log):
    add_records(300)
    seal(at=AT)
    add_records(5)
    again = seal(at=later(1))
    assert (again.added["access"], again.head.size) == (5, 305)
    assert seal(at=later(2)).head.size == 305
    assert TreeHead.objects.filter(size=305).exists()


def test_a_head_is_signed_even_when_nothing_is_new(log):
    seal(at=AT)
    head = seal(at=later(1)).head
    assert (head.size, head.root, head.at) == (0, merkle.EMPTY_ROOT, later(1))


def test_the_log_of_events_is_sealed_too(log):
    record(event="sign-in.failed", actor=None, at=AT, detail={"why": ["a", {"b": 1}]})
    assert seal(at=AT).added == {"access": 0, "event": 1}


def test_the_note_of_a_head_can_be_checked_with_the_public_key_alone(log):
    add_records(3)
    head = seal(at=AT).head
    note = notes.read_note(TreeHead.objects.get(size=3).note)
    assert notes.is_signed_by(note, log)
    assert notes.is_signed_by(note, notes.read_verifier(log.pem()))
    assert notes.read_head(note) == head


def test_the_entry_of_an_access_is_canonical_and_hides_who_the_officer_was(log):
    (number,) = add_records(1)
    seal(at=AT)
    leaf = Leaf.objects.get(record=number)
    row = AccessRecord.objects.filter(pk=number).values_list(*COLUMNS).get()
    salt = bytes(leaf.salt)
    entry = source("access").entry(1, row, salt)
    private = b'{"account_id":7,"disclosure":1,"officer_id":3}'
    expected = {
        "agency": "CA-26740",
        "at": "2026-11-02T09:00:00Z",
        "attributes": [1, -2],
        "case": "HS-0",
        "id": number,
        "kind": 1,
        "office": "CA-26740",
        "person": 1,
        "private": sha256(salt[16:] + private).hexdigest(),
        "purpose": "residence_check",
        "role": "ward_officer",
        "salt": salt[:16].hex(),
        "source": "access",
        "v": 1,
    }
    assert entry == json.dumps(expected, sort_keys=True, separators=(",", ":")).encode()
    assert merkle.leaf_hash(entry) == bytes(leaf.hash)


def test_every_column_of_the_access_records_is_sealed():
    assert set(COLUMNS) == {field.column for field in AccessRecord._meta.concrete_fields}


def test_equal_records_have_different_leaves(log):
    add_records(2)
    seal(at=AT)
    assert len({bytes(leaf.salt) for leaf in Leaf.objects.all()}) == len(set(leaves())) == 2


@pytest.mark.parametrize("table", ["leaf", "node", "treehead", "signingkey"])
@pytest.mark.parametrize("act", ["DELETE FROM", "UPDATE"])
def test_the_seal_is_append_only(log, table, act):
    add_records(256)
    seal(at=AT)
    column = {"signingkey": "verifier = 'x'", "treehead": "size = 1"}.get(table, "hash = ''")
    statement = f"{act} audit_{table}" + (f" SET {column}" if act == "UPDATE" else "")
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_clock_that_was_set_back_does_not_turn_the_log_back(log):
    seal(at=later(10))
    assert seal(at=AT).head.at == later(10)


def test_chunks_lead_to_the_same_tree(log, monkeypatch):
    monkeypatch.setattr(sealing, "CHUNK", 100)
    add_records(730)
    head = seal(at=AT).head
    assert (head.size, head.root) == (730, merkle.root_of(leaves()))
    assert TreeHead.objects.count() > 7
    assert LeafSource.objects.get(name="access").floor == max(
        AccessRecord.objects.values_list("id", flat=True)
    )


def test_nothing_is_signed_over_hashes_that_do_not_fit_the_last_head(log):
    add_records(10)
    seal(at=AT)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_leaf DISABLE TRIGGER USER")
        cursor.execute('UPDATE audit_leaf SET hash = salt WHERE "index" = 3')
    with pytest.raises(SealBroken):
        seal(at=later(1))
    assert TreeHead.objects.filter(at=later(1)).count() == 0


def test_the_private_key_is_the_owners_alone_and_is_made_once(log):
    (path,) = keys.folder().glob("*.pem")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert make_key(at=later(1)) == log
    assert SigningKey.objects.count() == 1


def test_without_its_key_the_log_is_not_signed(log):
    for path in keys.folder().glob("*.pem"):
        path.unlink()
    with pytest.raises(KeyMissing):
        seal(at=AT)
    with pytest.raises(KeyMissing):
        rotate_key(at=AT)
    new = rotate_key(at=AT, lost=True)
    assert SigningKey.objects.get(verifier=str(new)).introduction == ""
    assert seal(at=later(1)).head.origin == log.name


def test_a_new_key_is_vouched_for_by_the_former_one(log):
    add_records(4)
    seal(at=AT)
    new = rotate_key(at=later(1))
    introduction = notes.read_note(SigningKey.objects.get(verifier=str(new)).introduction)
    assert notes.is_signed_by(introduction, log)
    assert notes.is_signed_by(introduction, new)
    assert notes.read_head(introduction).new_key == str(new)
    seal(at=later(2))
    note = notes.read_note(TreeHead.objects.get(at=later(2)).note)
    assert notes.is_signed_by(note, new)
    assert not notes.is_signed_by(note, log)


def test_a_crash_between_database_and_file_leaves_the_new_key_to_be_found(log):
    rotate_key(at=AT)
    folder = keys.folder()
    (folder / "signing_key.pem").replace(folder / "signing_key.next.pem")
    assert seal(at=later(1)).head.size == 0
    assert [path.name for path in folder.glob("*.pem")] == ["signing_key.pem"]


@pytest.fixture
def elsewhere(transactional_db):
    """A second connection to the test database."""
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname=settings["NAME"],
    ) as other:
        yield other


_EVENT = "INSERT INTO audit_event (at, event, office, detail) VALUES (now(), %s, '', '{}')"


def test_a_lower_number_that_commits_later_is_sealed_and_nothing_twice(
    transactional_db, elsewhere, settings, tmp_path, monkeypatch
):
    settings.AUDIT_KEYS = tmp_path
    monkeypatch.setattr(sealing, "WAIT_SECONDS", 0.1)
    make_key(at=AT)
    elsewhere.execute(_EVENT, ["slow"])
    record(event="quick", actor=SYSTEM, at=AT)
    assert seal(at=AT).added["event"] == 1
    assert LeafSource.objects.get(name="event").floor == 0
    assert seal(at=later(1)).added["event"] == 0
    elsewhere.commit()
    sealed = seal(at=later(2))
    assert sealed.added["event"] == 1
    slow, quick = sorted(Leaf.objects.values_list("record", flat=True))
    assert list(Leaf.objects.order_by("index").values_list("record", flat=True)) == [quick, slow]
    assert LeafSource.objects.get(name="event").floor == quick
    assert sealed.head.root == merkle.root_of(leaves())


def test_a_transaction_that_gives_up_leaves_no_gap_in_the_tree(
    transactional_db, elsewhere, settings, tmp_path
):
    settings.AUDIT_KEYS = tmp_path
    make_key(at=AT)
    elsewhere.execute(_EVENT, ["abandoned"])
    elsewhere.rollback()
    record(event="kept", actor=SYSTEM, at=AT)
    head = seal(at=AT).head
    assert head.size == 1
    assert LeafSource.objects.get(name="event").floor == Leaf.objects.get().record


def test_two_sealers_take_turns(transactional_db, elsewhere, settings, tmp_path):
    settings.AUDIT_KEYS = tmp_path
    make_key(at=AT)
    record(event="one", actor=SYSTEM, at=AT)
    elsewhere.execute("SELECT pg_advisory_xact_lock(%s)", [sealing._LOCK])
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"):
            seal(at=AT)
        cursor.execute("RESET lock_timeout")
    elsewhere.rollback()
    assert seal(at=later(1)).head.size == 1


def test_sources_have_stable_numbers():
    assert {item.number: item.name for item in sources()} == {1: "access", 2: "event"}
