"""The register's part of ``dancu doctor``."""

from __future__ import annotations

from dancu.operation.doctor import Finding, bad, check, good
from dancu.population import filling
from dancu.population.checks import disagreements, impossible_rows

_SHOWN = 5


@check("population.rows", label="The register's rows belong together", needs_database=True)
def rows_belong_together() -> Finding:
    """No orphans, one current number for each person, cards with their search forms."""
    found = impossible_rows()
    if not found:
        return good("no orphan, one current number each")
    details = "; ".join(f"{what} (people {_list(keys)})" for what, keys in found.items())
    return bad(details, "restore the last good backup beside it and compare these people")


@check("population.golden", label="The golden record follows the statements", needs_database=True)
def golden_follows_statements() -> Finding:
    """A sample of people, folded again from all their statements."""
    looked_at, found = disagreements()
    if not found:
        return good(f"{looked_at} people folded again, all agree")
    details = ", ".join(f"{d.what} of person {d.person_id}" for d in found[:_SHOWN])
    return bad(
        f"{len(found)} facts differ among {looked_at} people: {details}",
        "run `dancu recompute --all-disagreeing`; it looks at everybody and folds those again",
    )


@check("population.indexes", label="Searches have their indexes", needs_database=True)
def searches_have_indexes() -> Finding:
    """A first fill goes without them and makes them at its end; one cut short has none."""
    lacking = filling.lacking()
    if not lacking:
        return good("all there")
    return bad(
        f"{len(lacking)} are missing: {', '.join(lacking[:_SHOWN])}",
        "start the platform again: the fill goes on, or they are made",
    )


def _list(keys: list[int]) -> str:
    return ", ".join(map(str, keys))
