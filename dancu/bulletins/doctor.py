"""The part of ``dancu doctor`` about bulletins."""

from __future__ import annotations

from dancu.bulletins import schedule
from dancu.bulletins.queries import last_day
from dancu.catalogue.bulletins import KINDS
from dancu.kernel.clock import system_clock
from dancu.operation.doctor import Finding, check, good, warning


@check("bulletins.made", label="Bulletins are made on their days", needs_database=True)
def bulletins_are_made() -> Finding:
    """No Thursday and no evening has passed without its bulletin."""
    late = schedule.overdue(system_clock.now())
    if late:
        words = ", ".join(f"{kind} of {day:%d/%m/%Y}" for kind, day in late)
        return warning(
            f"missing: {words}", "see why the worker does not run; then `dancu bulletin run`"
        )
    made = {kind: last_day(kind) for kind in KINDS}
    words = ", ".join(f"{kind} of {day:%d/%m/%Y}" for kind, day in made.items() if day)
    return good(f"the last: {words}" if words else "none is due yet")
