"""Clusters keep their ids, and every change is explained by a pair."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel.linkage.clusters import Clusters, update
from dancu.kernel.linkage.types import Pair


def pair(left: str, right: str, weight: float = 10.0) -> Pair:
    return Pair(left, right, weight, 0.99, ())


def test_a_cluster_is_made_then_joined_and_keeps_its_id() -> None:
    first, made = update(Clusters(), [pair("a", "b")])
    second, joined = update(first, [pair("a", "b"), pair("b", "c", 12.0)])
    assert first.of == {"a": 1, "b": 1}
    assert second.of == {"a": 1, "b": 1, "c": 1}
    assert [(one.kind, one.keys, one.cause) for one in made] == [
        ("made", ("a", "b"), pair("a", "b"))
    ]
    assert [(one.kind, one.keys, one.cause) for one in joined] == [
        ("joined", ("c",), pair("b", "c", 12.0))
    ]


def test_the_larger_of_two_clusters_keeps_its_id_when_they_merge() -> None:
    pairs = [pair("a", "b"), pair("m", "n"), pair("n", "o")]
    before, _ = update(Clusters(), pairs)
    after, changes = update(before, [*pairs, pair("b", "m", 9.0)])
    assert set(after.of.values()) == {before.of["m"]}
    (merged,) = changes
    assert (merged.kind, merged.cluster, merged.other) == (
        "merged",
        before.of["m"],
        before.of["a"],
    )
    assert merged.cause == pair("b", "m", 9.0)


def test_a_part_that_leaves_gets_a_new_id_and_says_where_it_came_from() -> None:
    chain = [pair("a", "b"), pair("b", "c"), pair("c", "d"), pair("d", "e")]
    before, _ = update(Clusters(), chain)
    after, changes = update(before, [chain[0], chain[1], chain[3]])
    assert after.of == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2}
    (split,) = changes
    assert (split.kind, split.cluster, split.other, split.keys) == ("split", 2, 1, ("d", "e"))


def test_records_that_stand_alone_again_have_left_and_their_id_is_not_given_again() -> None:
    before, _ = update(Clusters(), [pair("a", "b")])
    empty, changes = update(before, [])
    assert not empty.of
    assert [(one.kind, one.cluster, one.keys) for one in changes] == [("left", 1, ("a", "b"))]
    after, _ = update(empty, [pair("x", "y")])
    assert after.of == {"x": 2, "y": 2}


keys = st.integers(0, 14).map(lambda number: f"k{number:02d}")
edges = st.lists(
    st.tuples(keys, keys, st.integers(1, 40)).filter(lambda edge: edge[0] != edge[1]),
    unique_by=lambda edge: frozenset(edge[:2]),
)


@given(edges, edges, st.randoms(use_true_random=False))
def test_adding_pairs_never_takes_a_record_from_its_companions(
    old: list[tuple[str, str, int]], new: list[tuple[str, str, int]], order: random.Random
) -> None:
    first = [pair(*edge) for edge in old]
    more = first + [pair(*edge) for edge in new]
    before, _ = update(Clusters(), first)
    after, changes = update(before, more)
    for one in before.of:
        for other in before.of:
            if before.of[one] == before.of[other]:
                assert after.of[one] == after.of[other]
    assert {one.kind for one in changes} <= {"made", "joined", "merged"}
    assert all(one.cause is not None for one in changes)
    order.shuffle(more)
    assert update(before, more)[0].of == after.of
    assert update(after, more)[1] == ()
