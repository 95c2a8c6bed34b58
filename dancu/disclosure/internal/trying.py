"""Bounding how many values of one attribute may be tried on one person in a day.

Each comparison tells one bit; whoever may try every commune finds the right one. What agrees is no
trial: only questions after a place and values that turned out to differ are counted, each different
one once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from dancu.disclosure.inquiries import Inquiry, Verdict
from dancu.disclosure.internal.agency_ledger import require_no_transaction
from dancu.disclosure.internal.comparing import differs
from dancu.disclosure.internal.ledger import digest
from dancu.disclosure.models import TriedValues
from dancu.operation.cursors import server_cursor

#: The code under which a refusal stands in the access record.
OVERTRIED = "too-many-values"
_TOLD = frozenset({"yes", "no"})
# One row for each person, contract and attribute, locked by the upsert: two requests at once never
# get more than one. Rows are locked in the order of their keys, so that no two rounds wait in a
# circle.
#
# On disk with the access records at the latest, which are committed after it.
_TRY = """
INSERT INTO disclosure_triedvalues AS t (day, contract, person_id, name, most, tried)
SELECT %s, r.c, r.p, r.n, r.m, ARRAY(SELECT decode(value, 'hex') FROM json_array_elements_text(r.v))
FROM json_to_recordset(%s::json) AS r (c text, p bigint, n text, m smallint, v json)
CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true) AS hurried OFFSET 0) s
WHERE json_array_length(r.v) <= r.m AND s.hurried = 'off'
ORDER BY r.c, r.p, r.n
ON CONFLICT (day, contract, person_id, name) DO UPDATE
SET tried = ARRAY(SELECT unnest(t.tried) UNION SELECT unnest(excluded.tried))
WHERE (SELECT count(*) FROM (SELECT unnest(t.tried) UNION SELECT unnest(excluded.tried)) v)
      <= excluded.most
RETURNING contract, person_id, name
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """Values of one attribute or question that one inquiry tries on one person."""

    place: int
    contract: str
    person_id: int
    name: str
    values: frozenset[str]
    most: int


def beyond(trials: Sequence[Trial], *, day: date) -> dict[int, str]:
    """Count trials; return the places of those beyond the day's bound, with the name tried.

    A value that was tried before counts no second time, and what is refused does not count.
    Committed at once, outside a transaction.
    """
    found: dict[int, str] = {}
    waiting = list(trials)
    while waiting:
        round_, later = _first_of_each(waiting)
        granted = _granted(list(round_.values()), day)
        found.update((one.place, one.name) for key, one in round_.items() if key not in granted)
        waiting = [one for one in later if one.place not in found]
    return found


def forget_before(day: date) -> int:
    """Delete what was tried before a day; return how many rows."""
    count, _by_model = TriedValues.objects.filter(day__lt=day).delete()
    return count


def trials(
    place: int, inquiry: Inquiry, verdict: Verdict, person_id: int, *, is_row: bool
) -> list[Trial]:
    """Return what one inquiry tries on the person whom it led to; a row of a list: its questions.

    An age is no trial: the birth date was said, or its year is in the number.
    """
    if not inquiry.most_values or inquiry.is_sandbox:
        return []
    found = {
        name: {str(inquiry.claims[name])}
        for name, one in verdict.attributes.items()
        if not is_row and differs(one)
    }
    for question in inquiry.questions:
        if question.name == "lives_in" and verdict.answers.get(question.key) in _TOLD:
            found.setdefault(question.name, set()).add(str(question.argument))
    return [
        Trial(place, inquiry.contract, person_id, name, frozenset(values), inquiry.most_values)
        for name, values in found.items()
    ]


def unsure(verdict: Verdict | None, word: str) -> Verdict | None:
    """Return the verdict about a row of a list; ``word`` answers what was asked too often."""
    if verdict is None or not verdict.overtried:
        return verdict
    tried = verdict.overtried
    answers = {key: word if key.startswith(tried) else v for key, v in verdict.answers.items()}
    return replace(verdict, answers=answers, overtried="")


_Key = tuple[str, int, str]


def _first_of_each(trials: Sequence[Trial]) -> tuple[dict[_Key, Trial], list[Trial]]:
    """Part off the first trial of each row: one statement cannot touch a row twice."""
    first: dict[_Key, Trial] = {}
    later = []
    for one in trials:
        key = (one.contract, one.person_id, one.name)
        if key in first:
            later.append(one)
        else:
            first[key] = one
    return first, later


def _granted(trials: Sequence[Trial], day: date) -> set[_Key]:
    rows: list[Mapping[str, Any]] = [
        {
            "c": one.contract,
            "p": one.person_id,
            "n": one.name,
            "m": one.most,
            # In hexadecimal, because folding makes one value of two that differ in their accents.
            "v": sorted(digest(value.encode().hex()).hex() for value in one.values),
        }
        for one in trials
    ]
    said = orjson.dumps(rows).decode()
    require_no_transaction()
    with server_cursor() as cursor:
        return set(cursor.execute(_TRY, [day, said], prepare=True).fetchall())
