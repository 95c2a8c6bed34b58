"""Passing issues on to the office that decides, and handing them back: acts with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from dancu.access.policy import require_action
from dancu.access.types import Actor
from dancu.agencies import queries as agencies
from dancu.agencies.types import OfficeValue
from dancu.audit.services import record
from dancu.catalogue import attribute, roles
from dancu.catalogue.quality import QualityRule, quality
from dancu.kernel.clock import today
from dancu.kernel.errors import FieldError, Invalid
from dancu.places import queries as places
from dancu.quality.errors import CannotMendThat, IssueNotWithYou
from dancu.quality.models import Handling, Issue
from dancu.quality.queries import code_of
from dancu.quality.settling import Case
from dancu.quality.worklist import kinds_of

ACTION = "quality.handle"
#: Issues that are handled in one act: a window of a list.
MOST = 100


def offices_for(
    rule: QualityRule, commune: str, *, actor: Actor, at: datetime
) -> list[OfficeValue]:
    """Return the offices that serve a commune and have a say in what the rule is about.

    The authority of the fact first, then by nearness; the actor's own office is left out.
    """
    serving = agencies.offices_serving(commune, today(at))
    found = [one for one in serving if one.source and one.code != actor.office_code]
    kinds = agencies.source_kinds(one.source for one in found)
    attr = attribute(rule.attribute)
    having = {attr.authority, *attr.then, rule.remedy_by}
    able = [one for one in found if kinds[one.source] in having]
    return sorted(able, key=lambda one: kinds[one.source] != attr.authority)


@transaction.atomic
def pass_on(
    *, issues: Collection[Case], office: str, reason: str, actor: Actor, at: datetime
) -> int:
    """Pass issues on to another office, with the reason; all of them or none. Return how many.

    Raises ``ActionNotAllowed``, ``IssueNotWithYou``, ``CannotMendThat`` and ``Invalid`` naming
    ``reason``.
    """
    rows = _held(issues, reason, actor=actor, at=at)
    for rule, communes in _by_rule(rows).items():
        for commune in communes:
            able = offices_for(rule, commune, actor=actor, at=at)
            if office not in {one.code for one in able}:
                raise _cannot(office, rule)
    _move(rows, office)
    _keep(rows, Handling.Act.PASSED_ON, reason, actor=actor, at=at, passed_to=office)
    return len(rows)


@transaction.atomic
def hand_back(*, issues: Collection[Case], reason: str, actor: Actor, at: datetime) -> int:
    """Hand passed issues back to the office that their rule names, or take them back there.

    Raises ``ActionNotAllowed``, ``IssueNotWithYou`` and ``Invalid`` naming ``reason``.
    """
    rows = _held(issues, reason, actor=actor, at=at, is_passed=True)
    _move(rows, None)
    _keep(rows, Handling.Act.HANDED_BACK, reason, actor=actor, at=at)
    return len(rows)


def _held(
    issues: Collection[Case], reason: str, *, actor: Actor, at: datetime, is_passed: bool = False
) -> list[Issue]:
    """Lock the issues, in the order of their keys, and require that the actor may handle them.

    ``is_passed``: they must have been passed on, to this office or by it.
    """
    require_action(actor, ACTION, roles=roles())
    if not reason.strip():
        raise Invalid(
            [FieldError("reason", "EMPTY", _("A reason is needed."), _("Say why, in a sentence."))]
        )
    wanted = set(issues)
    if not wanted or len(wanted) > MOST:
        raise IssueNotWithYou
    locked = Issue.objects.select_for_update().filter(_any_of(wanted))
    rows = list(locked.order_by("subject", "rule"))
    own = _own_rules(actor)
    area = places.units_under(actor.jurisdictions, today(at))
    is_theirs = _may_hand_back if is_passed else _may_pass_on
    held = [row for row in rows if code_of(row.unit) in area and is_theirs(row, actor, own)]
    if len(held) < len(wanted):
        raise IssueNotWithYou
    return held


def _may_pass_on(row: Issue, actor: Actor, own: Collection[int]) -> bool:
    return row.passed_to == actor.office_code or (row.passed_to is None and row.rule in own)


def _may_hand_back(row: Issue, actor: Actor, own: Collection[int]) -> bool:
    return row.passed_to is not None and (row.passed_to == actor.office_code or row.rule in own)


def _own_rules(actor: Actor) -> frozenset[int]:
    """Return the rules whose issues are with the actor's office by themselves."""
    kinds = kinds_of(agencies.source_kinds([actor.source]).get(actor.source, ""))
    return frozenset(r.number for r in quality().rules.values() if r.remedy_by in kinds)


def _any_of(issues: Iterable[tuple[int, int]]) -> Q:
    wanted = Q()
    for subject, rule in issues:
        wanted |= Q(subject=subject, rule=rule)
    return wanted


def _by_rule(rows: Iterable[Issue]) -> dict[QualityRule, set[str]]:
    known = quality().by_number
    found: dict[QualityRule, set[str]] = defaultdict(set)
    for row in rows:
        found[known[row.rule]].add(code_of(row.unit))
    return found


def _cannot(office: str, rule: QualityRule) -> CannotMendThat:
    language = get_language() or "vi"
    return CannotMendThat(office=office, attribute=attribute(rule.attribute).label(language))


def _move(rows: Sequence[Issue], office: str | None) -> None:
    Issue.objects.filter(_any_of((row.subject, row.rule) for row in rows)).update(passed_to=office)


def _keep(
    rows: Sequence[Issue],
    act: Handling.Act,
    reason: str,
    *,
    actor: Actor,
    at: datetime,
    passed_to: str = "",
) -> None:
    Handling.objects.bulk_create(
        Handling(
            subject=row.subject,
            rule=row.rule,
            opened_on=row.opened_on,
            act=act,
            reason=reason.strip(),
            passed_to=passed_to,
            account_id=actor.account_id,
            office=actor.office_code,
            at=at,
        )
        for row in rows
    )
    event = "quality.passed-on" if passed_to else "quality.handed-back"
    detail = {"issues": [[row.subject, row.rule] for row in rows], "to": passed_to}
    record(event=event, actor=actor, at=at, detail=detail)
