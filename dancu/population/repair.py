"""People folded again from all that was ever said of them: golden records, conflicts and cards.

For the operator, where the doctor finds that these do not follow the statements. What the sources
said is not touched, so to repeat it does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.population.checks import card_disagreements, golden_disagreements
from dancu.population.internal.recompute import recompute
from dancu.population.models import Person
from dancu.population.services.records import people_of_pids

#: People whose golden records are locked at once.
AT_ONCE = 200

#: Told how many people are done, of how many.
Progress = Callable[[int, int], None]


def keys_of_pids(pids: Sequence[str]) -> list[int | None]:
    """Return the key of the person of each number, in order; None where nobody ever had it."""
    known = people_of_pids(pids)
    return [known.get(pid) for pid in pids]


def unknown_keys(keys: Sequence[int]) -> list[int]:
    """Return those of the keys that are nobody's."""
    known = set(Person.objects.filter(pk__in=list(keys)).values_list("pk", flat=True))
    return [key for key in keys if key not in known]


def disagreeing(*, progress: Progress) -> list[int]:
    """Look at everybody and return the keys of those whose records differ from what was said."""
    found: list[int] = []
    done, total = 0, Person.objects.count()
    for people in _everybody():
        differing = golden_disagreements(people) + card_disagreements(people)
        found += sorted({item.person_id for item in differing})
        done += len(people)
        progress(done, max(done, total))
    return found


def refold(*, person_ids: Sequence[int], actor: Actor, at: datetime, progress: Progress) -> int:
    """Fold these people again and return how many of them still differ, which none should.

    Each part is one transaction with its line in the log of events; cut short, the parts that are
    done stay done.
    """
    wanted = sorted(set(person_ids))
    differing = 0
    for begin in range(0, len(wanted), AT_ONCE):
        part = wanted[begin : begin + AT_ONCE]
        with transaction.atomic():
            recompute(part, at=at)
            record(event="people.refolded", actor=actor, at=at, detail={"people": part})
        left = golden_disagreements(part) + card_disagreements(part)
        differing += len({item.person_id for item in left})
        progress(begin + len(part), len(wanted))
    return differing


def _everybody() -> Iterator[list[int]]:
    last = 0
    while people := list(
        islice(Person.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True), 500)
    ):
        yield people
        last = people[-1]
