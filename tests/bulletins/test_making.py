"""Bulletins: the leaders' figures are those that the wards worked off, each told once, for ever."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from dancu.audit.models import Event
from dancu.bulletins import doctor, jobs, queries, schedule
from dancu.bulletins.behind import Behind, behind
from dancu.bulletins.errors import BulletinOvertaken, NothingExamined
from dancu.bulletins.models import Edition, Figure
from dancu.bulletins.services import produce, producing
from dancu.bulletins.types import CAUSES, COUNTRY, NOWHERE, Movement
from dancu.catalogue.bulletins import Kind
from dancu.disclosure.services import changing
from dancu.kernel.clock import FixedClock
from dancu.quality.models import ClosedIssue, Issue
from tests.bulletins.town import (
    BEN_THANH,
    BORN,
    DAY,
    HANOI,
    HCMC,
    HOAN_KIEM,
    PID,
    PLACE,
    SAIGON,
    TAN_DINH,
    Cause,
    a_week,
    closed,
    examined,
    moment,
    opened,
    people,
)

pytestmark = pytest.mark.usefixtures("town")


def made(kind: Kind = "weekly", day: date = DAY, hour: int = 9, later: int = 0) -> Edition:
    at = moment(day + timedelta(days=later), hour)
    return produce(kind=kind, day=day, actor=None, at=at)


def total(edition: Edition, unit: str = COUNTRY) -> Movement:
    return queries.totals([edition.pk], unit)[edition.pk]


def test_children_sum_to_their_parents_and_closings_are_the_rows_of_closed_issues() -> None:
    a_week()
    edition = made()
    rows = {row.unit: row for row in Figure.objects.filter(edition=edition)}
    assert set(rows) == {COUNTRY, HCMC, HANOI, SAIGON, BEN_THANH, TAN_DINH, HOAN_KIEM, NOWHERE}
    for parent in (COUNTRY, HCMC, HANOI):
        below = [row for row in rows.values() if row.parent == parent]
        for column in ("left", "before", "opened", "closed", "passed"):
            sums = [
                sum(numbers) for numbers in zip(*(getattr(r, column) for r in below), strict=True)
            ]
            assert sums == getattr(rows[parent], column), (parent, column)
        assert sum(row.people for row in below) == rows[parent].people
    since = DAY - timedelta(days=6)
    kept = Counter(ClosedIssue.objects.filter(closed_on__gte=since).values_list("cause", flat=True))
    assert total(edition).closed == tuple(kept.get(int(cause), 0) for cause in CAUSES)
    assert total(edition).left == Issue.objects.count()
    assert total(edition).moved == 0
    # A rule that ended is nobody's merit.
    assert (total(edition, BEN_THANH).mended, total(edition, BEN_THANH).closed_otherwise) == (2, 6)
    assert (rows[SAIGON].place, rows[SAIGON].placed) == (1, 3)


def test_each_number_stands_under_its_group_dimension_and_office() -> None:
    passed = a_week()[SAIGON][-1]
    Issue.objects.filter(subject=passed.subject).update(passed_to="CA-26743")
    found = queries.bulletin(made().pk, SAIGON)
    assert found.unit.total.passed == 1
    left = {one.name: one.movement.left for one in found.groups if one.movement.left}
    assert left == {"accurate_identity": 8, "clean_addresses": 3}
    assert found.dimension("accurate").mended == 8
    assert {kind: moved.left for kind, moved in found.offices if moved.left} == {
        "civil_registry": 4,
        "police": 4,
        "ward": 3,
    }
    league = queries.bulletin(found.edition.id, HCMC).children
    assert league[0].code == SAIGON


def test_every_opening_and_closing_is_told_once_whatever_the_hour() -> None:
    left = a_week()
    first = made("evening", DAY - timedelta(days=1), 20)
    # The night after the briefing, and the day.
    closed(left[TAN_DINH][:2], DAY - timedelta(days=1))
    opened(TAN_DINH, PLACE, 1, DAY - timedelta(days=1))
    fresh = opened(TAN_DINH, PLACE, 3, DAY)
    closed(fresh[:2], DAY)
    second = made("evening", DAY, 20)
    moved = total(second, TAN_DINH)
    assert (moved.opened, moved.mended, moved.moved) == (4, 4, 0)
    assert moved.before == total(first, TAN_DINH).left
    assert moved.net == moved.opened - moved.mended
    # Three days of standstill: the next one tells what happened in all of them.
    closed(fresh[2:], DAY)
    closed(left[TAN_DINH][2:3], DAY + timedelta(days=2))
    third = made("evening", DAY + timedelta(days=3), 20)
    assert total(third, TAN_DINH).mended == 2
    assert total(third).moved == 0


def require_rules_to_sum_up(edition: Edition, unit: str, communes: list[str] | None) -> None:
    """Behind each number stand rules that sum up to it."""
    found = queries.bulletin(edition.pk, unit)
    for one in found.groups:
        if not one.dimension:
            continue
        rules = queries.rules_of(edition.pk, group=one.name)
        whole = sum(behind(edition.pk, rules, communes).values(), start=Behind())
        said = one.movement
        assert whole == Behind(said.left, said.opened, said.mended, said.closed_otherwise), one


def test_behind_a_number_stand_the_rules_as_they_were_counted_whatever_came_later() -> None:
    left = a_week()
    first = made("evening", DAY - timedelta(days=1), 20)
    closed(left[TAN_DINH][:2], DAY - timedelta(days=1))
    fresh = opened(SAIGON, PLACE, 3, DAY - timedelta(days=1))
    closed(fresh[:1], DAY, Cause.RULE_ENDED)
    second = made("evening", DAY, 20)
    weekly = made("weekly", DAY, 21)
    # Later that evening, and in the days that follow.
    closed(left[SAIGON][:2], DAY)
    closed(opened(SAIGON, BORN, 4, DAY)[:3], DAY)
    closed(left[HOAN_KIEM][:3], DAY + timedelta(days=2))
    opened(BEN_THANH, PID, 5, DAY + timedelta(days=1))
    third = made("evening", DAY + timedelta(days=2), 20)
    for edition in (first, second, weekly, third):
        require_rules_to_sum_up(edition, SAIGON, [SAIGON])
        require_rules_to_sum_up(edition, HCMC, [SAIGON, BEN_THANH, TAN_DINH])
        require_rules_to_sum_up(edition, NOWHERE, [""])
        require_rules_to_sum_up(edition, COUNTRY, None)


def test_who_moves_takes_the_issue_along() -> None:
    left = a_week()
    made("evening", DAY - timedelta(days=1), 20)
    Issue.objects.filter(subject=left[SAIGON][0].subject).update(unit=int(HOAN_KIEM))
    edition = made("evening", DAY, 20)
    assert (total(edition, SAIGON).moved, total(edition, HOAN_KIEM).moved) == (-1, 1)
    assert total(edition).moved == 0


def test_a_bulletin_is_made_once_and_never_changes() -> None:
    left = a_week()
    first = made()
    before = list(Figure.objects.order_by("pk").values())
    closed(left[SAIGON], DAY)
    again = made(hour=15)
    assert again.pk == first.pk
    assert list(Figure.objects.order_by("pk").values()) == before
    assert Event.objects.filter(event="bulletin.made").count() == 1
    for change in (
        lambda: Figure.objects.filter(unit=SAIGON).update(people=1),
        lambda: Figure.objects.filter(unit=SAIGON).delete(),
        lambda: Edition.objects.update(is_late=True),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_one_that_is_killed_leaves_nothing_half(monkeypatch: pytest.MonkeyPatch) -> None:
    a_week()

    def killed(**_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(producing, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            made()
    assert not Edition.objects.exists()
    assert not Figure.objects.exists()
    assert made().figures.count() == 8


def test_a_late_one_says_so_and_counts_to_the_end_of_its_day() -> None:
    left = a_week()
    closed(left[SAIGON][:1], DAY)
    closed(left[SAIGON][1:4], DAY + timedelta(days=1))
    late = made(later=1, hour=11)
    assert late.is_late
    moved = total(late, SAIGON)
    assert moved.mended == 9
    assert moved.left == len(left[SAIGON]) - 1
    following = made(day=DAY + timedelta(days=7))
    assert not following.is_late
    assert total(following, SAIGON).mended == 3
    with pytest.raises(BulletinOvertaken):
        made(day=DAY - timedelta(days=7))


def test_what_is_missing_after_a_standstill_is_known() -> None:
    assert schedule.missing("weekly", moment(DAY, 10)) == []
    with pytest.raises(NothingExamined):
        made()
    people()
    examined(DAY - timedelta(days=6))
    assert schedule.missing("weekly", moment(DAY, 8)) == []
    assert schedule.missing("weekly", moment(DAY, 9)) == [DAY]
    assert schedule.missing("weekly", moment(DAY + timedelta(days=2), 9)) == [DAY]
    evenings = schedule.missing("evening", moment(DAY, 20))
    assert evenings == [DAY - timedelta(days=n) for n in (2, 1, 0)]
    assert ("weekly", DAY) in schedule.overdue(moment(DAY, 11))
    assert ("weekly", DAY) not in schedule.overdue(moment(DAY, 9, 30))
    made()
    assert schedule.missing("weekly", moment(DAY + timedelta(days=6), 23)) == []
    assert doctor.bulletins_are_made().verdict in {"good", "warning"}


def test_the_job_makes_each_missing_one_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # The transaction of the test is a writer for which an examination would wait.
    monkeypatch.setattr(changing, "is_settled", lambda _mark: True)
    a_week()
    clock = FixedClock(moment(DAY, 20, 3))
    assert jobs.make_missing(clock=clock) == 6
    assert jobs.make_missing(clock=clock) == 0
    made_ = Edition.objects.order_by("kind", "day").values_list("kind", "day", "is_late")
    assert list(made_) == [
        ("evening", DAY - timedelta(days=2), True),
        ("evening", DAY - timedelta(days=1), True),
        ("evening", DAY, False),
        ("weekly", DAY - timedelta(days=14), True),
        ("weekly", DAY - timedelta(days=7), True),
        ("weekly", DAY, True),
    ]
    clock.move(timedelta(days=1))
    assert jobs.make_missing(clock=clock) == 1


def test_rules_that_are_declared_no_more_are_told_of_apart() -> None:
    people()
    examined(DAY)
    gone = opened(SAIGON, 987, 3, DAY - timedelta(days=9))
    opened(SAIGON, BORN, 2, DAY) + opened(SAIGON, PID, 1, DAY)
    closed(gone, DAY, Cause.RULE_ENDED)
    found = queries.bulletin(made().pk, SAIGON)
    ended = next(one for one in found.groups if one.name == "ended")
    assert sum(ended.movement.closed) == 3
    assert found.unit.total.left == 3


def test_one_that_was_made_on_a_day_on_which_none_is_due_is_not_late() -> None:
    evening = 20
    assert schedule.is_late("weekly", DAY, moment(DAY, evening))
    assert not schedule.is_late("weekly", DAY + timedelta(days=1), moment(DAY, evening))
    friday = DAY + timedelta(days=1)
    assert not schedule.is_late("weekly", friday, moment(friday, evening))
