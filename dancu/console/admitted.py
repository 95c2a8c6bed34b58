"""Who was admitted to the case at hand, so that a family at the desk can move together.

Only keys are kept, in the session; whether somebody still is admitted, the door out says.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from dancu.console.desk import Desk
from dancu.console.forms.residence import Member
from dancu.disclosure import services as door
from dancu.disclosure.errors import PresentationRequired
from dancu.kernel.errors import NotFoundOrNotYours

_KEY = "console_admitted"
#: A family at the desk; whoever admits more people works on one after the other.
_MOST = 12


def note(session: MutableMapping[str, Any], desk: Desk, person_id: int) -> None:
    """Remember somebody who was just admitted; another case begins anew."""
    mark = _mark(desk)
    kept = session.get(_KEY) or {}
    people = kept.get("people", []) if kept.get("case") == mark else []
    people = [person_id, *(one for one in people if one != person_id)][:_MOST]
    session[_KEY] = {"case": mark, "people": people}


def others(session: MutableMapping[str, Any], desk: Desk, person_id: int) -> list[Member]:
    """Return the living who were admitted to this case besides somebody; the look is recorded."""
    kept = session.get(_KEY) or {}
    wanted = [one for one in kept.get("people", []) if one != person_id]
    if not wanted or kept.get("case") != _mark(desk):
        return []
    try:
        found = door.disclose(
            **desk.access, subjects=wanted, attributes=["full_name", "birth_date", "life_status"]
        )
    except (NotFoundOrNotYours, PresentationRequired):
        return []
    return [
        Member(
            one.person_id,
            one.header.name,
            one.header.birth_date.year if one.header.birth_date else None,
        )
        for one in found
        if one.header.status in {"alive", "missing", ""}
    ]


def _mark(desk: Desk) -> str:
    return f"{desk.case.purpose}/{desk.case.case}" if desk.case else ""
