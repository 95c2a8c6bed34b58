"""Where the people of an inquiry are read: the register, or the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dancu.disclosure.internal import invented
from dancu.places import queries as places
from dancu.places.types import AddressValue
from dancu.population import verification_reading as register
from dancu.population.verification_reading import Hit, Known, NameWanted


@dataclass(frozen=True, slots=True)
class People:
    """The readings that a comparison needs; see ``population.verification_reading``."""

    by_numbers: Callable[[Sequence[str], Sequence[str]], Mapping[str, Sequence[Hit]]]
    by_names: Callable[[Sequence[NameWanted]], Mapping[int, Sequence[Known]]]
    facts: Callable[[Sequence[int], Iterable[int]], Mapping[int, Mapping[int, object]]]
    addresses: Callable[[Iterable[int]], Mapping[int, AddressValue]]


REGISTER = People(register.by_numbers, register.by_names, register.facts, places.addresses)
SANDBOX = People(invented.by_numbers, invented.by_names, invented.facts, invented.addresses)
