"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ActorKind = Literal["officer", "citizen", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts through the house: an officer, a citizen, or the house itself.

    ``jurisdictions`` are codes of administrative units; everything below them in the unit tree is
    included. ``source`` is the code that the actor's claims carry. ``person_id`` is the citizen's
    own person; officers have none here, even when they are in the register.
    """

    kind: ActorKind
    name: str
    account_id: int | None = None
    officer_id: int | None = None
    office_code: str = ""
    office_name: str = ""
    source: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    jurisdictions: frozenset[str] = field(default_factory=frozenset)
    person_id: int | None = None
    session: str = ""

    def has_role(self, *names: str) -> bool:
        """Say whether the actor has at least one of the roles."""
        return not self.roles.isdisjoint(names)


def system_actor(*, name: str, source: str = "") -> Actor:
    """Return the house itself as an actor, for batches and jobs."""
    return Actor(kind="system", name=name, source=source, roles=frozenset({"system"}))
