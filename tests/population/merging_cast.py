"""A woman who is in the register twice, and how merges of hers are made."""

from __future__ import annotations

from dancu.population.checks import disagreements, impossible_rows
from dancu.population.internal import golden
from dancu.population.models import Conflict, CorrectionRequest, Household, Person, Pid
from dancu.population.services import (
    decide_merge,
    decide_undo,
    merge_of,
    propose_merge,
    propose_undo,
)
from tests.population.services_cast import AT, PROVINCE, WARD, a_person, officer

SECOND = officer("province_officer", source="C06", areas=("79",), number=12)
NAME, BORN = "Đỗ Thị Hoàng Yến", "1988-03-04"


def yen(**more: object) -> int:
    """The record that stays in these tests: complete, with a household of her own."""
    own = {"household_number": "HO-Y1", "household_relationship": "CHU_HO"}
    return a_person(NAME, "F", BORN, **{**own, **more})


def yen_again(**more: object) -> int:
    """The same woman entered once more: another number, another date, a sister's household."""
    return a_person("Đỗ Hoàng Yến", "F", "1988-04-03", religion="01", **more)


def propose(survivor: int, merged: int, *, actor=WARD, **more: object) -> int:
    more.setdefault("reason", "Một người, hai hồ sơ")
    return propose_merge(survivor_id=survivor, merged_id=merged, actor=actor, at=AT, **more)


def decide(merge: int, decision: str = "confirm", *, actor=PROVINCE) -> None:
    decide_merge(merge_id=merge, decision=decision, reason="Đã đối chiếu", actor=actor, at=AT)


def merged_of(survivor: int, merged: int) -> int:
    merge = propose(survivor, merged)
    decide(merge)
    return merge


def undo(merge: int, *, actor=PROVINCE, to_merged: tuple[int, ...] = ()) -> None:
    """Part two records again by two officers; a proposal that was left before is taken back."""
    told = {"merge_id": merge, "reason": "Hai chị em sinh đôi", "at": AT}
    known = merge_of(merge_id=merge)
    if known is not None and known.undo_proposed_by is not None and known.state == "done":
        decide_undo(**told, decision="decline", actor=SECOND)
    propose_undo(**told, actor=SECOND, to_merged=to_merged)
    decide_undo(**told, decision="confirm", actor=actor)


def stands(*people: int) -> dict[str, object]:
    """Everything about people that an undo has to bring back, to the letter."""
    rows = {
        "cards": Person.objects.filter(pk__in=people).order_by("pk"),
        "numbers": Pid.objects.filter(person_id__in=people).order_by("pid"),
        "conflicts": Conflict.objects.filter(person_id__in=people).order_by(
            "person_id", "attribute", "statement_id"
        ),
        "requests": CorrectionRequest.objects.filter(person_id__in=people).order_by("pk"),
        "households": Household.objects.order_by("number"),
    }
    return {name: list(found.values()) for name, found in rows.items()} | {
        "golden": golden.held(people)
    }


def sound() -> bool:
    return impossible_rows() == {} and disagreements()[1] == []
