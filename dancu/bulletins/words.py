"""What a bulletin says in plain words, the same on the page, on paper and in the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from dancu.bulletins.types import (
    CAUSES,
    COUNTRY,
    NOWHERE,
    Bulletin,
    Cause,
    EditionValue,
    Movement,
    Pace,
    UnitLine,
)
from dancu.catalogue import source_kinds
from dancu.catalogue.bulletins import bulletins
from dancu.design.tags.display import grouped
from dancu.design.values import Text, Tone
from dancu.kernel.clock import VIETNAM

#: Why issues ended, in the order in which they are kept.
CAUSE_WORDS: Mapping[Cause, Text] = {
    Cause.MENDED: gettext_lazy("Mended"),
    Cause.WITHDRAWN: gettext_lazy("A wrong statement was taken back"),
    Cause.SUBJECT_LEFT: gettext_lazy("The record was merged or cancelled"),
    Cause.RULE_ENDED: gettext_lazy("The rule ended"),
    Cause.RULE_CHANGED: gettext_lazy("The rule changed"),
    Cause.AROUND: gettext_lazy("A relative, the household, the map or the calendar changed"),
}
DIMENSION_WORDS: Mapping[str, Text] = {
    "accurate": gettext_lazy("Accurate"),
    "complete": gettext_lazy("Complete"),
    "clean": gettext_lazy("Clean"),
    "current": gettext_lazy("Current"),
}
STATE_WORDS: Mapping[str, tuple[Text, Tone]] = {
    "reached": (gettext_lazy("Reached"), "success"),
    "on_course": (gettext_lazy("On course"), "success"),
    "behind": (gettext_lazy("Behind"), "warning"),
    "not_moving": (gettext_lazy("Not getting fewer"), "danger"),
    "overdue": (gettext_lazy("Missed"), "danger"),
}
#: So many units or groups are named as stuck, or as first and last.
FEW = 5
_THURSDAY = 4


def day_words(day: date) -> str:
    """Return a day, day first."""
    return f"{day:%d/%m/%Y}"


def moment_words(at: datetime | None) -> str:
    """Return hour and day in Vietnam."""
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if at else ""


def number(value: float) -> str:
    """Return a number: whole ones in groups of three, others with one digit."""
    if float(value).is_integer():
        return grouped(int(value))
    text = f"{value:.1f}"
    return text if get_language() == "en" else text.replace(".", ",")


def signed(value: int) -> str:
    """Return a number with its sign, by a true minus."""
    return f"+{grouped(value)}" if value > 0 else grouped(value).replace("-", "\u2212")


def percent(share: float | None) -> str:
    """Return a share; a dash where nothing was to do, and never rounded up to all."""
    if share is None:
        return "–"
    text = f"{int(share * 1000) / 10:.1f}".removesuffix(".0")
    return f"{text}%" if get_language() == "en" else f"{text.replace('.', ',')} %"


def unit_name(unit: UnitLine) -> str:
    """Return how a unit is called."""
    if unit.code == COUNTRY:
        return _("The whole country")
    return _("No commune known") if unit.code == NOWHERE else unit.name


def title(edition: EditionValue) -> str:
    """Return how a bulletin is called."""
    day = {"day": day_words(edition.day)}
    if edition.kind == "evening":
        return _("Evening briefing of %(day)s") % day
    if edition.day.isoweekday() == _THURSDAY:
        return _("Bulletin of Thursday %(day)s") % day
    return _("Weekly bulletin of %(day)s") % day


def span(edition: EditionValue) -> str:
    """Say from when to when a bulletin counts."""
    until = moment_words(edition.made_at)
    if not is_of_its_day(edition):
        until = _("the end of %(day)s") % {"day": day_words(edition.day)}
    if edition.previous is None:
        since = day_words(edition.since)
    elif edition.kind == "weekly":
        since = _("the bulletin of %(day)s") % {"day": day_words(edition.previous)}
    else:
        since = _("the briefing of %(day)s") % {"day": day_words(edition.previous)}
    return _("Counted from %(since)s to %(until)s.") % {"since": since, "until": until}


def late(edition: EditionValue) -> str:
    """Say that a bulletin is late, and why; nothing when it is not."""
    if not edition.is_late:
        return ""
    given = {"due": moment_words(edition.due_at), "made": moment_words(edition.made_at)}
    if is_of_its_day(edition):
        return _("Late: it was due at %(due)s and was made at %(made)s.") % given
    return (
        _(
            "Late: it was due at %(due)s and was made at %(made)s. "
            "It counts to the end of its day, as if it had come in time."
        )
        % given
    )


def is_of_its_day(edition: EditionValue) -> bool:
    """Say whether a bulletin was made on its day, so that it counts until it was made."""
    return edition.made_at.astimezone(VIETNAM).date() == edition.day


def headline(bulletin: Bulletin) -> str:
    """Say in one sentence what is left and whether that is more or fewer than before."""
    found = bulletin.unit.total
    left = {"left": grouped(found.left), "n": grouped(abs(found.net))}
    if found.left == 0:
        return _("Nothing is left to mend.")
    if bulletin.edition.previous is None:
        return _("%(left)s issues left; there is no earlier bulletin to compare with.") % left
    if found.net < 0:
        return _("%(left)s issues left, %(n)s fewer than before.") % left
    if found.net > 0:
        return _("%(left)s issues left, %(n)s more than before.") % left
    return _("%(left)s issues left, as many as before.") % left


def movement(found: Movement) -> str:
    """Say what was mended and opened, and what closed or came without work."""
    parts = [
        _("Mended %(mended)s, newly found %(opened)s.")
        % {"mended": grouped(found.mended), "opened": grouped(found.opened)}
    ]
    if found.closed_otherwise:
        words = _("%(n)s ended for another reason, which is nobody's merit.")
        parts.append(words % {"n": grouped(found.closed_otherwise)})
    if found.moved > 0:
        parts.append(_("%(n)s came with people who moved in.") % {"n": grouped(found.moved)})
    if found.moved < 0:
        parts.append(_("%(n)s went with people who moved away.") % {"n": grouped(-found.moved)})
    if found.passed:
        parts.append(_("%(n)s of those left are passed on.") % {"n": grouped(found.passed)})
    return " ".join(parts)


def standing(found: Bulletin) -> str:
    """Say where a unit stands among its sisters; nothing when it is not placed."""
    placing = found.unit.placing
    if placing.place is None or placing.of <= 1:
        return ""
    said = _("Place %(place)s of %(of)s.") % {
        "place": grouped(placing.place),
        "of": grouped(placing.of),
    }
    if found.sisters is None:
        return said
    return f"{said} " + _(
        "Mended of what was to mend: here %(own)s; best %(best)s, middle %(middle)s, last %(last)s."
    ) % {
        "own": percent(placing.share),
        "best": percent(found.sisters.best),
        "middle": percent(found.sisters.middle),
        "last": percent(found.sisters.last),
    }


def measure(edition: EditionValue) -> str:
    """State the measure by which units are placed."""
    return _(
        "The order follows two figures, each for a half: the share mended of what was to mend "
        "(left and mended together), and the issues left per 1,000 people. So that chance puts no "
        "small unit first or last, each figure is drawn towards that of all units, as if the unit "
        "had %(issues)s more issues and %(people)s more people of the usual kind. Units equal in "
        "both share a place; with fewer than %(least)s people a unit is not placed. Issues that "
        "ended because a rule changed, or somebody left, count neither for nor against anybody."
    ) % {
        "issues": grouped(edition.league["average_issues"]),
        "people": grouped(edition.league["average_people"]),
        "least": grouped(edition.league["least_people"]),
    }


def group_words(name: str, language: str) -> str:
    """Return the words of a group of issues as declared now; all of them for ``""``."""
    if not name:
        return _("All issues")
    found = (one.label(language) for one in bulletins().groups if one.name == name)
    return next(found, name)


def office_words(kind: str, language: str) -> str:
    """Return the kind of office that mends issues."""
    known = source_kinds()
    return known[kind].label(language) if kind in known else kind


def goal(pace: Pace) -> str:
    """Say what a target asks."""
    by = {"n": grouped(pace.goal), "day": day_words(pace.by)}
    if pace.kind == "daily":
        return _("Mend %(n)s each working day until %(day)s") % by
    if pace.goal == 0:
        return _("Nothing left by %(day)s") % by
    return _("At most %(n)s left by %(day)s") % by


def outlook(pace: Pace) -> str:
    """Say what pace is needed, what pace was kept, and where that leads."""
    if pace.state == "reached":
        return _("Reached: %(n)s left.") % {"n": grouped(pace.left)}
    if pace.kind == "daily":
        return _(
            "Mended on average %(kept)s each working day of the last seven days; "
            "%(needed)s are needed."
        ) % {"kept": number(round(pace.kept, 1)), "needed": number(pace.needed)}
    if pace.state == "overdue":
        return _("The day is over, and %(n)s are left.") % {"n": grouped(pace.left)}
    parts = [_needed(pace)]
    if pace.kept <= 0:
        parts.append(
            _(
                "In the last seven days as many were newly found as mended, or more: "
                "at this pace the target is never reached."
            )
        )
    else:
        parts.append(
            _("In the last seven days they became fewer by %(kept)s each working day.")
            % {"kept": number(round(pace.kept, 1))}
        )
        if pace.forecast is not None:
            parts.append(
                _("At this pace it is reached on %(day)s.") % {"day": day_words(pace.forecast)}
            )
        else:
            parts.append(_("At this pace it takes more than four years."))
    return " ".join(parts)


def of_how_many(pace: Pace) -> str:
    """Say whose targets a sum is of; nothing for a target of the unit's own."""
    if not pace.of:
        return ""
    return _("The sum of the targets of %(n)s units below.") % {"n": grouped(pace.units)}


def cause_numbers(found: Movement) -> list[tuple[Cause, Text, int]]:
    """Return why issues ended, with how many each."""
    return [(cause, CAUSE_WORDS[cause], n) for cause, n in zip(CAUSES, found.closed, strict=True)]


def _needed(pace: Pace) -> str:
    days = ngettext("%(n)s working day", "%(n)s working days", pace.working_days) % {
        "n": grouped(pace.working_days)
    }
    missing = max(0, pace.left - pace.goal)
    if pace.working_days == 0:
        return _("%(n)s must still go, and no working day is left.") % {"n": grouped(missing)}
    return _("%(n)s must still go within %(days)s: %(needed)s each day.") % {
        "n": grouped(missing),
        "days": days,
        "needed": number(round(pace.needed, 1)),
    }
