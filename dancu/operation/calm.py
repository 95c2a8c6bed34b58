"""Letting the collector of cycles rest while rows come and go by the million and hold no cycles."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 200_000
_lock = threading.Lock()
#: Thresholds of before, once for each who wants calm; the first are those to go back to.
_before: list[tuple[int, int, int]] = []


@contextmanager
def calm_collector() -> Iterator[None]:
    """Have cycles looked for seldom while the block runs, in whichever thread."""
    with _lock:
        _before.append(gc.get_threshold())
        gc.set_threshold(max(_SELDOM, _before[0][0]), *_before[0][1:])
    try:
        yield
    finally:
        with _lock:
            former = _before[0] if len(_before) == 1 else None
            _before.pop()
            if former is not None:
                gc.set_threshold(*former)
