"""Following people and reading what changed, over HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dancu.catalogue import contracts as declared
from dancu.catalogue.contracts import Contract, contract
from dancu.catalogue.sandbox import sandbox_people
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services import changing
from dancu.exchange.errors import QuotaUsedUp
from dancu.exchange.feed import collecting, cursors, retiring, services, serving
from dancu.exchange.feed.models import FeedEvent, Subscription, Webhook
from dancu.exchange.feed.types import Follow
from dancu.exchange.models import Usage
from dancu.exchange.oauth import ring, tokens
from dancu.exchange.types import Caller
from dancu.kernel.clock import system_clock
from dancu.population.types import AddressValue
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
from tests.exchange.agency import PURPOSE, Agency
from tests.exchange.conftest import caller_under
from tests.exchange.following import collect, facts_of
from tests.exchange.following import follow as following

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)
OTHER_HOUSE = AddressValue("9 Hàm Nghi, Phường Bến Thành, Thành phố Hồ Chí Minh", THERE, MAP)
Kind = AccessRecord.Kind


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look past the transaction that pytest keeps open around a test."""
    monkeypatch.setattr(changing, "is_settled", lambda _mark: True)


@pytest.fixture
def agency(register: object) -> Agency:
    ring.forget()
    tokens.SESSIONS.forget()
    return Agency().register().sign_in()


@pytest.fixture
def child(register: object) -> SimpleNamespace:
    return new_person(birth_date="2012-09-02", full_name="Lê Văn Nam", sex="M")


def follow(agency: Agency, *people: dict[str, Any], mark: str = "HS-1") -> list[dict[str, Any]]:
    asked = [{"claims": facts, "reference": mark} for facts in people]
    answer = agency.post("/feed/subscriptions", {"purpose": PURPOSE, "people": asked})
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["people"]
    return found


def read(agency: Agency, cursor: str = "", **more: str) -> tuple[list[dict[str, Any]], str]:
    query = "&".join(
        f"{name}={value}" for name, value in {"cursor": cursor, **more}.items() if value
    )
    answer = agency.get(f"/feed?{query}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/cloudevents-batch+json"
    assert answer["X-Next-Cursor"] in answer["Link"]
    return json.loads(answer.content), answer["X-Next-Cursor"]


def move(person: SimpleNamespace, to: object = NEXT_WARD, day: date = JULY) -> None:
    say(person, {"permanent_residence": to}, day=day)


def test_a_change_is_told_with_what_the_contract_allows_and_recorded_first(agency, child):
    [followed] = follow(agency, facts_of(child))
    move(child)
    collect()
    [event], _cursor = read(agency)
    assert event["specversion"] == "1.0"
    assert event["type"] == "vn.dancu.person.move.v1"
    assert event["source"] == "urn:dancu:feed:student-check"
    assert event["subject"] == event["partitionkey"] == followed["subscription"]
    data = event["data"]
    assert (data["change"], data["nature"], data["reference"]) == ("move", "happened", "HS-1")
    assert set(data["attributes"]) == {"permanent_residence"}
    assert data["attributes"]["permanent_residence"]["value"]["unit"] == "26743"
    assert "pid" not in data
    [record] = AccessRecord.objects.filter(person_id=child.id, kind=Kind.TOLD)
    assert str(record.disclosure) == data["record"]
    assert (record.purpose, record.contract) == (PURPOSE, "student-check")


def test_reading_on_gives_only_what_is_new_and_reading_again_the_same(agency, child):
    follow(agency, facts_of(child))
    nothing, begin = read(agency)
    assert nothing == []
    move(child)
    collect()
    first, after = read(agency, begin)
    again, same = read(agency, begin)
    assert [one["id"] for one in first] == [one["id"] for one in again]
    assert after == same
    assert read(agency, after) == ([], after)
    move(child, HOME, date(2026, 8, 1))
    collect()
    [second], _ = read(agency, after)
    assert second["id"] != first[0]["id"]


def test_a_page_holds_so_many_and_the_next_one_follows(agency, child):
    others = [new_person(birth_date="2012-09-02", full_name=f"Trần Văn {n}") for n in "ABCD"]
    follow(agency, *map(facts_of, others))
    for one in others:
        move(one)
    collect()
    seen, cursor = [], ""
    for _page in range(4):
        [event], cursor = read(agency, cursor, limit="1")
        seen.append(event["id"])
    assert len(set(seen)) == 4
    assert read(agency, cursor)[0] == []


def test_other_kinds_of_change_are_passed_by(agency, child):
    follow(agency, facts_of(child))
    move(child)
    say(child, {"full_name": "Lê Hoàng Nam"}, source="HT-26740", day=JULY)
    collect()
    [event], cursor = read(agency, changes="name_change")
    assert event["data"]["attributes"]["full_name"]["value"] == "Lê Hoàng Nam"
    assert read(agency, cursor)[0] == []
    assert agency.get("/feed?changes=birth").status_code == 422


def test_of_a_cancelled_number_the_successor_is_not_told(agency, child):
    follow(agency, facts_of(child))
    number = pid_for("M", 2012)
    say(child, {"pid": number}, day=JULY)
    collect()
    [event], _ = read(agency)
    assert event["data"]["successor"] is True
    assert number not in json.dumps(event)


def test_whoever_does_not_agree_in_every_fact_is_not_followed(agency, child):
    wrong = {**facts_of(child), "full_name": "Lê Văn Sai"}
    without = {name: said for name, said in facts_of(child).items() if name != "pid"}
    nobody = {**facts_of(child), "pid": "079212999999"}
    found = follow(agency, wrong, without, nobody, facts_of(child))
    assert ["subscription" in one for one in found] == [False, False, False, True]
    assert found[0]["outcome"] == "facts_differ"
    assert Subscription.objects.count() == 1


def test_following_again_is_the_same_subscription_with_the_new_mark(agency, child):
    [first] = follow(agency, facts_of(child))
    [again] = follow(agency, facts_of(child), mark="HS-2")
    assert first["subscription"] == again["subscription"]
    listed = agency.get("/feed/subscriptions").json()["subscriptions"]
    assert [one["reference"] for one in listed] == ["HS-2"]
    assert AccessRecord.objects.filter(person_id=child.id, kind=Kind.FOLLOW).count() == 1
    assert Usage.objects.get(contract="student-check").records == 2


def test_following_for_another_purpose_is_recorded(agency, child):
    [first] = follow(agency, facts_of(child))
    asked = {"purpose": "student_data_cleaning", "people": [{"claims": facts_of(child)}]}
    [again] = agency.post("/feed/subscriptions", asked).json()["people"]
    assert first["subscription"] == again["subscription"]
    kept = AccessRecord.objects.filter(person_id=child.id, kind=Kind.FOLLOW).order_by("id")
    assert [one.purpose for one in kept] == [PURPOSE, "student_data_cleaning"]


def test_a_refusal_names_the_clause_and_nobody_is_followed(agency, child):
    asked = {"purpose": "curiosity", "people": [{"claims": facts_of(child)}]}
    answer = agency.post("/feed/subscriptions", asked)
    assert answer.status_code == 403
    assert answer.json()["clause"] == "purposes"
    assert not Subscription.objects.exists()


def test_a_contract_without_a_feed_reads_nothing(register):
    tokens.SESSIONS.forget()
    bank = Agency("nhnn").register("bank-check").sign_in()
    for answer in (bank.get("/feed"), bank.post("/feed/webhooks", {"address": "https://a.vn/x"})):
        assert answer.status_code == 403
        assert answer.json()["clause"] == "modes"


def test_what_has_not_been_told_is_not_told_once_nobody_follows(agency, child):
    [followed] = follow(agency, facts_of(child))
    move(child)
    collect()
    path = f"/feed/subscriptions/{followed['subscription']}"
    assert (
        agency.browser.delete(
            f"/api/exchange/v1{path}", headers={"authorization": f"Bearer {agency.token}"}
        ).status_code
        == 204
    )
    events, cursor = read(agency)
    assert events == []
    assert cursor.startswith("0-")
    assert not AccessRecord.objects.filter(kind=Kind.TOLD).exists()
    gone = agency.post("/feed/subscriptions/end", {"subscriptions": [followed["subscription"]]})
    assert gone.json() == {"ended": 0}


def test_another_agency_ends_no_subscription_of_ours(agency, child):
    [followed] = follow(agency, facts_of(child))
    other = Agency("bhxh").register("social-insurance").sign_in()
    answer = other.post("/feed/subscriptions/end", {"subscriptions": [followed["subscription"]]})
    assert answer.json() == {"ended": 0}
    assert Subscription.objects.filter(ended_at=None).count() == 1


def test_cursors_that_lead_nowhere_say_what_to_do(agency, child, monkeypatch):
    follow(agency, facts_of(child))
    move(child)
    collect()
    _, cursor = read(agency)
    position = cursor.partition("-")[0]
    later = f"{int(position) + 5}-{cursor.partition('-')[2]}"
    for strange in (f"{position}-000000000000", later, "99999999999-000000000000"):
        answer = agency.get(f"/feed?cursor={strange}")
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor-unknown")
    assert agency.get("/feed?cursor=x").status_code == 422
    old = system_clock.now() - timedelta(days=200)
    start = f"0-{int(old.timestamp()):012x}"
    answer = agency.get(f"/feed?cursor={start}")
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor-too-old")


def test_old_events_are_forgotten_and_quiet_cursors_stay_good(agency, child):
    follow(agency, facts_of(child))
    for month, to in ((7, NEXT_WARD), (8, HOME), (9, NEXT_WARD)):
        move(child, to, date(2026, month, 1))
        collect()
    now = system_clock.now()
    rows = list(FeedEvent.objects.order_by("position"))
    for row, days in zip(rows, (300, 200, 0), strict=True):
        FeedEvent.objects.filter(pk=row.pk).update(noticed_at=now - timedelta(days=days))
    kept = [cursors.cursor_of(row) for row in FeedEvent.objects.order_by("position")]
    assert retiring.retire(at=now) == 1
    assert agency.get(f"/feed?cursor={kept[0]}").status_code == 410
    assert len(read(agency, kept[1])[0]) == 1


def test_the_contract_of_this_day_counts(agency, child, monkeypatch):
    follow(agency, facts_of(child))
    move(child)
    collect()
    own = contract("student-check", system_clock.now().date())
    assert own is not None
    less = replace(own, feed_attributes=frozenset())
    rows = list(FeedEvent.objects.all())
    caller = SimpleNamespace(contract=less, client_id=1, user="", request_id="")
    [event] = serving.told(caller, rows, at=system_clock.now()).events
    assert event["data"]["attributes"] == {}
    caller.contract = replace(own, feed_events=frozenset({"death"}))
    assert serving.told(caller, rows, at=system_clock.now()).events == ()
    caller.contract = replace(own, scope=frozenset({"01"}))
    assert serving.told(caller, rows, at=system_clock.now()).events == ()
    rows[0].leaves = True
    [event] = serving.told(caller, rows, at=system_clock.now()).events
    assert event["data"]["left_area"] is True
    assert event["data"]["attributes"] == {}


class TestOutside:
    """Somebody is followed in their ward, and leaves it."""

    @pytest.fixture
    def caller(self, school_contract: Contract) -> Caller:
        return caller_under(school_contract, scope=frozenset({HERE}))

    @pytest.fixture(autouse=True)
    def _in_force(self, caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(collecting, "feeding", lambda _at: [caller.contract])

    def test_only_the_move_that_leaves_is_told_and_that_once(self, caller, child):
        following(caller, child)
        move(child)
        assert collect() == [("move", "happened")]
        [event] = serving.page(caller, at=AT).events
        assert event["data"]["left_area"] is True
        for day, home in ((1, OTHER_HOUSE), (2, NEXT_WARD)):
            move(child, home, date(2026, 8, day))
            assert collect() == []
        died = {"life_status": "CHET", "death_date": "2026-08-03"}
        say(child, died, source="HT-26740", day=date(2026, 8, 3))
        assert collect() == []

    def test_who_comes_back_and_leaves_again_is_told_again(self, caller, child):
        following(caller, child)
        told, cursor = [], ""
        for month, home in ((7, NEXT_WARD), (8, HOME), (9, NEXT_WARD)):
            move(child, home, date(2026, month, 1))
            collect()
            page = serving.page(caller, at=AT, cursor=cursor)
            told += ["left_area" in event["data"] for event in page.events]
            cursor = page.cursor
        assert told == [True, False, True]

    def test_no_page_shows_that_there_is_something_hidden(self, caller, child):
        other = new_person(birth_date="2012-09-02", full_name="Trần Văn An", sex="M")
        following(caller, child, other)
        say(other, {"full_name": "Trần Văn Ân"}, source="HT-26740", day=JULY)
        collect()
        cursor = serving.page(caller, at=AT).cursor
        # Noticed while they lived here, and not read before they left.
        died = {"life_status": "CHET", "death_date": "2026-07-01"}
        say(child, died, source="HT-26740", day=JULY)
        say(child, {"full_name": "Lê Hoàng Nam"}, source="HT-26740", day=JULY)
        assert len(collect()) == 2
        move(child)
        for changes in ((), ("death",), ("name_change",)):
            page = serving.page(caller, at=AT, cursor=cursor, limit=1, changes=changes)
            assert (page.events, page.cursor, page.has_more) == ((), cursor, False)
        assert serving.newest(caller, at=AT) == FeedEvent.objects.earliest("position").position
        assert len(serving.look(caller, 0, 10, at=AT)[1]) == 1

    def test_a_kind_that_was_not_asked_for_is_passed_by(self, caller, child):
        following(caller, child)
        say(child, {"full_name": "Lê Hoàng Nam"}, source="HT-26740", day=JULY)
        collect()
        page = serving.page(caller, at=AT, limit=1, changes=("death",))
        assert page.events == ()
        assert page.cursor == cursors.cursor_of(FeedEvent.objects.get())
        assert not AccessRecord.objects.filter(kind=Kind.TOLD).exists()

    def test_behind_very_many_that_are_hidden_the_feed_goes_on(self, caller, child, monkeypatch):
        monkeypatch.setattr(serving, "_AT_ONCE", 1)
        monkeypatch.setattr(serving, "_ROUNDS", 2)
        other = new_person(birth_date="2012-09-02", full_name="Trần Văn An", sex="M")
        following(caller, child, other)
        for month, name in ((7, "Lê Hoàng Nam"), (8, "Lê Hoàng Năm")):
            say(child, {"full_name": name}, source="HT-26740", day=date(2026, month, 1))
            collect()
        say(other, {"full_name": "Trần Văn Ân"}, source="HT-26740", day=JULY)
        collect()
        move(child)
        first = serving.page(caller, at=AT)
        assert (first.events, first.has_more) == ((), True)
        assert len(serving.page(caller, at=AT, cursor=first.cursor).events) == 1


def test_everything_ends_with_the_contract(agency, child, monkeypatch):
    follow(agency, facts_of(child))
    agency.post("/feed/webhooks", {"address": "https://agency.example.vn/hook"})
    real = declared.contracts
    monkeypatch.setattr(
        retiring, "contracts", lambda day: tuple(c for c in real(day) if c.name != "student-check")
    )
    retiring.retire(at=system_clock.now())
    assert Subscription.objects.get().ended_by == "contract"
    assert Webhook.objects.get().why == "contract"


def test_the_sandbox_lets_its_people_change_at_once(register):
    tokens.SESSIONS.forget()
    trial = Agency("trial").register("sandbox").sign_in()
    person = next(one for one in sandbox_people() if one.status == "alive")
    facts = {
        "pid": person.pid,
        "full_name": person.full_name,
        "birth_date": person.birth_date,
    }
    asked = {"purpose": "trial", "people": [{"claims": facts}]}
    [followed] = trial.post("/feed/subscriptions", asked).json()["people"]
    events, _ = read(trial)
    assert {one["data"]["change"] for one in events} == set(declared.FEED_EVENTS)
    assert {one["subject"] for one in events} == {followed["subscription"]}
    assert not AccessRecord.objects.exclude(person_id=None).exists()
    # The sandbox is everybody's; nobody there sees or ends what another one follows.
    other = Agency("other-trial").register("sandbox").sign_in()
    assert read(other)[0] == []
    assert other.get("/feed/subscriptions").json()["subscriptions"] == []
    ended = other.post("/feed/subscriptions/end", {"subscriptions": [followed["subscription"]]})
    assert ended.json() == {"ended": 0}
    assert len(trial.get("/feed/subscriptions").json()["subscriptions"]) == 1


def invented() -> list[dict[str, Any]]:
    """Return what is to be said of the living people of the sandbox."""
    names = ("pid", "full_name", "birth_date")
    living = (one for one in sandbox_people() if one.status == "alive")
    return [{name: getattr(one, name) for name in names} for one in living]


def test_in_the_sandbox_nobody_changes_again_by_being_followed_again(register):
    tokens.SESSIONS.forget()
    trial = Agency("trial").register("sandbox").sign_in()
    asked = {"purpose": "trial", "people": [{"claims": invented()[0]}]}
    for _again in range(3):
        [followed] = trial.post("/feed/subscriptions", asked).json()["people"]
        ended = {"subscriptions": [followed["subscription"]]}
        assert trial.post("/feed/subscriptions/end", ended).json() == {"ended": 1}
    assert FeedEvent.objects.count() == len(declared.FEED_EVENTS)


def test_in_the_sandbox_everybody_who_is_to_be_followed_counts(caller):
    sandbox = contract("sandbox", system_clock.now().date())
    assert sandbox is not None
    trial = replace(caller, client="counted", contract=replace(sandbox, records_per_day=5))
    people = [Follow(facts) for facts in invented()[:3]]
    services.follow(caller=trial, purpose="trial", people=people, at=system_clock.now())
    with pytest.raises(QuotaUsedUp):
        services.follow(caller=trial, purpose="trial", people=people, at=system_clock.now())
