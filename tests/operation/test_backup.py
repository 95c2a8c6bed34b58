"""Backup and restore, by the real commands."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dancu.operation.postgres.provision import known_address
from tests.operation.running import Running, place, running


@pytest.fixture(scope="module")
def prepared() -> Iterator[Running]:
    """A migrated database that runs, with one known row, and a backup of it."""
    with place() as folder, running(folder / "var") as item:
        assert item.run("up", "--prepare").returncode == 0
        item.start("database")
        item.wait_for("Ctrl-C stops it")
        _execute(
            item,
            "INSERT INTO operation_setupmark (name, state, detail, begun_at) "
            "VALUES ('proof', 'begun', '{\"words\": \"Đỗ Thị Ứng\"}', now())",
        )
        done = item.run("backup", str(folder / "first.dancu"))
        assert done.returncode == 0, done.stderr
        yield item
        item.interrupt()


def _execute(item: Running, statement: str) -> list[tuple[object, ...]]:
    address = known_address(item.var)
    assert address is not None
    with psycopg.connect(address.url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def _marks(item: Running) -> list[tuple[object, ...]]:
    return _execute(item, "SELECT name, detail ->> 'words' FROM operation_setupmark ORDER BY 1")


def _backup(item: Running) -> Path:
    return item.var.parent / "first.dancu"


def test_a_backup_is_private_and_verifies(prepared: Running) -> None:
    assert stat.S_IMODE(_backup(prepared).stat().st_mode) == 0o600
    done = prepared.run("restore", "--verify", str(_backup(prepared)))
    assert done.returncode == 0
    assert "is whole" in done.stderr


def test_a_backup_does_not_overwrite_unasked(prepared: Running) -> None:
    done = prepared.run("backup", str(_backup(prepared)))
    assert done.returncode == 1
    assert "exists already" in done.stderr


def test_a_database_that_is_not_empty_is_not_touched(prepared: Running) -> None:
    before = _marks(prepared)
    done = prepared.run("restore", str(_backup(prepared)))
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert _marks(prepared) == before


def test_replace_brings_back_exactly_what_was_there(prepared: Running) -> None:
    before = _marks(prepared)
    _execute(prepared, "DELETE FROM operation_setupmark")
    _execute(prepared, "CREATE TABLE later (number int)")

    done = prepared.run("restore", "--replace", str(_backup(prepared)))

    assert done.returncode == 0, done.stderr
    assert _marks(prepared) == before
    assert _execute(prepared, "SELECT to_regclass('later')") == [(None,)]


def test_it_restores_into_a_new_installation(prepared: Running) -> None:
    with place() as folder, running(folder / "var") as other:
        done = other.run("restore", str(_backup(prepared)))
        assert done.returncode == 0, done.stderr
        again = other.run("up", "--prepare")
        assert again.returncode == 0, again.stderr
        assert "Tables of the database" not in again.stderr
        other.start("database")
        other.wait_for("Ctrl-C stops it")
        assert _marks(other) == _marks(prepared)
        other.interrupt()


@pytest.mark.parametrize("damage", ["cut", "flipped", "not ours", "absent"])
def test_a_damaged_file_changes_nothing(prepared: Running, tmp_path: Path, damage: str) -> None:
    content = bytearray(_backup(prepared).read_bytes())
    file = tmp_path / "damaged.dancu"
    if damage == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        content[len(content) // 3] ^= 0xFF
        file.write_bytes(content)
    elif damage == "not ours":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "a")
    before = _marks(prepared)

    done = prepared.run("restore", "--replace", str(file))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "damaged" in done.stderr
    assert _marks(prepared) == before


def test_rows_that_are_missing_undo_the_whole_restore(prepared: Running, tmp_path: Path) -> None:
    # A file whose manifest promises a row more than its dump has.
    file = tmp_path / "short.dancu"
    with (
        zipfile.ZipFile(_backup(prepared)) as source,
        zipfile.ZipFile(file, "w") as target,
    ):
        manifest = source.read("manifest.json").decode()
        target.writestr("database.dump", source.read("database.dump"))
        wrong = manifest.replace('"operation_setupmark": 1', '"operation_setupmark": 2')
        target.writestr("manifest.json", wrong)
    before = _marks(prepared)

    done = prepared.run("restore", "--replace", str(file))

    assert done.returncode == 1
    assert "nothing changed" in done.stderr
    assert "operation_setupmark" in done.stderr
    assert _marks(prepared) == before
