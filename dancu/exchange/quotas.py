"""How many people may still be asked about today, and how fast.

A day begins at midnight in Vietnam. Records are counted in the database, requests a second in the
process that takes them in.
"""

from __future__ import annotations

from datetime import date, datetime

from dancu.catalogue.contracts import Contract
from dancu.exchange.types import Standing, Taken


def take(contract: Contract, records: int, *, at: datetime, at_least: int = 0) -> Taken:
    """Take records from the day's quota of the contract and of the country.

    Grants as many as are left, at most ``records``; nothing when fewer than ``at_least`` are.
    Committed at once: what is not used is not given back by itself (see ``give_back``).
    """
    raise NotImplementedError


def give_back(contract: Contract, records: int, *, at: datetime) -> None:
    """Return records that were taken and not used, on the same day."""
    raise NotImplementedError


def standing(day: date) -> dict[str, Standing]:
    """Return how every contract in force stands, by name; the country under the empty name."""
    raise NotImplementedError
