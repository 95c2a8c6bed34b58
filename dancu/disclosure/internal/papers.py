"""Civil events and the papers behind facts, shown only as what they are about is shown."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from dancu.access.policy import Permitted
from dancu.disclosure.masking import tail

#: Kind of civil event → the attributes that it tells, all of which must stand in full.
TELLS = {
    "birth": ("birth_date",),
    "death": ("life_status",),
    "marriage": ("marital_status",),
    "divorce": ("marital_status",),
    "adoption": ("father_name", "mother_name"),
    "name_change": ("full_name",),
}
#: Kind of civil event → the attribute that shows numbers of its kind of registration.
NUMBERED = {
    "birth": "birth_registration_number",
    "death": "death_registration_number",
    "marriage": "marriage_registration_number",
    "divorce": "marriage_registration_number",
    "adoption": "birth_registration_number",
    "name_change": "birth_registration_number",
}


class Paper(NamedTuple):
    """What a statement rests on, as the register holds it."""

    kind: str
    reference: str


class EvidenceShown(TypedDict):
    """What may be shown of a paper: empty where nothing may."""

    evidence_kind: str
    evidence: str


def event_of_paper(kind: str) -> str:
    """Return the kind of civil event that a kind of evidence is about; empty for other papers."""
    return next((one for one in TELLS if kind == one or kind.startswith(f"{one}_")), "")


def number_shown(kind: str, number: str, permitted: Permitted) -> str | None:
    """Return the number of a civil event as it may be shown; None when the event may not be.

    Empty where the purpose does not show numbers of such registrations, else masked as they are.
    """
    told = TELLS.get(kind)
    if told is None or not permitted.full.issuperset(told):
        return None
    by = NUMBERED[kind]
    if by not in permitted.all:
        return ""
    return tail(number) if number and by in permitted.masked else number


def evidence_shown(paper: Paper, permitted: Permitted, *, is_masked: bool) -> EvidenceShown:
    """Return kind and reference of a paper as they may be shown beside a value.

    The paper of a civil event follows the event, any other the value that rests on it.
    """
    reference = tail(paper.reference) if is_masked and paper.reference else paper.reference
    if event := event_of_paper(paper.kind):
        shown = number_shown(event, reference, permitted)
        if shown is None:
            return {"evidence_kind": "", "evidence": ""}
        reference = shown
    return {"evidence_kind": paper.kind, "evidence": reference}
