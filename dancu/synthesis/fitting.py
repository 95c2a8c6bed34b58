"""Fit the weights of families by the birth year of their root, so that the city has the pyramid.

``python -m dancu.synthesis.fitting`` prints the ``weights`` for ``catalogue/synthesis/
demography.yaml``; run it again after a change of fertility, mortality or marriage there.
"""

from __future__ import annotations

import random
import sys

from dancu.catalogue.files import folder, yaml_of
from dancu.synthesis.days import YEAR
from dancu.synthesis.families import Grower
from dancu.synthesis.knowledge import knowledge
from dancu.synthesis.origins import Ancestry

FAMILIES = 1500
ROUNDS = 150
STEP = 5


def band_of(age: float, bands: int) -> int:
    """Return the five-year band of an age in years; the last band is open."""
    return min(int(age) // STEP, bands - 1)


def composition(start: int, bands: int) -> list[float]:
    """Return how many living people of each band a family has, its root born from ``start``."""
    know = knowledge()
    rng = random.Random(f"fit:{start}")  # noqa: S311 - invented people need no secrets
    grower, ancestry = Grower(know, rng), Ancestry(know, rng)
    counts = [0] * bands
    for index in range(FAMILIES):
        year = start + index % STEP
        clan = ancestry.found(year)
        grower.grow(clan, year)
        for person in clan.persons:
            if not person.death:
                counts[band_of((know.today - person.birth) / YEAR, bands)] += 1
    return [count / FAMILIES for count in counts]


def fit(matrix: list[list[float]], target: list[float]) -> list[float]:
    """Return non-negative weights whose mixture of the rows is nearest to the target (EM)."""
    weights = [1.0] * len(matrix)
    bands = range(len(target))
    sizes = [sum(row) for row in matrix]
    for _ in range(ROUNDS):
        mixed = [sum(w * row[b] for w, row in zip(weights, matrix, strict=True)) for b in bands]
        ratio = [target[b] / mixed[b] if mixed[b] else 0.0 for b in bands]
        weights = [
            w * sum(row[b] * ratio[b] for b in bands) / size
            for w, row, size in zip(weights, matrix, sizes, strict=True)
        ]
    return weights


def main() -> None:
    """Print the weights and how far the mixture is from the target in each band."""
    config = yaml_of(folder() / "synthesis" / "demography.yaml")
    target = [float(share) for share in config["pyramid"]]
    roots = config["root_births"]
    starts = [roots["first_year"] + STEP * index for index in range(len(roots["weights"]))]
    matrix = [composition(start, len(target)) for start in starts]
    weights = fit(matrix, target)
    scale = 100 / sum(weights)
    mixed = [
        sum(w * row[b] for w, row in zip(weights, matrix, strict=True)) for b in range(len(target))
    ]
    total = sum(mixed)
    sys.stdout.write(f"weights: {[round(w * scale, 2) for w in weights]}\n")
    for band, (have, want) in enumerate(zip(mixed, target, strict=True)):
        sys.stdout.write(f"{band * STEP:3}+ {have * 100 / total:5.1f} wanted {want:5.1f}\n")


if __name__ == "__main__":
    main()
