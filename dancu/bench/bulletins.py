"""bulletins: the figures of 168 communes, and the PDF and the workbook of each.

Over a synthetic city, examined by every rule, some of whose people were corrected and examined
again, so that issues are open and closed. What is measured is what a Thursday needs: counting all
communes and what is above them, storing that, and then reading each commune's bulletin back and
making its two files; the limit is 60 seconds. The peer is the same figures of the same communes
counted one commune after the other, as a report for each would do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta

from dancu.bench import ground
from dancu.bench.people import AT
from dancu.bench.types import Benchmark, Line, Options

PEOPLE = 100_000
CHANGED = 5_000
COMMUNES = 168
SECONDS = 60.0
_LANES = 2
_ONE_BY_ONE = (
    "SELECT rule, count(*) FROM quality_issue WHERE unit = %s GROUP BY 1",
    "SELECT rule, count(*) FROM quality_issue WHERE unit = %s AND opened_on >= %s GROUP BY 1",
    (
        "SELECT rule, cause, count(*) FROM quality_closedissue"
        " WHERE unit = %s AND closed_on >= %s GROUP BY 1, 2"
    ),
)


def measure(options: Options) -> Iterator[Line]:
    """Make a city with open and closed issues, and its bulletins."""
    people, changed = options.people or PEOPLE, options.records or CHANGED
    with ground.settled_city(people, options.seed, options.say):
        from dancu.kernel.clock import today

        day = today(AT)
        _examine(changed, options.seed)
        ground.settle_down()
        one_by_one = _one_by_one(day)
        started = time.monotonic()
        number, units = _figures(day)
        figures = time.monotonic() - started
        files, size = _files(number, units)
        seconds = time.monotonic() - started
        opened, closed = _issues()
        ground.spend()
    options.say(f"  figures {figures:.1f} s, files {seconds - figures:.1f} s")
    yield Line(
        name="bulletins",
        value=seconds,
        unit="s",
        reference="the same counts asked commune by commune, s",
        reference_value=one_by_one,
        run=(
            f"{len(units)} communes of {people:,} people, {opened:,} issues open and {closed:,} "
            f"closed: figures of all units stored, {files} files (PDF and XLSX) made"
        ),
        limit=SECONDS,
        at_most=True,
        detail={
            "figures_s": round(figures, 2),
            "files_s": round(seconds - figures, 2),
            "files_bytes": size,
        },
    )


def _examine(changed: int, seed: int) -> None:
    from dancu.bench.quality import change
    from dancu.kernel.clock import FixedClock
    from dancu.quality import examining

    examining.examine_all(clock=FixedClock(AT - timedelta(days=2)), lanes=_LANES)
    change(changed, seed)
    examining.examine_changes(clock=FixedClock(AT), lanes=_LANES)


def _figures(day: date) -> tuple[int, list[str]]:
    from dancu.bulletins.models import Figure
    from dancu.bulletins.services import produce

    edition = produce(kind="weekly", day=day, actor=None, at=AT)
    rows = Figure.objects.filter(edition=edition, level="commune").order_by("-people", "unit")
    return edition.pk, list(rows.values_list("unit", flat=True)[:COMMUNES])


def _files(number: int, units: list[str]) -> tuple[int, int]:
    from django.utils.translation import override

    from dancu.bulletins import queries
    from dancu.bulletins.rendering import pdf_of
    from dancu.bulletins.workbook import workbook_of

    files = size = 0
    with override("vi"):
        for unit in units:
            found = queries.bulletin(number, unit)
            for made in (pdf_of(found, "vi"), workbook_of(found, "vi")):
                files, size = files + 1, size + len(made)
    return files, size


def _one_by_one(day: date) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unit FROM quality_issue")
        units = [row[0] for row in cursor.fetchall()]
        started = time.monotonic()
        for unit in units:
            for statement in _ONE_BY_ONE:
                cursor.execute(statement, [unit, day][: statement.count("%s")])
                cursor.fetchall()
        return time.monotonic() - started


def _issues() -> tuple[int, int]:
    from dancu.quality.models import ClosedIssue, Issue

    return Issue.objects.count(), ClosedIssue.objects.count()


BENCHMARK = Benchmark(
    "bulletins", "figures, PDF and workbook of the bulletins of 168 communes", measure
)
