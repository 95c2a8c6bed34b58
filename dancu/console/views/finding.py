"""Finding the other party of a declaration by number."""

from __future__ import annotations

from collections.abc import Iterable

from dancu.console.desk import Desk
from dancu.disclosure import services as door
from dancu.disclosure.errors import PresentationRequired
from dancu.disclosure.types import Criteria
from dancu.kernel.errors import FieldError, Invalid, NotFoundOrNotYours
from dancu.kernel.text import match_key


def presented(desk: Desk, person_ids: Iterable[int]) -> frozenset[int]:
    """Return those of the people who presented themselves in this case.

    Nobody in a case that reaches the area alone; there the services check the area.
    """
    if desk.case is None or desk.case.scope != "presented":
        return frozenset()
    wanted = list(person_ids)
    shown = door.disclose(**desk.access, subjects=wanted, attributes=["full_name"])
    return frozenset(one.person_id for one in shown)


def by_number(desk: Desk, pid: str, name: str, *, field: str) -> int | None:
    """Return the register's key of a person in the area, or who was admitted to this case.

    None without a number. Raises ``Invalid`` naming the field, alike whether the number is
    nobody's, somebody's elsewhere, or does not belong to the name; every look is recorded.
    """
    if not pid.strip():
        return None
    try:
        return _found(desk, pid, name)
    except (NotFoundOrNotYours, PresentationRequired, Invalid):
        raise Invalid(
            [
                FieldError(
                    field,
                    "unknown-person",
                    "Number and name do not belong together in the register, "
                    "or this case does not reach the person.",
                    "Compare with the card; somebody from elsewhere is admitted to a case first.",
                )
            ]
        ) from None


def _found(desk: Desk, pid: str, name: str) -> int:
    found = _admitted if desk.case is not None and desk.case.scope == "presented" else _in_area
    same = [key for key, held in found(desk, pid) if _is_same(name, held)]
    if len(same) != 1:
        raise NotFoundOrNotYours
    return same[0]


def _admitted(desk: Desk, pid: str) -> list[tuple[int, str]]:
    number = "".join(pid.split())
    shown = door.disclose(**desk.access, subjects=[number], attributes=["full_name"])
    return [(one.person_id, one.header.name) for one in shown]


def _in_area(desk: Desk, pid: str) -> list[tuple[int, str]]:
    rows = door.search(**desk.access, criteria=Criteria(pid=pid)).rows
    return [(row.person_id, row.name) for row in rows]


def _is_same(said: str, held: str) -> bool:
    """Say whether a name, if one was given, is the one that the register holds."""
    return not said.strip() or match_key(said) == match_key(held)
