"""Anybody may fetch heads, keys, proofs and leaf hashes, and nothing about people."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client

from dancu.audit import notes
from dancu.audit.models import Leaf
from dancu.audit.services import rotate_key, seal
from dancu.kernel import merkle
from tests.audit.conftest import AT, add_records, later

API = "/api/audit/v1/"


@pytest.fixture
def sealed(log):
    add_records(600)
    seal(at=AT)
    add_records(10)
    return seal(at=later(1)).head


def get(path: str, status: int = 200, **query: object) -> dict:
    answer = Client().get(API + path, query)
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def hashes(texts: list[str]) -> list[bytes]:
    return [base64.b64decode(text) for text in texts]


def test_the_head_is_there_for_everybody_and_signed(sealed, log):
    found = get("head")
    assert found["size"] == 610
    note = notes.read_note(found["note"])
    assert notes.is_signed_by(note, log)
    assert notes.read_head(note) == sealed
    bare = Client().get(f"{API}head", headers={"Accept": "text/plain"})
    assert bare.content.decode() == found["note"]
    assert bare["Content-Type"].startswith("text/plain")


def test_the_keys_are_there_with_what_vouches_for_them(sealed, log):
    new = rotate_key(at=later(2))
    first, second = get("key")["keys"]
    assert (first["verifier"], second["verifier"]) == (str(log), str(new))
    assert notes.read_verifier(second["pem"]).public == new.public
    assert notes.is_signed_by(notes.read_note(second["introduction"]), log)


@pytest.mark.parametrize("index", [0, 255, 256, 599, 609])
def test_inclusion_is_proved(sealed, index):
    found = get("proof/inclusion", index=index)
    leaf = bytes(Leaf.objects.get(index=index).hash)
    assert merkle.is_included(
        leaf=leaf, index=index, size=610, proof=hashes(found["proof"]), root=sealed.root
    )


@pytest.mark.parametrize("first", [0, 1, 256, 600, 610])
def test_consistency_is_proved(sealed, first):
    found = get("proof/consistency", first=first)
    leaves = [bytes(h) for h in Leaf.objects.order_by("index").values_list("hash", flat=True)]
    assert merkle.is_consistent(
        old=first,
        new=610,
        old_root=merkle.root_of(leaves[:first]),
        new_root=sealed.root,
        proof=hashes(found["proof"]),
    )


def test_leaf_hashes_lead_to_the_root(sealed):
    found = get("entries", start=0, end=610)
    assert merkle.root_of(hashes(found["leaves"])) == sealed.root
    assert len(get("entries", start=600, end=9999)["leaves"]) == 10
    assert get("entries", start=5000)["leaves"] == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("proof/inclusion", {}),
        ("proof/inclusion", {"index": "610"}),
        ("proof/inclusion", {"index": "x"}),
        ("proof/inclusion", {"index": "-1"}),
        ("proof/inclusion", {"index": "1", "size": "611"}),
        ("proof/inclusion", {"index": "1" * 40}),
        ("proof/consistency", {"first": "611"}),
        ("proof/consistency", {"first": "6", "second": "5"}),
        ("proof/consistency", {"first": "٣"}),
        ("entries", {"start": "9", "end": "5"}),
    ],
)
def test_wrong_numbers_are_answered_with_problem_details(sealed, path, query):
    problem = get(path, 422, **query)
    assert problem["status"] == 422
    assert problem["remedy"]


def test_before_the_first_head_one_is_asked_to_wait(log):
    assert get("head", 503)["retryable"] is True


def test_nothing_is_written_by_asking(sealed):
    assert Client().post(f"{API}head").status_code == 405
