"""Finding the other party of a declaration by number."""

from __future__ import annotations

from dancu.console.desk import Desk
from dancu.disclosure import services as door
from dancu.disclosure.types import Criteria
from dancu.kernel.errors import FieldError, Invalid, NotFoundOrNotYours


def by_number(desk: Desk, pid: str, name: str) -> int | None:
    """Return the register's key of a person in the area, or who presents name and number.

    None without a number. Raises ``Invalid`` naming ``spouse_pid``.
    """
    if not pid.strip():
        return None
    is_presented = desk.case is not None and desk.case.scope == "presented"
    try:
        if is_presented:
            return door.present(**desk.access, pid=pid, name_or_birth_date=name).person_id
        found = door.search(**desk.access, criteria=Criteria(pid=pid))
        return found.rows[0].person_id
    except (NotFoundOrNotYours, IndexError):
        raise Invalid(
            [
                FieldError(
                    "spouse_pid",
                    "unknown-person",
                    "Number and name do not belong together in the register, "
                    "or this case does not reach the person.",
                    "Compare with the card; open a case for people from elsewhere if needed.",
                )
            ]
        ) from None
