"""Whether the case at hand covers what an officer is about to do; which purposes would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from dancu.access.policy import may_act, permitted
from dancu.catalogue.queries import purposes, roles
from dancu.catalogue.types import Attribute, Purpose
from dancu.console.errors import AnotherCaseNeeded, NumberedCaseNeeded
from dancu.disclosure.cases import purposes_for

if TYPE_CHECKING:
    from dancu.console.desk import Desk


def actions_of(request: HttpRequest) -> tuple[str, ...]:
    """Return the actions that the view of this request declares."""
    match = request.resolver_match
    declared = getattr(match.func, "access", {}) if match else {}
    return tuple(declared.get("actions", ()))


def require_fitting(desk: Desk, actions: tuple[str, ...]) -> None:
    """Raise ``AnotherCaseNeeded`` unless the case covers one of the actions.

    Actions that no purpose names, such as reading, belong to every case.
    """
    bound = frozenset[str]().union(*(one.actions for one in purposes().values()))
    if actions and bound.issuperset(actions) and not desk.permits(*actions):
        raise AnotherCaseNeeded(_fitting(desk, actions))


def require_in_full(desk: Desk, action: str, attr: Attribute) -> None:
    """Raise ``AnotherCaseNeeded`` unless the case covers an action on a fact shown in full.

    Nobody changes, confirms or settles what the purpose hides: the answer would tell the value.
    """
    if desk.case is None or not _covers(desk, desk.case.entry, action, attr):
        raise AnotherCaseNeeded(_fitting(desk, (action,), attr))
    if not desk.has_case_number:
        raise NumberedCaseNeeded(_fitting(desk, (action,), attr))


def covers(desk: Desk, action: str, attr: Attribute) -> bool:
    """Say whether the case at hand, with its number, covers an action on a fact."""
    case = desk.case
    return case is not None and desk.has_case_number and _covers(desk, case.entry, action, attr)


def _covers(desk: Desk, purpose: Purpose, action: str, attr: Attribute) -> bool:
    if not may_act(desk.actor, action, purpose, roles=roles()):
        return False
    seen = permitted(desk.actor, purpose, [attr], roles=roles())
    return attr.name in (seen.all if attr.mask == "none" else seen.full)


def _fitting(
    desk: Desk, actions: tuple[str, ...], attr: Attribute | None = None
) -> tuple[Purpose, ...]:
    return tuple(
        one
        for one in purposes_for(desk.actor, at=desk.at)
        if any(
            _covers(desk, one, action, attr)
            if attr
            else may_act(desk.actor, action, one, roles=roles())
            for action in actions
        )
    )
