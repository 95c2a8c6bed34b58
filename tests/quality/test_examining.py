"""Issues open and close by evidence, and none vanishes without a cause."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from dancu.catalogue import quality as declared
from dancu.kernel.clock import FixedClock
from dancu.population import measuring
from dancu.population.internal.recompute import recompute
from dancu.population.measuring import Some, Step
from dancu.population.models import Annulment
from dancu.quality import examining, queries, scoring, trying
from dancu.quality.errors import ExaminationRuns, UnknownRule
from dancu.quality.models import ClosedIssue, Issue, Run
from tests.disclosure.conftest import AT, HERE, NEXT_WARD, THERE, new_person, pid_for, say
from tests.quality.conftest import NIGHT, TODAY, broken_by

Examine = Callable[..., Run | None]
Cause = ClosedIssue.Cause


def closed_of(person: int) -> list[queries.Past]:
    return queries.past_of(person)


def test_a_broken_rule_opens_an_issue_with_its_commune(examine: Examine) -> None:
    person = new_person()
    say(person, {"sex": "M"})
    examine()
    assert "pid_against_sex" in broken_by(person.id)
    issue = Issue.objects.get(subject=person.id, rule=1)
    assert (issue.unit, issue.opened_on) == (int(HERE), TODAY)


def test_examined_again_nothing_changes(examine: Examine) -> None:
    say(new_person(), {"sex": "M"})
    examine()
    before = list(Issue.objects.order_by("subject", "rule").values())
    again = examine(at=NIGHT + timedelta(days=1))
    assert again is not None
    assert (again.opened, again.closed) == (0, 0)
    assert list(Issue.objects.order_by("subject", "rule").values()) == before


def test_a_mended_issue_names_the_statement_that_mended_it(examine: Examine) -> None:
    person = new_person(birth_date="1988-01-01")
    examine()
    assert "born_on_first_of_january" in broken_by(person.id)
    say(person, {"email": "a@example.vn"})
    mended = say(person, {"birth_date": "1988-09-02"})
    examine(changes=True)
    assert "born_on_first_of_january" not in broken_by(person.id)
    past = next(p for p in closed_of(person.id) if p.rule == 22)
    assert (past.cause, past.statement) == (Cause.MENDED, mended)


def test_what_is_mended_while_everybody_is_examined_is_not_opened_again(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = new_person(birth_date="1988-01-01")
    examine()
    measure, mended = measuring.run_all, []

    def mended_meanwhile(steps: Sequence[Step], some: Some) -> None:
        measure(steps, some)
        if steps[0].scope == "people" and not mended:
            mended.append(say(person, {"birth_date": "1988-09-02"}))
            with connection.cursor() as cursor:
                cursor.execute("CREATE TEMP TABLE before ON COMMIT DROP AS TABLE measured")
            examine(changes=True)
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE measured, closing")
                cursor.execute("INSERT INTO measured TABLE before")

    monkeypatch.setattr(measuring, "run_all", mended_meanwhile)
    examine(at=NIGHT + timedelta(days=1))
    assert mended
    assert "born_on_first_of_january" not in broken_by(person.id)


def test_a_withdrawn_claim_is_the_cause(examine: Examine) -> None:
    person = new_person(birth_date="1988-09-02")
    wrong = say(person, {"death_date": "1980-01-01"})
    examine()
    assert "died_before_birth" in broken_by(person.id)
    Annulment.objects.create(
        person_id=person.id, statement_id=wrong, annulled_at=AT, annulled_by=1, reason="sai"
    )
    recompute([person.id], at=AT)
    examine(changes=True)
    assert "died_before_birth" not in broken_by(person.id)
    assert next(p for p in closed_of(person.id) if p.rule == 24).cause == Cause.WITHDRAWN


def test_whoever_leaves_the_register_leaves_no_open_issue(examine: Examine) -> None:
    person = new_person(birth_date="1988-01-01")
    examine()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE population_person SET status = 5 WHERE id = %s", [person.id])
    examine()
    assert broken_by(person.id) == set()
    assert {p.cause for p in closed_of(person.id)} == {Cause.SUBJECT_LEFT}


def test_a_rule_that_ends_closes_its_issues_and_says_so(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = new_person(birth_date="1988-01-01")
    examine()
    left = [rule for rule in declared.rules_in_force(TODAY) if rule.number != 22]
    monkeypatch.setattr(examining, "rules_in_force", lambda _day: tuple(left))
    examine()
    assert "born_on_first_of_january" not in broken_by(person.id)
    assert next(p for p in closed_of(person.id) if p.rule == 22).cause == Cause.RULE_ENDED


def test_a_rule_that_means_something_else_is_the_cause(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = new_person(birth_date="1988-01-01")
    examine()
    rules = declared.rules_in_force(TODAY)
    other = next(rule for rule in rules if rule.number == 21)
    changed = [replace(r, broken=other.broken) if r.number == 22 else r for r in rules]
    monkeypatch.setattr(examining, "rules_in_force", lambda _day: tuple(changed))
    examine()
    assert next(p for p in closed_of(person.id) if p.rule == 22).cause == Cause.RULE_CHANGED


def test_a_child_is_examined_when_the_parent_changes(examine: Examine) -> None:
    father = new_person(pid=pid_for("M", 1960), sex="M", birth_date="1960-05-05")
    child = new_person(pid=pid_for("F", 1988), father_pid=father.pid)
    examine()
    assert "father_hardly_older" not in broken_by(child.id)
    say(father, {"birth_date": "1987-05-05"})
    examine(changes=True)
    assert "father_hardly_older" in broken_by(child.id)
    say(father, {"birth_date": "1960-05-05"})
    examine(changes=True)
    past = next(p for p in closed_of(child.id) if p.rule == 30)
    assert (past.cause, past.statement) == (Cause.AROUND, None)


def test_a_household_is_examined_when_a_member_leaves_it(examine: Examine) -> None:
    home = {"household_number": "79000000001"}
    head = new_person(**home, household_relationship="CHU_HO")
    wife = new_person(**home, household_relationship="VO")
    examine()
    assert not {"no_head", "two_heads"} & (broken_by(head.id) | broken_by(wife.id))
    say(head, {"household_number": "79000000002"})
    examine(changes=True)
    assert "no_head" in broken_by(wife.id)
    say(wife, {"household_relationship": "CHU_HO"})
    examine(changes=True)
    assert "no_head" not in broken_by(wife.id)


def test_an_issue_follows_a_person_who_moves(examine: Examine) -> None:
    person = new_person(birth_date="1988-01-01")
    examine()
    say(person, {"permanent_residence": NEXT_WARD}, day=TODAY - timedelta(days=1))
    examine(changes=True)
    assert Issue.objects.get(subject=person.id, rule=22).unit == int(THERE)


def test_without_anything_new_no_run_is_made(examine: Examine) -> None:
    new_person()
    examine()
    assert examine(changes=True) is None
    assert Run.objects.count() == 1


def test_the_first_examination_of_changes_is_of_everybody(examine: Examine) -> None:
    new_person()
    run = examine(changes=True)
    assert run is not None
    assert run.kind == Run.Kind.ALL


def test_changes_and_everybody_come_to_the_same(examine: Examine) -> None:
    home = {"household_number": "79000000009"}
    names = ("Lê Thị Một", "Lê Thị Hai", "Lê Thị Ba")
    people = [new_person(**home, household_relationship="CON_DE", full_name=name) for name in names]
    examine()
    say(people[0], {"household_relationship": "CHU_HO"})
    say(people[1], {"birth_date": "1988", "phone": "0900000014"})
    say(people[2], {"life_status": "CHET", "death_date": "1980-01-01"})
    examine(changes=True)
    by_changes = set(Issue.objects.values_list("subject", "rule"))
    everybody = examine()
    assert everybody is not None
    assert set(Issue.objects.values_list("subject", "rule")) == by_changes
    assert (everybody.opened, everybody.closed) == (0, 0)


def test_a_writer_at_work_is_waited_for_and_what_it_says_is_not_lost(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = new_person(birth_date="1988-01-01")
    examine()
    say(person, {"birth_date": "1988-09-02"})
    monkeypatch.setattr(examining, "_reach", lambda: None)
    assert examine(changes=True) is None
    monkeypatch.undo()
    monkeypatch.setattr(examining.changing, "is_settled", lambda _mark: True)
    examine(changes=True)
    assert "born_on_first_of_january" not in broken_by(person.id)


def test_a_rule_is_tried_without_opening_anything(examine: Examine) -> None:
    person = new_person(birth_date="1988-01-01")
    new_person()
    trial = trying.attempt("born_on_first_of_january", day=TODAY)
    assert (trial.hits, trial.by_commune, trial.people) == (1, {HERE: 1}, 2)
    assert trying.cases("born_on_first_of_january", day=TODAY) == [person.id]
    assert trying.cases("born_on_first_of_january", day=TODAY, communes=[THERE]) == []
    assert not Issue.objects.exists()
    with pytest.raises(UnknownRule):
        trying.attempt("nothing", day=TODAY)


def test_scores_count_people_once_and_issues_each(examine: Examine) -> None:
    there = new_person(birth_date="1988-01-01", permanent_residence=NEXT_WARD)
    say(there, {"sex": "M"})
    new_person()
    examine()
    scoring.snapshot(day=TODAY)
    scoring.snapshot(day=TODAY)
    (point,) = queries.trend([THERE], since=TODAY)
    accurate = point.standings[0]
    assert (accurate.dimension, accurate.people, accurate.affected) == ("accurate", 1, 1)
    assert accurate.issues == 2
    assert accurate.share == 0
    (here, both) = queries.standings_of([[HERE], [HERE, THERE]], day=TODAY)
    assert (here[0].people, both[0].people) == (1, 2)
    assert [one.dimension for one in both] == ["accurate", "complete", "clean", "current"]
    assert queries.standings_now(2)[0].affected == 1


def test_a_number_opens_as_many_cases_as_it_says(examine: Examine) -> None:
    for _ in range(3):
        new_person(birth_date="1988-01-01")
    examine()
    counted = {c.rule.number: c.issues for c in queries.rule_counts([HERE])}
    for number, expected in counted.items():
        assert queries.count_issues([number], [HERE]) == expected
        assert len(queries.issues([number], [HERE], limit=100)) == expected


@pytest.mark.django_db(transaction=True)
def test_two_examinations_never_run_side_by_side(map_loaded: object) -> None:
    refused: list[bool] = []

    def other() -> None:
        try:
            examining.examine_all(clock=FixedClock(NIGHT), lanes=0)
        except ExaminationRuns:
            refused.append(True)
        finally:
            connection.close()

    with examining._alone():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert refused == [True]
    run = examining.examine_all(clock=FixedClock(NIGHT), lanes=2)
    assert run.finished_at is not None
