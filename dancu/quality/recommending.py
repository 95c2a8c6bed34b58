"""Which of two sources is likelier right, and why: a recommendation, never a decision.

Compared in this order: what the rules of quality say of either value, whose word counts by the
dictionary and which is the later (of what changes by itself, the other way round), and on what
paper each rests. The first that differs decides; all
that differ are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dancu.catalogue.quality import FRESHNESS
from dancu.catalogue.types import Attribute
from dancu.quality.settling import Effect, gravest_first

Side = Literal["ours", "theirs"]
#: What speaks for a side.
Point = Literal["mends", "keeps", "authority", "later", "paper"]
_SERIOUS = 1
#: Papers of an authority about the very fact; a file tells only what somebody copied.
_PAPERS = frozenset(
    {
        "adoption_decision",
        "birth_certificate",
        "birth_registration",
        "court_decision",
        "death_certificate",
        "death_registration",
        "decision",
        "divorce_decision",
        "identity_card",
        "marriage_certificate",
        "marriage_registration",
        "name_change_decision",
        "passport",
        "residence_decision",
    }
)
_COPIED = frozenset({"file", "citizen_request"})


@dataclass(frozen=True, slots=True)
class Word:
    """What a source said, without the value: its kind, the day, and the kind of paper."""

    kind: str
    day: date
    paper: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a side; ``rules`` are those that decide it, by number."""

    side: Side
    point: Point
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The likelier side with all that was weighed, the decisive first; without reasons, ours."""

    side: Side
    reasons: tuple[Reason, ...]


def recommend(
    attr: Attribute, ours: Word, theirs: Word, effect: Effect | None = None
) -> Recommendation:
    """Weigh the held word against the one that lost.

    ``effect`` is what taking over the other value would do to issues, where that was tried.
    """
    rank, day = _by_rank(attr, ours, theirs), _by_day(attr, ours, theirs)
    weighed = (day, rank) if attr.rule == "latest" else (rank, day)
    found = (_by_rules(effect) if effect else None, *weighed, _by_paper(ours, theirs))
    reasons = tuple(one for one in found if one is not None)
    return Recommendation(reasons[0].side if reasons else "ours", reasons)


def _by_rules(effect: Effect) -> Reason | None:
    if effect.is_worse:
        return Reason("ours", "keeps", tuple(one.rule for one in effect.opened))
    mended = tuple(one.rule for one in effect.closed if _is_about_values(one.rule))
    return Reason("theirs", "mends", mended) if mended else None


def _is_about_values(rule: int) -> bool:
    """Say whether a rule is about values; that two words differ is no fault of either."""
    return rule < FRESHNESS and gravest_first(rule) <= _SERIOUS


def _by_rank(attr: Attribute, ours: Word, theirs: Word) -> Reason | None:
    mine, other = attr.rank(ours.kind), attr.rank(theirs.kind)
    if mine == other:
        return None
    return Reason("ours" if mine > other else "theirs", "authority")


def _by_day(attr: Attribute, ours: Word, theirs: Word) -> Reason | None:
    if attr.rule == "once" or ours.day == theirs.day:
        return None
    return Reason("ours" if ours.day > theirs.day else "theirs", "later")


def _by_paper(ours: Word, theirs: Word) -> Reason | None:
    mine, other = _strength(ours.paper), _strength(theirs.paper)
    if mine == other:
        return None
    return Reason("ours" if mine > other else "theirs", "paper")


def _strength(paper: str) -> int:
    if paper in _PAPERS:
        return 2
    return 0 if paper in _COPIED else 1
