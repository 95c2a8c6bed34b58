"""The first examination of a register: ordered when the platform first starts, done beside it."""

from __future__ import annotations

from dancu.operation.setup_steps import CITY, step
from dancu.operation.terminal import Report
from dancu.population.measuring import people_about
from dancu.quality.models import Run

#: After the city and the accounts: nobody waits for it.
ORDER = CITY + 200


def _is_done() -> bool:
    return Run.objects.filter(kind=Run.Kind.ALL).exists() or not people_about()


@step(
    "quality.first-examination",
    label="First examination of quality, in the background",
    order=ORDER,
    is_done=_is_done,
)
def order_first_examination(report: Report) -> None:
    """Put the examination into the queue; the worker begins as soon as it runs."""
    from dancu.jobs.services import defer
    from dancu.quality.jobs import FIRST, examine_first

    defer(examine_first, only_one_waiting=FIRST)
    report(1, 1)
