"""The first fill of an empty register, which goes without the indexes that only searches need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dancu.operation import indexes
from dancu.places.models import Address
from dancu.population.models import NameForm, Person

#: Tables that are searched in many ways and entered by key alone.
SEARCHED = (Person, NameForm, Address)


@contextmanager
def first_fill() -> Iterator[None]:
    """Fill a register in which there is nobody yet; the indexes of searches are made at the end.

    One that fails makes them at once. One that is killed goes on without them and makes them when
    it ends, or the next start of the platform makes them. Where people are already there, nothing
    is set aside.
    """
    if not Person.objects.exists():
        indexes.set_aside(SEARCHED)
    try:
        yield
    except Exception:
        # The platform may be running beside; what goes wrong now is less than what went wrong.
        with suppress(Exception):
            make_ready()
        raise
    make_ready()


def lacking() -> list[str]:
    """Return the names of the indexes of searches that are missing."""
    return [index.name for _table, index in indexes.missing(SEARCHED)]


def is_ready() -> bool:
    """Say whether every index of searches is there."""
    return not lacking()


def make_ready() -> int:
    """Make the indexes of searches that are missing; returns how many."""
    return indexes.make_missing(SEARCHED)
