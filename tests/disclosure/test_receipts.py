"""A citizen takes home what shows that an access stands in the sealed log."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from dancu.audit import outside, wire
from dancu.audit.errors import NotSealedYet
from dancu.audit.services import make_key, seal
from dancu.disclosure import services as door
from dancu.disclosure.models import AccessRecord
from dancu.kernel.errors import DancuError, NotFoundOrNotYours
from tests.disclosure.conftest import AT, citizen, officer, records

CASE = {"purpose": "residence_registration", "case": "HS-1"}


@pytest.fixture
def key(settings, tmp_path, register):
    settings.AUDIT_KEYS = tmp_path
    return make_key(at=AT)


def look(person_id: int) -> None:
    door.disclose(actor=officer(), subjects=[person_id], attributes=["full_name"], at=AT, **CASE)


def receipt(person_id: int, account_of: int | None = None):
    (record,) = records(person_id=person_id, kind=AccessRecord.Kind.LOOK)
    return door.receipt_of_access(actor=citizen(account_of or person_id), record=record.pk, at=AT)


def test_a_receipt_can_be_checked_by_anybody_with_the_public_key(key, mother):
    look(mother.id)
    seal(at=AT)
    text = json.dumps(wire.receipt_object(receipt(mother.id)))
    read = outside.read_receipt(text)
    head = outside.signed_head(read.note, [key])
    assert head is not None
    assert read.proves(head)
    entry = json.loads(read.entry)
    assert (entry["person"], entry["case"], entry["office"]) == (mother.id, "HS-1", "CA-26740")
    assert "account_id" not in entry
    assert "officer_id" not in entry


def test_before_the_next_head_one_is_asked_to_wait(key, mother):
    seal(at=AT)
    look(mother.id)
    with pytest.raises(NotSealedYet):
        receipt(mother.id)


def test_nobody_gets_a_receipt_for_the_access_to_somebody_else(key, mother):
    look(mother.id)
    seal(at=AT)
    with pytest.raises(NotFoundOrNotYours):
        receipt(mother.id, account_of=mother.id + 1)
    with pytest.raises(DancuError):
        door.receipt_of_access(actor=officer(), record=1, at=AT)


@pytest.mark.parametrize("record", [0, -1, 10**30])
def test_what_names_no_access_has_no_receipt(key, mother, record):
    look(mother.id)
    seal(at=AT + timedelta(minutes=1))
    with pytest.raises(NotFoundOrNotYours):
        door.receipt_of_access(actor=citizen(mother.id), record=record, at=AT)
