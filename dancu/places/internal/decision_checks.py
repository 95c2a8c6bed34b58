"""What forbids applying a decision to a map: units, days, gaps, overlaps, circles. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop as _

from dancu.catalogue import code_list
from dancu.places.decision_types import Flaw
from dancu.places.internal.deciding import may_name_the_same, neighbourhood_keys, street_key
from dancu.places.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dancu.places.decision_types import Change, Decision, NewUnit, Part
    from dancu.places.tree import UnitTree
    from dancu.places.types import UnitValue

_DAY = dt.timedelta(days=1)
_ABOVE = {"province": "", "commune": "province", "neighbourhood": "commune"}

#: Island districts without communes became communes themselves.
_LEVEL_AFTER = {level: level for level in LEVELS} | {"district": "commune"}


def flaws_of(decision: Decision, tree: UnitTree) -> list[Flaw]:
    """Return everything that is wrong, in the order of lines; empty when it can be applied."""
    checks = _Checks(decision, tree)
    found = [
        *checks.origins(),
        *checks.endings(),
        *checks.new_units(),
        *checks.targets(),
        *checks.parents(),
        *checks.parts(),
        *checks.circles(),
        *checks.left_behind(),
    ]
    return sorted(found, key=lambda flaw: flaw.line)


class _Checks:
    def __init__(self, decision: Decision, tree: UnitTree) -> None:
        self._decision = decision
        self._tree = tree
        self._on = decision.effective_on
        self._before = self._on - _DAY
        self._new = {unit.code: unit for unit in decision.units}
        self._from = {change.from_code: change for change in decision.changes}
        self._ends = {ending.code for ending in decision.ends}
        self._origins: dict[str, list[Change]] = defaultdict(list)
        for change in decision.changes:
            for code in change.to:
                self._origins[code].append(change)

    def origins(self) -> Iterator[Flaw]:
        """Units that are to change must stand on the day before, and change once."""
        seen = Counter(change.from_code for change in self._decision.changes)
        for change in self._decision.changes:
            if seen[change.from_code] > 1:
                yield Flaw(
                    change.line,
                    _("The unit %(unit)s is changed by several entries."),
                    _("Put all that becomes of it under one “from”."),
                    {"unit": change.from_code},
                )
            yield from self._standing(change.from_code, change.line)

    def endings(self) -> Iterator[Flaw]:
        """Units that end without a follower must stand, and must not be changed as well."""
        for ending in self._decision.ends:
            yield from self._standing(ending.code, ending.line)
            if ending.code in self._from or ending.code in self._origins:
                yield Flaw(
                    ending.line,
                    _("The unit %(unit)s ends without a follower, and yet an entry names it."),
                    _("Take it out of “ends”, or out of “changes”."),
                    {"unit": ending.code},
                )
            unit = self._tree.unit(ending.code, self._before)
            if unit is not None and unit.level != "district":
                yield Flaw(
                    ending.line,
                    _("People live in %(unit)s; it cannot end without a follower."),
                    _("Say under “changes” which unit takes it over."),
                    {"unit": ending.code},
                )

    def _standing(self, code: str, line: int) -> Iterator[Flaw]:
        unit = self._tree.unit(code, self._before)
        if unit is None:
            yield self._absent(code, line)
        elif unit.valid_to is not None:
            yield Flaw(
                line,
                _("The unit %(unit)s changes on %(day)s already, by what was entered before."),
                _("Undo the later decision first, or give this one a day after it."),
                {"unit": code, "day": unit.valid_to.isoformat()},
            )
        elif self._tree.is_pending(unit):
            yield Flaw(
                line,
                _("The unit %(unit)s begins on %(day)s only, by a decision not in force yet."),
                _("Apply this decision after that day."),
                {"unit": code, "day": unit.valid_from.isoformat()},
            )

    def _absent(self, code: str, line: int) -> Flaw:
        last = self._tree.last_version(code, self._before)
        if last is not None and last.valid_to is not None:
            return Flaw(
                line,
                _("The unit %(unit)s ended on %(day)s."),
                _("Name the unit that took it over."),
                {"unit": code, "day": last.valid_to.isoformat()},
            )
        return Flaw(
            line,
            _("There is no unit %(unit)s on %(day)s."),
            _("Compare the code with the list of units of that day."),
            {"unit": code, "day": self._before.isoformat()},
        )

    def new_units(self) -> Iterator[Flaw]:
        """What begins must come from somewhere, be named once and be of a known kind."""
        kinds = code_list("unit_kinds")
        seen = Counter(unit.code for unit in self._decision.units)
        for unit in self._decision.units:
            if seen[unit.code] > 1:
                yield Flaw(
                    unit.line,
                    _("The unit %(unit)s is described twice."),
                    _("Leave one of the two."),
                    {"unit": unit.code},
                )
            if unit.code not in self._origins:
                yield Flaw(
                    unit.line,
                    _("A gap: nothing becomes the unit %(unit)s."),
                    _("Say under “changes” from which unit it takes its area."),
                    {"unit": unit.code},
                )
            kind = kinds.get(unit.kind)
            if kind is None or kind.extra.get("level") != unit.level:
                yield Flaw(
                    unit.line,
                    _("“%(kind)s” is no kind of unit of this level."),
                    _("Take a code of catalogue/codes/unit_kinds.csv."),
                    {"kind": unit.kind},
                )

    def targets(self) -> Iterator[Flaw]:
        """Where units go must be described, or be itself changed; and be of the same level."""
        for change in self._decision.changes:
            before = self._tree.unit(change.from_code, self._before)
            for code in change.to:
                after = self._new.get(code) or self._kept(code)
                if after is None or self._is_taken(code):
                    yield self._not_described(code, change)
                elif before is not None and after.level != _LEVEL_AFTER.get(before.level):
                    yield Flaw(
                        change.line,
                        _("The unit %(unit)s is a %(level)s, and %(to)s is not."),
                        _("A unit goes to units of its own level."),
                        {"unit": change.from_code, "level": before.level, "to": code},
                    )

    def _kept(self, code: str) -> UnitValue | None:
        return self._tree.unit(code, self._before) if code in self._from else None

    def _is_taken(self, code: str) -> bool:
        """Say whether the code is somebody's whom the decision does not change."""
        return code not in self._from and any(
            self._tree.unit(code, day) is not None for day in (self._before, self._on)
        )

    def _not_described(self, code: str, change: Change) -> Flaw:
        if self._is_taken(code):
            return Flaw(
                change.line,
                _("An overlap: the unit %(unit)s stands, and the decision does not change it."),
                _("Add an entry from %(unit)s that says what becomes of its own area."),
                {"unit": code},
            )
        return Flaw(
            change.line,
            _("The unit %(unit)s does not stand and is not described."),
            _("Describe it under “units”, with its name, kind and parent."),
            {"unit": code},
        )

    def parents(self) -> Iterator[Flaw]:
        """What begins lies in a unit of the level above that stands on the day."""
        for unit in self._decision.units:
            above = _ABOVE.get(unit.level)
            if above is None:
                yield Flaw(
                    unit.line,
                    _("There have been no districts since 01/07/2025."),
                    _("Describe provinces, communes and neighbourhoods."),
                )
            elif above and not self._stands_above(unit, above):
                yield Flaw(
                    unit.line,
                    _("The parent %(parent)s of %(unit)s is no %(level)s on the day."),
                    _("Name the unit in which it lies from the day on."),
                    {"parent": unit.parent_code, "unit": unit.code, "level": above},
                )

    def _stands_above(self, unit: NewUnit, level: str) -> bool:
        after = self._after(unit.parent_code)
        return after is not None and after.level == level

    def _after(self, code: str) -> NewUnit | UnitValue | None:
        """Return the unit of the code on the day, by this decision."""
        if code in self._new:
            return self._new[code]
        before = self._tree.unit(code, self._before)
        if code in self._ends or (code in self._from and code not in self._origins):
            return None
        return before or self._tree.unit(code, self._on)

    def parts(self) -> Iterator[Flaw]:
        """A split must say where everything goes, and nothing may go two ways."""
        for change in self._decision.changes:
            if not change.is_whole and not change.custodian:
                yield Flaw(
                    change.line,
                    _("A gap: %(unit)s is split, and what no part names would go nowhere."),
                    _(
                        "Add “rest” with the unit that takes it, or “unclear” with the unit whose"
                        " ward settles it."
                    ),
                    {"unit": change.from_code},
                )
            yield from self._overlaps(change)

    def _overlaps(self, change: Change) -> Iterator[Flaw]:
        named: dict[object, list[Part]] = defaultdict(list)
        for one in change.parts:
            alike = named[street_key(one.street), neighbourhood_keys(one.neighbourhood)]
            for two in alike:
                if may_name_the_same(one, two):
                    yield Flaw(
                        one.line,
                        _("An overlap: the same addresses are named in line %(other)s."),
                        _("Part the house numbers, or take one of the two out."),
                        {"other": two.line},
                    )
            alike.append(one)

    def circles(self) -> Iterator[Flaw]:
        """Whole units that take one another's codes in a circle are a slip, not a reform."""
        follows = {
            change.from_code: change.to[0]
            for change in self._decision.changes
            if change.is_whole
            and len(self._origins[change.to[0]]) == 1
            and change.to[0] != change.from_code
        }
        done: set[str] = set()
        for start in follows:
            way: list[str] = []
            code: str | None = start
            while code is not None and code not in done:
                done.add(code)
                way.append(code)
                code = follows.get(code)
            if code is not None and code in way:
                circle = [*way[way.index(code) :], code]
                yield Flaw(
                    self._from[circle[0]].line,
                    _("A circle: %(way)s. The units only exchange their codes."),
                    _("Keep the code of each, and rename the units under “units” instead."),
                    {"way": " → ".join(circle)},
                )

    def left_behind(self) -> Iterator[Flaw]:
        """What lies in a unit that ends must be told where it lies from then on."""
        gone = {c for c in self._from if c not in self._origins} | self._ends
        lines = {c.from_code: c.line for c in self._decision.changes}
        lines |= {ending.code: ending.line for ending in self._decision.ends}
        for code in sorted(gone):
            for child in self._tree.children(code, self._before):
                if child.code not in self._from and child.code not in self._ends:
                    yield Flaw(
                        lines[code],
                        _("A gap: %(child)s lies in %(unit)s, which ends."),
                        _("Say under “changes” what becomes of it, with its new parent."),
                        {"child": child.code, "unit": code},
                    )
                elif child.code in self._origins and child.code not in self._new:
                    yield Flaw(
                        lines[code],
                        _("A gap: %(child)s stays, but lies in %(unit)s, which ends."),
                        _("Describe it under “units” with its new parent."),
                        {"child": child.code, "unit": code},
                    )
