"""Pairs of records side by side: who they may be, what differs, and what each piece weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.queries import attribute, groups
from dancu.console.desk import Desk
from dancu.console.show.facts import fact_words
from dancu.console.words import day_words, moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import bar
from dancu.design.values import Badge, Empty, Link, Stat, Tab, Tone
from dancu.disclosure.types import Disclosed, Fact, PersonPage
from dancu.duplicates.queries import count, pairs_of
from dancu.duplicates.types import Evidence, State, Suspicion, SuspicionPage
from dancu.kernel.clock import VIETNAM
from dancu.places.queries import units_under

STATES: dict[str, tuple[str | Promise, Tone, str]] = {
    "suspected": (gettext_lazy("to be looked at"), "info", "clock"),
    "proposed": (gettext_lazy("waits for a second officer"), "warning", "clock"),
    "merged": (gettext_lazy("merged"), "success", "merge"),
    "parting": (gettext_lazy("to be parted, waits for a second officer"), "warning", "clock"),
    "dismissed": (gettext_lazy("two people"), "neutral", "close"),
    "undone": (gettext_lazy("parted again"), "neutral", "refresh"),
    "cleared": (gettext_lazy("no longer alike"), "neutral", "check"),
}
#: States of pairs that are one record at present.
ONE_RECORD = ("merged", "parting")
LISTS: tuple[tuple[str, tuple[State, ...], str | Promise], ...] = (
    ("", ("suspected",), gettext_lazy("To look at")),
    ("proposed", ("proposed", "parting"), gettext_lazy("To confirm")),
    ("merged", ("merged",), gettext_lazy("Merged")),
    ("laid-aside", ("dismissed", "undone", "cleared"), gettext_lazy("Laid aside")),
)
"""The lists by the name in the address, their states and their headings."""

_COMPARISONS: dict[str, str | Promise] = {
    "full_name": gettext_lazy("Full name"),
    "birth_date": gettext_lazy("Date of birth"),
    "sex": gettext_lazy("Sex"),
    "pid": gettext_lazy("Numbers"),
    "parents_and_home": gettext_lazy("Parents and residence"),
    "birth_place": gettext_lazy("Place of birth"),
    "phone": gettext_lazy("Phone"),
}
_LEVELS: dict[str, str | Promise] = {
    "same": gettext_lazy("the same"),
    "unknown": gettext_lazy("not known of both"),
    "accents_left_out": gettext_lazy("the same but for accents left out"),
    "other_accents": gettext_lazy("the same letters, other accents"),
    "kinship_spelling": gettext_lazy("another writing of the same name"),
    "middle_name": gettext_lazy("a middle name more or less"),
    "order": gettext_lazy("the same syllables in another order"),
    "abbreviated": gettext_lazy("abbreviated"),
    "typing": gettext_lazy("a slip of the keys"),
    "one_letter": gettext_lazy("one letter differs"),
    "given_name_only": gettext_lazy("only the given name is there, and it agrees"),
    "same_given_name": gettext_lazy("only the given name agrees"),
    "other_name": gettext_lazy("another name"),
    "day_month_swapped": gettext_lazy("day and month exchanged"),
    "year_only": gettext_lazy("the year agrees, the day is not known"),
    "one_digit": gettext_lazy("one digit differs"),
    "other_year": gettext_lazy("day and month agree, the year differs"),
    "same_year": gettext_lazy("only the year agrees"),
    "other_date": gettext_lazy("another date"),
    "other": gettext_lazy("differ"),
}
_PARENTS: dict[str, str | Promise] = {
    "one_of_two_parents": gettext_lazy("one of two parents agrees"),
    "parents_unknown": gettext_lazy("parents not known of both"),
    "other_parents": gettext_lazy("other parents"),
    "one_parent": gettext_lazy("the one parent known agrees"),
    "parents": gettext_lazy("both parents agree"),
}
_HOMES: dict[str, str | Promise] = {
    "same_address": gettext_lazy("the same address"),
    "same_commune": gettext_lazy("the same commune"),
    "elsewhere": gettext_lazy("elsewhere"),
}
_NUMBER = "%+.1f"


def pair_href(pair_id: int) -> str:
    """Return the page on which a pair is looked at and decided."""
    return reverse("console:duplicate", args=[pair_id])


def state_badge(state: str) -> Badge:
    """Return how a pair stands."""
    words, tone, icon = STATES[state]
    return Badge(words, tone, icon)


def tabs_of(current: str) -> list[Tab]:
    """Return the lists of pairs."""
    here = reverse("console:duplicates")
    return [
        Tab(label, f"{here}?{urlencode({'list': name})}" if name else here, current=name == current)
        for name, _states, label in LISTS
    ]


def comparison_words(name: str) -> str:
    """Return what was compared; a comparison of a newer model by its name."""
    return str(_COMPARISONS.get(name, name))


def level_words(name: str) -> str:
    """Return what the comparison found."""
    if name in _LEVELS:
        return str(_LEVELS[name])
    for prefix, parents in _PARENTS.items():
        home = name.removeprefix(f"{prefix}_")
        if home in _HOMES and home != name:
            return f"{parents}, {_HOMES[home]}"
    return name.replace("_", " ")


def bits_words(weight: float) -> str:
    """Return a weight with its sign, in the Vietnamese way: +12,3."""
    return (_NUMBER % weight).replace(".", ",").replace("-", "−")


def pairs_table(
    page: SuspicionPage, people: Mapping[int, Disclosed], *, language: str, last: str
) -> Table:
    """Return the pairs, the heaviest first; each leads to where both stand side by side."""
    rows = [
        Row(
            [
                _who(people[one.left_id], language, pair_href(one.id)),
                _who(people[one.right_id], language),
                Cell(bits_words(one.weight), detail=_strongest(one.evidence))
                if one.evidence
                else Cell("—", detail=_("entered by an officer")),
                Cell(
                    day_words(one.found_at.astimezone(VIETNAM).date()),
                    badges=[state_badge(one.state)],
                ),
            ]
        )
        for one in page.rows
        if one.left_id in people and one.right_id in people
    ]
    empty = Empty(_("No pair is in this list"), last, icon="check-circle")
    columns = [
        Column(_("One record"), heading=True),
        Column(_("The other record")),
        Column(_("Weight in bits")),
        Column(_("Found"), narrow=True),
    ]
    return Table(_("Records that may be of one person"), columns, rows, empty=empty, key="pairs")


def _who(one: Disclosed, language: str, href: str = "") -> Cell:
    home = one.facts.get("permanent_residence")
    born = day_words(one.header.birth_date)
    detail = (born, one.header.pid, fact_words(home, language) if home else "")
    return Cell(
        one.header.name or _("Name not known"),
        href,
        detail=" · ".join(words for words in detail if words),
    )


def _strongest(evidence: Sequence[Evidence]) -> str:
    found = max(evidence, key=lambda one: abs(one.weight), default=None)
    if found is None:
        return ""
    return f"{comparison_words(found.comparison)}: {level_words(found.level)}"


def evidence_table(pair: Suspicion) -> Table:
    """Return each piece of evidence with its weight as a bar: against it, or for it."""
    most = max((abs(one.weight) for one in pair.evidence), default=1.0) or 1.0
    rows = [
        Row(
            [
                Cell(comparison_words(one.comparison), detail=level_words(one.level)),
                Cell(_drawn(-one.weight, most, "danger")),
                Cell(_drawn(one.weight, most, "success")),
                Cell(bits_words(one.weight)),
            ]
        )
        for one in sorted(pair.evidence, key=lambda one: -abs(one.weight))
    ]
    columns = [
        Column(_("What was compared"), heading=True),
        Column(_("Speaks against")),
        Column(_("Speaks for")),
        Column(_("Bits"), numeric=True, narrow=True),
    ]
    return Table(_("What the suspicion rests on"), columns, rows, key="evidence")


def _drawn(weight: float, most: float, tone: Tone) -> str:
    if weight <= 0:
        return ""
    words = _("%(bits)s bits") % {"bits": bits_words(weight).lstrip("+")}
    return bar(weight / most, words, tone)


def compared_tables(
    left: PersonPage, right: PersonPage, language: str
) -> tuple[list[Table], Table | None]:
    """Return the facts of both records beside each other: by group those that are not equal.

    And one table of those that are; None when there are none.
    """
    found = []
    equal: list[Row] = []
    for group in groups():
        names = [
            name
            for name in dict.fromkeys((*left.facts, *right.facts))
            if attribute(name).group == group.name
        ]
        names.sort(key=lambda name: attribute(name).number)
        rows: list[Row] = []
        for name in names:
            row, is_equal = _compared(left, right, name, language)
            (equal if is_equal else rows).append(row)
        if rows:
            label = group.label(language)
            found.append(Table(label, _sides(), rows, key=f"compared-{group.name}"))
    same = Table(_("The same in both"), _sides(), equal, key="compared-same") if equal else None
    return found, same


def _sides() -> list[Column]:
    return [
        Column(_("Fact"), heading=True),
        Column(_("One record")),
        Column(_("The other record")),
        Column(_("Compared"), narrow=True),
    ]


def _compared(left: PersonPage, right: PersonPage, name: str, language: str) -> tuple[Row, bool]:
    one, other = left.facts.get(name), right.facts.get(name)
    badge = _badge(one, other, language)
    row = Row(
        [
            attribute(name).label(language),
            _side(one, language),
            _side(other, language),
            Cell(badges=[badge]),
        ],
        tone="warning" if badge.tone == "warning" else "",
    )
    return row, badge.tone == "success"


def _side(one: Fact | None, language: str) -> Cell:
    if one is None:
        return Cell("—")
    origin = one.origin
    source = f"{origin.source_label(language)}, {day_words(origin.since)}" if origin else ""
    return Cell(fact_words(one, language), detail=source)


def _badge(one: Fact | None, other: Fact | None, language: str) -> Badge:
    if one is None or other is None:
        return Badge(_("only one knows"), "neutral")
    if fact_words(one, language) != fact_words(other, language):
        return Badge(_("differs"), "warning", "conflict")
    if one.is_masked or other.is_masked:
        return Badge(_("shown in part"), "neutral")
    return Badge(_("the same"), "success", "check")


def merges_into(desk: Desk, person_id: int) -> list[Link]:
    """Return the merges by which a record took others in, for whoever works on them."""
    if not desk.may("merge.propose", "merge.confirm"):
        return []
    return [
        Link(
            _("Record %(n)s, merged on %(day)s")
            % {
                "n": one.left_id if one.right_id == person_id else one.right_id,
                "day": day_words(one.decided_at.astimezone(VIETNAM).date()),
            },
            pair_href(one.id),
        )
        for one in pairs_of(person_id)
        if one.state in ONE_RECORD and one.decided_at is not None
    ]


def stats_of(desk: Desk) -> list[Stat]:
    """Return how many pairs of the area wait, each number with the way to its list."""
    area = units_under(desk.actor.jurisdictions, desk.today)
    wanted: list[tuple[str, tuple[State, ...], str | Promise, str]] = [
        ("merge.propose", ("suspected",), _("Records to compare"), ""),
        ("merge.confirm", ("proposed", "parting"), _("Merges to confirm"), "?list=proposed"),
    ]
    found = []
    for action, states, label, query in wanted:
        if desk.may(action):
            number, is_more = count(area=area, states=states)
            words = f"{number}+" if is_more else str(number)
            found.append(Stat(label, words, reverse("console:duplicates") + query))
    return found


def statement_words(page: PersonPage, statement_id: int, language: str) -> str:
    """Return what a statement says of a person, as far as the purpose shows it."""
    spans = [
        span
        for spans in page.history.values()
        for span in spans
        if span.origin.statement_id == statement_id
    ]
    if not spans:
        return _("Statement %(n)s, which this purpose does not show") % {"n": statement_id}
    origin = spans[0].origin
    facts = ", ".join(f"{one.label(language)}: {one.text(language)}" for one in spans)
    source = f"{origin.source_label(language)}, {moment_words(origin.recorded_at)}"
    return f"{facts} ({source})"
