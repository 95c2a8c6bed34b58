"""Two steps for each of many things, in threads or processes: in order, nothing after a failure."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.db import connection

from dancu.exchange.batches.errors import ProcessDied
from dancu.exchange.batches.pipeline import in_two_steps
from dancu.exchange.batches.processes import in_processes

pytestmark = pytest.mark.django_db(transaction=True)
Steps = Callable[..., Iterator[None]]
both = pytest.mark.parametrize("steps", [in_two_steps, in_processes])


def always() -> bool:
    return True


class Book:
    """Where the second steps write down what they did, in whichever process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.touch()

    def note(self, text: object) -> None:
        with self.path.open("a") as file:
            file.write(f"{text}\n")

    @property
    def lines(self) -> list[int]:
        return [int(line) for line in self.path.read_text().split()]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book")


def run(
    steps: Steps,
    things: list[int],
    book: Book,
    goes_on: Callable[[], bool] = always,
    fails: tuple[int, int] = (-1, -1),
) -> None:
    def first(thing: int) -> int:
        if thing == fails[0]:
            raise ValueError(thing)
        return thing * 10

    def second(half: int) -> None:
        if half == fails[1] * 10:
            raise ValueError(half)
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", [half])
            book.note(cursor.fetchone()[0])

    for _ in steps(things, first, second, goes_on=goes_on):
        pass


@both
@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_everything_is_done_in_order(steps: Steps, count: int, book: Book) -> None:
    run(steps, [*range(count)], book)
    assert book.lines == [thing * 10 for thing in range(count)]


@both
def test_nothing_is_begun_when_somebody_says_no_but_the_first_is_done(
    steps: Steps, book: Book
) -> None:
    run(steps, [1, 2, 3], book, goes_on=lambda: False)
    assert book.lines == [10]


@both
@pytest.mark.parametrize("fails", [(3, -1), (-1, 3)])
def test_what_comes_before_a_failure_is_done_and_the_failure_is_raised(
    steps: Steps, fails: tuple[int, int], book: Book
) -> None:
    with pytest.raises(ValueError, match="3"):
        run(steps, [1, 2, 3, 4, 5], book, fails=fails)
    assert book.lines[:2] == [10, 20]
    assert 30 not in book.lines


def test_our_own_connection_is_as_before_once_processes_have_ended(book: Book) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        before = cursor.fetchone()
        run(in_processes, [1, 2, 3], book)
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == before


def test_a_process_that_is_killed_is_told(book: Book) -> None:
    def first(thing: int) -> int:
        if thing == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return thing

    with pytest.raises(ProcessDied):
        list(in_processes([1, 2, 3, 4], first, book.note, goes_on=always))
    assert book.lines == [1]
    assert not multiprocessing.active_children()


def test_whoever_stops_early_leaves_no_process_behind(book: Book) -> None:
    steps = in_processes([*range(50)], lambda thing: thing, book.note, goes_on=always)
    next(steps)
    steps.close()
    assert not multiprocessing.active_children()
    assert book.lines == [*range(len(book.lines))]


def test_processes_end_with_the_one_that_forked_them(book: Book) -> None:
    def first(_thing: int) -> int:
        book.note(os.getpid())
        time.sleep(600)
        return 0

    def fork() -> None:
        list(in_processes([1, 2], first, book.note, goes_on=always))

    parent = multiprocessing.get_context("fork").Process(target=fork)
    parent.start()
    while len(book.lines) < 2:
        time.sleep(0.01)
    parent.kill()
    parent.join()
    while any(map(_runs, book.lines)):
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
