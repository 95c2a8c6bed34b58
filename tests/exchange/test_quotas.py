"""Records of a day: of a contract, of the country, with exceptions, until midnight in Vietnam."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction

from dancu.exchange import quotas
from dancu.exchange.api import keeping
from dancu.exchange.errors import QuotaUsedUp
from dancu.exchange.models import ApprovedException, Usage
from dancu.exchange.services import look_up, verify_many
from dancu.exchange.types import Answer, Verification
from dancu.kernel.clock import VIETNAM, today
from dancu.kernel.errors import NotFoundOrNotYours
from tests.disclosure.conftest import AT, records
from tests.exchange.conftest import caller_under, claims_of

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 11, 2, 23, 59, 59, tzinfo=VIETNAM)


def test_records_are_granted_as_long_as_they_last(school_contract):
    first = quotas.take(school_contract, 59_990, at=AT)
    assert (first.granted, first.left_today, first.clause) == (59_990, 10, "")
    second = quotas.take(school_contract, 100, at=AT)
    assert (second.granted, second.left_today, second.clause) == (10, 0, "records_per_day")
    assert quotas.take(school_contract, 1, at=AT).granted == 0


def test_the_country_has_a_cap_of_its_own(caller, school_contract):
    large = caller_under(school_contract, records_per_day=10**9).contract
    found = quotas.take(large, 250_000, at=AT)
    assert (found.granted, found.clause) == (200_000, "national_cap")


def test_counters_begin_anew_at_midnight_in_vietnam(school_contract):
    quotas.take(school_contract, 60_000, at=EVENING)
    late = quotas.take(school_contract, 1, at=EVENING)
    assert late.granted == 0
    assert late.resets_at == datetime(2026, 11, 3, tzinfo=VIETNAM)
    assert quotas.take(school_contract, 1, at=EVENING + timedelta(seconds=1)).granted == 1


def test_an_approved_exception_adds_to_the_day(school_contract):
    day = today(AT)
    more = {"approved_by": "Cục trưởng C06", "reason": "mùa tuyển sinh", "approved_at": AT}
    ApprovedException.objects.create(contract="student-check", day=day, records=1_000, **more)
    ApprovedException.objects.create(
        contract="student-check", day=day, records=5_000, withdrawn_at=AT, **more
    )
    assert quotas.take(school_contract, 70_000, at=AT).granted == 61_000
    assert quotas.standing(day)["student-check"].share == 61_000


def test_what_was_not_used_can_be_given_back(school_contract):
    quotas.take(school_contract, 59_900, at=AT)
    wishes = [quotas.Wish(school_contract, 150, requests=150)]
    quotas.give_back(wishes, quotas.take_each(wishes, at=AT), at=AT)
    found = quotas.standing(today(AT))
    assert found["student-check"].left == 100
    assert found[""].records == 59_900
    row = Usage.objects.get(contract="student-check")
    assert (row.requests, row.refused) == (0, 0)


def test_what_another_process_answered_meanwhile_is_not_counted_here(pupil, school_contract):
    small = caller_under(school_contract, records_per_day=2)
    asked = [Verification(small, "school_enrolment", claims_of(pupil))] * 3
    kept = [(keeping.ticket(7, "student-check", "verify", "k-1", {}), b"{}", 200)]
    keeping.keep(kept, at=AT)
    for _try in range(3):
        with pytest.raises(keeping.KeptElsewhere):
            verify_many(asked, at=AT, within=lambda _answers: keeping.keep(kept, at=AT))
    for row in Usage.objects.all():
        assert (row.records, row.requests, row.refused) == (0, 0, 0)
    assert len(records()) == 0


@pytest.mark.django_db(transaction=True)
def test_a_look_up_that_fails_is_not_counted_and_one_in_vain_is(pupil, caller):
    asked = {
        "purpose": "school_enrolment",
        "attributes": ["permanent_residence"],
        "case": "TS-2026-0001",
        "at": AT,
    }
    # Inside a transaction it refuses to work, with the quota taken.
    with transaction.atomic():
        with pytest.raises(RuntimeError):
            look_up(caller, subject=claims_of(pupil), **asked)
        row = Usage.objects.get(contract="student-check")
        assert (row.records, row.requests) == (0, 0)
    with pytest.raises(NotFoundOrNotYours):
        look_up(caller, subject=claims_of(pupil, full_name="Trần Văn Khác"), **asked)
    row.refresh_from_db()
    assert (row.records, row.requests) == (1, 1)


def test_what_was_asked_and_turned_away_is_counted(pupil, school_contract):
    small = caller_under(school_contract, records_per_day=2)
    asked = [Verification(small, "school_enrolment", claims_of(pupil))] * 3
    found = verify_many(asked, at=AT)
    assert [isinstance(one, Answer) for one in found] == [True, True, False]
    assert isinstance(found[2], QuotaUsedUp)
    assert found[2].clause == "records_per_day"
    row = Usage.objects.get(contract="student-check")
    assert (row.records, row.requests, row.refused) == (2, 3, 1)
    assert len(records()) == 2


def test_records_taken_before_are_not_counted_twice(pupil, caller):
    asked = [Verification(caller, "school_enrolment", claims_of(pupil))] * 3
    quotas.take(caller.contract, 3, at=AT)
    verify_many(asked, at=AT, mode="batch", is_taken=True)
    assert Usage.objects.get(contract="student-check").records == 3


@pytest.mark.django_db(transaction=True)
def test_processes_together_never_take_more_than_there_is(school_contract):
    small = caller_under(school_contract, records_per_day=100).contract
    granted: list[int] = []

    def run() -> None:
        granted.extend(quotas.take(small, 7, at=AT).granted for _ in range(8))
        connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(granted) == 100
