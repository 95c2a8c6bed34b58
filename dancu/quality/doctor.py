"""The part of ``dancu doctor`` about quality as figures."""

from __future__ import annotations

from datetime import timedelta

from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.quality import quality, rules_in_force
from dancu.kernel.clock import system_clock, today
from dancu.operation.doctor import Finding, bad, check, good, warning
from dancu.population import measuring
from dancu.quality.queries import last_finished

_OLD = timedelta(days=2)


@check("quality.rules", label="The rules of quality can be examined", needs_database=True)
def rules_can_be_examined() -> Finding:
    """Every rule is read and compiled."""
    try:
        rules = rules_in_force(today(system_clock.now()))
        measuring.plan(quality().rules.values(), today(system_clock.now()))
    except (CatalogueEntryInvalid, ValueError) as error:
        return bad(str(error), "run `dancu catalogue check`: it names file, line and remedy")
    return good(f"{len(rules)} rules in force")


@check("quality.examined", label="The data were examined lately", needs_database=True)
def data_were_examined() -> Finding:
    """The figures that leaders see are not older than two nights."""
    run = last_finished()
    if run is None or run.finished_at is None:
        return good("not examined yet; the first examination comes at night")
    if system_clock.now() - run.finished_at > _OLD:
        day = f"{run.finished_at:%d/%m/%Y}"
        return warning(
            f"last examined on {day}", "see why the worker does not run; then `dancu quality run`"
        )
    return good(f"{run.examined:,} people, {run.opened:,} opened, {run.closed:,} closed")
