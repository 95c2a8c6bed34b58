"""The rules as declared: every attribute is covered, and errors are named with their line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from dancu.catalogue import attributes, source_kinds
from dancu.catalogue import quality as declared
from dancu.catalogue.checking import Finding, check
from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import BESIDE_THE_PACKAGE, ENVIRONMENT
from dancu.catalogue.quality import DIMENSIONS, quality, rules_in_force

DAY = date(2026, 11, 2)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    target = tmp_path / "catalogue"
    target.mkdir()
    for entry in BESIDE_THE_PACKAGE.iterdir():
        if entry.name != "quality":
            (target / entry.name).symlink_to(entry)
    shutil.copytree(BESIDE_THE_PACKAGE / "quality", target / "quality")
    monkeypatch.setenv(ENVIRONMENT, str(target))
    yield target / "quality"
    declared.forget()


def change(file: Path, before: str, after: str) -> int:
    """Replace a text, and return the line where it stood."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def findings() -> list[Finding]:
    with translation.override("en"):
        return [one for one in check() if one.file.startswith("quality/")]


def test_every_attribute_has_a_rule_of_completeness_and_one_of_freshness() -> None:
    rules = quality().rules
    for one in attributes():
        assert rules[f"{one.name}.complete"].number == 1000 + one.number
        fresh = rules[f"{one.name}.current"]
        assert fresh.number == 2000 + one.number
        assert (one.freshness_days is None) == fresh.when.startswith("disputed")


def test_rules_stand_in_the_order_of_the_dimensions_and_name_who_mends() -> None:
    places = [DIMENSIONS.index(rule.dimension) for rule in quality().rules.values()]
    assert places == sorted(places)
    assert all(rule.remedy_by in source_kinds() for rule in quality().rules.values())
    assert all(rule.to_do("vi") and rule.to_do("en") for rule in quality().rules.values())


def test_a_rule_that_is_off_is_known_and_not_in_force() -> None:
    assert "crowded_household" in quality().rules
    assert "crowded_household" not in {rule.name for rule in rules_in_force(DAY)}


def test_rules_hold_in_their_period_only() -> None:
    names = {rule.name for rule in rules_in_force(date(2025, 6, 30))}
    assert "split_ward_undecided" not in names
    assert "pid_against_sex" in names


ERRORS = [
    ("dates.yaml", "age(birth_date) > 120", "age(birth_date) > ", "cannot be read"),
    ("dates.yaml", "birth_date > today", "born(birth_date) > today", "no function"),
    ("family.yaml", "'CHUA_KET_HON'", "'DOC_THAN'", "code list marital_statuses"),
    ("numbers.yaml", "population: living", "population: livin", "livin is not declared"),
    ("numbers.yaml", "remedy_by: police", "remedy_by: polise", "polise is not declared"),
    ("numbers.yaml", "number: 2", "number: 1", "number 1 occurs more than once"),
    ("households.yaml", "heads > 1", "sex == 'M'", "neither an attribute"),
    ("households.yaml", "population: null", "population: living", "Only rules about persons"),
    ("life.yaml", "known(death_date)", "known(phone) and known(school)", "storage group"),
    ("populations.yaml", "attributes: [marital_status]", "attributes: [none]", "none is not"),
    ("residence.yaml", "valid_to: null", "valid_to: 2020-01-01", "ends before"),
]


def test_errors_are_named_with_file_line_and_remedy(copied: Path) -> None:
    lines = [change(copied / file, before, after) for file, before, after, _ in ERRORS]
    found = findings()
    for (file, _before, _after, what), line in zip(ERRORS, lines, strict=True):
        own = [one for one in found if one.file == f"quality/{file}" and what in one.what]
        assert own, (file, what)
        assert line in {one.line for one in own}
        assert own[0].remedy
    assert any("marital_status stands under 0" in one.what for one in found)


def test_a_rule_of_another_shape_is_named(copied: Path) -> None:
    line = change(copied / "numbers.yaml", "severity: minor", "severity: small")
    (found,) = findings()
    assert (found.file, found.line) == ("quality/numbers.yaml", line)
    assert "does not fit the schema" in found.what


def test_the_platform_refuses_a_rule_that_it_cannot_read(copied: Path) -> None:
    change(copied / "dates.yaml", "age(birth_date) > 120", "age(birth_day) > 120")
    with pytest.raises(CatalogueEntryInvalid, match="birth_day"):
        quality()
