"""What a person at the terminal sees: lines and progress bars, or plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

Report = Callable[..., None]
"""``report(done, total, note="")``: how far a step is. ``total`` 0 means unknown."""

_PLAIN_EVERY = 5.0


def no_report(done: int, total: int, note: str = "") -> None:
    """Report to nobody."""


class Terminal:
    """Writes to a stream (standard error by default)."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.console = Console(file=self.stream, highlight=False, soft_wrap=True)

    @property
    def is_interactive(self) -> bool:
        """Whether bars can be drawn."""
        return self.console.is_terminal

    def say(self, line: str = "") -> None:
        """Write a line."""
        self.console.print(line, markup=False)
        self.stream.flush()

    @contextmanager
    def step(self, label: str) -> Iterator[Report]:
        """Show the progress of one step; says how long it took."""
        if self.is_interactive:
            with self._bar(label) as report:
                yield report
            return
        begin = time.monotonic()
        self.say(f"{label} …")
        yield self._plain(label)
        self.say(f"{label}: done in {time.monotonic() - begin:.1f} s")

    @contextmanager
    def _bar(self, label: str) -> Iterator[Report]:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}", markup=False),
        )
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(label, total=None, note="")

            def report(done: int, total: int, note: str = "") -> None:
                progress.update(task, completed=done, total=total or None, note=note)

            yield report
            total = progress.tasks[0].total or 1
            progress.update(task, completed=total, total=total)

    def _plain(self, label: str) -> Report:
        spoken = time.monotonic()

        def report(done: int, total: int, note: str = "") -> None:
            nonlocal spoken
            now = time.monotonic()
            if now - spoken < _PLAIN_EVERY:
                return
            spoken = now
            part = f"{done:,} of {total:,} ({100 * done // total} %)" if total else f"{done:,}"
            self.say(f"{label}: {part} {note}".rstrip())

        return report
