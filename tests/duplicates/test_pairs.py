"""Suspected pairs: noted once, decided once, suspected anew only for a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from dancu.access.errors import ActionNotAllowed
from dancu.access.types import Actor
from dancu.audit.models import Event
from dancu.cli import duplicates as command
from dancu.cli.main import build_parser
from dancu.disclosure import services as door
from dancu.duplicates import queries, searching, services, suggesting
from dancu.duplicates.errors import (
    HowKnownMissing,
    OneRecord,
    PairDecided,
    PairKnown,
    ReasonMissing,
    RecordClosed,
    SearchNeedsExtra,
)
from dancu.duplicates.models import Pair, Search
from dancu.identity.models import Account
from dancu.identity.queries import actor_for
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population import linking
from dancu.population.models import Person
from dancu.population.services import merge_of
from dancu.population.services.merge_errors import SameOfficer
from tests.console.cast import HERE, THERE
from tests.duplicates.conftest import Twice, finding, note

NOW = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)


def actor(username: str) -> Actor:
    found = actor_for(Account.objects.get(username=username), session="", at=NOW)
    assert found is not None
    return found


def act(name: str, pair: int, who: str, reason: str = "Đã đối chiếu", **more: object) -> object:
    return getattr(services, name)(pair_id=pair, reason=reason, actor=actor(who), at=NOW, **more)


def state(pair: int) -> str:
    found = queries.pair(pair)
    assert found is not None
    return found.state


def test_a_pair_is_found_by_those_who_serve_both(twice: Twice) -> None:
    assert [one.id for one in queries.pairs(area=[HERE]).rows] == [twice.pair]
    assert queries.pairs(area=[THERE]).rows == ()
    assert queries.count(area=[HERE]) == (1, False)
    (known,) = queries.pairs_of(twice.other)
    assert known.people == (twice.one, twice.other)
    assert known.evidence[0].comparison == "full_name"


def test_a_search_again_keeps_what_was_decided(twice: Twice) -> None:
    act("dismiss", twice.pair, "ward", "Hai chị em họ")
    noted = note(finding(twice.other, twice.one))
    assert (noted.new, noted.again, state(twice.pair)) == (0, 0, "dismissed")
    noted = note(finding(twice.one, twice.other, digest=b"2"))
    assert (noted.new, noted.again, state(twice.pair)) == (0, 1, "suspected")
    assert Pair.objects.count() == 1
    assert Search.objects.filter(ended_at__isnull=False).count() == 3


def test_a_pair_that_is_found_no_more_is_cleared_and_may_come_back(twice: Twice) -> None:
    assert note().cleared == 1
    assert state(twice.pair) == "cleared"
    assert Event.objects.filter(event="duplicates.found").count() == 2
    assert note(finding(twice.one, twice.other)).again == 1
    assert state(twice.pair) == "suspected"


#: Keys that nobody of the tests' people has.
FAR = 10**9


def test_many_pairs_that_are_known_are_brought_up_to_date_without_asking_which_is_which(
    twice: Twice,
) -> None:
    many = [finding(twice.one, FAR + place) for place in range(300)]
    note(*many)
    places = dict(Pair.objects.values_list("right_id", "pk"))
    with CaptureQueriesContext(connection) as asked:
        note(*(replace(one, weight=9.5, digest=b"2") for one in many))
    assert not [one["sql"][:80] for one in asked if "CASE WHEN" in one["sql"]]
    rows = Pair.objects.filter(right_id__gte=FAR)
    assert {(row.weight, bytes(row.digest), row.state) for row in rows} == {
        (9.5, b"2", "suspected")
    }
    assert {row.right_id: row.pk for row in rows}.items() <= places.items()


def test_a_part_of_a_search_clears_nothing(twice: Twice) -> None:
    assert note(is_whole=False).cleared == 0
    assert state(twice.pair) == "suspected"


def test_a_dismissal_needs_a_reason_and_happens_once(twice: Twice) -> None:
    with pytest.raises(ReasonMissing):
        act("dismiss", twice.pair, "ward", " ")
    act("dismiss", twice.pair, "ward")
    for again in ("dismiss", "confirm"):
        with pytest.raises(PairDecided):
            act(again, twice.pair, "province")
    with pytest.raises(DatabaseError, match="with_a_reason"), transaction.atomic():
        Pair.objects.filter(pk=twice.pair).update(reason="")


def test_others_neither_see_nor_decide(twice: Twice) -> None:
    for who, error in (("other_ward", NotFoundOrNotYours), ("registrar", ActionNotAllowed)):
        with pytest.raises(error):
            act("dismiss", twice.pair, who)
        with pytest.raises(error):
            act("propose", twice.pair, who, survivor_id=twice.one)
    with pytest.raises(NotFoundOrNotYours):
        act("propose", twice.pair, "ward", survivor_id=twice.stranger)
    with pytest.raises(NotFoundOrNotYours):
        act("dismiss", 10**15, "ward")
    assert state(twice.pair) == "suspected"


def test_from_a_suspicion_to_a_merge_and_back(twice: Twice) -> None:
    merge = act("propose", twice.pair, "province", survivor_id=twice.other)
    assert state(twice.pair) == "proposed"
    with pytest.raises(SameOfficer):
        act("confirm", twice.pair, "province")
    act("decline", twice.pair, "province")
    assert (state(twice.pair), merge_of(merge_id=merge).state) == ("suspected", "declined")
    again = act("propose", twice.pair, "ward", survivor_id=twice.one)
    act("confirm", twice.pair, "province")
    assert (state(twice.pair), merge_of(merge_id=again).state) == ("merged", "done")
    assert note(finding(twice.one, twice.other, digest=b"3")).again == 0
    act("propose_undo", twice.pair, "province")
    assert (state(twice.pair), merge_of(merge_id=again).state) == ("parting", "done")
    with pytest.raises(SameOfficer):
        act("decide_undo", twice.pair, "province", is_confirmed=True)
    with pytest.raises(ActionNotAllowed):
        act("decide_undo", twice.pair, "ward", is_confirmed=True)
    assert note(finding(twice.one, twice.other, digest=b"3")).again == 0
    act("decide_undo", twice.pair, "province", is_confirmed=False)
    assert (state(twice.pair), merge_of(merge_id=again).undo_proposed_by) == ("merged", None)
    act("propose_undo", twice.pair, "ward")
    act("decide_undo", twice.pair, "province", is_confirmed=True)
    assert (state(twice.pair), merge_of(merge_id=again).state) == ("undone", "undone")
    assert note(finding(twice.one, twice.other)).again == 0
    assert note(finding(twice.one, twice.other, digest=b"3")).again == 1


def suggest(*people: int, who: str = "ward", reason: str = "Cùng giấy khai sinh") -> int:
    return suggesting.suggest(person_ids=people, reason=reason, actor=actor(who), at=NOW)


def test_an_officer_enters_a_pair_and_two_decide_on_it(twice: Twice) -> None:
    pair = suggest(twice.stranger, twice.one, who="province")
    found = queries.pair(pair)
    assert found is not None
    assert (found.state, found.evidence, found.suggestion) == (
        "suspected", (), "Cùng giấy khai sinh",
    )  # fmt: skip
    assert found.people == tuple(sorted((twice.one, twice.stranger)))
    assert note(finding(twice.one, twice.other)).cleared == 0
    assert state(pair) == "suspected"
    assert Event.objects.get(event="duplicates.suggested").detail == {"pair": pair}
    act("dismiss", pair, "province")
    assert suggest(twice.one, twice.stranger, who="province", reason="Có thêm giấy tờ") == pair
    assert state(pair) == "suspected"
    with pytest.raises(DatabaseError, match="with_a_reason"), transaction.atomic():
        Pair.objects.filter(pk=pair).update(suggestion="")


def test_a_known_pair_follows_the_record_that_stays(twice: Twice) -> None:
    known = suggest(twice.other, twice.stranger, who="province")
    act("propose", twice.pair, "ward", survivor_id=twice.one)
    act("confirm", twice.pair, "province")
    found = queries.pair(known)
    assert found is not None
    assert (found.state, set(found.people)) == ("suspected", {twice.one, twice.stranger})


def test_a_known_pair_of_a_closed_record_is_cleared_by_the_next_search(twice: Twice) -> None:
    known = suggest(twice.other, twice.stranger, who="province")
    Person.objects.filter(pk=twice.stranger).update(status=Person.Status.CANCELLED)
    assert note(finding(twice.one, twice.other)).cleared == 1
    assert (state(known), state(twice.pair)) == ("cleared", "suspected")


def test_a_pair_that_cannot_be_is_refused_with_its_reason(twice: Twice) -> None:
    for error, people, more in (
        (OneRecord, (twice.one, twice.one), {}),
        (PairKnown, (twice.other, twice.one), {}),
        (HowKnownMissing, (twice.one, twice.stranger), {"reason": " ", "who": "province"}),
        (NotFoundOrNotYours, (twice.one, twice.stranger), {}),
        (NotFoundOrNotYours, (twice.one, 10**15), {}),
        (NotFoundOrNotYours, (twice.one, twice.other), {"who": "other_ward"}),
        (ActionNotAllowed, (twice.one, twice.other), {"who": "registrar"}),
    ):
        with pytest.raises(error):
            suggest(*people, **more)
    act("propose", twice.pair, "ward", survivor_id=twice.one)
    act("confirm", twice.pair, "province")
    with pytest.raises((RecordClosed, NotFoundOrNotYours)):
        suggest(twice.other, twice.stranger, who="province")
    assert Pair.objects.count() == 1


def test_a_citizen_reads_the_looks_at_both_records(twice: Twice) -> None:
    look = {"purpose": "data_correction", "case": "HS-9", "at": NOW}
    door.disclose_page(actor=actor("ward"), subject=twice.other, **look)
    act("propose", twice.pair, "ward", survivor_id=twice.one)
    act("confirm", twice.pair, "province")
    for key in (twice.one, twice.other):
        citizen = Actor(
            kind="citizen", name="x", account_id=99, roles=frozenset({"citizen"}), person_id=key
        )
        rows = door.accesses_of(person_id=key, actor=citizen, at=NOW).rows
        assert [(row.case, row.person_id) for row in rows] == [("HS-9", twice.other)]
        assert door.own_record(actor=citizen, at=NOW).header.person_id == twice.one


# --- Searching ----------------------------------------------------------------------------------


def test_machines_read_each_person_once(twice: Twice) -> None:
    everybody = [one for portion in linking.people(at_once=2) for one in portion]
    keys = [int(one.key) for one in everybody]
    assert keys == sorted(set(keys))
    one = next(p for p in everybody if p.key == str(twice.one))
    assert (one.birth_date, one.sex, one.commune, one.phone) == (
        "1988-03-04", "F", HERE, "0903123456",
    )  # fmt: skip
    assert one.address.startswith("12/3A Lê Lợi")
    act("propose", twice.pair, "ward", survivor_id=twice.one)
    act("confirm", twice.pair, "province")
    left = {one.key for portion in linking.people() for one in portion}
    assert str(twice.other) not in left


def test_a_digest_tells_whether_a_record_has_changed(twice: Twice) -> None:
    one, other, *_rest = next(linking.people())
    assert searching.digest_of(one, other) == searching.digest_of(other, one)
    changed = one._replace(full_name="Ai Đó")
    assert searching.digest_of(changed, other) != searching.digest_of(one, other)


def test_the_whole_register_is_searched(twice: Twice) -> None:
    pytest.importorskip("duckdb")
    if not (searching.folder() / searching.MODEL).exists():
        pytest.skip("the trained model is not part of this catalogue")
    noted = searching.find(at=NOW, progress=lambda *_numbers: None)
    assert noted.people == sum(len(portion) for portion in linking.people())
    assert Search.objects.get(began_at=NOW).pairs == noted.found


def test_without_the_extra_it_says_what_to_install(
    twice: Twice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def absent() -> object:
        raise SearchNeedsExtra

    monkeypatch.setattr(searching, "_engine", absent)
    assert run("find") == 1
    assert "scripts/setup --analytics" in capsys.readouterr().err
    assert run("list") == 0
    assert f"{twice.pair}\t{twice.one}\t{twice.other}\t8.5 bits" in capsys.readouterr().out
    assert run("list", "--state", "merged") == 0
    assert "no pair is merged" in capsys.readouterr().out


def run(*arguments: str) -> int:
    parser = build_parser(["duplicates"])
    return command.run(parser.parse_args(["duplicates", *arguments]))
