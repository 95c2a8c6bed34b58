"""The Merkle tree agrees with the definition of RFC 9162, and a wrong proof proves nothing."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel import merkle
from dancu.kernel.merkle import CompactRange, leaf_hash, node_hash

#: The leaves and roots of the reference tests of Certificate Transparency.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree(leaves: list[bytes]) -> bytes:
    """The root as the RFC defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(tree(leaves[:k]), tree(leaves[k:]))


def made(count: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(count)]


def subtree_of(leaves: list[bytes]) -> merkle.Subtree:
    return lambda begin, end: tree(leaves[begin:end])


@pytest.mark.parametrize("count", range(1, 9))
def test_the_roots_are_those_of_the_reference_tests(count):
    leaves = [leaf_hash(entry) for entry in ENTRIES[:count]]
    assert merkle.root_of(leaves).hex() == ROOTS[count - 1]


def test_the_proofs_are_those_of_the_reference_tests():
    leaves = [leaf_hash(entry) for entry in ENTRIES]
    path = merkle.inclusion_proof(5, 8, subtree_of(leaves))
    assert [item.hex()[:8] for item in path] == ["bc1a0643", "ca854ea1", "d37ee418"]
    proof = merkle.consistency_proof(6, 8, subtree_of(leaves))
    assert [item.hex()[:8] for item in proof] == ["0ebc5d34", "ca854ea1", "d37ee418"]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert merkle.root_of([]) == CompactRange().root() == sha256(b"").digest()


@given(st.integers(0, 700))
def test_the_root_is_the_one_of_the_definition(count):
    leaves = made(count)
    assert merkle.root_of(leaves) == tree(leaves)


@given(st.lists(st.integers(0, 700), max_size=6))
def test_a_tree_that_grows_in_parts_has_the_root_of_the_whole(parts):
    leaves = made(sum(parts))
    growing = CompactRange()
    begin = 0
    for part in parts:
        growing.extend(leaves[begin : begin + part])
        begin += part
        assert growing.size == begin
        assert growing.root() == tree(leaves[:begin])


def test_completed_blocks_are_handed_out_once_with_their_place():
    leaves = made(256 * 256 + 300)
    growing = CompactRange()
    nodes = growing.extend(leaves[:100]) + growing.extend(leaves[100:70_000])
    assert [(level, number) for level, number, _hash in nodes] == [
        *((8, number) for number in range(257)),
        (16, 0),
    ]
    by_name = {(level, number): item for level, number, item in nodes}
    assert by_name[8, 256] == tree(leaves[65_536:65_792])
    assert by_name[16, 0] == tree(leaves[:65_536])
    assert CompactRange(growing.edges).root() == growing.root() == tree(leaves)


def test_an_edge_that_is_a_whole_block_is_refused():
    with pytest.raises(ValueError, match="256"):
        CompactRange([made(256)])


@given(st.data())
def test_every_leaf_can_be_proved_and_no_other(data):
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    leaves = made(size)
    proof = merkle.inclusion_proof(index, size, subtree_of(leaves))
    said = {"index": index, "size": size, "proof": proof, "root": tree(leaves)}
    assert merkle.is_included(leaf=leaves[index], **said)
    assert not merkle.is_included(leaf=leaf_hash(b"another"), **said)
    assert not merkle.is_included(leaf=leaves[index], **{**said, "index": index + 1})
    assert not merkle.is_included(leaf=leaves[index], **{**said, "proof": [*proof, leaves[0]]})
    if proof:
        assert not merkle.is_included(leaf=leaves[index], **{**said, "proof": proof[:-1]})
        at = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:at], leaf_hash(b"wrong"), *proof[at + 1 :]]
        assert not merkle.is_included(leaf=leaves[index], **{**said, "proof": wrong})


@given(st.data())
def test_a_tree_is_shown_to_begin_with_an_older_one_and_with_no_other(data):
    new = data.draw(st.integers(0, 300))
    old = data.draw(st.integers(0, new))
    leaves = made(new)
    proof = merkle.consistency_proof(old, new, subtree_of(leaves))
    said = {
        "old": old,
        "new": new,
        "old_root": tree(leaves[:old]),
        "new_root": tree(leaves),
        "proof": proof,
    }
    assert merkle.is_consistent(**said)
    assert not merkle.is_consistent(**{**said, "old_root": leaf_hash(b"wrong")})
    assert not merkle.is_consistent(**{**said, "proof": [*proof, leaf_hash(b"more")]})
    if 0 < old < new:
        assert not merkle.is_consistent(**{**said, "new_root": leaf_hash(b"wrong")})
        assert not merkle.is_consistent(**{**said, "proof": []} if proof else {**said, "old": 0})


@given(st.integers(0, 8), st.integers(1, 5000))
def test_a_range_is_covered_by_complete_subtrees_without_gap(shift, length):
    begin = (1 << length.bit_length()) * shift
    at = begin
    for level, number in merkle.cover(begin, begin + length):
        assert number << level == at
        at += 1 << level
    assert at == begin + length


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_there_is_no_proof_for_a_leaf_outside_of_the_tree(index, size):
    with pytest.raises(ValueError):
        merkle.inclusion_proof(index, size, subtree_of(made(size)))
    assert not merkle.is_included(
        leaf=leaf_hash(b""), index=index, size=size, proof=[], root=leaf_hash(b"")
    )


def test_an_older_tree_is_not_larger():
    with pytest.raises(ValueError):
        merkle.consistency_proof(6, 5, subtree_of(made(5)))
    assert not merkle.is_consistent(old=6, new=5, old_root=b"", new_root=b"", proof=[])
