"""What cleaning does to files whose damage is known: never wrong unasked, and mostly right."""

from __future__ import annotations

from pathlib import Path

import pytest

from dancu.bench.cleaning_truth import DECISIONS, Tally, tally
from dancu.synthesis.dirty.files import write_files
from dancu.synthesis.knowledge import REFERENCE_DAY

PEOPLE = 2_500
#: Damage of which so much must be right when every proposal is accepted.
FLOORS = {
    "LEADING_ZERO_LOST": 0.99,
    "NONDIGIT": 0.9,
    "TCVN3": 0.85,
    "VNI": 0.85,
    "NFD": 1.0,
    "ETH_FOR_D": 1.0,
    "TONE_STYLE": 0.95,
    "DIGIT": 0.9,
    "TWO_DIGIT_YEAR": 0.9,
    "PHONE_11": 1.0,
}
_FEWEST = 5


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("dirty")
    names = ["students", "vaccination", "vehicles"]
    written = write_files(people=PEOPLE, seed=28, folder=folder, names=names, xlsx=False)
    return [one.paths[0] for one in written]


def measured(files: list[Path], decision: str) -> Tally:
    found = Tally()
    for file in files:
        found.add(tally(file, DECISIONS[decision], today=REFERENCE_DAY))
    return found


def test_what_is_made_unasked_is_never_wrong(files: list[Path]) -> None:
    found = measured(files, "unasked")
    assert dict(found.wrong) == {}, found.examples
    assert found.harmed == 0, found.examples


def test_what_is_sure_is_never_wrong(files: list[Path]) -> None:
    found = measured(files, "sure")
    assert found.mistakes == 0, found.examples


def test_most_damage_is_mended_when_all_is_accepted(files: list[Path]) -> None:
    found = measured(files, "all")
    for code, floor in FLOORS.items():
        if found.planted[code] >= _FEWEST:
            assert found.right[code] >= floor * found.planted[code], (code, found.examples)
    assert found.harmed == 0, found.examples
