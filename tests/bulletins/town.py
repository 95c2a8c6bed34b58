"""Four communes of two provinces, their people, and issues that open and close by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count

from dancu.kernel.clock import VIETNAM
from dancu.population.models import Person
from dancu.quality.models import ClosedIssue, Issue, Run

SAIGON, BEN_THANH, TAN_DINH, HOAN_KIEM = "26740", "26743", "26737", "00070"
HCMC, HANOI = "79", "01"
PEOPLE = {SAIGON: 120, BEN_THANH: 80, TAN_DINH: 60, HOAN_KIEM: 100}
#: A Thursday.
DAY = date(2026, 11, 19)
#: A number (mended by the police), a household, a date (the registry), a residence (the ward).
PID, HEAD, BORN, PLACE = 1, 40, 22, 60
Cause = ClosedIssue.Cause
_subjects = count(1_000_000)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


def people() -> None:
    Person.objects.bulk_create(
        Person(commune=commune) for commune, n in PEOPLE.items() for _ in range(n)
    )


def examined(day: date) -> Run:
    """A finished examination of a day."""
    at = moment(day, 1)
    return Run.objects.create(
        kind=Run.Kind.ALL, day=day, begun_at=at, finished_at=at, statement=0, annulment=0
    )


def opened(commune: str, rule: int, n: int, day: date) -> list[Issue]:
    """Open issues of new subjects; a commune of '' is not known."""
    return Issue.objects.bulk_create(
        Issue(subject=next(_subjects), rule=rule, unit=int(commune or 0), run=1, opened_on=day)
        for _ in range(n)
    )


def closed(issues: Sequence[Issue], day: date, cause: Cause = Cause.MENDED) -> None:
    """Close issues, as a run does."""
    for one in issues:
        Issue.objects.filter(subject=one.subject, rule=one.rule).delete()
    ClosedIssue.objects.bulk_create(
        ClosedIssue(
            subject=one.subject,
            rule=one.rule,
            unit=one.unit,
            run=1,
            opened_on=one.opened_on,
            closed_on=day,
            cause=cause,
        )
        for one in issues
    )


def a_week() -> dict[str, list[Issue]]:
    """Issues of the week before a Thursday; returns those left, by commune."""
    people()
    examined(DAY - timedelta(days=20))
    long_ago, lately = DAY - timedelta(days=15), DAY - timedelta(days=3)
    left: dict[str, list[Issue]] = {}
    for commune, n in ((SAIGON, 12), (BEN_THANH, 8), (TAN_DINH, 5), (HOAN_KIEM, 10)):
        issues = opened(commune, BORN, n, long_ago) + opened(commune, PID, 4, long_ago)
        issues += opened(commune, PLACE, 3, lately)
        left[commune] = issues
    opened("", BORN, 2, lately)
    closed(left[SAIGON][:6], lately)
    closed(left[SAIGON][6:8], lately, Cause.WITHDRAWN)
    closed(left[BEN_THANH][:2], lately)
    closed(left[BEN_THANH][2:8], lately, Cause.RULE_ENDED)
    closed(left[HOAN_KIEM][:1], DAY - timedelta(days=10))
    left[SAIGON], left[BEN_THANH] = left[SAIGON][8:], left[BEN_THANH][8:]
    left[HOAN_KIEM] = left[HOAN_KIEM][1:]
    return left
