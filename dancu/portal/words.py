"""Plain words for what the register says: where a fact comes from, who looked at what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils.translation import get_language, gettext, gettext_lazy

from dancu.catalogue import attribute, attributes
from dancu.catalogue.contracts import exchange_rules
from dancu.disclosure.types import AccessRow, Origin
from dancu.exchange.feed.citizens import Follower
from dancu.kernel.clock import VIETNAM, today

#: The evidence under which a citizen's own word stands; its reference is the reason they gave.
OWN_WORD = "citizen_request"
#: The groups of facts as somebody would name them who is not an official.
GROUPS = {
    "identity": gettext_lazy("Who you are"),
    "birth": gettext_lazy("Your birth"),
    "family": gettext_lazy("Parents, husband or wife"),
    "household": gettext_lazy("Your household"),
    "residence": gettext_lazy("Where you live"),
    "status": gettext_lazy("Life status"),
    "papers": gettext_lazy("Papers"),
    "contact": gettext_lazy("Telephone and e-mail"),
    "health": gettext_lazy("Health and health insurance"),
    "social": gettext_lazy("Social insurance and benefits"),
    "education": gettext_lazy("Schooling"),
    "work": gettext_lazy("Work"),
    "transport": gettext_lazy("Vehicles and driving licence"),
    "finance": gettext_lazy("Tax, land and bank"),
    "other": gettext_lazy("Other"),
}
#: Looks that were for somebody else, or for no fact in particular.
_APPEARED = {
    "search": gettext_lazy("You appeared in a list of search results."),
    "relative": gettext_lazy("You appeared as a relative or a member of somebody's household."),
    "audit": gettext_lazy("An auditor checked who had looked at you."),
}
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
_NAMED_IN_A_SENTENCE = 3
#: Attributes whose official name is too long inside a sentence.
_SHORT = {"full_name": gettext_lazy("Name"), "birth_date": gettext_lazy("Date of birth")}


def language() -> str:
    """The reader's language, ``vi`` or ``en``."""
    return get_language() or "vi"


def day_words(day: date) -> str:
    """A day as it is written in Vietnam, in both languages: 02/11/2026."""
    return f"{day:%d/%m/%Y}"


def weekday_words(day: date) -> str:
    """A day with the name of the weekday."""
    return gettext("%(weekday)s, %(day)s") % {
        "weekday": WEEKDAYS[day.weekday()],
        "day": day_words(day),
    }


def moment_words(at: datetime) -> str:
    """A moment: 09:05 on 02/11/2026, in the time of Vietnam."""
    local = at.astimezone(VIETNAM)
    return gettext("%(time)s on %(day)s") % {"time": f"{local:%H:%M}", "day": day_words(local)}


def due_words(at: datetime) -> str:
    """The moment by which something is due, with its weekday."""
    local = at.astimezone(VIETNAM)
    return gettext("%(time)s, %(weekday)s") % {
        "time": f"{local:%H:%M}",
        "weekday": weekday_words(local.date()),
    }


def listed(words: Sequence[str]) -> str:
    """Words one after the other, the last joined by "and"; empty for none."""
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return gettext("%(list)s and %(last)s") % {"list": ", ".join(words[:-1]), "last": words[-1]}


def group_words(name: str, otherwise: str) -> str:
    """The plain name of a group of facts."""
    return str(GROUPS.get(name, otherwise))


def lower_first(words: str) -> str:
    """The words as they stand inside a sentence; abbreviations keep their capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def label(name: str) -> str:
    """What an attribute is called; its own name when the dictionary has lost it."""
    return attribute(name).label(language())


def attribute_names() -> frozenset[str]:
    """The names of all attributes of the dictionary."""
    return frozenset(entry.name for entry in attributes())


def paper_words(origin: Origin) -> str:
    """The paper a fact rests on, with its number; empty when none is named."""
    if origin.evidence_kind == OWN_WORD:
        return ""
    kind = lower_first(origin.evidence_label(language())) if origin.evidence_kind else ""
    return " ".join(part for part in (kind, origin.evidence.strip()) if part)


def source_words(origin: Origin | None) -> str:
    """One sentence on where a fact comes from: who wrote it down, when, and on what paper."""
    if origin is None:
        return ""
    learnt = origin.recorded_at.astimezone(VIETNAM).date() if origin.recorded_at else origin.since
    day, paper = day_words(learnt), paper_words(origin)
    if origin.evidence_kind == OWN_WORD:
        return gettext("You said this on %(day)s") % {"day": day}
    values = {"source": origin.source_label(language()), "day": day, "paper": paper}
    if paper:
        return gettext("%(source)s wrote this on %(day)s, from: %(paper)s") % values
    return gettext("%(source)s wrote this on %(day)s") % values


def since_words(day: date | None) -> str:
    """Since when a fact holds; empty when that is not known."""
    return gettext("true since %(day)s") % {"day": day_words(day)} if day else ""


def attribute_words(names: Iterable[str], *, most: int = _NAMED_IN_A_SENTENCE) -> str:
    """Attributes inside a sentence: all when they are few, else the first and how many more."""
    known = [lower_first(str(_SHORT.get(name) or label(name))) for name in names]
    if len(known) <= most + 1:
        return listed(known)
    more = gettext("%(count)s other facts") % {"count": len(known) - most}
    return listed([*known[:most], more])


def looker_words(row: AccessRow) -> str:
    """Who looked: the office, else the agency, else the role; "you" for the reader."""
    if row.kind == "own":
        return gettext("You yourself")
    if row.kind == "own_household":
        return gettext("Somebody of your household")
    return row.office or row.agency or row.role_label(language())


def looked_words(row: AccessRow) -> str:
    """One sentence on what somebody saw of the reader, or that they were refused."""
    what = {"what": attribute_words(seen(row))}
    if row.is_refused:
        return _refused_words(what)
    if row.kind in _APPEARED:
        return str(_APPEARED[row.kind])
    if not what["what"]:
        return f"{row.kind_label(language())}."
    pattern = {
        "reveal": gettext("Saw your %(what)s in full."),
        "print": gettext("Printed your %(what)s."),
        "told": gettext("Was told that something of yours changed: %(what)s."),
        "verify": gettext("Checked your %(what)s against what they hold; saw nothing of yours."),
    }.get(row.kind, gettext("Saw your %(what)s."))
    said = pattern % what
    if not row.differing:
        return said
    differing = gettext("Not the same as in the register: %(what)s.")
    return f"{said} {differing % {'what': attribute_words(row.differing)}}"


def follower_words(one: Follower) -> str:
    """One sentence on an agency that is told when something of the reader changes."""
    known = exchange_rules().feed_events
    changes = [known[name].label(language()) for name in known if name in one.contract.feed_events]
    purpose = one.contract.purposes.get(one.purpose)
    values = {
        "who": one.contract.label(language()),
        "what": listed([lower_first(change) for change in changes]),
        "purpose": lower_first(purpose.label(language())) if purpose else one.purpose,
    }
    if one.since is None:
        return gettext("%(who)s: %(what)s. What for: %(purpose)s") % values
    values["day"] = day_words(today(one.since))
    return gettext("%(who)s: %(what)s. What for: %(purpose)s, since %(day)s") % values


def seen(row: AccessRow) -> tuple[str, ...]:
    """The attributes that were shown, in full or in part."""
    return (*row.attributes, *row.masked)


def reason_words(row: AccessRow) -> str:
    """What the look was for, and the number of its case."""
    parts = []
    if row.purpose:
        purpose = row.purpose_label(language())
        parts.append(gettext("What for: %(purpose)s") % {"purpose": lower_first(purpose)})
    if row.case:
        parts.append(gettext("case %(case)s") % {"case": row.case})
    return ", ".join(parts)


def _refused_words(what: dict[str, str]) -> str:
    if not what["what"]:
        return gettext("Tried to look at you. The system refused and showed nothing.")
    return gettext("Tried to see your %(what)s. The system refused and showed nothing.") % what
