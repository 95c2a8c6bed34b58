"""A disk that is truly full: a small file system of its own holds the whole instance.

What must hold: the message names the cause and the remedy, nothing half-written stays, nothing
acknowledged is lost, and when there is room again everything goes on without hand work.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import psycopg
import pytest

from dancu.operation.postgres.provision import known_address
from tests.operation.running import Running, place, running

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

MEGABYTE = 1024 * 1024
FULL = 6


class Disk:
    """A file system in memory, as small as a test wants it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ballast = folder / "ballast"

    @property
    def free(self) -> int:
        return shutil.disk_usage(self.folder).free

    def fill(self, *, leave: int = 0) -> None:
        with self.ballast.open("ab", buffering=0) as stream:
            try:
                while self.free > leave:
                    stream.write(bytes(min(MEGABYTE, self.free - leave)))
            except OSError:
                assert self.free <= leave + 4096

    def make_room(self) -> None:
        self.ballast.unlink(missing_ok=True)

    def resize(self, size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(self.folder)], check=True)


@contextmanager
def small_disk(size: str) -> Iterator[Disk]:
    with place() as folder:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "dancu-test", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            pytest.skip(f"a full disk needs the right to mount one: {done.stderr.strip()}")
        try:
            yield Disk(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module", autouse=True)
def _may_mount() -> None:
    if os.geteuid() != 0:
        pytest.skip("a full disk needs the right to mount one, and this is not root")


@pytest.fixture(scope="module")
def disk() -> Iterator[Disk]:
    with small_disk("180m") as found:
        yield found


@pytest.fixture(scope="module")
def up(disk: Disk) -> Iterator[Running]:
    """One platform with a small city for all tests; each leaves it serving, with room."""
    with running(disk.folder / "var", DANCU_CITY_PEOPLE="300") as item, place() as elsewhere:
        item.output = elsewhere / "output.txt"
        item.start("up")
        item.wait_for("Ctrl-C stops everything")
        yield item


@pytest.fixture(autouse=True)
def _room_again(disk: Disk) -> Iterator[None]:
    yield
    disk.make_room()


def _rows(item: Running, query: str) -> list[tuple[object, ...]]:
    address = known_address(item.var)
    assert address is not None
    with psycopg.connect(address.url) as connection:
        return connection.execute(query.encode()).fetchall()


def _pupils(item: Running, file: Path, *, times: int) -> int:
    people = _rows(item, "SELECT pid FROM population_person WHERE status = 1")
    with file.open("w", encoding="utf-8") as target:
        target.write("pid,school,school_grade,day,evidence\n")
        for number in range(times):
            day = f"{2000 + number // 12}-{number % 12 + 1:02}-05"
            for (pid,) in people:
                target.write(f"{pid},Trường {number},{number % 5 + 1}A,{day},Danh sách {number}\n")
    return len(people) * times


def test_a_load_is_cut_short_in_words_and_goes_on_when_there_is_room(
    up: Running, disk: Disk, tmp_path: Path
) -> None:
    file = tmp_path / "pupils.csv"
    total = _pupils(up, file, times=150)
    command = ("load", str(file), "--source", "BGDDT", "--key", "full")
    disk.fill(leave=16 * MEGABYTE)

    done = up.run(*command)

    assert done.returncode == FULL, done.stderr
    assert "The disk is full" in done.stderr
    assert "free space" in done.stderr
    assert "Traceback" not in done.stderr
    assert up.get("/health/live")[0] == 200

    disk.make_room()
    up.wait_until_ready()
    again = up.run(*command)
    assert again.returncode == 0, again.stderr
    assert f"{total:,} accepted" in again.stdout
    counted = (
        "SELECT count(*) FROM population_statement s JOIN population_batch b "
        "ON b.id = s.batch_id WHERE b.key = 'full'"
    )
    assert _rows(up, counted) == [(total,)]
    assert up.run("doctor").stdout.count("BAD") == 1  # The disk itself, which is small.


def _sign_in(item: Running, password: str) -> tuple[int, str]:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_arguments: object) -> None:
            return None

    address = f"http://127.0.0.1:{item.port}/sign-in/"
    jar = urllib.request.HTTPCookieProcessor(CookieJar())
    opener = urllib.request.build_opener(jar, Stay())
    try:
        with opener.open(address, timeout=60) as answer:
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
        assert found is not None
        form = {"csrfmiddlewaretoken": found[1], "username": "citizen", "password": password}
        with opener.open(address, urllib.parse.urlencode(form).encode(), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def test_a_page_that_can_store_nothing_says_so_and_keeps_what_it_acknowledged(
    up: Running, disk: Disk
) -> None:
    found = re.search(r"citizen +(\S+)$", up.text, re.MULTILINE)
    assert found is not None
    password = found[1]
    before = _rows(up, "SELECT count(*) FROM django_session")[0][0]
    disk.fill()

    answers = []
    while not answers or (answers[-1][0] == 302 and len(answers) < 200):
        answers.append(_sign_in(up, password))

    status, page = answers.pop()
    assert status == 503
    assert "ổ đĩa đã đầy" in page
    assert "Chưa có gì thay đổi" in page
    assert up.get("/health/live")[0] == 200

    disk.make_room()
    assert _sign_in(up, password)[0] == 302
    after = _rows(up, "SELECT count(*) FROM django_session")[0][0]
    assert after >= before + len(answers) + 1


def test_a_backup_onto_a_full_disk_leaves_no_file(up: Running, disk: Disk) -> None:
    disk.fill(leave=256 * 1024)
    done = up.run("backup", str(disk.folder / "dancu.backup"))
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "free space" in done.stderr
    assert sorted(path.name for path in disk.folder.iterdir()) == ["ballast", "var"]


def _fall(item: Running, disk: Disk) -> None:
    """Write until PostgreSQL finds no room for its write-ahead log, which stops it."""
    address = known_address(item.var)
    assert address is not None
    for _attempt in range(50):
        try:
            with psycopg.connect(address.admin_url, autocommit=True) as connection:
                connection.execute("SELECT pg_switch_wal()")
                row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
                assert row is not None
                # Segments made ahead would serve it for a while.
                for segment in (item.var / "postgresql" / "pg_wal").glob("0" * 8 + "?" * 16):
                    if segment.name > row[0]:
                        segment.unlink()
                disk.fill(leave=4 * MEGABYTE)
                connection.execute("SELECT pg_logical_emit_message(true, 'test', 'x')")
        except psycopg.OperationalError:
            return
    pytest.fail("the database never fell")


def test_a_database_that_falls_on_a_full_disk_comes_back_when_there_is_room(
    up: Running, disk: Disk
) -> None:
    people = _rows(up, "SELECT count(*) FROM population_person")

    _fall(up, disk)

    up.wait_for("the database starts again by itself")
    assert up.get("/health/live")[0] == 200
    assert up.get("/health/ready")[0] == 503
    status, _headers, metrics = up.get("/metrics")
    assert status == 200
    assert b"dancu_database_up 0.0" in metrics

    disk.make_room()

    up.wait_until_ready()
    assert _rows(up, "SELECT count(*) FROM population_person") == people
    assert up.process is not None
    assert up.process.poll() is None


def test_a_web_server_that_falls_on_a_full_disk_is_started_again(up: Running, disk: Disk) -> None:
    disk.fill()
    up.child("granian").kill()
    up.wait_for("The web server ended unexpectedly")
    up.wait_until_answers("/metrics")
    assert disk.free < MEGABYTE
    disk.make_room()
    up.wait_until_ready()


def test_a_first_start_on_a_full_disk_leaves_nothing_in_the_way() -> None:
    with small_disk("20m") as disk, running(disk.folder / "var") as item:
        done = item.run("up", "--prepare")
        assert done.returncode == FULL, done.stderr
        assert "The disk is full" in done.stderr
        assert str(disk.folder) in done.stderr
        assert "start dancu again" in done.stderr
        disk.resize("180m")
        again = item.run("up", "--prepare")
        assert again.returncode == 0, again.stderr


def test_a_disk_without_one_free_byte_is_named_before_anything_else() -> None:
    with small_disk("20m") as disk, running(disk.folder / "var") as item:
        disk.fill()
        done = item.run("up", "--prepare")
        assert done.returncode == FULL, done.stderr
        assert "The disk is full" in done.stderr
        assert "Traceback" not in done.stderr
