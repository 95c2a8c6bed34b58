"""Building a city: made in one process, loaded through the door in by this one."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dancu.synthesis.anchors import COMMUNE
from dancu.synthesis.batches import BATCHES, FIRST, batch_key
from dancu.synthesis.errors import NoMap, NotACity
from dancu.synthesis.feed import city_feed
from dancu.synthesis.knowledge import REFERENCE_DAY

if TYPE_CHECKING:
    from dancu.access.types import Actor
    from dancu.population.types import BatchProgress, BatchReport

#: ``progress(batch, done, total)``; total 0 is unknown.
Progress = Callable[[str, int, int], None]
#: The anchor family and somebody else.
LEAST_PEOPLE = 10
NAME = "dancu synthesise"


@dataclass(frozen=True, slots=True)
class Built:
    """What a city became: the report of each batch, in order, and the time it took."""

    people: int
    seed: int
    reports: tuple[BatchReport, ...]
    seconds: float

    @property
    def accepted(self) -> int:
        """Return how many statements were taken."""
        return sum(report.accepted for report in self.reports)

    @property
    def rejected(self) -> int:
        """Return how many statements were refused."""
        return sum(report.rejected for report in self.reports)


def build(
    *,
    people: int,
    seed: int,
    at: dt.datetime | None = None,
    actor: Actor | None = None,
    day: dt.date = REFERENCE_DAY,
    progress: Progress | None = None,
    makers: int = 1,
) -> Built:
    """Make a city and load it, batch by batch; interrupted, it goes on when it is called again.

    ``at`` is when the register learns the last of it: the evening of ``day`` unless told otherwise.
    Raises ``NotACity``, ``NoMap``, ``MakerStopped`` and what ``population.batches.load`` raises.
    """
    from dancu.access.types import system_actor
    from dancu.kernel.clock import VIETNAM
    from dancu.places.queries import unit
    from dancu.population import batches
    from dancu.population.filling import first_fill

    if people < LEAST_PEOPLE:
        raise NotACity(people=people, least=LEAST_PEOPLE)
    if unit(COMMUNE, day) is None:
        raise NoMap
    moment = at or dt.datetime.combine(day, dt.time(18), VIETNAM)
    started = time.monotonic()
    reports: list[BatchReport] = []
    with first_fill(), city_feed(people=people, seed=seed, day=day, makers=makers) as feed:
        for spec in BATCHES:
            total = feed.total(spec.name)
            if total == 0:
                continue
            reports.append(
                batches.load(
                    source=spec.source,
                    key=batch_key(people, seed, spec.name),
                    rows=feed.rows(spec.name),
                    actor=actor or system_actor(name=NAME, source=spec.source),
                    at=moment - dt.timedelta(days=spec.days_before),
                    total=total,
                    progress=_teller(spec.name, people, progress),
                )
            )
            feed.drain()
    return Built(people, seed, tuple(reports), time.monotonic() - started)


def _teller(
    name: str, people: int, progress: Progress | None
) -> Callable[[BatchProgress], None] | None:
    if progress is None:
        return None

    def tell(state: BatchProgress) -> None:
        progress(name, state.done, people if name == FIRST else state.total or 0)

    return tell
