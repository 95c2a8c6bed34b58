"""From the door out's values to what the elements show: headers, result tables, relatives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.console.words import age_words, day_words, match_badges, sex_words, status_badges
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Badge, Empty, PersonHeader
from dancu.design.values import Relative as Shown
from dancu.disclosure.types import Header, PersonPage, Relative, SearchPage, SearchRow

COLUMNS = (
    Column(gettext_lazy("Full name"), heading=True),
    Column(gettext_lazy("Number")),
    Column(gettext_lazy("Year of birth"), narrow=True),
    Column(gettext_lazy("Sex"), narrow=True),
    Column(gettext_lazy("Residence")),
)


def person_href(person_id: int, route: str = "person") -> str:
    """Return the address of one of the pages on a person."""
    return reverse(f"console:{route}", args=[person_id])


def header_of(
    header: Header, *, on: date, language: str, link: bool = False, can_reveal: bool = False
) -> PersonHeader:
    """Return the head of a page on a person, with the age on a day."""
    last_day = min(on, header.death_date.latest) if header.death_date else on
    reveal = ""
    if header.pid and header.pid_is_masked and can_reveal:
        reveal = reverse("console:reveal", args=[header.person_id, "pid"])
    return PersonHeader(
        name=header.name or _("Name not known"),
        pid=header.pid or "",
        sex=sex_words(header.sex, language),
        birth=day_words(header.birth_date),
        age=age_words(header.birth_date, last_day) if header.status != "dead" else "",
        residence=header.residence or "",
        badges=status_badges(header.status, header.death_date),
        href=person_href(header.person_id) if link else "",
        reveal_href=reveal,
        copyable_pid=header.pid if header.pid and not header.pid_is_masked else "",
    )


def results_table(page: SearchPage, *, language: str, empty: Empty) -> Table:
    """Return the people found; never how many there are."""
    return Table(
        caption=_("People found"),
        columns=COLUMNS,
        rows=[_result(row, language) for row in page.rows],
        empty=empty,
        key="found",
    )


def _result(row: SearchRow, language: str) -> Row:
    badges = [*match_badges(row.matched), *status_badges(row.status)]
    residence = Cell(row.address or row.commune_name)
    if row.is_stay:
        residence = Cell(residence.text, badges=[Badge(_("staying"), "info")])
    return Row(
        [
            Cell(row.name, person_href(row.person_id), badges=badges),
            Cell(row.pid or "—", code=True),
            str(row.birth_year or ""),
            sex_words(row.sex, language),
            residence,
        ],
        tone="muted" if row.status in {"dead", "merged", "cancelled"} else "",
    )


def relative_of(
    one: Relative,
    language: str,
    *,
    current: int | None = None,
    role: str = "",
    children: Sequence[Shown] = (),
) -> Shown:
    """Return somebody of the family or the household; a link only inside the officer's area."""
    badges = [] if one.is_alive else [Badge(_("Dead"), "neutral")]
    detail = [sex_words(one.sex, language), str(one.birth_year or "")]
    if one.in_register and not one.is_inside:
        badges.append(Badge(_("outside your area"), "neutral"))
    is_current = one.person_id is not None and one.person_id == current
    linked = one.person_id is not None and one.is_inside and not is_current
    return Shown(
        name=one.name or _("Name not known"),
        role=role or one.role_label(language),
        pid=one.pid or "",
        detail=", ".join(word for word in detail if word),
        href=person_href(one.person_id, "family") if linked and one.person_id else "",
        current=is_current,
        outside=not one.in_register,
        badges=badges,
        children=children,
    )


def household_of(page: PersonPage, language: str) -> list[Shown]:
    """Return the members of the household, its head first."""
    me = page.header.person_id
    return [relative_of(one, language, current=me) for one in page.household]


def family_of(page: PersonPage, language: str) -> list[Shown]:
    """Return three generations: parents, then the person among siblings, then the children.

    The second parent that is known carries the branch, so that both stand on one level.
    """
    by_role: dict[str, list[Relative]] = {}
    for one in page.family:
        by_role.setdefault(one.role, []).append(one)
    children = [relative_of(one, language) for one in by_role.get("child", ())]
    me = Shown(
        name=page.header.name,
        role=_("This person"),
        pid=page.header.pid or "",
        detail=", ".join(
            word
            for word in (
                sex_words(page.header.sex, language),
                str(page.header.birth_date.year) if page.header.birth_date else "",
            )
            if word
        ),
        current=True,
        badges=status_badges(page.header.status),
        children=children,
    )
    spouses = [relative_of(one, language) for one in by_role.get("spouse", ())]
    siblings = [relative_of(one, language) for one in by_role.get("sibling", ())]
    level = [me, *spouses, *siblings]
    guardians = [relative_of(one, language) for one in by_role.get("guardian", ())]
    parents = [one for role in ("father", "mother") for one in by_role.get(role, ())]
    if not parents:
        return [*guardians, *level]
    tops = [relative_of(one, language) for one in parents[:-1]]
    return [*guardians, *tops, relative_of(parents[-1], language, children=level)]
