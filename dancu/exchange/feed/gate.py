"""Whether a contract has a feed at this moment."""

from __future__ import annotations

from datetime import datetime

from dancu.catalogue.contracts import Contract
from dancu.exchange.errors import ClauseRefused
from dancu.kernel.clock import today


def require_feed(contract: Contract, at: datetime) -> None:
    """Raise ``ClauseRefused`` unless the contract is in force and has a feed."""
    day = today(at)
    if not contract.is_in_force(day):
        raise ClauseRefused(contract=contract.name, clause="dates", asked=day.isoformat())
    if "feed" not in contract.modes:
        raise ClauseRefused(contract=contract.name, clause="modes", asked="feed")
