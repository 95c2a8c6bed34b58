"""``dancu doctor``, and a database that is not ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import psycopg
import pytest

from dancu.cli.main import command_names
from dancu.operation.config import ROOT
from dancu.operation.postgres.session import throw_away
from tests.operation.running import Running, place, running


@pytest.fixture
def item() -> Iterator[Running]:
    with place() as folder, running(folder / "var") as found:
        yield found


def _findings(text: str) -> dict[str, dict[str, str]]:
    return {finding["check"]: finding for finding in map(json.loads, text.splitlines())}


def test_a_prepared_installation_is_healthy(item: Running) -> None:
    assert item.run("up", "--prepare").returncode == 0
    done = item.run("doctor", "--json")
    found = _findings(done.stdout)
    for name in ("python", "packages", "settings", "postgresql", "migrations"):
        assert found[name]["verdict"] == "good", found[name]


def test_where_nothing_has_been_made_it_makes_nothing(item: Running) -> None:
    done = item.run("doctor", "--json")
    assert done.returncode == 1
    assert "`dancu up` makes it" in _findings(done.stdout)["postgresql"]["detail"]
    assert not (item.var / "postgresql").exists()


def test_a_backup_of_the_wrong_place_is_refused(item: Running) -> None:
    done = item.run("backup", str(item.var.parent / "x.backup"))
    assert done.returncode == 1
    assert "DANCU_VAR" in done.stderr
    assert not (item.var.parent / "x.backup").exists()


def test_every_command_that_a_remedy_names_exists() -> None:
    named = {
        command
        for path in (ROOT / "dancu").rglob("doctor*.py")
        for command in re.findall(r"`(?:[.]venv/bin/)?dancu ([a-z-]+)", path.read_text("utf-8"))
    }
    assert "recompute" in named
    assert named <= set(command_names())


def test_what_is_wrong_is_named_with_its_remedy(item: Running) -> None:
    item.var.mkdir()
    (item.var / "database.json").write_text("{}")
    (item.var / "database.json").chmod(0o644)
    item.environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    done = item.run("doctor")
    assert done.returncode == 1
    assert "BAD" in done.stdout
    assert "chmod 600" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with throw_away() as address:
        yield address.url


def test_a_given_server_is_used_and_keeps_its_tables(item: Running, server: str) -> None:
    item.environment["DATABASE_URL"] = server
    done = item.run("up", "--prepare")
    assert done.returncode == 0, done.stderr
    assert not (item.var / "postgresql").exists()
    again = item.run("up", "--prepare")
    assert again.returncode == 0, again.stderr


def test_a_database_with_foreign_tables_is_left_alone(item: Running, server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE theirs")
    theirs = server.rsplit("/", 1)[0] + "/theirs"
    with psycopg.connect(theirs) as connection:
        connection.execute("CREATE TABLE payroll (name text)")
    item.environment["DATABASE_URL"] = theirs

    done = item.run("up", "--prepare")

    assert done.returncode == 4
    assert "payroll" in done.stderr
    with psycopg.connect(theirs) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    assert tables == (1,)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("CREATE DATABASE useless ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0", "as LATIN1"),
        ("ALTER DATABASE useless SET search_path TO nowhere", "may not make tables"),
    ],
    ids=["without Vietnamese letters", "without a place for tables"],
)
def test_a_database_that_cannot_serve_is_named_before_anything_is_made(
    item: Running, server: str, made: str, words: str
) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS useless")
        if not made.startswith("CREATE"):
            connection.execute("CREATE DATABASE useless")
        connection.execute(made)
    item.environment["DATABASE_URL"] = server.rsplit("/", 1)[0] + "/useless"

    done = item.run("up", "--prepare")

    assert done.returncode == 5
    assert words in done.stderr
    assert "→" in done.stderr
