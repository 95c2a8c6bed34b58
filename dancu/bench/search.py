"""search: the worst 95th percentile among the kinds of search an officer makes.

Each kind is asked through the door out, with its checks, masking and access records: by PID, by a
cancelled PID, old number, name with and without accents, misspelt names, given name alone, name and
birth year, name within a ward, and address. The reference is one look-up of one row by its key in
the same run.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from dancu.bench import ground
from dancu.bench.people import AT, CASE, PURPOSE, milliseconds, officer, p95, sample
from dancu.bench.types import Benchmark, Line, Options
from dancu.kernel.text import fold

if TYPE_CHECKING:
    from dancu.disclosure.types import Criteria

PEOPLE = 1_000_000
EACH = 200
LIMIT_MS = 100.0


def measure(options: Options) -> Iterator[Line]:
    """Build the city and ask every kind of question."""
    people = options.people or PEOPLE
    with ground.settled_city(people, options.seed, options.say):
        kinds = {}
        for kind, questions in _questions(options.records or EACH, options.seed).items():
            taken = milliseconds(_ask, questions[:10]) and milliseconds(_ask, questions)
            kinds[kind] = {
                "p50": round(statistics.median(taken), 1),
                "p95": round(p95(taken), 1),
                "asked": len(taken),
            }
            options.say(
                f"  {kind:22} p50 {kinds[kind]['p50']:7} ms   p95 {kinds[kind]['p95']:7} ms"
            )
        reference = p95(milliseconds(_look_up, list(range(1, 501))))
    worst = max(kinds, key=lambda kind: kinds[kind]["p95"])
    yield Line(
        name="search",
        value=float(kinds[worst]["p95"]),
        unit="ms",
        reference="p95 of one row by its key, ms",
        reference_value=reference,
        run=(
            f"{people:,} people, worst p95 of {len(kinds)} kinds ({worst}), access records included"
        ),
        limit=LIMIT_MS,
        at_most=True,
        detail={"kinds": kinds},
    )


def _ask(criteria: Criteria) -> object:
    from dancu.disclosure import services

    return services.search(
        actor=officer(),
        purpose=PURPOSE,
        case=CASE,
        criteria=criteria,
        at=AT,
    )


def _look_up(number: int) -> object:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM population_person WHERE id = %s", [number])
        return cursor.fetchone()


def _questions(each: int, seed: int) -> dict[str, list[Criteria]]:
    from dancu.disclosure.types import Criteria

    people = sample(
        """
        SELECT p.pid, p.old_id_number, n.full_name, p.birth_year, p.commune, a.text
        FROM population_person p TABLESAMPLE SYSTEM (2) REPEATABLE (7)
        JOIN population_nameform n ON n.id = p.name_id
        JOIN places_address a ON a.id = p.address_id
        WHERE p.pid IS NOT NULL AND p.commune IS NOT NULL
        """,
        each,
        seed,
    )
    cancelled = sample(
        "SELECT pid FROM population_pid WHERE cancelled_on IS NOT NULL LIMIT 5000", each, seed
    )
    rnd = random.Random(seed)  # noqa: S311 - no secret
    makers: dict[str, Callable[[tuple[str, str, str, int, str, str]], Criteria | None]] = {
        "pid": lambda p: Criteria(text=p[0]),
        "old number": lambda p: Criteria(text=p[1]) if p[1] else None,
        "name": lambda p: Criteria(text=p[2]),
        "name without accents": lambda p: Criteria(text=fold(p[2])),
        "misspelt name": lambda p: Criteria(text=misspelt(p[2], rnd)),
        "given name alone": lambda p: Criteria(text=p[2].split()[-1]),
        "name and birth year": lambda p: Criteria(text=f"{fold(p[2])} {p[3]}"),
        "name in a ward": lambda p: Criteria(text=fold(p[2]), commune=p[4]),
        "birth year in a ward": lambda p: Criteria(birth=str(p[3]), commune=p[4]),
        "address": lambda p: Criteria(address=", ".join(p[5].split(",")[:2])),
        "address in the box": lambda p: Criteria(text=p[5].split(",")[0]),
    }
    questions: dict[str, list[Criteria]] = {
        kind: [made for p in people if (made := make(p)) is not None]  # type: ignore[arg-type]
        for kind, make in makers.items()
    }
    questions["cancelled pid"] = [Criteria(text=str(pid)) for (pid,) in cancelled]
    return {kind: asked for kind, asked in questions.items() if asked}


def misspelt(name: str, rnd: random.Random) -> str:
    """Return the name without accents and with one slip: a letter swapped, lost, or confused."""
    confused = (("s", "x"), ("tr", "ch"), ("l", "n"), ("i", "y"), ("ng", "n"), ("gi", "d"))
    text = fold(name)
    options = [text.replace(a, b, 1) for a, b in confused if a in text]
    spot = rnd.randrange(1, max(2, len(text) - 1))
    options += [text[:spot] + text[spot + 1 :]]
    options += [text[: spot - 1] + text[spot] + text[spot - 1] + text[spot + 1 :]]
    return rnd.choice(options)


BENCHMARK = Benchmark("search", "worst p95 among the kinds of search for a person", measure)
