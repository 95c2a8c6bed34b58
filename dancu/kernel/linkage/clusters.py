"""Clusters of records that are one person, with ids that last.

A cluster keeps its id for as long as anything of it is left. When pairs come or go, ``update`` says
what became of each cluster and which pair was the cause: ``made`` (of records that were alone),
``joined`` (records came to it), ``merged`` (another cluster went into it), ``split`` (a part left
it), ``left`` (records are alone again).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dancu.kernel.linkage.types import Pair

Kind = Literal["made", "joined", "merged", "split", "left"]


@dataclass(frozen=True, slots=True)
class Clusters:
    """The cluster of each record that is in one. ``last`` is the last number that was given."""

    of: Mapping[str, int] = field(default_factory=dict)
    last: int = 0

    def members(self) -> dict[int, tuple[str, ...]]:
        """Return the records of each cluster, sorted."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for key, cluster in self.of.items():
            found[cluster].append(key)
        return {cluster: tuple(sorted(keys)) for cluster, keys in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a cluster; ``keys`` are the records it is about.

    ``other`` is the cluster that went into it (``merged``) or that it came from (``split``).
    ``cause`` is the heaviest pair that brought them together; nothing when pairs went away.
    """

    kind: Kind
    cluster: int
    keys: tuple[str, ...]
    other: int = 0
    cause: Pair | None = None


def update(before: Clusters, pairs: Iterable[Pair]) -> tuple[Clusters, tuple[Change, ...]]:
    """Cluster all pairs that hold now, keeping the ids of ``before``.

    The result does not depend on the order of the pairs. Of clusters that become one, the one with
    the most records keeps its id, the older one when they are equal; of a cluster that falls apart,
    the largest part does.
    """
    held = sorted(pairs, key=lambda pair: (-pair.weight, pair.left, pair.right))
    groups = _groups(held)
    ids, last = _numbered(groups, before)
    cause_of = _causes(held, before)
    changes: list[Change] = []
    for keys, cluster in sorted(ids.items(), key=lambda item: item[1]):
        changes += _changes(keys, cluster, before, cause_of)
    together = {key for keys in groups for key in keys}
    alone = sorted(key for key in before.of if key not in together)
    for cluster, gone in _by_cluster(alone, before).items():
        changes.append(Change("left", cluster, tuple(gone)))
    now = {key: cluster for keys, cluster in ids.items() for key in keys}
    return Clusters(now, last), tuple(changes)


def _groups(pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    """Return the connected records, sorted."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        top = key
        while parent.setdefault(top, top) != top:
            top = parent[top]
        while parent[key] != top:
            parent[key], key = top, parent[key]
        return top

    for pair in pairs:
        one, other = sorted((root(pair.left), root(pair.right)))
        parent[other] = one
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key in parent:
        found[root(key)].append(key)
    return sorted(tuple(sorted(keys)) for keys in found.values())


def _numbered(
    groups: Iterable[tuple[str, ...]], before: Clusters
) -> tuple[dict[tuple[str, ...], int], int]:
    """Give each group the id of the cluster it continues, or a new number."""
    claims = []
    for keys in groups:
        shares: defaultdict[int, int] = defaultdict(int)
        for key in keys:
            if key in before.of:
                shares[before.of[key]] += 1
        claims += [(-count, cluster, keys) for cluster, count in shares.items()]
    ids: dict[tuple[str, ...], int] = {}
    taken: set[int] = set()
    for _, cluster, keys in sorted(claims):
        if keys not in ids and cluster not in taken:
            ids[keys] = cluster
            taken.add(cluster)
    last = before.last
    for keys in groups:
        if keys not in ids:
            last += 1
            ids[keys] = last
    return ids, last


def _changes(
    keys: tuple[str, ...], cluster: int, before: Clusters, cause_of: Mapping[str, list[Pair]]
) -> list[Change]:
    former = _by_cluster(keys, before)
    fresh = tuple(key for key in keys if key not in before.of)
    if not former:
        return [Change("made", cluster, keys, cause=_cause(keys, keys, cause_of))]
    found: list[Change] = []
    if fresh:
        found.append(Change("joined", cluster, fresh, cause=_cause(fresh, keys, cause_of)))
    if cluster not in former:
        origin = min(former)
        found.append(Change("split", cluster, keys, other=origin))
        former.pop(origin)
    for other, moved in former.items():
        if other != cluster:
            cause = _cause(tuple(moved), keys, cause_of)
            found.append(Change("merged", cluster, tuple(moved), other, cause))
    return found


def _by_cluster(keys: Iterable[str], before: Clusters) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for key in keys:
        if key in before.of:
            found[before.of[key]].append(key)
    return dict(sorted(found.items()))


def _causes(pairs: Iterable[Pair], before: Clusters) -> dict[str, list[Pair]]:
    """Return, for each record, the pairs that lead out of its former cluster, heaviest first."""
    found: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        one, other = before.of.get(pair.left), before.of.get(pair.right)
        if one is None or one != other:
            found[pair.left].append(pair)
            found[pair.right].append(pair)
    return found


def _cause(
    moved: tuple[str, ...], keys: tuple[str, ...], cause_of: Mapping[str, list[Pair]]
) -> Pair | None:
    """Return the heaviest pair that binds what moved to the rest of the cluster."""
    inside = set(keys)
    pairs = [
        pair
        for key in moved
        for pair in cause_of.get(key, ())
        if pair.left in inside and pair.right in inside
    ]
    return max(pairs, key=lambda pair: pair.weight, default=None)
