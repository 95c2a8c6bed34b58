"""Each issue belongs to one group of a bulletin, and slips in the file are told with their line."""

from __future__ import annotations

import shutil
from datetime import date, time
from pathlib import Path

import pytest

from dancu.bulletins.internal.making import layout_of_today
from dancu.catalogue.bulletins import bulletins, league, schedule
from dancu.catalogue.checking import check
from dancu.catalogue.files import folder
from dancu.catalogue.quality import DIMENSIONS, quality


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of the test's own."""
    target = tmp_path / "catalogue"
    shutil.copytree(folder(), target)
    monkeypatch.setenv("DANCU_CATALOGUE", str(target))
    return target / "bulletins.yaml"


def test_every_rule_belongs_to_exactly_one_group() -> None:
    layout = layout_of_today()
    counted = [rule for cell in layout.cells for rule in cell.rules]
    assert sorted(counted) == sorted(rule.number for rule in quality().rules.values())
    declared = bulletins()
    for rule in quality().rules.values():
        assert declared.group_of(rule).dimension == rule.dimension
    order = [DIMENSIONS.index(one.dimension) for one in declared.groups]
    assert order == sorted(order)


def test_thursday_and_eight_in_the_evening_are_declared() -> None:
    day = date(2026, 11, 19)
    weekly, evening = schedule("weekly", day), schedule("evening", day)
    assert weekly is not None
    assert evening is not None
    assert weekly.is_due_on(day)
    assert not weekly.is_due_on(date(2026, 11, 20))
    assert evening.at == time(20)
    assert league(day).least_people > 0


def test_slips_are_told_with_their_line(copied: Path) -> None:
    text = copied.read_text("utf-8")
    text = text.replace("files: [duplicates, life]", "files: [duplicates, nothing]")
    text = text.replace("name: clean_writing", "name: clean_addresses")
    text = text.replace(
        'label_en: "Other facts to be confirmed"',
        'label_en: "Other facts to be confirmed"\n    asks: unconfirmed_days',
    )
    copied.write_text(text, "utf-8")
    said = {found.line: f"{found.what}" for found in check()}
    lines = text.splitlines()
    assert any("nothing" in what for what in said.values())
    assert any("clean_addresses" in what for what in said.values())
    assert any("current" in what for what in said.values())
    assert all("name: c" in lines[line - 1] for line in said)
