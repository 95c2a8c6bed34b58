"""The register measured by rules: who breaks which, as keys and never as values.

``plan`` compiles rules into steps. A step fills the temporary table ``measured`` (person, rule,
commune) of the current transaction, for a range of people or for some; whoever called reads the
keys from there. The measuring view has one row for each person and facet: what holds (base
statement and what others say over it, unfolded once), since when, and what is disputed.

People who were merged into others, or cancelled, are not measured.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from django.db import connection

from dancu.catalogue import attribute
from dancu.catalogue.conditions import Node, View
from dancu.population import dictionary
from dancu.population.internal.conditions import Compiler, Needs
from dancu.population.internal.door import sql

CORE = 0
#: Facets whose registers go on about somebody only while they live.
_ACTIVE = (
    "lodging",
    "eid",
    "passport",
    "health_insurance",
    "education",
    "labour",
    "tax",
    "bank",
    "driving",
    "vehicles",
    "telecom",
    "utility",
)
#: A dispute as the compiler writes it.
_DISPUTED = re.compile(r"\bv\.x(\d+)\b")
Scope = Literal["people", "households", "register"]


class Measurable(Protocol):
    """A rule, as far as measuring goes: what it is about, and when it holds."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def view(self) -> View: ...
    @property
    def broken(self) -> Node: ...


@dataclass(frozen=True, slots=True)
class Step:
    """Rules that are examined together, in one reading of what they are about.

    ``scope``: whether it reads single people (by facet), whole households, or the whole register.
    ``is_wide``: also those of whom the facet has no row.
    """

    name: str
    scope: Scope
    rules: tuple[int, ...]
    statement: str
    of_some: str
    facet: int = CORE
    is_wide: bool = True


@dataclass(frozen=True, slots=True)
class Some:
    """Whom a step reads: people from ``first`` to ``last`` by their keys, or the ``keys`` alone."""

    first: int = 0
    last: int = 2**62
    keys: tuple[int, ...] | None = None


def plan(rules: Iterable[Measurable], day: date) -> tuple[Step, ...]:
    """Return the steps that examine the rules as of a day; the longest first."""
    people: dict[int, list[Measurable]] = defaultdict(list)
    others: dict[str, list[Measurable]] = defaultdict(list)
    for rule in rules:
        if rule.view == "person":
            people[_home(rule)].append(rule)
        else:
            others[rule.view].append(rule)
    _read_core_once(people)
    steps = [_of_people(facet, some, day) for facet, some in sorted(people.items())]
    if others["household"]:
        steps.insert(0, _of_view("households", others["household"], day))
    for rule in others["register"]:
        steps.insert(0, _of_view("register", [rule], day))
    return tuple(steps)


def open_table() -> None:
    """Make the table ``measured`` of this connection, emptied with each transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql("measured"))


def run_all(steps: Sequence[Step], some: Some) -> None:
    """Put into ``measured`` who breaks the rules of some steps; within a transaction.

    Of a few people, each step reads only those of whom its facet knows anything.
    """
    here = _by_facet(some.keys) if some.keys is not None and len(steps) > 1 else None
    for step in steps:
        if here is None or step.is_wide:
            run(step, some)
        elif keys := here.get(step.facet):
            run(step, Some(keys=tuple(keys)))


def _by_facet(keys: Sequence[int]) -> dict[int, list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql("measuring_facets"), [list(keys)])
        return dict(cursor.fetchall())


def run(step: Step, some: Some) -> None:
    """Put into ``measured`` who breaks the rules of one step; within a transaction."""
    values: dict[str, Any] = {
        "first": some.first,
        "last": some.last,
        "keys": list(some.keys or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(step.statement if some.keys is None else step.of_some, values)


def ranges(size: int) -> list[Some]:
    """Return everybody, in ranges of about so many people."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM population_person")
        first, last = cursor.fetchone()
    if first is None:
        return []
    return [Some(begin, min(begin + size - 1, last)) for begin in range(first, last + 1, size)]


def spoken_of(after: tuple[int, int], until: tuple[int, int]) -> list[int]:
    """Return the people of whom something was said or withdrawn between two reaches.

    A reach is the last statement and the last withdrawal that count.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql("measuring_spoken_of"), [after[0], until[0], after[1], until[1]])
        return [row[0] for row in cursor.fetchall()]


def kin_of(people: Sequence[int]) -> list[int]:
    """Return the people and the children who name them: whom a change may concern."""
    with connection.cursor() as cursor:
        cursor.execute(sql("measuring_kin"), {"keys": list(people)})
        return [row[0] for row in cursor.fetchall()]


def household_of(people: Sequence[int]) -> list[int]:
    """Return everybody of the households that the people belong or ever belonged to."""
    values: dict[str, Any] = {"keys": list(people), "household": dictionary.key("household_number")}
    with connection.cursor() as cursor:
        cursor.execute(sql("measuring_household"), values)
        return [row[0] for row in cursor.fetchall()]


def find_causes(keys_of_rules: Mapping[int, Sequence[str]]) -> None:
    """Say in the temporary table ``closing`` why its issues are over.

    ``statement``: the newest after ``since`` that speaks of what the rule is about; ``withdrawn``:
    a claim was withdrawn since; ``is_gone``: the person was merged or cancelled.
    """
    pairs = [(rule, key) for rule, keys in keys_of_rules.items() for key in keys]
    values: dict[str, Any] = {
        "rules": [rule for rule, _ in pairs],
        "keys": [key for _, key in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql("measuring_causes"), values)


def people_by_commune() -> dict[str, int]:
    """Return how many people, alive or not, have their home in each commune; '' when unknown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(commune, ''), count(*) FROM population_person "
            "WHERE status IN (1, 2, 3) GROUP BY 1"
        )
        return dict(cursor.fetchall())


def locate(units: Iterable[str]) -> None:
    """Put into the table ``located`` (person_id, commune) who lives in some communes now.

    Within a transaction, with which it goes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS located (person_id bigint, commune text) "
            "ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE located")
        cursor.execute(
            "INSERT INTO located "
            "SELECT id, commune FROM population_person WHERE commune = ANY (%s)",
            [sorted(units)],
        )
        cursor.execute("ANALYZE located")


def people_about() -> int:
    """Return about how many people there are, in a millisecond: as the planner knows it.

    Of a register that was never looked at, whether there is anybody: at least one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest((SELECT reltuples::bigint FROM pg_class"
            " WHERE oid = 'population_person'::regclass),"
            " (SELECT count(*) FROM (SELECT FROM population_person LIMIT 1) one))"
        )
        return int(cursor.fetchone()[0])


# -- Writing the statements ------------------------------------------------------------------------


def _home(rule: Measurable) -> int:
    """Return the facet that a rule reads beside the core."""
    facets = {dictionary.facet_numbers()[attribute(a).facet] for a in rule.broken.attributes}
    beside = facets - {CORE}
    if len(beside) > 1:
        raise ValueError(f"{rule.name} reads more than one facet beside the core")
    return beside.pop() if beside else CORE


def _read_core_once(people: dict[int, list[Measurable]]) -> None:
    """Examine the core's rules with those of a facet that reads everybody's core anyway."""
    wide = [facet for facet, some in people.items() if facet != CORE and any(map(_is_wide, some))]
    if wide and CORE in people:
        people[wide[0]] = people.pop(CORE) + people[wide[0]]


def _of_people(facet: int, rules: Sequence[Measurable], day: date) -> Step:
    compiler = Compiler(day, works_out=True)
    cases = [(r, f"CASE WHEN {compiler.sql(r.broken)} THEN {r.number} END") for r in rules]
    form = _Form(
        facet=facet,
        is_wide=facet == CORE or any(map(_is_wide, rules)),
        needs=compiler.needs,
        broken=[text for rule, text in cases if not _asks_disputes(rule)],
        disputed=[text for rule, text in cases if _asks_disputes(rule)],
    )
    numbers = tuple(rule.number for rule in rules)
    name = _facet_name(facet)
    forms = form.written("range"), form.written("some")
    return Step(name, "people", numbers, *forms, facet=facet, is_wide=form.is_wide)


@dataclass(frozen=True, slots=True)
class _Form:
    """One step over people, to be written for a range of them or for some."""

    facet: int
    is_wide: bool
    needs: Needs
    broken: list[str]
    disputed: list[str]

    def written(self, kind: str) -> str:
        """Return the statement; ``kind`` is ``range`` (joined in order) or ``some``."""
        own = {key for key in self.needs.keys if dictionary.facet_of()[key] == self.facet}
        core = self.needs.keys - own
        source = "measuring_{}" if self.is_wide else "measuring_{}_rows"
        parts = {
            "source": sql(source.format(kind)),
            "joins": "\n".join(self._joins(kind, has_core=bool(core))),
            "unfolded": ",\n".join(_unfolded("f") + (_unfolded("c") if core else [])),
            "activity": ", z.latest_activity" if self._asks_activity else "",
            "columns": ", ".join(self._columns(own, core)),
            "leads": "\n".join(_leads(self.needs)),
            "led": "".join(f", {column}" for column in _led(self.needs)),
            "broken": _DISPUTED.sub(self._is_disputed, ",\n".join(self.broken)),
            "disputes": self._disputes(has_core=bool(core)),
        }
        text = sql("measuring")
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", part)
        return text.replace("{facet}", str(self.facet))

    @property
    def _asks_activity(self) -> bool:
        return "latest_activity" in self.needs.names

    def _joins(self, kind: str, *, has_core: bool) -> Iterator[str]:
        yield _facet(kind, "f", self.facet) if self.is_wide else sql(f"measuring_{kind}_of_card")
        yield sql(f"measuring_{kind}_base").replace("{alias}", "f")
        if has_core:
            yield _facet(kind, "c", CORE)
            yield sql(f"measuring_{kind}_base").replace("{alias}", "c")
        if self._asks_activity:
            numbers = (str(dictionary.facet_numbers()[name]) for name in _ACTIVE)
            yield sql("measuring_activity").replace("{active}", ", ".join(numbers))

    def _columns(self, own: set[str], core: set[str]) -> list[str]:
        found = ["person_id", "status", "commune", "f_disputed"]
        if self._asks_activity:
            found.append("latest_activity")
        if core:
            found.append("c_disputed")
        return [*found, *_columns(self.needs, own, "f"), *_columns(self.needs, core, "c")]

    def _disputes(self, *, has_core: bool) -> str:
        if not self.disputed:
            return ""
        anything = "v.f_disputed IS NOT NULL" + (" OR v.c_disputed IS NOT NULL" if has_core else "")
        cases = _DISPUTED.sub(self._is_disputed, ",\n".join(self.disputed))
        return f" || CASE WHEN {anything} THEN array_remove(ARRAY[{cases}]::smallint[], NULL) END"

    def _is_disputed(self, found: re.Match[str]) -> str:
        alias = "f" if dictionary.facet_of()[found[1]] == self.facet else "c"
        return f"({found[1]} = ANY (v.{alias}_disputed))"


def _asks_disputes(rule: Measurable) -> bool:
    """Say whether a rule is broken only by those of whom something is disputed."""
    last = rule.broken.parts[-1] if rule.broken.kind == "and" else rule.broken
    return last.kind == "call" and last.value == "disputed"


def _facet_name(facet: int) -> str:
    return next(name for name, number in dictionary.facet_numbers().items() if number == facet)


def _is_wide(rule: Measurable) -> bool:
    """Say whether somebody without a row of the facet may break the rule.

    So it is when something may be missing of whom the population is said by other facets alone.
    """
    asked = {
        str(node.parts[0].value)
        for node in rule.broken.walk()
        if node.kind == "call" and node.value == "missing"
    }
    if not asked:
        return False
    facets = {attribute(name).facet for name in asked}
    others = set(rule.broken.attributes) - asked
    return not any(attribute(name).facet in facets for name in others)


def _facet(kind: str, alias: str, facet: int) -> str:
    text = sql(f"measuring_{kind}_facet").replace("{alias}", alias)
    return text.replace("{facet}", str(facet))


def _unfolded(alias: str) -> list[str]:
    return [sql("measuring_unfolded").replace("{alias}", alias)]


def _columns(needs: Needs, keys: Iterable[str], alias: str) -> list[str]:
    found = []
    for key in sorted(keys, key=int):
        if key in needs.claims:
            found.append(f"{alias}_facts ? '{key}' AS h{key}")
        if key in needs.texts:
            found.append(f"{alias}_facts ->> '{key}' AS t{key}")
        if key in needs.days:
            found.append(
                f"CASE WHEN {alias}_over IS NULL THEN {alias}_day ELSE coalesce("
                f"({alias}_over -> '{key}' ->> 3)::integer, {alias}_day) END AS d{key}"
            )
    return found


def _leads(needs: Needs) -> list[str]:
    """What numbers and addresses lead to."""
    found = [sql("measuring_card").replace("{key}", key) for key in sorted(needs.cards)]
    found += [sql("measuring_address").replace("{key}", key) for key in sorted(needs.addresses)]
    return found + [sql("measuring_unit").replace("{key}", key) for key in sorted(needs.units)]


def _led(needs: Needs) -> list[str]:
    found = [f"k{key}.k{key}_{what}" for key in needs.cards for what in ("year", "sex", "is")]
    found += [f"a{key}.a{key}_{what}" for key in needs.addresses for what in ("unit", "split")]
    stands = "CASE WHEN a{0}.a{0}_unit THEN u{0}.code IS NOT NULL END AS a{0}_stands"
    found += [stands.format(key) for key in needs.units]
    return found + [f"{text} AS {name}" for name, text in needs.worked_out.items()]


def _of_view(scope: Scope, rules: Sequence[Measurable], day: date) -> Step:
    """A step over households, or over the whole register by what people share."""
    compiler = Compiler(day)
    broken = ",\n".join(
        f"CASE WHEN {compiler.sql(rule.broken)} THEN {rule.number} END" for rule in rules
    )
    view = "measuring_household_view"
    if scope == "register":
        shared = compiler.needs.names & {"phone_households", "namesakes"}
        if len(shared) != 1:
            raise ValueError(f"{rules[0].name} must name one thing that people share")
        view = f"measuring_{shared.pop()}"
    text = sql(view)
    for name in ("household_relationship", "birth_date", "phone"):
        text = text.replace(f"{{{name}}}", dictionary.key(name))
    text = text.replace("{contact}", str(dictionary.facet_numbers()["contact"]))
    statement = sql("measuring_view").replace("{view}", text).replace("{broken}", broken)
    name = scope if scope == "households" else rules[0].name
    of_range, of_some = (
        statement.replace("{people}", sql(f"measuring_{kind}")) for kind in ("range", "some")
    )
    return Step(name, scope, tuple(rule.number for rule in rules), of_range, of_some)
