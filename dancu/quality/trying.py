"""Trying a rule on the live register: whom it hits and where. Nothing is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dancu.catalogue.quality import QualityRule, quality
from dancu.population import measuring
from dancu.population.measuring import Some
from dancu.quality.errors import UnknownRule
from dancu.quality.internal.bookkeeping import count, some_of


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule hits today, by commune ('' for none known), and how many people there are."""

    rule: QualityRule
    by_commune: dict[str, int]
    people: int

    @property
    def hits(self) -> int:
        """How many it hits."""
        return sum(self.by_commune.values())


def rule_called(name: str) -> QualityRule:
    """Return a rule, switched on or not. Raises ``UnknownRule``."""
    found = quality().rules.get(name)
    if found is None:
        raise UnknownRule(rule=name)
    return found


def attempt(name: str, *, day: date) -> Trial:
    """Measure one rule over everybody. Raises ``UnknownRule``."""
    rule = rule_called(name)
    (step,) = measuring.plan([rule], day)
    found = count(step, Some())
    people = sum(measuring.people_by_commune().values())
    return Trial(rule, {commune: n for (_rule, commune), n in found.items()}, people)


def cases(
    name: str, *, day: date, communes: Sequence[str] | None = None, most: int = 5
) -> list[int]:
    """Return a few people whom a rule would hit: keys, to be shown through the door out."""
    (step,) = measuring.plan([rule_called(name)], day)
    return some_of(step, Some(), communes, most)
