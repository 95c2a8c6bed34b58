"""What has changed about people: whose, what and how, without any value.

Nothing is disclosed here, so nothing is recorded: the keys stay in this house until an agency is
told (``telling``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dancu.disclosure.changes import Change, Nature, Noticed, Reach
from dancu.disclosure.internal.noticing import (
    Difference,
    Side,
    differences,
    is_settled,
    mark,
    spoken_of,
    summarise,
)
from dancu.kernel.compare import compare_details
from dancu.places import queries as places
from dancu.places.types import AddressValue

__all__ = ["is_settled", "mark", "noticed", "spoken_of", "summarise"]

DEAD = "CHET"
_OF = {
    "full_name": Change.NAME_CHANGE,
    "permanent_residence": Change.MOVE,
    "life_status": Change.DEATH,
    "pid": Change.PID_CANCELLED,
    "card_issue_date": Change.CARD_ISSUED,
}
#: Papers on which an officer puts right what was written wrongly; they tell of no event.
_MENDING = frozenset(
    {
        "birth_certificate",
        "citizen_request",
        "conflict_settlement",
        "correction_request",
        "form_dc01",
        "form_dc02",
        "identity_card",
        "inspection",
        "marriage_certificate",
        "passport",
    }
)
#: The paper of the first collection of data (Circular 17/2024/TT-BCA).
_COLLECTION = "form_dc01"
_DETAILS = ("house", "street", "neighbourhood")


def noticed(begin: Reach, end: Reach, *, people: Sequence[int] | None = None) -> list[Noticed]:
    """Return the changes between two reaches in the order in which the register learnt of them.

    A person's first record, what several first records say one after the other, a repeated fact
    and a correction of what nobody was ever told are none. With ``people`` only theirs.
    """
    found = differences(begin, end, people)
    moved = _moved(found)
    changes = []
    for one in found:
        nature = _nature(one) if one.attribute != "permanent_residence" or one in moved else None
        if nature is not None:
            changes.append(
                Noticed(
                    one.person_id,
                    _OF[one.attribute],
                    nature,
                    one.present.statement if one.present else 0,
                    one.former.statement if one.former else 0,
                )
            )
    return changes


def _nature(one: Difference) -> Nature | None:
    match _OF[one.attribute]:
        case Change.DEATH:
            return _of_death(one)
        case Change.PID_CANCELLED:
            return _of_number(one)
        case Change.CARD_ISSUED:
            return _of_card(one)
        case _:
            return _of_fact(one)


def _of_number(one: Difference) -> Nature | None:
    """A number gives way to another, or to none where its record was merged; undone, it is back."""
    if one.former is None or one.present is None:
        return None
    is_back = one.present.statement < one.former.statement
    return Nature.WITHDRAWN if is_back else Nature.HAPPENED


def _of_death(one: Difference) -> Nature | None:
    """Return how somebody came to be dead, or not to be dead after all."""
    is_dead = one.present is not None and one.present.value == DEAD
    was_dead = one.former is not None and one.former.value == DEAD
    if is_dead == was_dead:
        return None
    return Nature.HAPPENED if is_dead else Nature.WITHDRAWN


def _of_card(one: Difference) -> Nature | None:
    """A card is new when it was issued later than the one before, or than the first record."""
    if one.present is None or not one.present.value:
        return None
    if one.former is None or not one.former.value:
        is_new = str(one.present.value) > one.first_day.isoformat()
    else:
        is_new = str(one.present.value) > str(one.former.value)
    return Nature.HAPPENED if is_new else None


def _of_fact(one: Difference) -> Nature | None:
    """Return how a name or a residence came to be another one."""
    former, present = one.former, one.present
    if former is None or former.value is None:
        return None
    if present is None or present.statement < former.statement:
        return Nature.WITHDRAWN if _was_told(one, former) else None
    if present.day > former.day and present.evidence not in _MENDING:
        return Nature.HAPPENED
    return Nature.CORRECTED if _was_told(one, former) else None


def _was_told(one: Difference, former: Side) -> bool:
    """Say whether a value may have been told as a change: it came after the first collection."""
    return former.statement != one.first and former.evidence != _COLLECTION


def _moved(found: Iterable[Difference]) -> list[Difference]:
    """Return those whose residence is another place, and not the same in another writing."""
    homes = [one for one in found if one.attribute == "permanent_residence"]
    sides = (side for one in homes for side in (one.former, one.present) if side)
    known = places.addresses({side.value for side in sides if isinstance(side.value, int)})
    return [one for one in homes if not _is_same_place(one, known)]


def _is_same_place(one: Difference, known: dict[int, AddressValue]) -> bool:
    if one.former is None or one.present is None:
        return False
    before = known.get(one.former.value) if isinstance(one.former.value, int) else None
    after = known.get(one.present.value) if isinstance(one.present.value, int) else None
    if before is None or after is None:
        return False
    is_one_unit = before.unit_now == after.unit_now
    return is_one_unit and compare_details(_detail(before), _detail(after)).is_same


def _detail(address: AddressValue) -> str:
    return " ".join(address.parts[name] for name in _DETAILS if name in address.parts)
