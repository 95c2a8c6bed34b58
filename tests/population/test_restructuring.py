"""When the map changes: everybody goes along, no statement is touched, nobody is guessed."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection, connections, transaction

from dancu.access.errors import ActionNotAllowed, OutsideJurisdiction
from dancu.audit.models import Event
from dancu.places import queries
from dancu.places.addresses import address_id, parse
from dancu.places.errors import (
    DecisionChanged,
    DecisionInForce,
    DecisionRefused,
    DecisionUnknown,
)
from dancu.places.models import Address, MapDecision
from dancu.places.under_map import address_on
from dancu.population.checks import disagreements
from dancu.population.internal.stillness import RegisterBusy, hold_still
from dancu.population.models import Golden, Person, Statement
from dancu.population.services.restructuring import (
    apply_map_change,
    enforce_due,
    preview_map_change,
    undo_map_change,
)
from dancu.population.types import AddressValue
from tests.places.decision_files import MERGER, RENAMED, SPLIT
from tests.population.conftest import actor, new_person, state
from tests.population.map_cast import (
    AFTER,
    BEFORE,
    DAY,
    NEW_MAP,
    TAIL,
    commune,
    decision,
    everything,
    home,
    officer,
)


def test_a_preview_counts_and_changes_nothing(people):
    before = everything()
    found = preview_map_change(decision=decision(SPLIT), actor=officer("79"), at=BEFORE)
    assert {(way.before.code, way.to_code): (way.homes, way.people) for way in found.ways} == {
        ("26740", "29901"): (3, 3),
        ("26740", "26740"): (1, 1),
        ("26740", ""): (1, 1),
    }
    assert [way.people for way in found.unclear] == [1]
    assert found.people == 5
    assert everything() == before
    assert "Nguyễn Thị" not in repr(found)


def test_before_its_day_a_decision_stands_in_the_map_and_nobody_has_moved(people):
    done = apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=BEFORE)
    assert (done.is_new, done.is_in_force, done.people) == (True, False, 0)
    assert {commune(one) for one in people.values()} == {"26740", "26743"}
    assert queries.unit("29901", DAY).full_name == "Phường Bạch Đằng"
    assert queries.unit("29901", date(2026, 11, 30)) is None
    assert queries.tree().newest_day < DAY
    state(people["silent"], BEFORE.date(), "C06", phone="0912345678")
    assert commune(people["silent"]) == "26740"


def test_on_its_day_everybody_goes_where_the_rules_say(people):
    said = list(Statement.objects.order_by("pk").values())
    golden = list(Golden.objects.order_by("pk").values())
    texts = list(Address.objects.order_by("pk").values("id", "text", "unit_code", "code_date"))
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=BEFORE)
    (done,) = enforce_due(actor=actor(), at=AFTER)
    assert {name: commune(one) for name, one in people.items()} == {
        "moved": "29901",
        "even": "29901",
        "odd": "26740",
        "silent": "26740",
        "neighbour": "26743",
        "earlier": "29901",
    }
    assert done.people == 3
    unclear = Address.objects.filter(unit_now="26740", unit_now_is_sure=False)
    assert [one.text for one in unclear] == [f"5 Pasteur, {TAIL}"]
    assert list(Statement.objects.order_by("pk").values()) == said
    assert list(Golden.objects.order_by("pk").values()) == golden
    assert texts == list(
        Address.objects.order_by("pk").values("id", "text", "unit_code", "code_date")
    )
    assert disagreements()[1] == []
    assert enforce_due(actor=actor(), at=AFTER) == ()


def test_late_or_in_time_the_outcome_is_the_same(people):
    with transaction.atomic():
        apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=BEFORE)
        enforce_due(actor=actor(), at=AFTER)
        in_time = [commune(one) for one in people.values()]
        transaction.set_rollback(True)
    queries.forget()
    done = apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    assert (done.is_new, done.is_in_force) == (True, True)
    assert [commune(one) for one in people.values()] == in_time


@pytest.mark.parametrize("body", [MERGER, RENAMED])
def test_whole_units_go_without_a_question(people, body):
    apply_map_change(decision=decision(body), actor=officer("79"), at=AFTER)
    assert not Address.objects.filter(unit_now_is_sure=False).exclude(unit_now="").exists()
    to = "29902" if body is MERGER else "26740"
    assert commune(people["moved"]) == to
    assert commune(people["neighbour"]) == (to if body is MERGER else "26743")
    assert queries.unit_name(to, DAY).startswith(
        "Phường Sài Gòn - Bến Thành" if body is MERGER else "Phường Bến Nghé"
    )


def test_every_change_names_the_decision_as_its_cause(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    row = MapDecision.objects.get(number="01/NQ-HĐND")
    assert row.legal_basis
    assert row.applied_by == 7
    assert set(row.successions.values_list("predecessor__code", "successor__code")) == {
        ("26740", "26740"),
        ("26740", "29901"),
    }
    placed = dict(row.placings.values_list("address_id", "line"))
    moved = Person.objects.get(pk=people["even"]).address_id
    assert "Lê Lợi" in row.text.splitlines()[placed[moved] - 1]
    event = Event.objects.get(event="map.applied")
    assert event.detail == {
        "number": "01/NQ-HĐND",
        "effective_on": "2026-12-01",
        "addresses": 4,
        "people": 3,
    }


def test_an_address_is_shown_under_the_map_of_any_day(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)

    def shown(name, day):
        number = Person.objects.get(pk=people[name]).address_id
        found = address_on(queries.addresses([number])[number], day)
        return found.name, found.is_sure, sorted(unit.code for unit in found.candidates)

    today = "Phường Bạch Đằng, Thành phố Hồ Chí Minh"
    assert shown("moved", DAY) == (today, True, [])
    assert shown("moved", date(2026, 11, 30)) == (TAIL, True, [])
    assert shown("earlier", date(2020, 1, 1)) == (
        "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh",
        True,
        [],
    )
    assert shown("earlier", DAY) == (today, True, [])
    assert shown("silent", DAY) == ("Thành phố Hồ Chí Minh", False, ["26740", "29901"])
    name, is_sure, candidates = shown("moved", date(2020, 1, 1))
    assert (name.endswith("Thành phố Hồ Chí Minh"), is_sure) == (True, False)
    assert "26740" in candidates


def test_applied_again_it_changes_nothing(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    before = everything()
    again = apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    assert (again.is_new, again.addresses, again.people) == (False, 0, 0)
    assert everything() == before


def test_applied_again_it_takes_along_what_came_in_since(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    late = new_person(permanent_residence=home("9 Nguyễn Huệ, Khu phố 1"))
    assert commune(late) == "26740"
    again = apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    assert (again.addresses, again.people) == (1, 1)
    assert commune(late) == "29901"


def test_a_run_that_was_killed_left_nothing_and_running_again_does_it_all(people):
    before = everything()
    with transaction.atomic():
        apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
        transaction.set_rollback(True)
    queries.forget()
    assert everything() == before
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    assert commune(people["moved"]) == "29901"


def test_until_its_day_a_decision_can_be_undone_without_a_trace_in_the_map(people):
    before = everything()
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=BEFORE)
    undo_map_change(number="01/NQ-HĐND", actor=officer("79"), at=BEFORE)
    assert everything() == before
    assert enforce_due(actor=actor(), at=AFTER) == ()
    assert list(Event.objects.values_list("event", flat=True).order_by("pk"))[-2:] == [
        "map.applied",
        "map.undone",
    ]
    apply_map_change(decision=decision(MERGER), actor=officer("79"), at=BEFORE)


def test_from_its_day_on_it_cannot_be_undone(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=BEFORE)
    before = everything()
    for _in_force in (False, True):
        with pytest.raises(DecisionInForce, match="2026-12-01"):
            undo_map_change(number="01/NQ-HĐND", actor=officer("79"), at=AFTER)
        assert everything() == before
        enforce_due(actor=actor(), at=AFTER)
        before = everything()
    with pytest.raises(DecisionUnknown):
        undo_map_change(number="02/NQ-HĐND", actor=officer("79"), at=BEFORE)


def test_one_number_means_one_decision(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=BEFORE)
    with pytest.raises(DecisionChanged):
        apply_map_change(decision=decision(MERGER), actor=officer("79"), at=BEFORE)


def test_a_decision_on_what_another_has_changed_is_refused(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=BEFORE)
    for day in ("2026-12-01", "2026-11-20"):
        with pytest.raises(DecisionRefused):
            apply_map_change(
                decision=decision(MERGER, number="02", day=day), actor=officer("79"), at=BEFORE
            )
    with pytest.raises(DecisionRefused, match="not in force yet"):
        apply_map_change(
            decision=decision(MERGER, number="02", day="2027-01-01"),
            actor=officer("79"),
            at=BEFORE,
        )
    enforce_due(actor=actor(), at=AFTER)
    apply_map_change(
        decision=decision(MERGER, number="02", day="2027-01-01"), actor=officer("79"), at=AFTER
    )
    enforce_due(actor=actor(), at=datetime(2027, 1, 1, tzinfo=UTC))
    assert {commune(people[one]) for one in ("odd", "silent", "neighbour")} == {"29902"}
    assert commune(people["moved"]) == "29901"


@pytest.mark.parametrize("use_case", [preview_map_change, apply_map_change])
def test_only_who_manages_the_whole_area_may(people, use_case):
    before = everything()
    with pytest.raises(ActionNotAllowed):
        use_case(decision=decision(SPLIT), actor=officer("79", roles=("ward_officer",)), at=BEFORE)
    for units in (("01",), ("26740",), ()):
        with pytest.raises(OutsideJurisdiction):
            use_case(decision=decision(MERGER), actor=officer(*units), at=BEFORE)
    assert everything() == before


def test_new_units_can_be_lived_in_at_once(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    text = "3 Nguyễn Huệ, Phường Bạch Đằng, Thành phố Hồ Chí Minh"
    parsed = parse(text, on=DAY)
    assert (parsed.unit_code, parsed.needs_review) == ("29901", False)
    value = AddressValue(text, "29901", DAY)
    state(people["neighbour"], DAY, "C06", at=AFTER, permanent_residence=value)
    assert commune(people["neighbour"]) == "29901"
    stored = Address.objects.get(text=text)
    assert (stored.code_date, stored.unit_now_is_sure) == (DAY, True)
    # The code of what remains means less than it did; that of another ward means the same.
    assert address_id("x", "26740", DAY) != address_id("x", "26740", date(2026, 11, 30))
    assert address_id("x", "26743", DAY) == address_id("x", "26743", NEW_MAP)


def test_stays_move_too(people):
    guest = new_person(
        permanent_residence=home("5 Pasteur", "26743", "Phường Bến Thành, TP. Hồ Chí Minh"),
        temporary_residence=home("1 Nguyễn Huệ, Khu phố 1"),
    )
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    card = Person.objects.get(pk=guest)
    assert (card.commune, card.stay_commune) == ("26743", "29901")
    apply_map_change(
        decision=decision(
            'changes:\n  - {from: "26743", to: "29904"}\n  - {from: "29901", to: "29904"}\nunits:\n'
            '  - {code: "29904", level: commune, name: "Y", kind: PHUONG, parent: "79"}\n',
            number="02",
            day="2026-12-05",
        ),
        actor=officer("79"),
        at=datetime(2026, 12, 6, tzinfo=UTC),
    )
    card.refresh_from_db()
    assert (card.commune, card.stay_commune) == ("29904", None)
    assert disagreements()[1] == []


def test_addresses_are_found_by_the_names_of_both_maps(people):
    apply_map_change(decision=decision(SPLIT), actor=officer("79"), at=AFTER)
    moved = Person.objects.get(pk=people["moved"]).address_id
    assert moved in queries.search_addresses("1 nguyen hue bach dang")
    assert moved in queries.search_addresses("1 nguyen hue sai gon")


@pytest.mark.django_db(transaction=True)
def test_who_is_writing_is_waited_for_and_a_register_that_never_rests_is_left_alone(
    sources, monkeypatch
):
    someone = new_person()
    monkeypatch.setattr("dancu.population.internal.stillness._ATTEMPTS", 1)
    monkeypatch.setattr(
        "dancu.population.internal.stillness._PATIENCE", "SET LOCAL lock_timeout = '50ms'"
    )
    held, done = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=someone)
            held.set()
            done.wait(20)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert held.wait(20)
    with pytest.raises(RegisterBusy), transaction.atomic():
        hold_still()
    done.set()
    writer.join()
    with transaction.atomic():
        hold_still()
        assert Person.objects.filter(pk=someone).exists()
    assert connection.in_atomic_block is False
