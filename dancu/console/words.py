"""The console's words for days, ages, codes and states."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from dancu.catalogue.queries import attribute, code_list
from dancu.design.values import Badge, Tone
from dancu.disclosure.words import evidence_label
from dancu.kernel.clock import VIETNAM
from dancu.kernel.dates import PartialDate, format_vietnamese

CHOSEN_BY_HAND = (
    "form_ct01",
    "form_dc02",
    "birth_certificate",
    "marriage_certificate",
    "death_certificate",
    "court_decision",
    "identity_card",
    "passport",
    "inspection",
    "citizen_request",
)
"""The kinds of evidence that an officer may name."""

_STATES: dict[str, tuple[str | Promise, Tone, str]] = {
    "dead": (gettext_lazy("Dead"), "neutral", "flag"),
    "missing": (gettext_lazy("Missing"), "warning", "warning"),
    "merged": (gettext_lazy("Merged"), "neutral", "merge"),
    "cancelled": (gettext_lazy("Cancelled"), "danger", "close"),
}

_MATCHES: dict[str, str | Promise] = {
    "former": pgettext_lazy("how a name was found", "by a former number"),
    "spelling": pgettext_lazy("how a name was found", "other spelling"),
    "similar": pgettext_lazy("how a name was found", "similar"),
}

KINDS: dict[str, str | Promise] = {
    "pid": gettext_lazy("by personal identification number"),
    "old_id_number": gettext_lazy("by old identity card number"),
    "name": gettext_lazy("by name"),
    "given_name": gettext_lazy("by given name"),
    "name_birth": gettext_lazy("by name and birth"),
    "address": gettext_lazy("by address"),
    "household": gettext_lazy("by household"),
    "birth_year": gettext_lazy("by year of birth"),
}

OUTCOMES: dict[str, str | Promise] = {
    "dismissed": gettext_lazy("dismissed"),
    "accepted": gettext_lazy("accepted"),
    "withdrawn": gettext_lazy("withdrawn"),
    "superseded": gettext_lazy("overtaken by a later fact"),
}

EVENTS: dict[str, str | Promise] = {
    "birth": gettext_lazy("Birth"),
    "death": gettext_lazy("Death"),
    "marriage": gettext_lazy("Marriage"),
    "divorce": gettext_lazy("Divorce"),
    "adoption": gettext_lazy("Adoption"),
    "name_change": gettext_lazy("Change of name"),
}


def day_words(value: date | PartialDate | None) -> str:
    """Return 02/01/1985, 01/1985 or 1985; empty for nothing."""
    return format_vietnamese(value) if value else ""


def moment_words(value: datetime | None) -> str:
    """Return 21:40 02/01/2026 in Vietnam's time; empty for nothing."""
    return value.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y") if value else ""


def evidence_words(kind: str, reference: str = "") -> str:
    """Return the kind of evidence and its reference in one line."""
    words = evidence_label(kind, get_language() or "vi")
    return f"{words}: {reference}" if reference else words


def sex_words(code: str | None, language: str) -> str:
    """Return the label of a sex; empty when unknown."""
    return code_list("sex").label(code, language) if code else ""


def attribute_words(name: str, language: str) -> str:
    """Return the label of an attribute."""
    return attribute(name).label(language)


def age_words(birth: PartialDate | None, on: date) -> str:
    """Return the age in completed years, or a span of two where the date is vague."""
    if birth is None or birth.earliest > on:
        return ""
    least, most = birth.age_on(on)
    least = max(least, 0)
    if least == most:
        return ngettext("%(n)s year old", "%(n)s years old", most) % {"n": most}
    return _("%(least)s–%(most)s years old") % {"least": least, "most": most}


def status_badges(status: str, death: date | PartialDate | None = None) -> tuple[Badge, ...]:
    """Return the badge of a person who is not simply alive."""
    if status not in _STATES:
        return ()
    words, tone, icon = _STATES[status]
    if status == "dead" and death:
        words = _("Died on %(day)s") % {"day": day_words(death)}
    return (Badge(words, tone, icon),)


def match_badges(matched: str) -> tuple[Badge, ...]:
    """Return the badge of a name that was not found exactly as typed."""
    words = _MATCHES.get(matched)
    return (Badge(words, "info"),) if words else ()
