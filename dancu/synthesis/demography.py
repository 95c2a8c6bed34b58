"""Birth, marriage, fertility and death as wheels, from ``catalogue/synthesis/demography.yaml``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from dancu.catalogue.files import yaml_of
from dancu.synthesis.wheels import threshold, wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

STEP = 5
OLDEST = 106
_FIRST_COHORT, _LAST_COHORT = 1920, 2010
WIFE_AT_LEAST, HUSBAND_AT_LEAST = 18, 20


@dataclass(frozen=True, slots=True)
class Demography:
    """Wheels of 1,024 slots, and thresholds for ``getrandbits(16)``."""

    root_years: list[int]
    death_age: tuple[list[int], list[int]]
    marriage_age: tuple[tuple[list[int], ...], tuple[list[int], ...]]
    husband_older: list[int]
    #: Number of children by the mother's birth decade: index ``(year - 1920) // 10``.
    children: list[list[int]]
    boy: tuple[int, int]
    never: int
    divorce: int
    divorce_since: int
    divorce_years: tuple[int, int]
    year_only: list[tuple[int, int]]
    first_of_january: int

    def fertility_of(self, year: int) -> list[int]:
        """Return the wheel of the number of children for a mother born in ``year``."""
        index = (year - _FIRST_COHORT) // 10
        return self.children[min(max(index, 0), len(self.children) - 1)]


@lru_cache(maxsize=2)
def demography(path: str) -> Demography:
    """Read the demography of a catalogue folder."""
    config = yaml_of(Path(path) / "synthesis" / "demography.yaml")
    roots, marriage = config["root_births"], config["marriage"]
    sexes = ("men", "women")
    least = (HUSBAND_AT_LEAST, WIFE_AT_LEAST)
    divorce = marriage["divorce"]
    boys = config["boys_per_100_girls"]
    return Demography(
        root_years=wheel(
            (roots["first_year"] + STEP * index + extra, float(weight))
            for index, weight in enumerate(roots["weights"])
            for extra in range(STEP)
        ),
        death_age=(_deaths(config["mortality"]["men"]), _deaths(config["mortality"]["women"])),
        marriage_age=(
            _marriages(marriage[sexes[0]], least[0]),
            _marriages(marriage[sexes[1]], least[1]),
        ),
        husband_older=_bell(marriage["husband_older"]["mean"], marriage["husband_older"]["spread"]),
        children=_fertility(config["children"]),
        boy=(_boys(boys["before_2000"]), _boys(boys["since_2000"])),
        never=threshold(marriage["never"]),
        divorce=threshold(divorce["share"]),
        divorce_since=divorce["born_since"],
        divorce_years=(divorce["first_year"], divorce["last_year"]),
        year_only=[(step["born_before"], threshold(step["share"])) for step in config["year_only"]],
        first_of_january=threshold(config["first_of_january"]),
    )


def _boys(per_hundred: float) -> int:
    return threshold(per_hundred / (100.0 + per_hundred))


def _deaths(law: Mapping[str, float]) -> list[int]:
    """Return ages at death in years under infant mortality and a Gompertz law."""
    a, b = law["a"], law["b"]

    def alive(age: float) -> float:
        return math.exp(-a / b * (math.exp(b * age) - 1.0))

    weights = [(age, (1 - law["infant"]) * (alive(age) - alive(age + 1))) for age in range(OLDEST)]
    weights[0] = (0, weights[0][1] + law["infant"])
    return wheel(weights, 10)


def _marriages(law: Mapping[str, Any], least: int) -> tuple[list[int], ...]:
    """Return ages at first marriage in years, one wheel for each generation."""
    wheels = []
    for mean in law["mean"]:
        bell = NormalDist(mean, law["spread"])
        wheels.append(
            wheel(((age, bell.cdf(age + 1) - bell.cdf(age)) for age in range(least, 46)), 10)
        )
    return tuple(wheels)


def _bell(mean: float, spread: float) -> list[int]:
    bell = NormalDist(mean, spread)
    return wheel(((age, bell.cdf(age + 0.5) - bell.cdf(age - 0.5)) for age in range(-6, 15)), 10)


def _fertility(table: Mapping[int, list[float]]) -> list[list[int]]:
    """Return one wheel for each decade; a decade that is not named is like the one before."""
    wheels: list[list[int]] = []
    for decade in range(_FIRST_COHORT, _LAST_COHORT, 10):
        weights = table.get(decade)
        wheels.append(wheels[-1] if weights is None else wheel(list(enumerate(weights)), 10))
    return wheels
