"""The order of Decree 104/2022: what a record of the steps must say."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.catalogue.one_stop import one_stop
from dancu.kernel.errors import Invalid
from dancu.onestop.steps import require_complete
from dancu.onestop.types import Reason, Taken

DAY = date(2026, 11, 22)
ALL_FAILED = (
    Reason(1, "no_connection"),
    Reason(2, "no_device"),
    Reason(3, "no_reader", "máy đọc hỏng từ sáng"),
    Reason(4, "no_other_means"),
)


def fields(taken: Taken) -> list[str]:
    with pytest.raises(Invalid) as refused:
        require_complete(taken, DAY)
    return [error.field for error in refused.value.errors]


def test_a_success_at_the_first_step_needs_nothing_more():
    require_complete(Taken(1), DAY)


def test_the_register_did_not_succeed_where_it_showed_nobody():
    with pytest.raises(Invalid) as refused:
        require_complete(Taken(1), DAY, is_found=False)
    assert [error.code for error in refused.value.errors] == ["register-did-not-answer"]
    require_complete(Taken(2, ALL_FAILED[:1]), DAY, is_found=False)


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_later_step_needs_a_reason_for_each_before_it(step):
    assert fields(Taken(step)) == [f"reason_{one}" for one in range(1, step)]
    require_complete(Taken(step, ALL_FAILED[: step - 1]), DAY)


def test_a_paper_may_be_asked_for_only_when_all_four_steps_failed():
    assert fields(Taken(5, ALL_FAILED[:2], "ct07")) == ["reason_3", "reason_4"]
    require_complete(Taken(5, ALL_FAILED, "ct07"), DAY)


def test_a_paper_is_one_of_the_four():
    assert fields(Taken(5, ALL_FAILED)) == ["paper"]
    assert fields(Taken(5, ALL_FAILED, "birth_certificate")) == ["paper"]
    assert len(one_stop(DAY).papers) == 4


def test_no_paper_goes_with_an_earlier_step():
    assert fields(Taken(1, (), "ct07")) == ["paper"]


def test_a_reason_belongs_to_its_step_and_to_one_that_failed():
    assert fields(Taken(2, (Reason(1, "no_reader"),))) == ["reason_1"]
    assert fields(Taken(1, (Reason(2, "no_device"),))) == ["reason_2"]
    assert fields(Taken(2, (Reason(1, ""),))) == ["reason_1"]
    assert fields(Taken(2, (Reason(1, "no_connection", "x" * 201),))) == ["note_1"]


def test_no_step_at_all_is_asked_for():
    assert fields(Taken(0)) == ["step"]
    assert fields(Taken(6)) == ["step"]
