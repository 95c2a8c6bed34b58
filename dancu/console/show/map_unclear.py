"""What a split left open, in the elements of pages: streets, homes, rules and acts of settling."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dancu.console.show.facts import account_words
from dancu.console.words import day_words, moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Empty, Stat, Tab
from dancu.design.values import Fact as Shown
from dancu.disclosure.services.unclear import RuleShown, UnclearAddress
from dancu.places.queries import tree
from dancu.places.settling import Settled, StreetRule
from dancu.population.unclear import StreetKey, UnclearStreet

WINDOW = 50


def street_href(key: StreetKey, *, each: bool = False) -> str:
    """Return the address of the page of one street."""
    asked = {"street": key.street, "unit": key.unit_code, "on": key.on.isoformat()}
    if each:
        asked["each"] = "1"
    return f"{reverse('console:map-unclear-street')}?{urlencode(asked)}"


def street_words(one: UnclearStreet) -> str:
    """Return the street, or that the addresses name none."""
    return one.name or _("Without a street")


def split_words(one: UnclearStreet) -> str:
    """Return the unit that was split, with the day."""
    return _("%(unit)s, split on %(day)s") % {
        "unit": one.split.unit.full_name,
        "day": day_words(one.split.on),
    }


def numbers_words(one: UnclearStreet) -> str:
    """Return the house numbers that occur."""
    without = _("%(n)s without a number") % {"n": one.without_number} if one.without_number else ""
    if one.low is None or one.high is None:
        return without
    span = str(one.low) if one.low == one.high else f"{one.low}–{one.high}"
    return f"{span}; {without}" if without else span


def units_of(one: UnclearStreet) -> list[tuple[str, str]]:
    """Return the units that the homes of a street may lie in."""
    return [(unit.code, unit.full_name) for unit in one.split.candidates]


def tabs_of(one: UnclearStreet, *, each: bool) -> list[Tab]:
    """Return the two ways to settle a street; addresses without one are settled home by home."""
    ways = [Tab(_("Home by home"), street_href(one.key, each=True), current=each)]
    if one.key.street:
        ways.insert(0, Tab(_("By house numbers"), street_href(one.key), current=not each))
    return ways


def street_table(streets: Sequence[UnclearStreet]) -> Table:
    """Return what is unclear, a line for each street; nobody is named."""
    return Table(
        caption=_("Unclear addresses by street"),
        columns=[
            Column(_("Street"), heading=True),
            Column(_("Homes"), numeric=True, narrow=True),
            Column(_("People"), numeric=True, narrow=True),
            Column(_("House numbers")),
            Column(_("May lie in")),
        ],
        rows=[
            Row(
                [
                    Cell(
                        street_words(one),
                        href=street_href(one.key, each=not one.key.street),
                        detail=split_words(one),
                    ),
                    grouped(one.homes),
                    grouped(one.people),
                    numbers_words(one),
                    ", ".join(unit.full_name for unit in one.split.candidates),
                ]
            )
            for one in streets
        ],
        empty=Empty(_("No address of your area is unclear"), icon="check-circle"),
    )


def address_table(
    lines: Sequence[UnclearAddress],
    *,
    select_name: str = "address",
    ticked: Collection[int] = (),
) -> Table:
    """Return homes, each with a box to tick unless there is nothing to choose."""
    return Table(
        caption=_("Unclear addresses"),
        columns=[
            Column(_("Address"), heading=True),
            Column(_("People"), numeric=True, narrow=True),
        ],
        rows=[
            Row(
                [line.text or _("not shown"), grouped(line.people)],
                value=str(line.address_id),
                label=line.text,
                checked=line.address_id in ticked,
            )
            for line in lines
        ],
        select_name=select_name,
        empty=Empty(_("No address of your area is unclear"), icon="check-circle"),
    )


def rule_words(rule: StreetRule) -> str:
    """Return which homes of a street a rule means."""
    side = {"odd": _("Odd numbers"), "even": _("Even numbers")}.get(rule.side, _("Both sides"))
    numbers = {"low": rule.low, "high": rule.high}
    if rule.low is not None and rule.high is not None:
        return f"{side}, {_('from %(low)s to %(high)s') % numbers}"
    if rule.low is not None:
        return f"{side}, {_('from %(low)s on') % numbers}"
    if rule.high is not None:
        return f"{side}, {_('up to %(high)s') % numbers}"
    return side if rule.side else _("The whole street")


def rule_stats(seen: RuleShown) -> list[Stat]:
    """Return the numbers of what a rule means."""
    return [
        Stat(_("Homes"), grouped(seen.homes)),
        Stat(_("People"), grouped(seen.people)),
        Stat(
            _("Homes of the street that stay unclear"),
            grouped(seen.left),
            tone="warning" if seen.left else "success",
        ),
    ]


def rule_facts(street: UnclearStreet, rule: StreetRule, *, unit: str, reason: str) -> list[Shown]:
    """Return what was chosen, to be looked at before it is done."""
    names = dict(units_of(street))
    return [
        Shown(_("Street"), street_words(street)),
        Shown(_("Homes that are meant"), rule_words(rule)),
        Shown(_("Where they lie"), names.get(unit, unit)),
        Shown(_("How you know"), reason),
    ]


@dataclass(frozen=True, slots=True)
class SettledCard:
    """One act of settling as the page shows it."""

    key: int
    title: str
    facts: Sequence[Shown]
    badge: Badge | None
    undo_until: str


def settled_cards(found: Sequence[Settled], *, today: date) -> list[SettledCard]:
    """Return what was settled lately, with the way back as long as there is one."""
    officers = account_words([one.settled_by for one in found if one.settled_by])
    return [_settled_card(one, officers.get(one.settled_by or 0, ""), today) for one in found]


def _settled_card(one: Settled, officer: str, today: date) -> SettledCard:
    unit = tree().last_version(one.unit_code, one.takes_effect)
    homes = ngettext("%(n)s home", "%(n)s homes", one.addresses) % {"n": grouped(one.addresses)}
    what = f"{one.street}: {rule_words(one.rule)}" if one.street else _("Ticked one by one")
    may_undo = not one.is_undone and today <= one.undo_until
    return SettledCard(
        key=one.key,
        title=f"{what} → {unit.full_name if unit else one.unit_code}",
        facts=[
            Shown(_("Homes"), homes),
            Shown(_("How you know"), one.reason),
            Shown(_("Settled by"), officer),
            Shown(_("Settled at"), moment_words(one.settled_at)),
            Shown(_("In force from"), day_words(one.takes_effect)),
        ],
        badge=Badge(_("Undone"), "neutral") if one.is_undone else None,
        undo_until=day_words(one.undo_until) if may_undo else "",
    )
