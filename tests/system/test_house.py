"""What must hold for the house as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from dancu.operation.config import ROOT

BINARIES = Path(sys.executable).parent


def _floors() -> dict[str, int]:
    """The height of each room, from the import contract; foundations and kernel are lowest."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = document["tool"]["importlinter"]["contracts"][0]["layers"]
    return {
        room.strip(): len(layers) - height
        for height, layer in enumerate(layers)
        for room in layer.split("|")
    }


def test_imports_go_down_the_floors() -> None:
    done = subprocess.run(
        [str(BINARIES / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_room_has_a_floor() -> None:
    rooms = {path.parent.name for path in (ROOT / "dancu").glob("*/__init__.py")}
    assert rooms == set(_floors())


def test_foreign_keys_point_down_the_floors() -> None:
    floors = _floors()
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        if not model.__module__.startswith("dancu."):
            continue
        for field in model._meta.get_fields(include_hidden=False):
            other = getattr(field, "related_model", None)
            if field.auto_created or other is None or not other.__module__.startswith("dancu."):
                continue
            there = other._meta.app_label
            if there != room and floors[there] >= floors[room]:
                wrong.append(f"{room}.{model.__name__}.{field.name} → {there}")
    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("dancu.")]
    call_command("makemigrations", *ours, "--check", "--dry-run", verbosity=1)


def test_the_reference_pages_agree_with_the_code() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dancu.cli.main", "docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _committed() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name]


FORBIDDEN = {
    "the address of a package index": re.compile(
        r"(?:files\.pythonhoste[d]|registry\.npmj[s]|registry\.yarnpk[g]|//(?:\w+\.)?pyp[i]\.|"
        r"--(?:extra-)?index-[u]rl[ =]|--find-links[ =]|^-i http|\bdeb\.debia[n]\b)",
        re.MULTILINE,
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/\w"),
}
SELF = Path(__file__)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_holds(what: str) -> None:
    found = []
    for path in _committed():
        if path == SELF or not path.is_file() or path.stat().st_size > 5_000_000:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if match := FORBIDDEN[what].search(text):
            found.append(f"{path.relative_to(ROOT)}: {match[0]}")
    assert found == []


def test_compiled_and_running_files_are_not_committed() -> None:
    names = [str(path.relative_to(ROOT)) for path in _committed()]
    assert [
        name for name in names if name.endswith((".mo", ".pyc")) or name.startswith("var/")
    ] == []


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-analytics.lock", "requirements-spark.lock"]
)
def test_every_locked_package_has_its_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[a-z0-9])", text):
        if re.match(r"[a-z0-9][\w.-]*==", block):
            assert "--hash=sha256:" in block, block.splitlines()[0]
