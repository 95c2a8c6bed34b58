"""Whoever tampers with the log past the triggers is found, and the place is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from dancu.audit import notes
from dancu.audit.canonical import written
from dancu.audit.findings import Damage, Finding
from dancu.audit.internal import keys
from dancu.audit.internal.tree import StoredTree
from dancu.audit.models import Leaf, TreeHead
from dancu.audit.services import record, rotate_key, seal
from dancu.audit.sources import source
from dancu.audit.verifying import verify
from dancu.disclosure.internal.sealing import COLUMNS
from dancu.disclosure.models import AccessRecord
from dancu.kernel import merkle
from tests.audit.conftest import AT, add_records, later

RECORDS = "disclosure_accessrecord"


@contextmanager
def tampering(*tables: str) -> Iterator[None]:
    """Be a superuser who takes the triggers away and puts them back."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def thousand(log) -> list[int]:
    """A thousand sealed records, in four portions with a head each."""
    numbers = []
    for minute in range(4):
        numbers += add_records(250)
        seal(at=later(minute))
    return numbers


def only(kind: Damage | None = None) -> Finding:
    (finding,) = verify().findings
    assert kind is None or finding.damage is kind
    return finding


def test_an_untouched_log_is_whole(thousand):
    record(event="sign-in.failed", actor=None, at=AT, detail={"x": [1, "ă"]})
    seal(at=later(5))
    rotate_key(at=later(6))
    add_records(30)
    seal(at=later(7))
    found = verify()
    assert found.is_whole
    assert (found.size, found.heads, found.at) == (1031, 6, later(7))


def test_an_empty_log_is_whole(log):
    assert verify().is_whole
    seal(at=AT)
    assert verify().is_whole


def test_one_deleted_record_of_a_thousand_is_found_and_named(thousand):
    with tampering(RECORDS):
        run(f"DELETE FROM {RECORDS} WHERE id = %s", thousand[617])
    finding = only(Damage.DELETED)
    assert finding.records == ((thousand[617],) * 2,)
    assert finding.leaves == ((617, 617),)
    assert f"access records {thousand[617]}" in str(finding)


@pytest.mark.parametrize(
    "change",
    [
        "person_id = person_id + 1",
        "at = at + interval '1 microsecond'",
        "account_id = 8",
        "attributes = '{1,2}'",
        "attributes = NULL",
        "purpose = 'audit'",
        "case_number = 'HS-x'",
        "refusal = 'not-found'",
        "office = 'CA-26743'",
        "asked = 'x'",
    ],
)
def test_one_changed_record_of_a_thousand_is_found_and_named(thousand, change):
    with tampering(RECORDS):
        run(f"UPDATE {RECORDS} SET {change} WHERE id = %s", thousand[3])
    assert only(Damage.CHANGED).records == ((thousand[3],) * 2,)


def test_neighbours_are_told_as_a_range(thousand):
    with tampering(RECORDS):
        run(f"DELETE FROM {RECORDS} WHERE id BETWEEN %s AND %s", thousand[10], thousand[19])
    finding = only(Damage.DELETED)
    assert finding.records == ((thousand[10], thousand[19]),)
    assert finding.count == 10


def test_a_record_that_was_put_in_behind_the_seal_is_found(thousand):
    with tampering(RECORDS):
        run(
            f"INSERT INTO {RECORDS} (id, disclosure, at, kind, office, source, role, purpose,"
            " case_number, refusal) VALUES (%s, 1, %s, 1, 'CA', 'CA', 'x', 'y', '', '')",
            thousand[0] - 1,
            AT,
        )
    assert only(Damage.INSERTED).records == ((thousand[0] - 1,) * 2,)


def test_records_that_changed_places_are_found(thousand):
    one, other = thousand[100], thousand[900]
    with tampering(RECORDS):
        run(f"UPDATE {RECORDS} SET id = -1 WHERE id = %s", one)
        run(f"UPDATE {RECORDS} SET id = %s WHERE id = %s", one, other)
        run(f"UPDATE {RECORDS} SET id = %s WHERE id = -1", other)
    finding = only(Damage.REORDERED)
    assert finding.records == ((one, one), (other, other))
    assert f"{one} stands under {other}" in finding.note


def test_a_record_changed_together_with_its_leaf_is_found_in_its_block(thousand):
    _forge(thousand[300])
    finding = only(Damage.LEAF_CHANGED)
    ((first, last),) = finding.leaves
    assert first <= 300 <= last
    assert last - first < merkle.BLOCK
    assert (thousand[first], thousand[last]) == finding.records[0]


def test_the_heads_narrow_it_down_within_a_block(log):
    numbers = []
    for minute in range(30):
        numbers += add_records(10)
        seal(at=later(minute))
    _forge(numbers[44])
    assert only(Damage.LEAF_CHANGED).leaves == ((40, 49),)


def test_in_the_last_block_the_heads_alone_tell_where(log):
    numbers = []
    for minute in range(5):
        numbers += add_records(10)
        seal(at=later(minute))
    _forge(numbers[33])
    assert only(Damage.ROOT_WRONG).leaves == ((30, 39),)


def test_two_places_are_both_found(thousand):
    _forge(thousand[5])
    _forge(thousand[700])
    with tampering(RECORDS):
        run(f"DELETE FROM {RECORDS} WHERE id = %s", thousand[400])
    found = {finding.damage: finding for finding in verify().findings}
    places = [f.leaves for f in verify().findings if f.damage is Damage.LEAF_CHANGED]
    assert [a <= n <= b for ((a, b),), n in zip(places, (5, 700), strict=True)] == [True, True]
    assert found[Damage.DELETED].leaves == ((400, 400),)


def test_leaf_and_node_changed_together_do_not_lead_to_the_signed_root(thousand):
    _forge(thousand[300])
    hashes = [bytes(h) for h in Leaf.objects.order_by("index").values_list("hash", flat=True)]
    with tampering("audit_node"):
        node = merkle.root_of(hashes[256:512])
        run("UPDATE audit_node SET hash = %s WHERE level = 8 AND number = 1", node)
    assert only(Damage.ROOT_WRONG).leaves == ((250, 499),)


def test_a_changed_node_is_told_from_changed_leaves(thousand):
    with tampering("audit_node"):
        run("UPDATE audit_node SET hash = %s WHERE level = 8 AND number = 2", bytes(32))
    finding = only(Damage.NODE_CHANGED)
    assert finding.leaves == ((512, 767),)


def test_a_lost_leaf_is_found(thousand):
    with tampering("audit_leaf"):
        run('DELETE FROM audit_leaf WHERE "index" = 40')
    kinds = {finding.damage: finding for finding in verify().findings}
    assert kinds[Damage.LEAF_LOST].leaves == ((40, 40),)
    assert kinds[Damage.INSERTED].records == ((thousand[40],) * 2,)


def test_leaves_that_changed_places_are_found(thousand):
    with tampering("audit_leaf"):
        run('UPDATE audit_leaf SET "index" = -1 WHERE "index" = 60')
        run('UPDATE audit_leaf SET "index" = 60 WHERE "index" = 61')
        run('UPDATE audit_leaf SET "index" = 61 WHERE "index" = -1')
    kinds = {finding.damage: finding for finding in verify().findings}
    assert kinds[Damage.REORDERED].leaves == ((60, 61),)
    assert Damage.LEAF_CHANGED in kinds


def test_a_head_that_nobody_signed_is_found(thousand):
    head = TreeHead.objects.order_by("-id").first()
    with tampering("audit_treehead"):
        run("UPDATE audit_treehead SET size = 999 WHERE id = %s", head.pk)
    kinds = {finding.damage: finding for finding in verify().findings}
    assert kinds[Damage.HEAD_CHANGED].note.startswith(f"head {head.pk}")
    with tampering("audit_treehead"):
        run("UPDATE audit_treehead SET note = replace(note, '1000', '999') WHERE id = %s", head.pk)
    assert Damage.SIGNATURE_WRONG in {finding.damage for finding in verify().findings}


def test_two_signed_roots_of_one_size_are_found(thousand):
    head = notes.Head(keys.signer().verifier.name, 1000, bytes(32), later(9))
    note = notes.sign(head, keys.signer().pair)
    TreeHead.objects.create(at=later(9), size=1000, root=bytes(32), note=note)
    assert only(Damage.ROOT_WRONG).note.startswith("2 signed roots")


def test_leaves_behind_the_last_head_are_found(thousand):
    Leaf.objects.create(index=1000, source=1, version=1, record=1, salt=bytes(32), hash=bytes(32))
    assert only(Damage.LEAF_CHANGED).leaves == ((1000, 1000),)


def test_records_that_wait_for_their_seal_are_no_damage(thousand):
    add_records(5)
    assert verify().is_whole


def test_stored_hashes_prove_every_leaf(thousand):
    tree, head = StoredTree(), TreeHead.objects.order_by("-id").first()
    hashes = [bytes(h) for h in Leaf.objects.order_by("index").values_list("hash", flat=True)]
    for index in (0, 255, 256, 511, 768, 999):
        proof = merkle.inclusion_proof(index, 1000, tree.subtree)
        assert merkle.is_included(
            leaf=hashes[index], index=index, size=1000, proof=proof, root=bytes(head.root)
        )


def _forge(number: int) -> None:
    """Change a record, and its leaf with it, as somebody does who knows how it is made."""
    with tampering(RECORDS, "audit_leaf"):
        run(f"UPDATE {RECORDS} SET account_id = 8 WHERE id = %s", number)
        leaf = Leaf.objects.get(source=1, record=number)
        row = AccessRecord.objects.filter(pk=number).values_list(*COLUMNS).get()
        forged = merkle.leaf_hash(source("access").entry(1, row, bytes(leaf.salt)))
        run('UPDATE audit_leaf SET hash = %s WHERE "index" = %s', forged, leaf.index)


def test_canonical_json_has_sorted_keys_and_plain_letters():
    assert written({"b": 1, "a": {"d": "Hương", "c": None}}) == (
        '{"a":{"c":null,"d":"Hương"},"b":1}'.encode()
    )
