"""What must be in the database before the platform serves: each room registers its own steps.

A room registers in ``<room>/setup.py``, which is imported before the steps run:

    @step("places.units", label="Administrative units", order=100, is_done=units_are_loaded)
    def load_units(report: Report) -> None: ...

A step is idempotent: cut short at any point, it is run again and mends what it left. ``is_done``
answers in milliseconds. Steps below ``CITY`` come before the synthetic city is built, the others
after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dancu.operation.terminal import Report, Terminal

CITY = 500
"""The place of the synthetic city among the steps."""


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step. ``name`` is ``room.what``; ``run`` gets ``report(done, total, note)``."""

    name: str
    label: str
    order: int
    is_done: Callable[[], bool]
    run: Callable[[Report], None]

    @property
    def needs_people(self) -> bool:
        """Whether the step works on the city, and so comes after it."""
        return self.order >= CITY


_steps: dict[str, SetupStep] = {}


def register(new: SetupStep) -> SetupStep:
    """Add a step; the same name replaces the former one."""
    _steps[new.name] = new
    return new


def step(
    name: str, *, label: str, order: int, is_done: Callable[[], bool]
) -> Callable[[Callable[[Report], None]], Callable[[Report], None]]:
    """Register the decorated function as a step."""

    def declare(run: Callable[[Report], None]) -> Callable[[Report], None]:
        register(SetupStep(name, label, order, is_done, run))
        return run

    return declare


def ordered() -> list[SetupStep]:
    """All steps of all rooms, in the order in which they run."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("setup")
    return sorted(_steps.values(), key=lambda item: (item.order, item.name))


def run_missing(terminal: Terminal, *, first: int = 0, last: int = 10**9) -> list[str]:
    """Run the steps from ``first`` up to but not with ``last`` that are not done; their names."""
    done = []
    for item in ordered():
        if not first <= item.order < last or item.is_done():
            continue
        with terminal.step(item.label) as report:
            item.run(report)
        done.append(item.name)
    return done
