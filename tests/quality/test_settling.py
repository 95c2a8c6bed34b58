"""Issues are settled at once, by whom is kept, and nothing worse is opened unasked."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from dancu.access.types import Actor
from dancu.catalogue import attribute
from dancu.catalogue.quality import quality
from dancu.kernel.clock import FixedClock, today
from dancu.kernel.errors import Conflict, Invalid
from dancu.population import services as register
from dancu.population.services import Confirmation
from dancu.population.types import Evidence
from dancu.quality import (
    examining,
    following,
    handling,
    queries,
    recommending,
    scoring,
    settling,
    worklist,
)
from dancu.quality.errors import CannotMendThat, IssueNotWithYou, WorseIssue
from dancu.quality.models import ClosedIssue, Handling, Issue, Run
from dancu.quality.settling import Case, Effect
from tests.console.cast import HERE, Family, footprint, say
from tests.console.conftest import family  # noqa: F401
from tests.disclosure.conftest import officer
from tests.quality.conftest import broken_by

WARD = officer("ward_officer", HERE, office="CA-26740")
OTHER_WARD = officer("ward_officer", "26743", account=2, office="CA-26743")
PAPER = Evidence("inspection", "LS-1")


def number_of(name: str) -> int:
    return quality().rules[name].number


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def dirty(family: Family, at: datetime) -> Family:  # noqa: F811
    """The mother is said to be born on the first of January; phones and homes are stale."""
    say(family.mother, "C06", birth_date="1988-01-01")
    examining.examine_all(clock=FixedClock(at), lanes=0)
    scoring.snapshot(day=today(at))
    return family


def correct(person: int, at: datetime, *, despite: str = "", actor: Actor = WARD, **claims: object):
    return settling.settle(
        act=lambda: register.correct_facts(
            person_id=person, claims=claims, evidence=PAPER, day=today(at), actor=actor, at=at
        ),
        people=[person],
        attributes=claims,
        actor=actor,
        at=at,
        despite=despite,
    )


def confirm(at: datetime, *asked: Confirmation):
    return settling.settle(
        act=lambda: register.confirm_together(
            confirmations=asked, evidence=PAPER, day=today(at), actor=WARD, at=at
        ),
        people=[one.person_id for one in asked],
        attributes={name for one in asked for name in one.attributes},
        actor=WARD,
        at=at,
    )


def test_a_correction_closes_its_issue_at_once_and_keeps_who_did_it(
    dirty: Family, at: datetime
) -> None:
    rule = number_of("born_on_first_of_january")
    before = examining.last_run()
    done = correct(dirty.mother, at, birth_date="1988-09-02")
    assert done.effect.closed == (Case(dirty.mother, rule),)
    assert "born_on_first_of_january" not in broken_by(dirty.mother)
    past = next(one for one in queries.past_of(dirty.mother) if one.rule == rule)
    assert (past.cause, past.statement) == (
        ClosedIssue.Cause.MENDED,
        done.result.statement_id,
    )
    kept = Handling.objects.get(subject=dirty.mother, rule=rule)
    assert (kept.act, kept.account_id, kept.office) == (Handling.Act.SETTLED, 1, "CA-26740")
    assert kept.statement == done.result.statement_id
    # The hourly run goes on from where it stood, and comes to the same.
    assert examining.last_run() == before
    examining.examine_all(clock=FixedClock(at), lanes=0)
    assert "born_on_first_of_january" not in broken_by(dirty.mother)


def test_the_figures_of_the_unit_follow(dirty: Family, at: datetime) -> None:
    (before,) = queries.standings_of([[HERE]], day=today(at))
    closed = correct(dirty.mother, at, birth_date="1988-09-02").effect.closed
    (after,) = queries.standings_of([[HERE]], day=today(at))
    assert before[0].issues - after[0].issues == len(closed) == 1
    assert after[0].share > before[0].share
    assert sum(one.issues for one in after) == Issue.objects.filter(unit=int(HERE)).count()


def test_confirming_makes_facts_of_a_whole_home_fresh(dirty: Family, at: datetime) -> None:
    stale = number_of("phone.current")
    assert "phone.current" in broken_by(dirty.father)
    done = confirm(
        at,
        Confirmation(dirty.father, ("phone",), register.version_of(dirty.father)),
        Confirmation(dirty.mother, ("marital_status",), register.version_of(dirty.mother)),
    )
    assert Case(dirty.father, stale) in done.effect.closed
    assert len(done.result) == 2
    assert "phone.current" not in broken_by(dirty.father)


def test_a_home_is_confirmed_as_a_whole_or_not_at_all(dirty: Family, at: datetime) -> None:
    seen = register.version_of(dirty.mother)
    say(dirty.mother, "C06", marital_status="LY_HON")
    before, issues = footprint(), Issue.objects.count()
    with pytest.raises(Conflict):
        confirm(
            at,
            Confirmation(dirty.father, ("phone",), register.version_of(dirty.father)),
            Confirmation(dirty.mother, ("marital_status",), seen),
        )
    with pytest.raises(Invalid):
        register.confirm_together(
            confirmations=[Confirmation(dirty.father, ("phone",))],
            evidence=Evidence("", ""),
            day=today(at),
            actor=WARD,
            at=at,
        )
    assert (footprint(), Issue.objects.count()) == (before, issues)


def test_what_would_open_a_worse_issue_is_refused_and_leaves_nothing(
    dirty: Family, at: datetime
) -> None:
    before, runs = footprint(), Run.objects.count()
    with pytest.raises(WorseIssue) as refused:
        correct(dirty.mother, at, birth_date="1987-09-02")
    label = quality().rules["pid_against_year"].label("vi")
    assert label in refused.value.text()
    assert (footprint(), Run.objects.count()) == (before, runs)
    assert not Handling.objects.exists()
    assert settling.attempt(
        act=lambda: register.correct_facts(
            person_id=dirty.mother,
            claims={"birth_date": "1987-09-02"},
            evidence=PAPER,
            day=today(at),
            actor=WARD,
            at=at,
        ),
        people=[dirty.mother],
        attributes=["birth_date"],
        at=at,
    ).is_worse
    assert footprint() == before


def test_facts_that_are_so_all_the_same_are_entered_with_the_reason(
    dirty: Family, at: datetime
) -> None:
    done = correct(dirty.mother, at, birth_date="1987-09-02", despite="Giấy khai sinh gốc ghi 1987")
    rule = number_of("pid_against_year")
    assert Case(dirty.mother, rule) in done.effect.opened
    kept = Handling.objects.get(subject=dirty.mother, rule=rule)
    assert (kept.act, kept.reason) == (Handling.Act.KEPT, "Giấy khai sinh gốc ghi 1987")


def test_a_child_that_the_correction_of_a_parent_makes_impossible_counts_too(
    dirty: Family, at: datetime
) -> None:
    with pytest.raises(WorseIssue) as refused:
        correct(dirty.father, at, birth_date="2010-03-02")
    assert quality().rules["father_hardly_older"].label("vi") in refused.value.text()


def test_what_was_wrong_before_is_not_blamed_on_a_correction(dirty: Family, at: datetime) -> None:
    """The sex is wrong since an hour and was not examined yet; a new e-mail does not open that."""
    say(dirty.son, "C06", sex="F")
    done = correct(dirty.son, at, birth_date="2014-05-07")
    assert number_of("pid_against_sex") not in {one.rule for one in done.effect.opened}


def test_a_minor_issue_alone_refuses_nothing() -> None:
    minor, blocks = number_of("birth_date_incomplete"), number_of("pid_against_sex")
    serious = number_of("older_than_120")
    assert not Effect(opened=(Case(1, minor),)).is_worse
    assert Effect(opened=(Case(1, serious),)).is_worse
    assert not Effect(opened=(Case(1, serious),), closed=(Case(1, blocks),)).is_worse
    assert Effect(opened=(Case(1, blocks),), closed=(Case(1, serious),)).is_worse


def test_what_now_lacks_refuses_nothing() -> None:
    lacks = number_of("guardian_name.complete")
    assert not Effect(opened=(Case(1, lacks),)).is_worse


def test_issues_are_passed_on_with_a_reason_and_handed_back(dirty: Family, at: datetime) -> None:
    case = Case(dirty.father, number_of("phone.current"))
    rule = quality().rules["phone.current"]
    offices = [one.code for one in handling.offices_for(rule, HERE, actor=WARD, at=at)]
    assert "PC06-79" in offices
    assert "CA-26740" not in offices
    assert handling.pass_on(
        issues=[case], office="PC06-79", reason="Số do công an tỉnh ghi", actor=WARD, at=at
    )
    assert Issue.objects.get(subject=case.subject, rule=case.rule).passed_to == "PC06-79"
    with pytest.raises(IssueNotWithYou):
        handling.pass_on(issues=[case], office="PC06-79", reason="lần nữa", actor=WARD, at=at)
    province = officer("province_officer", "79", account=3, office="PC06-79")
    assert handling.hand_back(issues=[case], reason="Phường tự xác nhận", actor=province, at=at)
    acts = [(one.act, one.office, one.reason) for one in worklist.handled(dirty.father)]
    assert acts == [
        (Handling.Act.HANDED_BACK, "PC06-79", "Phường tự xác nhận"),
        (Handling.Act.PASSED_ON, "CA-26740", "Số do công an tỉnh ghi"),
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        Handling.objects.all().delete()


def test_what_was_passed_on_comes_back_when_the_person_leaves_the_offices_area(
    dirty: Family, at: datetime
) -> None:
    case = Case(dirty.father, number_of("phone.current"))
    row = Issue.objects.filter(subject=case.subject, rule=case.rule)
    for office, back in (("PC06-79", 0), ("HT-26740", 1)):
        row.update(passed_to=office, unit=int(HERE))
        assert following.return_stray(at=at) == 0
        row.update(unit=26743)
        assert following.return_stray(at=at) == back
    assert row.get().passed_to is None
    (act,) = worklist.handled(dirty.father)
    assert (act.act, act.office, act.account_id) == (Handling.Act.HANDED_BACK, "HT-26740", None)


def test_nobody_passes_on_what_is_not_theirs_or_to_whom_has_no_say(
    dirty: Family, at: datetime
) -> None:
    case = Case(dirty.father, number_of("phone.current"))
    ours = {"issues": [case], "office": "PC06-79", "reason": "chuyển", "at": at}
    with pytest.raises(IssueNotWithYou):
        handling.pass_on(**ours, actor=OTHER_WARD)
    with pytest.raises(IssueNotWithYou):
        handling.pass_on(**(ours | {"issues": [case, Case(1, 1)]}), actor=WARD)
    with pytest.raises(CannotMendThat):
        handling.pass_on(**(ours | {"office": "TTRA-79"}), actor=WARD)
    with pytest.raises(Invalid):
        handling.pass_on(**(ours | {"reason": " "}), actor=WARD)
    with pytest.raises(IssueNotWithYou):
        handling.hand_back(issues=[case], reason="trả", actor=WARD, at=at)
    assert not Handling.objects.exists()


def test_what_people_share_is_noted_and_closes_at_night(dirty: Family, at: datetime) -> None:
    say(dirty.neighbour, "C06", phone="0900000014")
    examining.examine_all(clock=FixedClock(at), lanes=0)
    case = Case(dirty.father, number_of("phone_shared"))
    assert "phone_shared" in broken_by(dirty.father)
    done = correct(dirty.father, at, phone="+84912345678")
    assert done.effect.later == (case,)
    issues = worklist.open_of([dirty.father], [case.rule])
    assert worklist.settled_of(issues) == {tuple(case)}
    examining.examine_all(clock=FixedClock(at), lanes=0)
    assert "phone_shared" not in broken_by(dirty.father)


def test_a_recommendation_names_what_decides_it_first() -> None:
    ward = recommending.Word("police", date(2020, 1, 1), "file")
    registry = recommending.Word("civil_registry", date(2019, 1, 1), "birth_certificate")
    name = recommending.recommend(attribute("full_name"), registry, ward)
    assert (name.side, [one.point for one in name.reasons]) == (
        "ours",
        ["authority", "later", "paper"],
    )
    mends = Effect(closed=(Case(1, number_of("name_with_digits")),))
    advice = recommending.recommend(attribute("full_name"), registry, ward, mends)
    assert (advice.side, advice.reasons[0].point) == ("theirs", "mends")
    worse = Effect(opened=(Case(1, number_of("pid_against_year")),))
    born = recommending.recommend(attribute("birth_date"), ward, registry, worse)
    assert (born.side, born.reasons[0].point) == ("ours", "keeps")
