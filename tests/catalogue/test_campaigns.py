"""Campaigns as declared: what is shipped is sound, and each slip is found with its line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from dancu import catalogue
from dancu.catalogue import campaigns, files, quality
from dancu.catalogue.checking import check
from dancu.catalogue.errors import CatalogueEntryInvalid


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue of one's own to spoil."""
    root = tmp_path / "catalogue"
    shutil.copytree(files.BESIDE_THE_PACKAGE, root)
    monkeypatch.setenv(files.ENVIRONMENT, str(root))
    yield root
    for room in (catalogue, campaigns, quality):
        room.forget()


def test_the_three_general_checks_and_the_round_are_declared() -> None:
    kinds = campaigns.campaign_kinds()
    assert set(kinds) == {"door_to_door", "temporary_residence", "lodging", "cancelled_pids"}
    for kind in kinds.values():
        for question in kind.questions:
            assert question.answers[0].leads_to == campaigns.CONFIRMED
            assert question.answer("nothing") is None


#: File, what is written there, what is written instead, and what is said of it.
SLIPS = [
    ("temporary_residence", 'when: "alive', 'when: "alife', "neither an attribute"),
    ("temporary_residence", "purpose: residence_round", "purpose: residence_check", "round.visit"),
    ("temporary_residence", "name: over,", 'name: "here",', "more than once"),
    ("temporary_residence", "valid_to: null", "valid_to: 2020-01-01", "ends before"),
    ("door_to_door", "shows: [full_name,", "shows: [full_name, religion,", "show religion"),
    ("door_to_door", "confirms: [", "confirms: [birth_date, ", "birth_date in full"),
    ("door_to_door", "attribute: permanent_residence", "attribute: home", "not declared"),
    ("cancelled_pids", "  name: cancelled_pids", "  name: other", "another name"),
    ("cancelled_pids", "leads_to: confirmed", "leads_to: moved", "first answer"),
    ("lodging", "known(lodging)", "known(lodging) and known(phone)", "storage group"),
]


def spoil(root: Path, name: str, before: str, after: str) -> int:
    """Change a file at one place; return the line of it."""
    file = root / "campaigns" / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def test_each_slip_is_found_with_its_line(copy: Path) -> None:
    wanted = [(name, spoil(copy, name, *change), says) for name, *change, says in SLIPS]
    with override("en"):
        found = [(one.file, one.line, one.what) for one in check()]
    for name, line, says in wanted:
        file = f"campaigns/{name}.yaml"
        assert [w for f, n, w in found if (f, n) == (file, line) and says in w], (name, line, found)
    assert len(found) == len(wanted)


def test_what_does_not_fit_the_schema_is_not_looked_at_further(copy: Path) -> None:
    line = spoil(copy, "lodging", "service: admit", "service: nothing")
    found = check()
    assert [(one.file, one.line) for one in found] == [("campaigns/lodging.yaml", line)]


def test_what_cannot_be_read_is_not_run(copy: Path) -> None:
    file = copy / "campaigns" / "lodging.yaml"
    file.write_text(file.read_text("utf-8").replace("alive and", "alife and"), encoding="utf-8")
    campaigns.forget()
    with pytest.raises(CatalogueEntryInvalid):
        campaigns.campaign_kinds()
