"""Values and codes in the words of the reader."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from dancu.catalogue import code_list, local_sources, purposes, roles, sources
from dancu.catalogue.contracts import last_contract
from dancu.kernel import phones
from dancu.kernel.dates import format_vietnamese, parse_iso
from dancu.kernel.errors import Invalid
from dancu.places import queries as places

if TYPE_CHECKING:
    from dancu.catalogue.types import Attribute

_KIN = {
    "father": gettext_noop("Father"),
    "mother": gettext_noop("Mother"),
    "spouse": gettext_noop("Spouse"),
    "guardian": gettext_noop("Guardian"),
    "child": gettext_noop("Child"),
    "sibling": gettext_noop("Brother or sister"),
}
_BY_SEX = {
    ("spouse", "M"): gettext_noop("Husband"),
    ("spouse", "F"): gettext_noop("Wife"),
    ("child", "M"): gettext_noop("Son"),
    ("child", "F"): gettext_noop("Daughter"),
    ("sibling", "M"): gettext_noop("Brother"),
    ("sibling", "F"): gettext_noop("Sister"),
}
_ACCESS_KINDS = {
    "look": gettext_noop("Looked at the record"),
    "search": gettext_noop("Appeared in a search"),
    "presented": gettext_noop("Presented at the desk"),
    "reveal": gettext_noop("A masked value was shown in full"),
    "relative": gettext_noop("Appeared as a relative or member of the household"),
    "own": gettext_noop("Looked at own data"),
    "own_household": gettext_noop("Looked at own household"),
    "audit": gettext_noop("Appeared in an audit of access"),
    "case_opened": gettext_noop("A case was opened"),
    "case_closed": gettext_noop("A case was closed"),
    "change": gettext_noop("Wanted to change the record"),
    "print": gettext_noop("Printed the record"),
    "verify": gettext_noop("An agency checked what it holds; it was shown nothing"),
    "lookup": gettext_noop("An agency looked up facts for a case"),
    "follow": gettext_noop("An agency asked to be told of your changes from now on"),
    "told": gettext_noop("An agency was told of a change"),
    "extract_checked": gettext_noop(
        "Asked whether your extract still holds; was told yes or no and saw nothing of yours"
    ),
}
#: The role of whoever asks through the exchange.
_AGENCY = gettext_noop("Connected agency")
#: Whoever holds an extract on paper and asks whether it still holds.
_HOLDER = gettext_noop("Whoever holds an extract of yours")
EVIDENCE = {
    "adoption_decision": gettext_noop("Adoption decision"),
    "birth_certificate": gettext_noop("Birth certificate"),
    "birth_registration": gettext_noop("Birth registration"),
    "citizen_request": gettext_noop("Request of the citizen"),
    "conflict_settlement": gettext_noop("Settlement of a conflict"),
    "correction_request": gettext_noop("Request for correction"),
    "court_decision": gettext_noop("Court decision"),
    "death_certificate": gettext_noop("Death certificate"),
    "death_registration": gettext_noop("Death registration"),
    "decision": gettext_noop("Decision"),
    "divorce_decision": gettext_noop("Divorce judgment or decision"),
    "enrolment": gettext_noop("Enrolment file"),
    "file": gettext_noop("Data file"),
    "form_ct01": gettext_noop("Declaration of change of residence (CT01)"),
    "form_dc01": gettext_noop("Population information form (DC01)"),
    "form_dc02": gettext_noop("Form for updating and correcting information (DC02)"),
    "identity_card": gettext_noop("Identity card"),
    "inspection": gettext_noop("Verification record"),
    "lodging_notice": gettext_noop("Notice of lodging"),
    "marriage_certificate": gettext_noop("Marriage certificate"),
    "marriage_registration": gettext_noop("Marriage registration"),
    "name_change_decision": gettext_noop("Decision on a change of name"),
    "officer_check": gettext_noop("Check by an officer"),
    "passport": gettext_noop("Passport"),
    "pid_decision": gettext_noop("Decision on personal identification numbers"),
    "pid_reissue": gettext_noop("Reissue of the number"),
    "residence_decision": gettext_noop("Residence registration notice"),
    "residence_registration": gettext_noop("Residence registration"),
}
"""Words for the kinds of evidence, for officers and citizens alike."""


def _say(message: str, language: str) -> str:
    with translation.override(language):
        return gettext(message)


def text_of(entry: Attribute, value: object, language: str = "vi") -> str:
    """Return a value as people read it; empty for “known to be none”."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(text_of(entry, one, language) for one in value)
    if isinstance(value, bool):
        return _say("Yes", language) if value else _say("No", language)
    if entry.type in {"date", "phone"}:
        return (date_text if entry.type == "date" else phone_text)(str(value))
    if entry.code_list and isinstance(value, str):
        return code_list(entry.code_list).label(value, language)
    return str(getattr(value, "text", value))


def date_text(iso: str) -> str:
    """Return a stored date day first; what is no date stays as it is."""
    try:
        return format_vietnamese(parse_iso(iso))
    except Invalid:
        return iso


def phone_text(stored: str) -> str:
    """Return a telephone number as people of the country dial it; anything else as it is."""
    try:
        return phones.parse(stored).national
    except Invalid:
        return stored


def kin_label(role: str, sex: str, language: str = "vi") -> str:
    """Return a kinship in words, by sex where it is known."""
    return _say(_BY_SEX.get((role, sex)) or _KIN.get(role, role), language)


def kind_label(kind: str, language: str = "vi") -> str:
    """Return a kind of access in words."""
    return _say(_ACCESS_KINDS.get(kind, kind), language)


def evidence_label(kind: str, language: str = "vi") -> str:
    """Return a kind of evidence in words; an unknown code with blanks for its underscores."""
    known = EVIDENCE.get(kind)
    return _say(known, language) if known else kind.replace("_", " ").capitalize()


def purpose_label(name: str, language: str = "vi", *, contract: str = "") -> str:
    """Return the label of a purpose, in force or not; the name itself when it is unknown.

    ``contract`` is the one under which an agency asked; its purposes are its own.
    """
    agreed = last_contract(contract) if contract else None
    found = agreed.purposes.get(name) if agreed else purposes().get(name)
    return found.label(language) if found else name


def role_label(name: str, language: str = "vi") -> str:
    """Return the label of a role; the name itself when it is unknown."""
    if name == "agency":
        return _say(_AGENCY, language)
    if name == "extract_holder":
        return _say(_HOLDER, language)
    found = roles().get(name)
    return found.label(language) if found else name


@lru_cache(maxsize=4096)
def source_label(code: str, language: str = "vi") -> str:
    """Return the name of a source; of a local one, with the unit that it serves."""
    declared = sources().get(code)
    if declared:
        return declared.label(language)
    prefix, _, unit_code = code.rpartition("-")
    for pattern in local_sources():
        if pattern.name == prefix:
            tree = places.tree()
            unit = tree.last_version(unit_code, tree.newest_day)
            return f"{pattern.label(language)} {unit.full_name if unit else unit_code}"
    return code
