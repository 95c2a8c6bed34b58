"""Targets: set by whoever may, replaced and kept, summed for the parent, refused with reasons."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from dancu.access.errors import ActionNotAllowed
from dancu.audit.models import Event
from dancu.bulletins import live, queries
from dancu.bulletins.errors import TargetGone
from dancu.bulletins.models import Target
from dancu.bulletins.services import end_target, produce, set_target
from dancu.bulletins.types import COUNTRY
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from tests.bulletins.town import (
    BEN_THANH,
    DAY,
    HANOI,
    HCMC,
    SAIGON,
    a_week,
    moment,
)
from tests.disclosure.conftest import officer

pytestmark = pytest.mark.usefixtures("town")
AT = moment(DAY - timedelta(days=1), 9)
BY = DAY + timedelta(days=8)


def ask(unit: str, goal: int, role: str = "province_officer", **more: object) -> int:
    given: dict[str, object] = {"group": "", "kind": "left", "by": BY, "reason": "KH-01", **more}
    return set_target(unit=unit, goal=goal, actor=officer(role, HCMC), at=AT, **given)  # type: ignore[arg-type]


def test_a_bulletin_says_what_the_targets_need_and_sums_them_for_the_parent() -> None:
    a_week()
    ask(SAIGON, 5)
    ask(BEN_THANH, 1, group="clean_addresses", kind="daily")
    ask(BEN_THANH, 2)
    edition = produce(kind="evening", day=DAY, actor=None, at=moment(DAY, 20))
    (own,) = queries.bulletin(edition.pk, SAIGON).paces
    # 11 are left, 6 working days: one fewer each day; 8 mended against 3 found in seven days.
    assert (own.left, own.goal, own.working_days, own.needed) == (11, 5, 6, 1.0)
    assert (own.mended_week, own.opened_week, own.state) == (8, 3, "on_course")
    above = {(one.group, one.kind): one for one in queries.bulletin(edition.pk, HCMC).paces}
    whole = above["", "left"]
    assert (whole.goal, whole.left, whole.units, whole.of) == (7, 18, 2, 3)
    assert above["clean_addresses", "daily"].goal == 1
    assert {one.goal for one in queries.bulletin(edition.pk, COUNTRY).paces} == {7, 1}
    assert not queries.bulletin(edition.pk, HANOI).paces


def test_a_target_of_ones_own_goes_before_the_sum() -> None:
    a_week()
    ask(SAIGON, 5)
    ask(HCMC, 3)
    edition = produce(kind="evening", day=DAY, actor=None, at=moment(DAY, 20))
    (whole,) = queries.bulletin(edition.pk, HCMC).paces
    assert (whole.goal, whole.of) == (3, 0)
    rows = queries.targets([SAIGON], limit=5)
    (now,) = live.paces(rows, [SAIGON], day=DAY)
    assert (now.left, now.goal, now.working_days) == (11, 5, 7)


def test_a_new_target_ends_the_old_one_and_both_stay() -> None:
    first = ask(SAIGON, 9)
    second = ask(SAIGON, 4)
    rows = queries.targets([SAIGON], limit=5)
    assert [(one.id, one.ended_at is None) for one in rows] == [(second, True), (first, False)]
    end_target(target_id=second, reason="xong", actor=officer("province_officer", HCMC), at=AT)
    assert Target.objects.filter(ended_at=None).count() == 0
    events = list(Event.objects.order_by("pk").values_list("event", flat=True))
    assert events == ["target.set", "target.set", "target.ended"]
    with pytest.raises(TargetGone):
        end_target(target_id=second, reason="", actor=officer("province_officer", HCMC), at=AT)


def test_the_very_same_target_again_changes_nothing() -> None:
    assert ask(SAIGON, 9) == ask(SAIGON, 9)
    assert Event.objects.filter(event="target.set").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_set_the_first_target_at_once_take_turns() -> None:
    def set_one(goal: int) -> int:
        try:
            return ask(SAIGON, goal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(set_one, (1, 2, 3, 4)))
    assert len(set(made)) == 4
    assert Target.objects.filter(ended_at=None).count() == 1


def test_what_may_not_be_set_leaves_nothing() -> None:
    with pytest.raises(ActionNotAllowed):
        ask(SAIGON, 1, role="ward_officer")
    for unit in (HANOI, COUNTRY, "99999", ""):
        with pytest.raises(NotFoundOrNotYours):
            ask(unit, 1)
    for wrong in (
        {"goal": -1},
        {"goal": 0, "kind": "daily"},
        {"goal": 1, "group": "nothing"},
        {"goal": 1, "by": DAY - timedelta(days=2)},
        {"goal": 1, "by": DAY + timedelta(days=4000)},
    ):
        with pytest.raises(Invalid):
            ask(SAIGON, **wrong)  # type: ignore[arg-type]
    assert not Target.objects.exists()
    assert not Event.objects.exists()
