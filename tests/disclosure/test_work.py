"""What waits for an officer: requests of citizens and open conflicts, and a citizen's own."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from dancu.access.errors import ActionNotAllowed
from dancu.catalogue import attribute
from dancu.disclosure.errors import NoOwnRecord
from dancu.disclosure.services import (
    open_conflicts,
    own_requests,
    request_page,
    waiting_counts,
    waiting_requests,
)
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population import services as register
from dancu.population import work
from dancu.population.models import CorrectionRequest
from tests.disclosure.conftest import (
    AT,
    HERE,
    NEXT_WARD,
    STRANGER,
    THERE,
    citizen,
    new_person,
    officer,
    records,
    say,
)

WARD = officer()
OTHER = officer(unit=THERE, account=3, office="CA-26743")
STEWARD = officer("data_steward", unit="79", account=4, office="CDS-79")
LATER = AT + timedelta(hours=3)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(mother: SimpleNamespace) -> int:
    """A request of the mother about her ethnicity."""
    return ask(mother, "ethnicity", "02")


def ask(person: SimpleNamespace, name: str, value: object, reason: str = "Giấy khai sinh") -> int:
    made = register.request_correction(
        attribute_name=name, value=value, reason=reason, actor=citizen(person.id), at=AT
    )
    return made.request_id


def decide(request_id: int, decision: str, actor: object = WARD) -> None:
    register.decide_correction(
        request_id=request_id, decision=decision, reason="Đã đối chiếu.", actor=actor, at=LATER
    )


def test_the_ward_sees_who_asked_about_what_and_until_when(mother, asked):
    (line,) = waiting_requests(actor=WARD, at=LATER).rows
    assert (line.request_id, line.attribute, line.name) == (asked, "ethnicity", mother.name)
    assert line.pid == f"{mother.pid[:3]}*******{mother.pid[-2:]}"
    assert line.due_at == CorrectionRequest.objects.get().due_at
    assert not line.is_overdue(LATER)
    assert line.is_overdue(LATER + timedelta(days=9))


def test_everybody_on_the_list_is_recorded_for_the_case_of_their_request(mother, asked):
    other = new_person(full_name="Phạm Quốc Em")
    second = ask(other, "ethnicity", "03")
    waiting_requests(actor=WARD, at=LATER)
    kept = records(purpose="data_correction")
    assert {(r.person_id, r.case_number) for r in kept} == {
        (mother.id, f"YC-{asked}"),
        (other.id, f"YC-{second}"),
    }
    seen = tuple(sorted((attribute("full_name").number, -attribute("pid").number)))
    assert {tuple(r.attributes) for r in kept} == {seen}
    assert len({r.disclosure for r in kept}) == 1


def test_an_empty_list_leaves_a_record_too(mother):
    assert waiting_requests(actor=WARD, at=LATER).rows == ()
    assert [r.person_id for r in records(purpose="data_correction")] == [None]


def test_a_request_stands_beside_what_the_register_holds(mother, asked):
    page = request_page(actor=WARD, request_id=asked, at=LATER)
    assert page.header.name == mother.name
    assert page.asked.text("vi") == "Tày"
    assert page.present is not None
    assert page.present.text("vi") == "Kinh"
    assert page.present.origin is not None
    assert page.present.origin.source == "C06"
    assert page.asked.reason == "Giấy khai sinh"
    assert page.before is None
    (kept,) = records(purpose="data_correction")
    assert (kept.person_id, kept.case_number) == (mother.id, f"YC-{asked}")
    assert attribute("ethnicity").number in kept.attributes


def test_after_the_decision_both_values_are_still_known(mother, asked):
    decide(asked, "accept")
    page = request_page(actor=WARD, request_id=asked, at=LATER + timedelta(minutes=1))
    assert page.asked.state == "accepted"
    assert (page.present.text("vi"), page.before.text("vi")) == ("Tày", "Kinh")
    assert page.is_already_so
    assert page.decided_by == WARD.account_id
    assert waiting_requests(actor=WARD, at=LATER).rows == ()


@pytest.mark.parametrize("request_id", [None, 0, 999_999, 10**30])
def test_absent_and_not_yours_are_refused_alike_and_recorded(mother, asked, request_id):
    wanted = asked if request_id is None else request_id
    with pytest.raises(NotFoundOrNotYours) as refused:
        request_page(actor=OTHER, request_id=wanted, at=LATER)
    assert str(refused.value) == NotFoundOrNotYours.default_message()
    (kept,) = records(purpose="data_correction")
    assert kept.refusal == "not-found"
    assert kept.person_id == (mother.id if request_id is None else None)
    assert waiting_requests(actor=OTHER, at=LATER).rows == ()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (WARD, True),
        (officer("province_officer", unit="79"), True),
        (officer("civil_registrar"), False),
        (STEWARD, False),
        (officer("auditor", unit="79"), False),
        (officer("administrator", unit="79"), False),
        (STRANGER, False),
    ],
    ids=["ward", "province", "registrar", "steward", "auditor", "admin", "citizen"],
)
def test_only_those_who_decide_see_requests(mother, asked, who, may):
    if may:
        assert waiting_requests(actor=who, at=LATER).rows
        assert request_page(actor=who, request_id=asked, at=LATER)
        return
    for look in (
        lambda: waiting_requests(actor=who, at=LATER),
        lambda: request_page(actor=who, request_id=asked, at=LATER),
    ):
        with pytest.raises(ActionNotAllowed):
            look()
    assert {r.refusal for r in records()} == {"action-not-allowed"}


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (WARD, True),
        (STEWARD, True),
        (officer("civil_registrar"), False),
        (officer("auditor", unit="79"), False),
        (STRANGER, False),
    ],
    ids=["ward", "steward", "registrar", "auditor", "citizen"],
)
def test_only_those_who_settle_see_conflicts(mother, who, may):
    say(mother, {"birth_date": "1988-02-09"}, source="BHXH")
    if not may:
        with pytest.raises(ActionNotAllowed):
            open_conflicts(actor=who, at=LATER)
        return
    (line,) = open_conflicts(actor=who, at=LATER).rows
    assert (line.attribute, line.source, line.name) == ("birth_date", "BHXH", mother.name)
    assert [r.person_id for r in records(purpose="data_cleaning")] == [mother.id]


def test_conflicts_come_the_newest_first_in_windows(mother, monkeypatch):
    monkeypatch.setattr(work, "WINDOW", 2)
    for hour, name in enumerate(("birth_date", "full_name", "sex")):
        value = {"birth_date": "1988-02-09", "full_name": "Trần Thị Hương", "sex": "M"}[name]
        say(mother, {name: value}, source="BHXH", at=AT + timedelta(hours=hour))
    first = open_conflicts(actor=WARD, at=LATER)
    rest = open_conflicts(actor=WARD, at=LATER, window=2)
    assert [line.attribute for line in first.rows] == ["sex", "full_name"]
    assert first.has_next
    assert [line.attribute for line in rest.rows] == ["birth_date"]
    assert not rest.has_next
    assert open_conflicts(actor=OTHER, at=LATER).rows == ()


def test_what_a_citizen_asks_for_is_no_conflict_of_sources(mother, asked):
    assert open_conflicts(actor=WARD, at=LATER).rows == ()


def test_a_request_follows_its_person_to_another_ward(mother, asked):
    say(mother, {"permanent_residence": NEXT_WARD}, day=date(2026, 11, 1))
    assert waiting_requests(actor=WARD, at=LATER).rows == ()
    assert [line.request_id for line in waiting_requests(actor=OTHER, at=LATER).rows] == [asked]


def test_counts_are_numbers_and_show_nobody(mother, asked):
    say(mother, {"birth_date": "1988-02-09"}, source="BHXH")
    before = len(records())
    found = waiting_counts(actor=WARD, at=LATER)
    assert (found.requests.number, found.overdue, found.conflicts.number) == (1, 0, 1)
    assert not found.requests.is_more
    assert [(duty.attribute, duty.request_id) for duty in found.first] == [("ethnicity", asked)]
    assert waiting_counts(actor=WARD, at=LATER + timedelta(days=9)).overdue == 1
    assert waiting_counts(actor=OTHER, at=LATER).requests.number == 0
    assert waiting_counts(actor=STEWARD, at=LATER).requests is None
    assert waiting_counts(actor=STRANGER, at=LATER) == type(found)()
    assert len(records()) == before


def test_a_ward_counts_its_own_conflicts_however_many_are_newer_elsewhere(mother, monkeypatch):
    monkeypatch.setattr(work, "MOST_LOOKED_THROUGH", 1)
    say(mother, {"birth_date": "1988-02-09"}, source="BHXH")
    for _number in range(2):
        elsewhere = new_person(permanent_residence=NEXT_WARD)
        say(elsewhere, {"birth_date": "1988-02-09"}, source="BHXH", at=AT + timedelta(hours=1))
    found = waiting_counts(actor=WARD, at=LATER).conflicts
    assert (found.number, found.is_more) == (1, False)


def test_counting_stops_at_a_cap(mother, monkeypatch):
    monkeypatch.setattr(work, "MOST_COUNTED", 1)
    monkeypatch.setattr(work, "MOST_LOOKED_THROUGH", 1)
    ask(mother, "ethnicity", "02")
    ask(mother, "phone", "0912345678")
    say(mother, {"birth_date": "1988-02-09", "sex": "M"}, source="BHXH")
    found = waiting_counts(actor=WARD, at=LATER)
    assert (found.requests.number, found.requests.is_more) == (1, True)
    assert (found.conflicts.number, found.conflicts.is_more) == (1, True)


def test_a_citizen_sees_the_request_the_time_and_the_whole_answer(mother, asked):
    long = "Vì giấy khai sinh " + "ghi rõ " * 60
    second = ask(mother, "religion", "02", long)
    decide(asked, "decline")
    waiting, answered = own_requests(actor=citizen(mother.id), at=LATER)
    assert (waiting.request_id, waiting.state, waiting.reason) == (second, "waiting", long.strip())
    assert waiting.due_at == CorrectionRequest.objects.get(pk=second).due_at
    assert (answered.state, answered.decision_reason) == ("declined", "Đã đối chiếu.")
    assert answered.decided_at == LATER
    assert [r.person_id for r in records(purpose="own_data")] == [mother.id]


def test_a_stranger_has_no_requests(mother, asked):
    with pytest.raises(NoOwnRecord):
        own_requests(actor=STRANGER, at=LATER)
    other = new_person(permanent_residence=NEXT_WARD)
    assert own_requests(actor=citizen(other.id), at=LATER) == []
    with pytest.raises(ActionNotAllowed):
        own_requests(actor=officer(unit=HERE), at=LATER)
