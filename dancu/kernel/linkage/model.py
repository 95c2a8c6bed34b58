"""The trained model: what each level of each comparison weighs, and how it was found.

A JSON file of a stated format. ``m`` is the share of pairs of one person that show a level, ``u``
the share of pairs of two people; both were estimated without labels (``training``) unless the
level is named in ``fixed``, which was set by hand for the reason given there.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dancu.kernel.linkage.comparisons import COMPARISONS, ENDS, GIVEN, WHOLE, Level
from dancu.kernel.linkage.errors import BadModel
from dancu.kernel.linkage.frequencies import Frequencies

FORMAT = "dancu-linkage-1"
#: More than this, in bits, no frequency adds or takes: no name proves anything by itself.
MOST_ADJUSTED = 12.0


@dataclass(frozen=True, slots=True)
class Odds:
    """The shares of a level."""

    m: float
    u: float

    @property
    def weight(self) -> float:
        """Return the weight in bits."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of all levels for a population of the size that it was trained on.

    ``prior`` is the probability that two records drawn at random are one person, ``threshold`` the
    probability from which two records are taken to be. ``training`` keeps how it was made: date,
    sizes, seed, versions, blocking rules of each session and what each estimated.
    """

    name: str
    prior: float
    threshold: float
    odds: Mapping[str, Mapping[str, Odds]]
    frequencies: Frequencies
    fixed: Mapping[str, str] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)

    @property
    def prior_weight(self) -> float:
        """Return the prior in bits: far below zero."""
        return math.log2(self.prior / (1 - self.prior))

    @property
    def least_weight(self) -> float:
        """Return the weight in bits from which two records are taken to be one person."""
        return math.log2(self.threshold / (1 - self.threshold))

    def usual(self, frequency: str) -> float:
        """Return the bits that the weight of a level with this frequency already holds."""
        names = self.frequencies
        return {WHOLE: names.usual_whole, ENDS: names.usual_ends, GIVEN: names.usual_given}[
            frequency
        ]

    def weight(self, comparison: str, level: Level) -> float:
        """Return the weight of a level without the frequency of names, rounded as everywhere."""
        return round(self.odds[comparison][level.name].weight, 4)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read a model. Raises ``BadModel``."""
        try:
            return cls.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadModel(str(error)) from error

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Model:
        """Build a model from what its file holds. Raises ``BadModel``."""
        if value.get("format") != FORMAT:
            raise BadModel
        model = cls(
            name=value["name"],
            prior=value["prior"],
            threshold=value["threshold"],
            odds={
                comparison: {level: Odds(**odds) for level, odds in levels.items()}
                for comparison, levels in value["odds"].items()
            },
            frequencies=Frequencies(**value["frequencies"]),
            fixed=value["fixed"],
            training=value["training"],
        )
        model.require_every_level()
        return model

    def require_every_level(self) -> None:
        """Raise ``BadModel`` when a level has no shares, or shares that are none."""
        for comparison in COMPARISONS:
            levels = self.odds.get(comparison.name, {})
            for level in comparison.levels:
                odds = levels.get(level.name)
                if odds is None or not (0 < odds.m <= 1 and 0 < odds.u <= 1):
                    raise BadModel

    def as_json(self) -> str:
        """Return the text of the file, one level a line."""
        value = {"format": FORMAT, **asdict(self)}
        return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n"

    def dump(self, path: Path) -> None:
        """Write the file."""
        path.write_text(self.as_json(), encoding="utf-8")
