"""What an office has to mend: issues of its rules in its communes, and those passed on to it.

Nothing here shows anybody: keys and numbers, for lists whose people come through the door out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from dancu.catalogue.quality import SEVERITIES, QualityRule
from dancu.quality.models import Handling, Issue
from dancu.quality.queries import code_of, number_of

#: Whose rules the offices of a kind of source work off, beside their own. The People's Committee
#: of a commune enters no facts at the door; its police do.
_ALSO: Mapping[str, tuple[str, ...]] = {"police": ("ward",)}
#: Whatever is more than this is counted as so many.
MOST_COUNTED = 9_999
_BLOCKS, _HARMLESS = SEVERITIES.index("blocks"), SEVERITIES.index("minor")
_MINE = """
    SELECT subject, rule, unit, opened_on FROM quality_issue
    WHERE unit = ANY (%(units)s::integer[]) AND rule = ANY (%(own)s::smallint[])
      AND passed_to IS NULL
    UNION ALL
    SELECT subject, rule, unit, opened_on FROM quality_issue
    WHERE passed_to = %(office)s AND unit = ANY (%(area)s::integer[])
      AND rule = ANY (%(seen)s::smallint[])
"""
_LOADS = f"""
SELECT array_agg(subject), array_agg(issues), array_agg(blocking),
       array_agg(subject) FILTER (WHERE is_grave)
FROM (
    SELECT i.subject, count(*)::integer AS issues,
           (count(*) FILTER (WHERE r.severity = %(blocks)s))::integer AS blocking,
           bool_or(r.severity < %(harmless)s) AS is_grave
    FROM ({_MINE}) i
    JOIN unnest(%(seen)s::smallint[], %(severities)s::smallint[]) AS r (rule, severity) USING (rule)
    GROUP BY i.subject
) s
"""
_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM ({_MINE}) i LIMIT %(most)s) c"
_BY_RULE = f"SELECT rule, count(*) FROM ({_MINE}) i GROUP BY rule"
_OF_RULE = f"""
SELECT subject, rule, opened_on, unit FROM ({_MINE}) i WHERE rule = %(rule)s
ORDER BY opened_on, subject LIMIT %(limit)s OFFSET %(offset)s
"""
_PASSED = """
SELECT subject, rule, opened_on, passed_to FROM quality_issue
WHERE passed_to IS NOT NULL AND unit = ANY (%(area)s::integer[])
  AND rule = ANY (%(seen)s::smallint[])
  AND (passed_to = %(office)s OR rule = ANY (%(own)s::smallint[]))
ORDER BY passed_to <> %(office)s, opened_on, subject, rule LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose work it is: an office with its kind of source, and the rules that may be opened.

    ``communes`` are those whose issues are listed, ``area`` all that the officer serves.
    """

    office: str
    kind: str
    communes: frozenset[str]
    area: frozenset[str]
    rules: tuple[QualityRule, ...]

    @property
    def own(self) -> frozenset[int]:
        """The rules whose issues are with offices of this kind by themselves."""
        kinds = kinds_of(self.kind)
        return frozenset(rule.number for rule in self.rules if rule.remedy_by in kinds)


@dataclass(frozen=True, slots=True)
class Loads:
    """What is to be mended by person: issues, those that block a service; who has a grave one."""

    people: Sequence[int] = ()
    issues: Sequence[int] = ()
    blocking: Sequence[int] = ()
    grave: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """An open issue; ``passed_to`` is empty while it is with the office that its rule names."""

    subject: int
    rule: int
    opened_on: date
    passed_to: str = ""
    commune: str = ""

    def is_with(self, scope: Scope) -> bool:
        """Say whether the office mends it: passed on to it, or its own and not passed on."""
        return self.passed_to == scope.office if self.passed_to else self.rule in scope.own


def kinds_of(kind: str) -> frozenset[str]:
    """Return the kinds of source whose issues an office of a kind works off."""
    return frozenset({kind, *_ALSO.get(kind, ())})


def loads(scope: Scope) -> Loads:
    """Return what is to be mended by the office, by person."""
    (row,) = _rows(_LOADS, scope)
    return Loads(*(part or () for part in row))


def count(scope: Scope) -> int:
    """Return how many issues the office has to mend, up to one more than ``MOST_COUNTED``."""
    ((number,),) = _rows(_COUNT, scope, most=MOST_COUNTED + 1)
    return int(number)


def by_rule(scope: Scope) -> list[tuple[QualityRule, int]]:
    """Return the rules with issues for the office: the gravest first, then by number."""
    found: dict[int, int] = dict(_rows(_BY_RULE, scope))
    rules = [(rule, found[rule.number]) for rule in scope.rules if rule.number in found]
    return sorted(rules, key=lambda one: (SEVERITIES.index(one[0].severity), -one[1]))


def of_rule(scope: Scope, rule: int, *, limit: int, offset: int = 0) -> list[OpenIssue]:
    """Return the office's issues of one rule, the oldest first."""
    rows = _rows(_OF_RULE, scope, rule=rule, limit=limit, offset=offset)
    return [
        OpenIssue(subject, number, opened_on, commune=code_of(unit))
        for subject, number, opened_on, unit in rows
    ]


def passed(scope: Scope, *, limit: int, offset: int = 0) -> list[OpenIssue]:
    """Return what was passed on to the office, then what it passed on itself."""
    rows = _rows(_PASSED, scope, limit=limit, offset=offset)
    return [OpenIssue(*row) for row in rows]


def open_of(people: Iterable[int], rules: Collection[int]) -> list[OpenIssue]:
    """Return all open issues of people by some rules, with whichever office they are."""
    rows = Issue.objects.filter(subject__in=list(people), rule__in=rules)
    return [
        OpenIssue(i.subject, i.rule, i.opened_on, i.passed_to or "", code_of(i.unit))
        for i in rows.order_by("subject", "rule")
    ]


def settled_of(issues: Collection[OpenIssue]) -> frozenset[tuple[int, int]]:
    """Return those that were settled and close with the examination at night."""
    acts = Handling.objects.filter(
        act=Handling.Act.SETTLED, subject__in={one.subject for one in issues}
    )
    found = set(acts.values_list("subject", "rule", "opened_on"))
    return frozenset(
        (one.subject, one.rule) for one in issues if (one.subject, one.rule, one.opened_on) in found
    )


def handled(person_id: int) -> list[Handling]:
    """Return what offices did about the issues of a person, the newest first."""
    return list(Handling.objects.filter(subject=person_id).order_by("-at", "-pk"))


def _rows(sql: str, scope: Scope, **more: Any) -> list[tuple[Any, ...]]:
    values = {
        "office": scope.office,
        "units": [number_of(one) for one in scope.communes],
        "area": [number_of(one) for one in scope.area],
        "own": sorted(scope.own),
        "seen": [rule.number for rule in scope.rules],
        "severities": [SEVERITIES.index(rule.severity) for rule in scope.rules],
        "blocks": _BLOCKS,
        "harmless": _HARMLESS,
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
