"""Settling issues: facts are entered, and whom they concern is examined in the same transaction.

So an officer sees an issue close with its cause, and facts that would open a worse issue than they
close are not entered, unless the officer says why they are so. Only the rules that read the facts
are tried, on the people, on the children who name them, and on their households. What people share
with others is examined at night: such issues are noted as settled and close then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import Manager, QuerySet
from django.utils.translation import get_language

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue import attribute
from dancu.catalogue.quality import SEVERITIES, QualityRule, quality, rules_in_force
from dancu.disclosure.services import changing
from dancu.kernel.clock import today
from dancu.population import dictionary, measuring
from dancu.population.measuring import Some, Step
from dancu.quality import scoring
from dancu.quality.errors import WorseIssue
from dancu.quality.examining import resting_on
from dancu.quality.internal import bookkeeping
from dancu.quality.internal.bookkeeping import Book, Tally
from dancu.quality.models import ClosedIssue, Handling, Issue, Run

T = TypeVar("T")
M = TypeVar("M", Issue, ClosedIssue)
#: What rules ask of the people whom others name as their parents.
_OF_RELATIVES = {"birth_year_of": "birth_date", "registered_sex_of": "sex", "is_registered": "pid"}
#: What people share, and the facts by which they do.
_SHARED = {
    "phone_households": frozenset({"phone"}),
    "namesakes": frozenset({"full_name", "birth_date"}),
}
_HARMLESS = SEVERITIES.index("minor")
#: What lacks or is old asks for more; it makes nothing that was entered wrong.
_ASKING = frozenset({"complete", "current"})
_NOTHING = len(SEVERITIES)


class Case(NamedTuple):
    """An issue by its key: the person, and the number of the rule."""

    subject: int
    rule: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What facts do to issues: what they open and close, and what closes at night."""

    opened: tuple[Case, ...] = ()
    closed: tuple[Case, ...] = ()
    later: tuple[Case, ...] = ()

    @property
    def is_worse(self) -> bool:
        """Whether something graver opens than closes.

        A minor issue alone is no reason, nor that a fact now asks for another one: who enters a
        guardian's number may enter the name next.
        """
        worst = _gravest(_wrong(self.opened))
        return worst < min(_gravest(self.closed), _HARMLESS)


@dataclass(frozen=True, slots=True)
class Settled(Generic[T]):
    """What an act returned, and what it did to issues."""

    result: T
    effect: Effect


def settle(
    *,
    act: Callable[[], T],
    people: Collection[int],
    attributes: Iterable[str],
    actor: Actor,
    at: datetime,
    despite: str = "",
) -> Settled[T]:
    """Carry out an act of the register that says ``attributes`` of ``people``, and examine them.

    Raises ``WorseIssue`` when that would open a graver issue than it closes and ``despite`` gives
    no reason; nothing is then entered. Whatever ``act`` raises is left as it is.
    """
    try:
        with transaction.atomic():
            trial = _Trial(people, attributes, at)
            result = act()
            effect = trial.effect()
            if effect.is_worse and not despite.strip():
                raise WorseIssue(issues=_words(effect.opened))
            _note(trial, effect, people, actor=actor, at=at, despite=despite.strip())
    except BaseException:
        # Numbers of kinds of evidence that were given out meanwhile are rolled back too.
        dictionary.evidence_kind_id.cache_clear()
        raise
    scoring.refresh(units=trial.units, day=today(at))
    return Settled(result, effect)


def attempt(
    *, act: Callable[[], object], people: Collection[int], attributes: Iterable[str], at: datetime
) -> Effect:
    """Return what an act would do to issues; nothing of it stays. Raises whatever it raises."""
    try:
        with transaction.atomic():
            trial = _Trial(people, attributes, at)
            act()
            effect = trial.effect()
            transaction.set_rollback(True)
    finally:
        dictionary.evidence_kind_id.cache_clear()
    return effect


def try_out(
    *,
    act: Callable[[], object],
    people: Collection[int],
    attributes: Iterable[str],
    at: datetime,
    despite: str = "",
) -> None:
    """Raise ``WorseIssue`` as ``settle`` would, before anybody is asked to confirm the act."""
    effect = attempt(act=act, people=people, attributes=attributes, at=at)
    if effect.is_worse and not despite.strip():
        raise WorseIssue(issues=_words(effect.opened))


def rules_about(attributes: Iterable[str], day: date) -> tuple[QualityRule, ...]:
    """Return the rules in force that facts may break or mend, of relatives and households too."""
    names = {attribute(name).name for name in attributes}
    keys = {attribute(name).key for name in names}
    rules = rules_in_force(day)
    resting = resting_on(rules)
    return tuple(
        rule for rule in rules if keys.intersection(resting[rule.number]) or _asks(rule, names)
    )


def gravest_first(rule: int) -> int:
    """Return the place of a rule's severity: 0 for what blocks a service."""
    found = quality().by_number.get(rule)
    return SEVERITIES.index(found.severity) if found else _NOTHING


class _Trial:
    """Issues before an act and after it, of whom it concerns; inside one transaction."""

    def __init__(self, people: Collection[int], attributes: Iterable[str], at: datetime) -> None:
        names = {attribute(name).name for name in attributes}
        self._at = at
        self._asked = list(people)
        self._rules = rules_about(names, today(at))
        shared = {rule.number for rule in self._rules if _is_shared(rule, names)}
        self.later = tuple(
            Case(*row)
            for row in Issue.objects.filter(subject__in=self._asked, rule__in=shared).values_list(
                "subject", "rule"
            )
        )
        alone = [rule for rule in self._rules if rule.view != "register"]
        self._steps = measuring.plan(alone, today(at))
        self._kin, self._homes = _concerned(self._asked)
        self._before = self._broken()
        self.units: frozenset[int] = frozenset()
        self.run = 0

    def effect(self) -> Effect:
        """Examine anew after the act, and return what it opened and closed."""
        kin, homes = _concerned(self._asked)
        self._kin, self._homes = self._kin | kin, self._homes | homes
        run = _begin(self._at)
        self.run = run.pk
        book = Book(run.pk, run.day, resting_on(self._rules))
        tally = Tally()
        for steps, some in self._tasks():
            tally += bookkeeping.settle(book, steps, some)
        _finish(run, tally, len(self._kin | self._homes), self._at)
        opened = list(self._of_run(Issue.objects).values_list("subject", "rule", "unit"))
        closed = list(self._of_run(ClosedIssue.objects).values_list("subject", "rule", "unit"))
        self.units = frozenset(unit for _subject, _rule, unit in (*opened, *closed))
        return Effect(
            opened=tuple(c for c in map(_case, opened) if c not in self._before),
            closed=tuple(c for c in map(_case, closed) if c in self._before),
            later=self.later,
        )

    def closed(self) -> QuerySet[ClosedIssue]:
        """The issues that ended in the examination after the act."""
        return self._of_run(ClosedIssue.objects)

    def _of_run(self, rows: Manager[M]) -> QuerySet[M]:
        return rows.filter(subject__in=self._kin | self._homes, run=self.run)

    def _tasks(self) -> list[tuple[Sequence[Step], Some]]:
        people = [step for step in self._steps if step.scope == "people"]
        households = [step for step in self._steps if step.scope == "households"]
        tasks = [(people, Some(keys=tuple(sorted(self._kin))))]
        tasks += [([step], Some(keys=tuple(sorted(self._homes)))) for step in households]
        return [(steps, some) for steps, some in tasks if steps]

    def _broken(self) -> frozenset[Case]:
        found: set[Case] = set()
        for steps, some in self._tasks():
            found.update(Case(*row) for row in bookkeeping.broken(steps, some))
        return frozenset(found)


def _case(row: tuple[int, int, int]) -> Case:
    return Case(row[0], row[1])


def _concerned(people: Sequence[int]) -> tuple[frozenset[int], frozenset[int]]:
    return frozenset(measuring.kin_of(people)), frozenset(measuring.household_of(people))


def _begin(at: datetime) -> Run:
    reach = changing.mark().reach
    return Run.objects.create(
        kind=Run.Kind.SPOT,
        day=today(at),
        begun_at=at,
        statement=reach.statement,
        annulment=reach.annulment,
    )


def _finish(run: Run, tally: Tally, examined: int, at: datetime) -> None:
    run.examined, run.opened, run.closed = examined, tally.opened, tally.closed
    run.finished_at = at
    run.save(update_fields=["examined", "opened", "closed", "finished_at"])


def _asks(rule: QualityRule, names: Collection[str]) -> bool:
    """Say whether a rule asks relatives for one of the facts, or when somebody was last active."""
    return any(
        (node.kind == "call" and _OF_RELATIVES.get(str(node.value)) in names)
        or (node.kind == "name" and node.value == "latest_activity")
        for node in rule.broken.walk()
    )


def _is_shared(rule: QualityRule, names: Collection[str]) -> bool:
    """Say whether a rule is about what people share by one of the facts."""
    return rule.view == "register" and any(
        not _SHARED.get(str(node.value), frozenset()).isdisjoint(names)
        for node in rule.broken.walk()
    )


def _wrong(cases: Iterable[Case]) -> list[Case]:
    """Return the cases that say that something is wrong, not that something lacks or is old."""
    known = quality().by_number
    return [one for one in cases if known[one.rule].dimension not in _ASKING]


def _gravest(cases: Iterable[Case]) -> int:
    return min((gravest_first(one.rule) for one in cases), default=_NOTHING)


def _words(cases: Iterable[Case]) -> str:
    """Name the rules of cases that are not harmless, the gravest first, for a refusal."""
    rules = sorted({one.rule for one in _wrong(cases)}, key=gravest_first)
    known = quality().by_number
    grave = [known[rule] for rule in rules if gravest_first(rule) < _HARMLESS]
    language = get_language() or "vi"
    return "; ".join(f"{rule.label(language)} ({rule.to_do(language)})" for rule in grave)


def _note(
    trial: _Trial,
    effect: Effect,
    people: Collection[int],
    *,
    actor: Actor,
    at: datetime,
    despite: str,
) -> None:
    """Keep who settled what, and why facts were entered that open an issue."""
    acts = [
        _handling(one, Handling.Act.SETTLED, actor, at, statement=one.statement)
        for one in trial.closed()
        if Case(one.subject, one.rule) in effect.closed
    ]
    subjects = {one.subject for one in (*effect.later, *effect.opened)}
    for issue in Issue.objects.filter(subject__in=subjects):
        case = Case(issue.subject, issue.rule)
        if case in effect.later and issue.subject in people:
            acts.append(_handling(issue, Handling.Act.SETTLED, actor, at))
        elif despite and case in effect.opened:
            acts.append(_handling(issue, Handling.Act.KEPT, actor, at, reason=despite))
    Handling.objects.bulk_create(acts)
    if despite and effect.is_worse:
        detail = {"issues": [list(one) for one in effect.opened]}
        record(event="quality.entered-despite", actor=actor, at=at, detail=detail)


def _handling(
    issue: Issue | ClosedIssue,
    act: Handling.Act,
    actor: Actor,
    at: datetime,
    *,
    statement: int | None = None,
    reason: str = "",
) -> Handling:
    return Handling(
        subject=issue.subject,
        rule=issue.rule,
        opened_on=issue.opened_on,
        act=act,
        statement=statement,
        reason=reason,
        account_id=actor.account_id,
        office=actor.office_code,
        at=at,
    )
