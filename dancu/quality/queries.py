"""Reads: how many issues there are, whose, since when, and how communes stood day by day.

Nothing here is about anybody in particular but keys of the register: they are shown through the
door out. ``communes`` are codes of today's map; ``None`` is the whole country.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from dancu.catalogue.quality import DIMENSIONS, Dimension, QualityRule, quality
from dancu.quality.models import ClosedIssue, Issue, Run, Score

#: For which people are read to mend their data.
PURPOSE = "data_cleaning"
_AFFECTED = """
SELECT d.dimension, count(*), count(DISTINCT i.subject)
FROM quality_issue i
JOIN unnest(%(rules)s::smallint[], %(places)s::smallint[]) AS d (rule, dimension) USING (rule)
WHERE %(units)s::integer[] IS NULL OR i.unit = ANY (%(units)s::integer[])
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One dimension of some place: its people, those with an issue, and the issues."""

    dimension: Dimension
    people: int
    affected: int
    issues: int

    @property
    def share(self) -> float:
        """The part of the people without an issue, 0 to 1; 1 where nobody lives."""
        return 1 - self.affected / self.people if self.people else 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """How a place stood on a day, by dimension in their order."""

    day: date
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule and how many open issues it has."""

    rule: QualityRule
    issues: int


@dataclass(frozen=True, slots=True)
class Past:
    """An issue that is over: its rule, days, cause, and the statement that mended it."""

    rule: int
    opened_on: date
    closed_on: date
    cause: ClosedIssue.Cause
    statement: int | None


def number_of(commune: str) -> int:
    """Return the number under which a commune is kept; 0 for none."""
    return int(commune) if commune.isdecimal() else 0


def code_of(unit: int) -> str:
    """Return the code of a commune from its number; '' for none."""
    return f"{unit:05d}" if unit else ""


def last_finished() -> Run | None:
    """Return the last run that was finished, those of single people aside."""
    rows = Run.objects.filter(finished_at__isnull=False).exclude(kind=Run.Kind.SPOT)
    return rows.order_by("-pk").first()


def rule_counts(communes: Collection[str] | None = None) -> list[RuleCount]:
    """Return every rule with its open issues, in the order of dimensions."""
    rows = _here(communes).values_list("rule").annotate(n=Count("rule")).order_by()
    found = dict(rows)
    return [RuleCount(rule, found.get(rule.number, 0)) for rule in quality().rules.values()]


def issues(
    rules: Iterable[int], communes: Collection[str] | None, *, limit: int, offset: int = 0
) -> list[tuple[int, int, date]]:
    """Return ``(person, rule, opened on)`` of open issues, the oldest first."""
    rows = _here(communes).filter(rule__in=list(rules)).order_by("opened_on", "subject", "rule")
    return list(rows.values_list("subject", "rule", "opened_on")[offset : offset + limit])


def count_issues(rules: Iterable[int], communes: Collection[str] | None) -> int:
    """Return how many open issues rules have."""
    return _here(communes).filter(rule__in=list(rules)).count()


def rules_of(dimension: str) -> list[int]:
    """Return the numbers of the rules of a dimension."""
    return [r.number for r in quality().rules.values() if r.dimension == dimension]


def open_of(person_id: int) -> list[tuple[int, date]]:
    """Return ``(rule, opened on)`` of a person's open issues."""
    rows = Issue.objects.filter(subject=person_id).order_by("rule")
    return list(rows.values_list("rule", "opened_on"))


def past_of(person_id: int) -> list[Past]:
    """Return a person's issues that are over, the newest first."""
    rows = ClosedIssue.objects.filter(subject=person_id).order_by("-closed_on", "-pk")
    return [
        Past(r.rule, r.opened_on, r.closed_on, ClosedIssue.Cause(r.cause), r.statement)
        for r in rows
    ]


def standings_now(people: int, communes: Collection[str] | None = None) -> tuple[Standing, ...]:
    """Return how a place stands now, counted from its open issues; ``people`` live there."""
    rules = list(quality().rules.values())
    values = {
        "rules": [rule.number for rule in rules],
        "places": [DIMENSIONS.index(rule.dimension) for rule in rules],
        "units": None if communes is None else [number_of(one) for one in communes],
    }
    with connection.cursor() as cursor:
        cursor.execute(_AFFECTED, values)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return tuple(
        Standing(name, people, found.get(at, (0, 0))[1], found.get(at, (0, 0))[0])
        for at, name in enumerate(DIMENSIONS)
    )


def trend(communes: Collection[str] | None, *, since: date) -> list[Point]:
    """Return how a place stood on each day of which there is a snapshot, the oldest first."""
    rows = _scores(communes).filter(day__gte=since).values("day", "dimension")
    found: dict[date, dict[int, Standing]] = {}
    for row in rows.annotate(Sum("people"), Sum("affected"), Sum("issues")).order_by("day"):
        found.setdefault(row["day"], {})[row["dimension"]] = Standing(
            DIMENSIONS[row["dimension"]],
            row["people__sum"],
            row["affected__sum"],
            row["issues__sum"],
        )
    return [
        Point(day, tuple(by[at] for at in range(len(DIMENSIONS)) if at in by))
        for day, by in found.items()
    ]


def standings_of(units: Sequence[Collection[str]], *, day: date) -> list[tuple[Standing, ...]]:
    """Return how several places stood on the day of a snapshot, each given by its communes."""
    rows = Score.objects.filter(day=day).values_list(
        "unit", "dimension", "people", "affected", "issues"
    )
    by_unit: dict[int, dict[int, tuple[int, int, int]]] = {}
    for unit, dimension, *numbers in rows:
        by_unit.setdefault(unit, {})[dimension] = (numbers[0], numbers[1], numbers[2])
    return [_summed(by_unit, communes) for communes in units]


def last_day() -> date | None:
    """Return the day of the newest snapshot."""
    return Score.objects.order_by("-day").values_list("day", flat=True).first()


def _summed(
    by_unit: dict[int, dict[int, tuple[int, int, int]]], communes: Collection[str]
) -> tuple[Standing, ...]:
    found = [by_unit[n] for n in map(number_of, communes) if n in by_unit]
    return tuple(
        Standing(name, *(sum(one.get(at, (0, 0, 0))[i] for one in found) for i in range(3)))
        for at, name in enumerate(DIMENSIONS)
    )


def _here(communes: Collection[str] | None) -> QuerySet[Issue]:
    if communes is None:
        return Issue.objects.all()
    return Issue.objects.filter(unit__in=[number_of(one) for one in communes])


def _scores(communes: Collection[str] | None) -> QuerySet[Score]:
    if communes is None:
        return Score.objects.all()
    return Score.objects.filter(unit__in=[number_of(one) for one in communes])
