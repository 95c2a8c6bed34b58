"""Whether a contract has a feed at this moment, and whose it is."""

from __future__ import annotations

from datetime import datetime

from dancu.catalogue.contracts import Contract
from dancu.exchange.errors import ClauseRefused
from dancu.exchange.types import Caller
from dancu.kernel.clock import today


def require_feed(contract: Contract, at: datetime) -> None:
    """Raise ``ClauseRefused`` unless the contract is in force and has a feed."""
    day = today(at)
    if not contract.is_in_force(day):
        raise ClauseRefused(contract=contract.name, clause="dates", asked=day.isoformat())
    if "feed" not in contract.modes:
        raise ClauseRefused(contract=contract.name, clause="modes", asked="feed")


def feed_of(caller: Caller) -> str:
    """Return the name under which subscriptions and events of the caller are kept.

    That of the contract. The sandbox is everybody's, so there each client has a feed of its own.
    """
    contract = caller.contract
    return f"{contract.name}/{caller.client_id or 0}" if contract.is_sandbox else contract.name
