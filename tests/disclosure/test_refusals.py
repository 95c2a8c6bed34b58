"""Guessing at the desk, numbers that name nothing, and refusals of others than the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory
from django.urls import ResolverMatch
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from dancu.access.errors import CaseNumberMissing
from dancu.audit.models import Event
from dancu.disclosure import cases
from dancu.disclosure import services as door
from dancu.disclosure.errors import CaseNumberTooShort, TooManyWrongParticulars
from dancu.disclosure.internal.ledger import digest
from dancu.disclosure.middleware import RefusalMiddleware
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.presenting import COUNTED_FOR, PATIENCE
from dancu.disclosure.types import LogCriteria
from dancu.kernel.dates import parse
from dancu.kernel.errors import Conflict, DancuError, NotFoundOrNotYours
from tests.disclosure.conftest import AT, THERE, new_person, officer, records

Kind = AccessRecord.Kind
DESK = {"purpose": "one_stop_verification", "case": "HS-1"}
WARD = {"purpose": "residence_registration", "case": "HS-1"}


def present(person, said="03/09/1988", account=4, at=AT):
    return door.present(
        actor=officer("enquiry_officer", account=account),
        pid=person.pid,
        name="Trần Thị Thu Hương",
        birth_date=parse(said),
        at=at,
        **DESK,
    )


def guess(person, times, **more):
    for _ in range(times):
        with pytest.raises(NotFoundOrNotYours):
            present(person, **more)


def test_whoever_guesses_at_the_desk_waits_longer_and_longer(mother):
    guess(mother, PATIENCE.free)
    present(mother, "02/09/1988")
    guess(mother, 1)
    with pytest.raises(TooManyWrongParticulars) as refused:
        present(mother, "02/09/1988", at=AT + timedelta(seconds=5))
    assert refused.value.http_status == 429
    with translation.override("vi"):
        assert "5 giây" in refused.value.text(translation.gettext)
    later = AT + timedelta(seconds=11)
    guess(mother, 1, at=later)
    with pytest.raises(TooManyWrongParticulars):
        present(mother, at=later + timedelta(seconds=19))
    assert present(mother, "02/09/1988", at=later + timedelta(seconds=21)).name == mother.name


def test_a_success_does_not_make_the_failures_forgotten_but_time_does(mother):
    guess(mother, PATIENCE.free + 1)
    later = AT + timedelta(minutes=1)
    present(mother, "02/09/1988", at=later)
    guess(mother, 1, at=later)
    with pytest.raises(TooManyWrongParticulars):
        present(mother, "02/09/1988", at=later + timedelta(seconds=12))
    present(mother, "02/09/1988", at=later + COUNTED_FOR)


def test_a_colleague_does_not_wait_and_the_absent_are_counted_alike(mother):
    guess(mother, PATIENCE.free)
    nobody = type(mother)(pid="079188999999")
    guess(nobody, 1)
    with pytest.raises(TooManyWrongParticulars):
        present(nobody)
    assert present(mother, "02/09/1988", account=5).person_id == mother.id


def test_each_wrong_particular_and_each_wait_is_in_the_auditors_log(mother):
    guess(mother, PATIENCE.free + 1)
    with pytest.raises(TooManyWrongParticulars):
        present(mother)
    found = door.access_log(
        actor=officer("auditor", unit="79", account=7),
        case="TT-1",
        criteria=LogCriteria(account_id=4, refused_only=True),
        at=AT,
    )
    assert [row.refusal for row in found.rows] == [
        "too-many-wrong-particulars",
        *["not-found"] * (PATIENCE.free + 1),
    ]
    assert {row.person_id for row in found.rows[1:]} == {mother.id}
    assert Event.objects.filter(event="presentation.throttled", account_id=4).count() == 1


@pytest.mark.parametrize("number", [".", "-", "HS", "1.", "…/…", "a b"])
def test_a_case_number_that_names_nothing_opens_no_case(register, number):
    with pytest.raises(CaseNumberTooShort) as refused:
        cases.open_case(actor=officer(), purpose="residence_check", case=number, at=AT)
    assert isinstance(refused.value, CaseNumberMissing)
    assert [row.refusal for row in records()] == ["case-number-too-short"]


@pytest.mark.parametrize("number", ["", "123", "Đ-12", "HS-2026/15"])
def test_a_case_number_of_three_letters_or_digits_or_none_opens_one(register, number):
    opened = cases.open_case(actor=officer(), purpose="residence_check", case=number, at=AT)
    assert opened.case == number


@pytest.mark.parametrize("key", [2**63, 2**80, -(2**70), 0])
def test_a_key_beyond_the_largest_is_absent_and_on_record(mother, key):
    with pytest.raises(NotFoundOrNotYours):
        door.disclose_page(actor=officer(), subject=key, at=AT, **WARD)
    (row,) = records()
    assert (row.person_id, row.refusal) == (None, "not-found")
    assert row.asked
    assert not door.may_handle(actor=officer(), person_id=key, at=AT)


def no(person_id, error, **more):
    door.refused(actor=officer(), person_id=person_id, error=error, at=AT, **(WARD | more))


def test_a_refused_change_is_recorded_on_the_person(mother):
    no(mother.id, NotFoundOrNotYours())
    (row,) = records()
    assert (row.person_id, row.kind, row.refusal) == (mother.id, Kind.CHANGE, "not-found")
    assert (row.purpose, row.case_number, row.account_id) == (*WARD.values(), 1)


def test_a_refused_change_of_nobody_is_recorded_by_hash(register):
    no(2**70, NotFoundOrNotYours())
    (row,) = records()
    assert row.person_id is None
    assert row.asked


def test_one_refusal_is_recorded_once(mother):
    with pytest.raises(NotFoundOrNotYours) as refused:
        door.disclose_page(actor=officer(unit=THERE), subject=mother.id, at=AT, **WARD)
    no(mother.id, refused.value)
    no(mother.id, error := NotFoundOrNotYours())
    no(mother.id, error)
    assert [row.kind for row in records()] == [Kind.LOOK, Kind.CHANGE]


def happen(person_id: object, error: Exception, *, actor: object) -> None:
    request = RequestFactory().post("/")
    request.session = SessionStore()
    now = timezone.now()
    case = cases.CaseSession("residence_registration", "HS-9", now, 1)
    cases.keep_case(request.session, case)
    if actor:
        request.actor = actor
    request.resolver_match = ResolverMatch(lambda _: None, (), {"person_id": person_id})
    RefusalMiddleware(lambda _: None).process_exception(request, error)


def test_a_page_about_a_person_leaves_the_refusal_of_its_service_on_record(mother):
    happen(mother.id, NotFoundOrNotYours(), actor=officer())
    (row,) = records()
    assert (row.person_id, row.kind, row.case_number) == (mother.id, Kind.CHANGE, "HS-9")


@pytest.mark.parametrize(
    ("error", "actor"),
    [(Conflict(), officer()), (ValueError("x"), officer()), (NotFoundOrNotYours(), None)],
)
def test_what_is_no_refusal_of_anybody_is_not_recorded(register, error: DancuError, actor: object):
    person = new_person()
    happen(person.id, error, actor=actor)
    assert records() == []


def test_what_was_asked_for_in_vain_keeps_its_hash_over_versions():
    former = salted_hmac(
        "dancu.disclosure.asked", "tran thi b", settings.SECRET_KEY, algorithm="sha256"
    )
    assert digest("Trần  Thị B") == former.digest()[:16]
