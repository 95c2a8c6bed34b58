"""Settings of the whole process, while somebody wants them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from dancu.operation.calm import calm_collector, quick_turns


@pytest.mark.parametrize(
    ("wanted", "read"), [(calm_collector, gc.get_threshold), (quick_turns, sys.getswitchinterval)]
)
def test_a_setting_is_as_before_once_nobody_wants_another(
    wanted: Callable[[], AbstractContextManager[None]], read: Callable[[], object]
) -> None:
    before = read()
    with wanted():
        changed = read()
        assert changed != before
        with wanted():
            assert read() == changed
        assert read() == changed
    assert read() == before


def test_cycles_are_looked_for_less_and_turns_are_shorter() -> None:
    thresholds, turn = gc.get_threshold(), sys.getswitchinterval()
    with calm_collector(), quick_turns():
        assert gc.get_threshold()[0] > thresholds[0]
        assert sys.getswitchinterval() < turn
