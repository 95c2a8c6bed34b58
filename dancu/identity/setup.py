"""Demo accounts, once the city stands."""

from __future__ import annotations

from dancu.identity import demo
from dancu.kernel.clock import system_clock
from dancu.operation.config import current
from dancu.operation.setup_steps import CITY, step
from dancu.operation.terminal import Report


def _is_done() -> bool:
    return not current().city.sign_ins or demo.is_made()


@step("identity.demo", label="Demo accounts", order=CITY + 100, is_done=_is_done)
def make_demo_accounts(report: Report) -> None:
    """Make one account for each role."""
    made = demo.create_demo(at=system_clock())
    report(len(made), len(made), f"{len(made)}")
