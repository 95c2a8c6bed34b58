"""What is noticed of people's changes, and what is not."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from random import Random
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from dancu.access.types import system_actor
from dancu.catalogue.contracts import contract
from dancu.catalogue.queries import attribute
from dancu.disclosure.changes import Reach
from dancu.disclosure.internal.noticing import differences
from dancu.disclosure.services import changing
from dancu.exchange.feed import collecting, serving
from dancu.exchange.feed.models import FeedEvent, FeedState, Subscription
from dancu.kernel.clock import today
from dancu.population.arbitration import winner
from dancu.population.claims import enter
from dancu.population.internal.recompute import claims_of, recompute
from dancu.population.models import Annulment
from dancu.population.types import AddressValue, Evidence, NewStatement
from tests.disclosure.conftest import (
    AT,
    HERE,
    HOME,
    MAP,
    NEXT_WARD,
    THERE,
    new_person,
    pid_for,
    say,
)
from tests.exchange.conftest import caller_under
from tests.exchange.following import collect, follow

JULY = date(2026, 7, 1)
OTHER_HOUSE = AddressValue("9 Hàm Nghi, Phường Sài Gòn, Thành phố Hồ Chí Minh", HERE, MAP)


@pytest.fixture
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look past the transaction that pytest keeps open around a test."""
    monkeypatch.setattr(changing, "is_settled", lambda _mark: True)


@pytest.fixture
def child(register: object) -> SimpleNamespace:
    return new_person(birth_date="2012-09-02", full_name="Lê Văn Nam", sex="M")


def annul(person: SimpleNamespace, statement: int) -> None:
    Annulment.objects.create(
        person_id=person.id, statement_id=statement, annulled_at=AT, annulled_by=1, reason="sai"
    )
    recompute([person.id], at=AT)


def say_on(paper: str, person: SimpleNamespace, day: date, **claims: object) -> int:
    (entered,) = enter(
        statements=[NewStatement(person.id, day, Evidence(paper, "1"), claims)],
        actor=system_actor(name="test", source="C06"),
        at=AT,
    )
    return entered.statement_id


pytestmark = pytest.mark.django_db
settled = pytest.mark.usefixtures("_settled")


@settled
def test_a_move_is_noticed_once(child, caller):
    follow(caller, child)
    say(child, {"permanent_residence": NEXT_WARD}, day=JULY)
    assert collect() == [("move", "happened")]
    assert collect() == []


@settled
def test_a_repeated_fact_is_no_change(child, caller):
    follow(caller, child)
    say(child, {"permanent_residence": HOME, "full_name": child.name}, day=JULY)
    assert collect() == []


@settled
def test_another_writing_of_the_same_place_is_no_move(child, caller):
    follow(caller, child)
    same = AddressValue("12/3A  đường LÊ LỢI, P. Sài Gòn, TP. Hồ Chí Minh", HERE, MAP)
    say(child, {"permanent_residence": same}, day=JULY)
    assert collect() == []


@settled
def test_a_weaker_source_changes_nothing(child, caller):
    follow(caller, child)
    say(child, {"full_name": "Lê Văn Năm"}, source="BHXH", day=JULY)
    assert collect() == []


@settled
def test_a_correction_of_the_first_collection_is_no_event(child, caller):
    follow(caller, child)
    say(child, {"full_name": "Lê Văn Nâm"}, day=date(2018, 5, 1))
    say_on("birth_certificate", child, JULY, full_name="Lê Văn Năm")
    assert collect() == []


@settled
def test_what_was_told_and_is_put_right_is_told_again(child, caller):
    follow(caller, child)
    say(child, {"permanent_residence": NEXT_WARD}, day=JULY)
    assert collect() == [("move", "happened")]
    say_on("citizen_request", child, JULY, permanent_residence=HOME)
    assert collect() == [("move", "corrected")]


@settled
def test_a_withdrawn_change_is_told_as_withdrawn(child, caller):
    follow(caller, child)
    statement = say(child, {"permanent_residence": NEXT_WARD}, day=JULY)
    assert collect() == [("move", "happened")]
    annul(child, statement)
    assert collect() == [("move", "withdrawn")]


@settled
def test_what_came_and_went_unseen_is_no_event(child, caller):
    follow(caller, child)
    annul(child, say(child, {"permanent_residence": NEXT_WARD}, day=JULY))
    assert collect() == []


@settled
def test_a_death_and_its_withdrawal_are_told(child, caller):
    follow(caller, child)
    statement = say(
        child, {"life_status": "CHET", "death_date": "2026-07-01"}, source="HT-26740", day=JULY
    )
    assert collect() == [("death", "happened")]
    annul(child, statement)
    assert collect() == [("death", "withdrawn")]


@settled
def test_a_name_and_a_new_number_are_told_in_the_order_they_came(child, caller):
    follow(caller, child)
    say(child, {"full_name": "Lê Hoàng Nam"}, source="HT-26740", day=JULY)
    say(child, {"pid": pid_for("M", 2012)}, day=JULY)
    assert collect() == [("name_change", "happened"), ("pid_cancelled", "happened")]


@settled
def test_only_a_later_card_is_a_new_one(child, register):
    found = contract("social-insurance", today(AT))
    assert found is not None
    insurer = caller_under(replace(found, purposes={**found.purposes, "school_enrolment": None}))
    follow(insurer, child)
    say(child, {"card_issue_date": "2026-06-30"}, day=JULY)
    assert collect() == [("card_issued", "happened")]
    say(child, {"card_issue_date": "2020-01-01"}, day=JULY)
    assert collect() == []


@settled
def test_a_contract_is_told_only_its_kinds_of_change(child, caller):
    follow(caller, child)
    say(child, {"card_issue_date": "2026-06-30"}, day=JULY)
    assert collect() == []


@settled
def test_nobody_is_told_of_people_who_are_not_followed(child, caller):
    other = new_person(birth_date="2012-09-02", full_name="Phạm Thị Na")
    follow(caller, child)
    say(other, {"permanent_residence": NEXT_WARD}, day=JULY)
    Subscription.objects.update(ended_at=AT, ended_by="agency")
    say(child, {"permanent_residence": NEXT_WARD}, day=JULY)
    assert collect() == []


@settled
def test_everybody_of_the_area_is_followed_where_the_contract_says_so(
    child, school_contract, monkeypatch
):
    for scope, expected in ((None, 1), (frozenset({"79"}), 1), (frozenset({"01"}), 0)):
        told = replace(school_contract, feed_people="everyone", scope=scope)
        monkeypatch.setattr(collecting, "feeding", lambda _at, told=told: [told])
        home = NEXT_WARD if FeedEvent.objects.count() % 2 == 0 else HOME
        collect()
        say(child, {"permanent_residence": home}, day=JULY)
        assert len(collect()) == expected


@settled
def test_whoever_stays_in_the_area_is_followed_and_told(child, school_contract):
    within = caller_under(school_contract, scope=frozenset({THERE}))
    say(child, {"current_residence": NEXT_WARD}, day=date(2021, 1, 1))
    assert follow(within, child) != [""]
    say(child, {"permanent_residence": OTHER_HOUSE}, day=JULY)
    collect()
    [event] = serving.told(within, FeedEvent.objects.all(), at=AT).events
    assert "left_area" not in event["data"]
    assert set(event["data"]["attributes"]) == {"permanent_residence"}


@settled
def test_portions_of_any_size_give_the_same_events(child, caller, monkeypatch):
    monkeypatch.setattr(collecting, "PORTION", 1)
    others = [new_person(birth_date="2012-09-02", full_name=f"Trần Văn {n}") for n in "ABC"]
    follow(caller, child, *others)
    for one in (child, *others):
        say(one, {"permanent_residence": NEXT_WARD}, day=JULY)
    assert collect() == [("move", "happened")] * 4


@settled
def test_what_breaks_while_reading_leaves_nothing_and_is_read_again(child, caller, monkeypatch):
    follow(caller, child)
    say(child, {"permanent_residence": NEXT_WARD}, day=JULY)
    broken = collecting.write

    def fail(*args: object, **more: object) -> int:
        broken(*args, **more)  # type: ignore[arg-type]
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(collecting, "write", fail)
        with pytest.raises(ConnectionError):
            collect()
    assert not FeedEvent.objects.exists()
    assert collect() == [("move", "happened")]


@settled
def test_what_changes_between_the_comparison_and_the_subscription_is_told(
    child, caller, monkeypatch
):
    collect()
    real = collecting.hold

    def hold_late() -> None:
        # As if the collector had been quicker than the agency.
        say(child, {"permanent_residence": NEXT_WARD}, day=JULY)
        reach = changing.mark().reach
        FeedState.objects.update(
            statement=reach.statement,
            annulment=reach.annulment,
            marked_statement=reach.statement,
            marked_annulment=reach.annulment,
        )
        real()

    monkeypatch.setattr(collecting, "hold", hold_late)
    follow(caller, child)
    assert [row.change for row in FeedEvent.objects.all()] == ["move"]


@settled
def test_who_begins_to_follow_makes_no_event_for_others_nor_anew(child, caller, monkeypatch):
    insurer = contract("social-insurance", today(AT))
    assert insurer is not None
    purposes = {**insurer.purposes, "school_enrolment": None}
    follow(caller, child)
    real = collecting.hold
    homes = iter([NEXT_WARD, HOME])

    def hold_late() -> None:
        say(child, {"permanent_residence": next(homes)}, day=JULY)
        monkeypatch.setattr(collecting, "hold", real)
        collect()
        monkeypatch.setattr(collecting, "hold", hold_late)
        real()

    monkeypatch.setattr(collecting, "hold", hold_late)
    follow(caller_under(replace(insurer, purposes=purposes)), child)
    told = FeedEvent.objects.order_by("position").values_list("contract", flat=True)
    assert list(told) == ["student-check", "social-insurance"]
    follow(caller, child)
    # The collector wrote these two; following again wrote none.
    assert list(told.all())[2:] == ["social-insurance", "student-check"]


SOURCES = ("C06", "HT-26740", "BHXH", "CONGDAN")
NAMES = ("Lê Văn Nam", "Lê Văn Năm", "Lê Hoàng Nam")


def held_at(person: SimpleNamespace, reach: Reach) -> object:
    """Return the name that held at a reach, folded by the plain functions of arbitration."""
    entry = attribute("full_name")
    withdrawn = Annulment.objects.filter(person_id=person.id, id__lte=reach.annulment)
    gone = set(withdrawn.values_list("statement_id", flat=True))
    best = winner(
        [
            replace(claim, annulled_at=None)
            for claim in claims_of([person.id])[person.id][entry.number]
            if claim.statement_id <= reach.statement and claim.statement_id not in gone
        ],
        entry.rule,
    )
    return best.value if best else None


@pytest.mark.parametrize("seed", range(6))
def test_a_change_is_the_difference_of_what_arbitration_holds(child, seed):
    draw = Random(seed)  # noqa: S311 - the same draw each time
    reaches = [changing.mark().reach]
    said: list[int] = []
    for _step in range(8):
        if said and draw.random() < 0.3:
            annul(child, said.pop(draw.randrange(len(said))))
        else:
            day = date(2010 + draw.randrange(16), 1, 1)
            name, source = draw.choice(NAMES), draw.choice(SOURCES)
            said.append(say(child, {"full_name": name}, source=source, day=day))
        reaches.append(changing.mark().reach)
    for place, begin in enumerate(reaches):
        for end in reaches[place + 1 :]:
            before, now = held_at(child, begin), held_at(child, end)
            for people in (None, [child.id]):
                found = differences(begin, end, people)
                told = [
                    (one.former and one.former.value, one.present and one.present.value)
                    for one in found
                ]
                assert told == ([] if before == now else [(before, now)])


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_commits_late_is_not_skipped(child, caller):
    late, early = child, new_person(birth_date="2012-09-02", full_name="Phạm Thị Na")
    follow(caller, late, early)
    assert collect() == []
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                say(late, {"permanent_residence": NEXT_WARD}, day=JULY)
                written.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    try:
        assert written.wait(30)
        # Another address: whoever stores the same one waits for the other.
        say(early, {"permanent_residence": OTHER_HOUSE}, day=JULY)
        assert collect(seconds=0.3) == []
    finally:
        go_on.set()
        thread.join()
    assert collect() == [("move", "happened")] * 2
    people = FeedEvent.objects.order_by("position").values_list("person_id", flat=True)
    assert list(people) == [late.id, early.id]
    # A restore: the mark is of a server that had given many more numbers.
    say(early, {"permanent_residence": HOME}, day=date(2026, 8, 1))
    FeedState.objects.update(
        marked_statement=changing.mark().reach.statement, marked_transaction=1 << 60
    )
    assert collect() == [("move", "happened")]
