"""Contracts as the exchange uses them: today's contract of a client."""

from __future__ import annotations

from datetime import datetime

from dancu.catalogue import contracts as declared
from dancu.catalogue.contracts import Contract
from dancu.exchange.errors import ClauseRefused
from dancu.kernel.clock import today


def contract_at(name: str, at: datetime) -> Contract:
    """Return the contract of a name in force at a moment.

    Raises ``ClauseRefused``: clause ``contract`` when there never was one, ``dates`` when it has
    ended or not begun.
    """
    found = declared.contract(name, today(at))
    if found is not None:
        return found
    last = declared.last_contract(name)
    if last is None:
        raise ClauseRefused(contract=name, clause="contract", asked="-")
    raise ClauseRefused(contract=name, clause="dates", asked=today(at).isoformat())


def contract_to_fetch(name: str, at: datetime) -> Contract:
    """Return the contract under which answers may be fetched, also lately ended.

    Raises ``ClauseRefused`` as ``contract_at`` does.
    """
    return declared.contract_to_fetch(name, today(at)) or contract_at(name, at)
