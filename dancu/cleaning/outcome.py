"""What came of a cleaning, in figures and in words that a school's head understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dancu.cleaning.kinds import KINDS
from dancu.cleaning.twice import Twin
from dancu.exchange.batches.words import GROUPS

#: Groups of a verification in which a row is right.
RIGHT = frozenset({"match", "nearly", "writing"})
_THOUSANDS = "."


@dataclass(slots=True)
class Outcome:
    """Figures of a cleaned file.

    ``kept`` and ``dropped`` rows; ``changed`` rows and ``cells``; ``ready`` rows that nobody has to
    look at; ``made``, ``waiting`` and ``look``: kind → changes made, not accepted, for a person;
    ``verified``: group → rows; ``unanswered``: rows whose comparison is not done; ``above``: rows
    above the head that were left out.
    """

    rows: int = 0
    kept: int = 0
    dropped: int = 0
    changed: int = 0
    cells: int = 0
    ready: int = 0
    made: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    look: Counter[str] = field(default_factory=Counter)
    verified: Counter[str] = field(default_factory=Counter)
    twins: int = 0
    linked: bool = False
    against: int = 0
    above: int = 0
    left_out: tuple[str, ...] = ()
    unanswered: int = 0

    @property
    def for_people(self) -> int:
        """Rows of the cleaned file that somebody has to look at."""
        return self.kept - self.ready

    def as_json(self) -> dict[str, Any]:
        """Return the figures as programs read them."""
        return {
            "rows": self.rows,
            "kept": self.kept,
            "dropped": self.dropped,
            "rows_changed": self.changed,
            "cells_changed": self.cells,
            "ready": self.ready,
            "for_people": self.for_people,
            "made": dict(self.made),
            "waiting": dict(self.waiting),
            "look": dict(self.look),
            "verified": dict(self.verified),
            "twins": self.twins,
            "linked": self.linked,
            "against": self.against,
            "above_the_head": self.above,
            "sheets_left_out": list(self.left_out),
            "unanswered": self.unanswered,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Outcome:
        """Return the stored figures."""
        return cls(
            stored["rows"],
            stored["kept"],
            stored["dropped"],
            stored["rows_changed"],
            stored["cells_changed"],
            stored["ready"],
            Counter(stored["made"]),
            Counter(stored["waiting"]),
            Counter(stored["look"]),
            Counter(stored["verified"]),
            stored["twins"],
            stored["linked"],
            stored["against"],
            stored["above_the_head"],
            tuple(stored["sheets_left_out"]),
            stored.get("unanswered", 0),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the summary: a figure, what it counts, and what to do. ``is_head``: a heading."""

    label: str
    number: int | None = None
    what: str = ""
    is_head: bool = False


def grouped(number: int) -> str:
    """Return a number as Vietnamese reads it: 56.000."""
    return f"{number:,}".replace(",", _THOUSANDS)


def verdict(one: Outcome) -> str:
    """Return in one sentence how good the file is now."""
    if not one.kept:
        return _("There is no row of a person in the file.")
    if one.ready == one.kept:
        return ngettext(
            "The one row can be used as it is.",
            "All %(rows)s rows can be used as they are.",
            one.kept,
        ) % {"rows": grouped(one.kept)}
    share = one.ready * 100 // one.kept
    return _("Of %(rows)s rows, %(ready)s (%(share)s%%) can be used as they are; somebody has to "
             "look at %(look)s.") % {
        "rows": grouped(one.kept),
        "ready": grouped(one.ready),
        "share": share,
        "look": grouped(one.for_people),
    }  # fmt: skip


def summary(one: Outcome) -> list[Line]:
    """Return the summary, in the language that is active."""
    lines = [
        Line(_("Figures of the file"), is_head=True),
        Line(_("Rows of people in the cleaned file"), one.kept),
        Line(_("Rows that can be used as they are"), one.ready),
        Line(_("Rows that somebody has to look at"), one.for_people,
             _("See the sheet “To be looked at”.")),
        Line(_("Cells that were changed"), one.cells, _("See the sheet “What was changed”.")),
    ]  # fmt: skip
    if one.waiting.total():
        lines.append(
            Line(
                _("Proposals that nobody has accepted yet"),
                one.waiting.total(),
                _("See the sheet “Proposals”."),
            )
        )
    if one.dropped:
        lines.append(
            Line(_("Rows left out that are nobody"), one.dropped, _("Titles, totals, notes."))
        )
    if one.above:
        lines.append(Line(_("Lines above the head that were left out"), one.above))
    lines += [
        Line(
            _("Sheet that was left out: %(name)s") % {"name": name},
            None,
            _("It has other columns."),
        )
        for name in one.left_out
    ]
    for counts, title in (
        (one.made, _("What was changed")),
        (one.look, _("To be looked at")),
        (one.waiting, _("Proposals")),
    ):
        if counts:
            lines.append(Line(title, is_head=True))
            lines += [
                Line(str(KINDS[code].label), count, str(KINDS[code].why))
                for code, count in counts.most_common()
            ]
    lines += [*_twins(one), *_verified(one)]
    return lines


def _twins(one: Outcome) -> list[Line]:
    lines = [Line(_("Duplicate rows"), is_head=True)]
    lines.append(Line(_("Pairs of rows that seem to be one person"), one.twins,
                      _("See the sheet “Duplicate rows”.") if one.twins else ""))  # fmt: skip
    if one.against:
        lines.append(Line(_("Pairs with the other file"), one.against))
    if not one.linked:
        lines.append(Line(_("Only equal numbers, and equal names with equal dates, were compared."),
                          None, needs_extra()))  # fmt: skip
    return lines


def needs_extra() -> str:
    """Return what to do so that similar rows are found too."""
    return _("To find similar rows too, install the extra: scripts/setup --analytics.")


def _verified(one: Outcome) -> list[Line]:
    if not one.verified and not one.unanswered:
        return []
    lines = [Line(_("Compared with the register"), is_head=True)]
    if one.unanswered:
        again = _("Have the file written again when the comparison is done.")
        lines.append(Line(_("Rows not answered yet"), one.unanswered, again))
    lines += [
        Line(str(GROUPS[name].label), count, str(GROUPS[name].remedy))
        for name, count in one.verified.most_common()
    ]
    return lines


_COMPARISONS = {
    "full_name": lambda: _("the name"),
    "birth_date": lambda: _("date of birth"),
    "sex": lambda: _("sex"),
    "pid": lambda: _("number"),
    "parents_and_home": lambda: _("home"),
    "birth_place": lambda: _("birth place"),
    "phone": lambda: _("telephone"),
}


def twin_words(twin: Twin) -> str:
    """Return why two rows seem to be one person."""
    if twin.why == "number":
        return _("The same personal number.")
    if twin.why == "name_and_birth":
        return _("The same name and date of birth.")
    if twin.why == "numbers_differ":
        return _("The same name and date of birth, but other numbers: two people, or a mistake.")
    same: list[str] = []
    close: list[str] = []
    for one in twin.because:
        comparison, _colon, level = one.partition(":")
        if comparison in _COMPARISONS and not level.startswith("other"):
            words = _COMPARISONS[comparison]()
            (same if level.startswith("same") else close).append(words)
    parts = []
    if same:
        parts.append(_("the same: %(what)s") % {"what": ", ".join(same)})
    if close:
        parts.append(_("close: %(what)s") % {"what": ", ".join(close)})
    return "; ".join(parts)
