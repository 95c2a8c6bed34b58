"""Words that several pages share: outcomes, kinds of change, moments, measurements."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dancu.design.values import Badge, Tone
from dancu.developers.models import Part
from dancu.exchange.batches import words as shared
from dancu.kernel.clock import VIETNAM

KINDS: dict[str, tuple[str | Promise, Tone]] = {
    "added": (gettext_lazy("Added"), "success"),
    "changed": (gettext_lazy("Changed"), "info"),
    "deprecated": (gettext_lazy("Deprecated"), "warning"),
    "removed": (gettext_lazy("Removed"), "danger"),
    "fixed": (gettext_lazy("Corrected"), "neutral"),
}
PARTS: dict[str, str | Promise] = {
    Part.EXCHANGE: gettext_lazy("Answering of questions"),
    Part.DATABASE: gettext_lazy("Database"),
    Part.BATCHES: gettext_lazy("Queue of batches"),
    Part.SEAL: gettext_lazy("Seal of the access log"),
}
#: What an outcome means for the program that gets it.
OUTCOMES: dict[str, str | Promise] = {
    "full_match": gettext_lazy("The number belongs to this person and all you sent agrees."),
    "facts_differ": gettext_lazy(
        "The number belongs to somebody of nearly these particulars; the attributes say which "
        "facts differ, and in what."
    ),
    "one_candidate": gettext_lazy(
        "No number leads there, but name and birth date fit exactly one person. Ask them for the "
        "number and verify again."
    ),
    "several_candidates": gettext_lazy("Several people fit: only the number tells them apart."),
    "not_found": gettext_lazy("Nobody in the register fits what you sent."),
    "dead": gettext_lazy("The number belongs to somebody whose death is registered."),
    "pid_cancelled": gettext_lazy(
        "The number is no longer valid. “successor” says whether the person has another, not which."
    ),
}
_TONES: dict[str, Tone] = {
    "full_match": "success",
    "facts_differ": "warning",
    "one_candidate": "warning",
    "several_candidates": "warning",
    "not_found": "danger",
    "dead": "danger",
    "pid_cancelled": "danger",
    "match": "success",
    "close": "warning",
    "mismatch": "danger",
    "unknown": "neutral",
}
_GOOD_SHARE, _FAIR_SHARE = 0.999, 0.98


def outcome_badge(outcome: str) -> Badge:
    """Return an outcome in words."""
    return Badge(shared.OUTCOMES.get(outcome, outcome), _TONES.get(outcome, "neutral"))


def result_badge(result: str) -> Badge:
    """Return the result of one attribute in words."""
    return Badge(shared.RESULTS.get(result, result), _TONES.get(result, "neutral"))


def reason_words(reason: str) -> str:
    """Return in what a value is close, in words; empty for nothing."""
    return shared.reason_words(reason) if reason else ""


def kind_badge(kind: str) -> Badge:
    """Return the kind of a change."""
    words, tone = KINDS.get(kind, (kind, "neutral"))
    return Badge(words, tone)


def day_words(day: date) -> str:
    """Return 22/11/2026."""
    return f"{day:%d/%m/%Y}"


def moment_words(moment: datetime) -> str:
    """Return 22/11/2026, 09:00 in Vietnam's time."""
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y, %H:%M}"


def value_words(part: str, value: float | None) -> str:
    """Return what was measured of a part; empty for nothing."""
    if value is None:
        return ""
    if part == Part.BATCHES:
        rows = f"{value:,.0f}".replace(",", ".")
        return ngettext("%(rows)s row waits", "%(rows)s rows wait", int(value)) % {"rows": rows}
    if part == Part.SEAL:
        return _("sealed %(seconds)s seconds ago") % {"seconds": f"{value:.0f}"}
    return _("%(ms)s ms") % {"ms": _decimal(value)}


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") if value < 10 else f"{value:.0f}"  # noqa: PLR2004


def share_words(share: float | None) -> str:
    """Return 99,95 %; rounded down, so that 100 % means always."""
    if share is None:
        return ""
    shown = int(share * 10_000) / 100
    return f"{shown:g} %".replace(".", ",")


def share_tone(share: float | None) -> Tone:
    """Return the tone of a share of good measurements."""
    if share is None:
        return "neutral"
    if share >= _GOOD_SHARE:
        return "success"
    return "warning" if share >= _FAIR_SHARE else "danger"
