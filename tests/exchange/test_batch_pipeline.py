"""Two steps for each of many things: in order, nothing after a failure, and the collector calm."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from dancu.exchange.batches.pipeline import in_two_steps
from dancu.operation.calm import calm_collector

pytestmark = pytest.mark.django_db(transaction=True)


def always() -> bool:
    return True


def run(
    things: list[int], done: list[int], goes_on: Callable[[], bool] = always, fails: int = -1
) -> None:
    def second(half: int) -> None:
        if half == fails * 10:
            raise ValueError(half)
        done.append(half)

    for _ in in_two_steps(things, lambda thing: thing * 10, second, goes_on=goes_on):
        pass


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_everything_is_done_in_order(count: int) -> None:
    done: list[int] = []
    run([*range(count)], done)
    assert done == [thing * 10 for thing in range(count)]


def test_nothing_is_begun_when_somebody_says_no_but_the_first_is_done() -> None:
    done: list[int] = []
    run([1, 2, 3], done, goes_on=lambda: False)
    assert done == [10]


def test_what_comes_before_a_failure_is_done_and_the_failure_is_raised() -> None:
    done: list[int] = []
    with pytest.raises(ValueError, match="30"):
        run([1, 2, 3, 4, 5], done, fails=3)
    assert done[:2] == [10, 20]
    assert 30 not in done


def test_the_collector_is_as_before_once_nobody_needs_calm() -> None:
    before = gc.get_threshold()
    with calm_collector():
        with calm_collector():
            assert gc.get_threshold()[0] > before[0]
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
