"""Planting faults in rows at the rates of ``catalogue/synthesis/dirty.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.dirty import fault_dates, fault_names, fault_numbers
from dancu.synthesis.dirty.fault_addresses import AddressFaults

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from dancu.synthesis.dirty.drafts import Draft
    from dancu.synthesis.geography import Geography

#: Faults of the file, not of one cell; ``files`` plants them.
OF_THE_FILE = frozenset({"DUP", "PHONE_SHARED"})


class Planter:
    """Plants faults in the rows of one file."""

    def __init__(self, places: Geography, rates: Mapping[str, float], most: int) -> None:
        """Take the rate of each code, and how many faults a row may have."""
        known = known_faults(places)
        self._faults = [
            (known[code], float(rate))
            for code, rate in rates.items()
            if rate > 0 and code not in OF_THE_FILE
        ]
        self._most = most

    def plant(self, draft: Draft, rng: Random) -> None:
        """Change the draft's cells and add the codes of what was planted."""
        random = rng.random
        for fault, rate in self._faults:
            if random() < rate:
                if len(draft.errors) >= self._most:
                    return
                planted = fault(draft, rng.getrandbits(16))
                if planted:
                    draft.errors.append(planted)


def known_faults(places: Geography) -> dict[str, Callable[[Draft, int], str]]:
    """Return every fault of a cell by its code."""
    found: dict[str, Callable[[Draft, int], str]] = dict(AddressFaults(places).faults)
    for changes in (fault_numbers.CHANGES, fault_names.CHANGES, fault_dates.CHANGES):
        for code, change in changes.items():
            found[code] = _named(code, change)
    return found


def _named(code: str, change: Callable[[Draft, int], bool]) -> Callable[[Draft, int], str]:
    def fault(draft: Draft, draw: int) -> str:
        return code if change(draft, draw) else ""

    return fault
