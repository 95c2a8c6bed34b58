"""What may be asked of the register without looking at anybody."""

from __future__ import annotations

from dancu.population.models import Person


def is_empty() -> bool:
    """Say whether nobody is registered."""
    return not Person.objects.exists()


def is_registered(person_id: int) -> bool:
    """Say whether the register has a person under this key."""
    return Person.objects.filter(pk=person_id).exists()
