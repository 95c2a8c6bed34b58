"""Where an address goes when its unit is split: the rules of a decision on its parts.

Three answers to “does this part of the decision name the address”: yes, no, and not to be known,
because the address does not say its street, neighbourhood or house number. An address goes a way
only when nothing that it leaves out could send it another; otherwise it is unclear. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from dancu.places.internal.gazetteer import kind_words, word_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dancu.places.decision_types import Change, Part

_STREET_WORDS = ("duong", "pho", "d")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What an address says of its place within a unit, in the form in which rules compare it."""

    street: str = ""
    neighbourhoods: frozenset[str] = frozenset()
    #: The number on the street: 12 for ``12/3A``, which lies in an alley there.
    number: int | None = None


def whereabouts(*, house: str, street: str, neighbourhood: str) -> Whereabouts:
    """Return what the parts of an address, as written, say."""
    begins = _NUMBER.match(house)
    number = int(begins.group()[:9]) if begins else None
    return Whereabouts(street_key(street), neighbourhood_keys(neighbourhood), number)


@lru_cache(maxsize=65_536)
def street_key(written: str) -> str:
    """Return the name of a street as it is compared: ``Đường Lê Lợi`` is ``le loi``."""
    words = word_keys(written)
    if len(words) > 1 and words[0] in _STREET_WORDS:
        words = words[1:]
    return " ".join(words)


@lru_cache(maxsize=65_536)
def neighbourhood_keys(written: str) -> frozenset[str]:
    """Return the neighbourhoods that a text names: ``KP. 3, Tổ 5`` is two, with their kinds."""
    return frozenset(key for piece in written.split(",") if (key := _one_neighbourhood(piece)))


def _one_neighbourhood(written: str) -> str:
    keys = tuple(word_keys(_unglued(written)))
    for word in kind_words():
        size = len(word.keys)
        if word.level == "neighbourhood" and keys[:size] == word.keys and len(keys) > size:
            return f"{word.kind} {' '.join(keys[size:])}"
    return " ".join(keys)


def _unglued(written: str) -> str:
    return re.sub(r"(?<=[^\W\d])(?=\d)", " ", written)


class Splitter:
    """Decides on the addresses of one unit that is split."""

    def __init__(self, change: Change) -> None:
        """Prepare the rules."""
        self._change = change
        self._rules = [_Rule(part) for part in change.parts]
        self._by_street: dict[str, list[_Rule]] = defaultdict(list)
        for rule in self._rules:
            self._by_street[rule.street].append(rule)
        self._finer = {rule: self._finer_than(rule) for rule in self._rules}

    def _finer_than(self, rule: _Rule) -> list[_Rule]:
        near = self._by_street[rule.street] if rule.street else self._rules
        return [other for other in near if other is not rule and other.refines(rule)]

    def unit_of(self, place: Whereabouts) -> tuple[str, int]:
        """Return the unit and the line of the rule that decides; an empty unit when none can."""
        said: list[_Rule] = []
        unknown: list[_Rule] = []
        for rule in self._near(place):
            answer = rule.names(place)
            if answer is None:
                unknown.append(rule)
            elif answer:
                said.append(rule)
        if not said:
            return self._without_a_name(unknown)
        finest = [r for r in said if not any(finer in said for finer in self._finer[r])]
        doubts = [r for r in unknown if any(r in self._finer[named] for named in finest)]
        ways = {rule.part.to for rule in (*finest, *doubts)}
        return (ways.pop(), finest[0].part.line) if len(ways) == 1 else ("", 0)

    def _near(self, place: Whereabouts) -> Sequence[_Rule]:
        """Return the rules that may name the place: those of other streets do not."""
        if not place.street:
            return self._rules
        return (*self._by_street.get(place.street, ()), *self._by_street.get("", ()))

    def _without_a_name(self, unknown: Iterable[_Rule]) -> tuple[str, int]:
        rest = self._change.rest
        if rest and all(rule.part.to == rest for rule in unknown):
            return rest, self._change.line
        return "", 0


class _Rule:
    """One part of a decision, ready to be compared."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.street = street_key(part.street)
        self.neighbourhoods = neighbourhood_keys(part.neighbourhood)

    def names(self, place: Whereabouts) -> bool | None:
        """Say whether the part names the place; ``None`` when the place does not tell."""
        answers = (self._street(place), self._neighbourhood(place))
        if False in answers:
            return False
        return None if None in answers else True

    def _street(self, place: Whereabouts) -> bool | None:
        if not self.street:
            return True
        if not place.street:
            return None
        if place.street != self.street:
            return False
        if not self.part.ranges and not self.part.side:
            return True
        if place.number is None:
            return None
        return self._holds(place.number)

    def _holds(self, number: int) -> bool:
        if self.part.side and (number % 2 == 1) is not (self.part.side == "odd"):
            return False
        ranges = self.part.ranges or ((0, None),)
        return any(low <= number and (high is None or number <= high) for low, high in ranges)

    def _neighbourhood(self, place: Whereabouts) -> bool | None:
        if not self.neighbourhoods:
            return True
        if not place.neighbourhoods:
            return None
        return self.neighbourhoods <= place.neighbourhoods

    def refines(self, other: _Rule) -> bool:
        """Say whether this part says all that the other says, and more."""
        if other.street and other.street != self.street:
            return False
        if not other.neighbourhoods <= self.neighbourhoods:
            return False
        bounded, other_bounded = map(_is_bounded, (self.part, other.part))
        if other_bounded:
            return self._same_bounds(other) and self.neighbourhoods != other.neighbourhoods
        return bounded or (self.street, self.neighbourhoods) != (other.street, other.neighbourhoods)

    def _same_bounds(self, other: _Rule) -> bool:
        return (self.part.ranges, self.part.side) == (other.part.ranges, other.part.side)


def _is_bounded(part: Part) -> bool:
    return bool(part.ranges or part.side)


def may_name_the_same(one: Part, two: Part) -> bool:
    """Say whether two parts of one street and neighbourhood may both name one address."""
    if _is_bounded(one) is not _is_bounded(two):
        return False  # The narrower one wins.
    if one.side and two.side and one.side != two.side:
        return False
    return any(
        low <= (other_high if other_high is not None else low)
        and other_low <= (high if high is not None else other_low)
        and _holds_of_side(max(low, other_low), _lesser(high, other_high), one.side or two.side)
        for low, high in one.ranges or ((0, None),)
        for other_low, other_high in two.ranges or ((0, None),)
    )


def _lesser(one: int | None, two: int | None) -> int | None:
    return two if one is None else one if two is None else min(one, two)


def _holds_of_side(low: int, high: int | None, side: str) -> bool:
    """Say whether a number of the side lies between the two."""
    if not side or high is None or high > low:
        return True
    return low == high and (low % 2 == 1) is (side == "odd")
