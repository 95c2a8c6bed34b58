"""The rules of the house: each has a sample that keeps it and one that breaks it; the house keeps
them all."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "samples"


def _load() -> ModuleType:
    specification = importlib.util.spec_from_file_location(
        "house_rules", ROOT / "scripts" / "house_rules.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["house_rules"] = module
    specification.loader.exec_module(module)
    return module


house_rules = _load()


def _samples(kind: str) -> list[Path]:
    return sorted(SAMPLES.glob(f"*.{kind}.txt"))


def _breaches(path: Path) -> list[str]:
    # The first line of a sample says where it would stand: `# console/views.py`.
    place = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#").strip()
    return [breach.rule for breach in house_rules.breaches(house_rules.read(path, place=place))]


@pytest.mark.parametrize("path", _samples("good"), ids=lambda path: path.stem)
def test_a_good_sample_passes(path: Path) -> None:
    assert _breaches(path) == []


@pytest.mark.parametrize("path", _samples("bad"), ids=lambda path: path.stem)
def test_every_bad_line_is_found(path: Path) -> None:
    expected = len(re.findall(r"# bad$", path.read_text(encoding="utf-8"), re.MULTILINE))
    found = _breaches(path)
    rule = path.name.split(".")[0]
    assert expected > 0
    assert found == [rule] * expected


def test_every_rule_has_both_samples() -> None:
    for kind in ("good", "bad"):
        have = {path.name.split(".")[0] for path in _samples(kind)}
        assert have | {"file-length"} == set(house_rules.RULES), kind


def test_a_long_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" * (house_rules.LONGEST_FILE + 1), encoding="utf-8")
    source = house_rules.read(path, place="console/views.py")
    assert [breach.rule for breach in house_rules.breaches(source)] == ["file-length"]


def test_the_house_keeps_its_rules() -> None:
    found = [
        str(breach)
        for path in house_rules.files()
        for breach in house_rules.breaches(house_rules.read(path))
    ]
    assert found == []
