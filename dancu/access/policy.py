"""Decisions on actors: actions, purposes, attributes and jurisdiction. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from dancu.access.errors import (
    ActionNotAllowed,
    CaseNumberMissing,
    OutsideJurisdiction,
    PurposeNotAllowed,
    RoleMissing,
)
from dancu.access.rules import SENSITIVITIES, AttributeRule, PurposeRule, RoleRule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from dancu.access.types import Actor

    #: ``is_within(unit_code, jurisdictions)``: the unit tree's answer on the day of the request.
    IsWithin = Callable[[str, frozenset[str]], bool]

P = TypeVar("P", bound=PurposeRule)


@dataclass(frozen=True, slots=True)
class Permitted:
    """What an actor may see for a purpose: attribute names, in full and masked (disjoint)."""

    full: frozenset[str]
    masked: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.full | self.masked


def require_role(actor: Actor, *names: str) -> None:
    """Raise ``RoleMissing`` unless the actor has one of the roles."""
    if not actor.has_role(*names):
        raise RoleMissing(roles=", ".join(names))


def is_allowed(actor: Actor, action: str, *, roles: Mapping[str, RoleRule]) -> bool:
    """Say whether one of the actor's roles permits the action."""
    return any(action in roles[name].actions for name in actor.roles if name in roles)


def require_action(actor: Actor, action: str, *, roles: Mapping[str, RoleRule]) -> None:
    """Raise ``ActionNotAllowed`` unless one of the actor's roles permits the action."""
    if not is_allowed(actor, action, roles=roles):
        raise ActionNotAllowed(action=action)


def purposes_of(
    actor: Actor, *, purposes: Mapping[str, P], roles: Mapping[str, RoleRule], day: dt.date
) -> tuple[P, ...]:
    """Return the purposes that the actor may name on the day, in the declared order."""
    return tuple(p for p in purposes.values() if _may_use(actor, p, roles=roles, day=day))


def require_purpose(
    actor: Actor,
    name: str,
    *,
    case_number: str,
    purposes: Mapping[str, P],
    roles: Mapping[str, RoleRule],
    day: dt.date,
) -> P:
    """Return the purpose, checked for the actor, the day and the case number.

    Raises ``PurposeNotAllowed`` (also for a purpose that does not exist) and ``CaseNumberMissing``.
    """
    purpose = purposes.get(name)
    if purpose is None or not _may_use(actor, purpose, roles=roles, day=day):
        raise PurposeNotAllowed(purpose=name)
    if purpose.case_number == "required" and not case_number.strip():
        raise CaseNumberMissing
    return purpose


def permitted(
    actor: Actor,
    purpose: PurposeRule,
    asked: Iterable[AttributeRule],
    *,
    roles: Mapping[str, RoleRule],
) -> Permitted:
    """Sort the asked attributes into those seen in full and those seen masked; drop the rest.

    A role gives its sensitivity only for the purposes that it permits.
    """
    limit = _sensitivity_limit(actor, purpose, roles=roles)
    full: set[str] = set()
    masked: set[str] = set()
    for attribute in asked:
        if attribute.name not in purpose.attributes:
            continue
        if SENSITIVITIES.index(attribute.sensitivity) > limit:
            continue
        (full if attribute.name in purpose.unmasked else masked).add(attribute.name)
    return Permitted(full=frozenset(full), masked=frozenset(masked))


def may_act(
    actor: Actor, action: str, purpose: PurposeRule, *, roles: Mapping[str, RoleRule]
) -> bool:
    """Say whether the action belongs to the purpose and one of the actor's roles permits it."""
    return action in purpose.actions and is_allowed(actor, action, roles=roles)


def has_jurisdiction(actor: Actor, unit_codes: Iterable[str], *, is_within: IsWithin) -> bool:
    """Say whether at least one of the units lies in the actor's area.

    ``unit_codes`` are the units of a person's residences; without any, nobody has jurisdiction.
    """
    if not actor.jurisdictions:
        return False
    return any(is_within(code, actor.jurisdictions) for code in unit_codes if code)


def require_jurisdiction(actor: Actor, unit_codes: Iterable[str], *, is_within: IsWithin) -> None:
    """Raise ``OutsideJurisdiction`` unless one of the units lies in the actor's area.

    For acts on units and offices. A person outside the area must look absent instead: see the door
    out.
    """
    if not has_jurisdiction(actor, unit_codes, is_within=is_within):
        raise OutsideJurisdiction


def _may_use(
    actor: Actor, purpose: PurposeRule, *, roles: Mapping[str, RoleRule], day: dt.date
) -> bool:
    if not purpose.is_in_force(day):
        return False
    return any(_role_permits(name, purpose, roles) for name in actor.roles)


def _role_permits(name: str, purpose: PurposeRule, roles: Mapping[str, RoleRule]) -> bool:
    role = roles.get(name)
    return role is not None and purpose.name in role.purposes and name in purpose.roles


def _sensitivity_limit(actor: Actor, purpose: PurposeRule, *, roles: Mapping[str, RoleRule]) -> int:
    levels = [
        SENSITIVITIES.index(roles[name].sensitivity)
        for name in actor.roles
        if _role_permits(name, purpose, roles)
    ]
    return max(levels, default=-1)
