"""The answer to a row: what the exchange said, what was proposed, and the group it belongs to.

Stored compactly: a slice is a JSON list of rows, a row the list that ``RowAnswer.packed`` makes.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import orjson

from dancu.disclosure.inquiries import Verdict
from dancu.disclosure.services.verifying_rows import Proved, outcome_of
from dancu.exchange.batches.cleaning import Prepared
from dancu.exchange.types import Outcome, Result
from dancu.kernel.compare import MATCH, Compared

_LEVEL = 1
_MATCH = (Result.MATCH.value, "")
#: Groups of rows, in the order in which somebody should look at them.
GROUPS = (
    "match",
    "nearly",
    "writing",
    "unreadable_value",
    "name_differs",
    "birth_differs",
    "residence_differs",
    "other_differs",
    "other_person",
    "number_damaged",
    "number_missing",
    "several",
    "not_found",
    "dead",
    "cancelled",
    "twice",
    "unreadable",
    "refused",
)
_BY_OUTCOME = {
    Outcome.DEAD: "dead",
    Outcome.PID_CANCELLED: "cancelled",
    Outcome.NOT_FOUND: "not_found",
    Outcome.SEVERAL_CANDIDATES: "several",
}


_RESIDENCE = "permanent_residence"
_RESIDENCES = frozenset({"permanent_residence", "temporary_residence", "current_residence"})
#: What makes a number another than was written, so that somebody has to compare it.
_DAMAGED_NUMBER = frozenset({"leading_zero_lost", "typing"})


_NOTHING: Mapping[str, Any] = MappingProxyType({})


class RowAnswer(NamedTuple):
    """What came of one row.

    ``outcome`` is empty when nothing was asked. ``results``: attribute → (result, reason).
    ``proposed``: attribute → (value, code of the damage). ``code`` is the row's error code.
    """

    outcome: str
    group: str
    code: str = ""
    results: Mapping[str, tuple[str, str]] = _NOTHING
    proposed: Mapping[str, tuple[str, str]] = _NOTHING
    answers: Mapping[str, str] = _NOTHING
    successor: bool | None = None
    record: str = ""

    def packed(self) -> list[Any]:
        """Return the row as it is stored."""
        return [
            self.outcome,
            self.group,
            self.code,
            dict(self.results),
            dict(self.proposed),
            dict(self.answers),
            self.successor,
            self.record,
        ]


class Alike(NamedTuple):
    """A row of which many are alike: what came of all of them, and the number of this one."""

    answer: RowAnswer
    record: int


AnyAnswer: TypeAlias = Alike | RowAnswer


def proved(found: Proved, *, is_twice: bool) -> Alike:
    """Return what came of a row in which nothing but the residence may differ."""
    record, names, residence = found
    if residence is MATCH and not is_twice:
        return Alike(_right(names), record)
    return Alike(_of_proved(names, residence, is_twice), record)


@lru_cache(maxsize=16)
def _right(names: tuple[str, ...]) -> RowAnswer:
    return _of_proved(names, MATCH, False)


@lru_cache(maxsize=1_024)
def _of_proved(
    names: tuple[str, ...],
    residence: Compared,
    is_twice: bool,  # noqa: FBT001 - part of the key
) -> RowAnswer:
    attributes = dict.fromkeys(names, MATCH)
    if residence is not MATCH:
        attributes[_RESIDENCE] = residence
    verdict = Verdict(0, outcome_of(residence), None, attributes, {})
    return judged(Prepared(), verdict, 0 if is_twice else None)._replace(record="")


def judged(row: Prepared, verdict: Verdict, first: int | None = None) -> RowAnswer:
    """Return what came of a row that was asked. ``first``: an earlier row with its number."""
    record = str(verdict.record)
    if first is None and not row.repairs and not row.faults and _is_plain(verdict):
        results = dict.fromkeys(verdict.attributes, _MATCH)
        return RowAnswer(
            Outcome.FULL_MATCH.value, "match", "", results, {}, verdict.answers, None, record
        )
    proposed = {name: (one.proposed, one.code) for name, one in row.repairs.items()}
    results = {name: (one.result.value, one.reason) for name, one in verdict.attributes.items()}
    for name, (_value, code) in proposed.items():
        if results.get(name, ("", ""))[0] == Result.MATCH:
            results[name] = (Result.CLOSE.value, code.lower())
    for name, fault in row.faults.items():
        results.setdefault(name, (Result.UNKNOWN.value, fault.lower()))
    outcome = verdict.outcome
    group = _group(row, outcome, results, is_twice=first is not None)
    return RowAnswer(
        outcome.value,
        group,
        _code(row, group, results),
        results,
        proposed,
        verdict.answers,
        verdict.successor,
        record,
    )


def _is_plain(verdict: Verdict) -> bool:
    """Say whether everything is as in the register, to the letter."""
    return verdict.outcome is Outcome.FULL_MATCH and all(
        one.result is Result.MATCH for one in verdict.attributes.values()
    )


def unasked(row: Prepared) -> RowAnswer:
    """Return what came of a row that could not be asked."""
    code = row.faults.get("") or "NOBODY"
    if code == "NOBODY":
        code = next((fault for fault in row.faults.values() if fault != code), code)
    proposed = {name: (one.proposed, one.code) for name, one in row.repairs.items()}
    return RowAnswer("", "unreadable", code, proposed=proposed)


def _group(
    row: Prepared, outcome: Outcome, results: Mapping[str, tuple[str, str]], *, is_twice: bool
) -> str:
    if found := _BY_OUTCOME.get(outcome):
        return found
    if outcome is Outcome.ONE_CANDIDATE:
        return "number_damaged" if "pid" in row.claims else "number_missing"
    wrong = {name for name, (result, _) in results.items() if result == Result.MISMATCH}
    if wrong:
        return _differing(wrong)
    return "twice" if is_twice else _agreeing(row, results)


def _differing(wrong: set[str]) -> str:
    """Return the group of a row of which something is not as in the register."""
    if {"full_name", "birth_date"} <= wrong:
        return "other_person"
    if "full_name" in wrong:
        return "name_differs"
    if "birth_date" in wrong:
        return "birth_differs"
    return "residence_differs" if wrong <= _RESIDENCES else "other_differs"


def _agreeing(row: Prepared, results: Mapping[str, tuple[str, str]]) -> str:
    """Return the group of a row in which nothing speaks against the person."""
    if results.get("pid", ("", ""))[1] in _DAMAGED_NUMBER:
        return "number_damaged"
    unread = any(result == Result.UNKNOWN and reason for result, reason in results.values())
    if unread and any(name in row.faults for name in results):
        return "unreadable_value"
    if row.repairs:
        return "writing"
    is_close = any(result == Result.CLOSE for result, _ in results.values())
    return "nearly" if is_close else "match"


def _code(row: Prepared, group: str, results: Mapping[str, tuple[str, str]]) -> str:
    """Return the one code that explains the row best; empty when all is well."""
    if row.repairs:
        return next((one.code for one in row.repairs.values() if one.code), group.upper())
    if row.faults:
        return next(iter(row.faults.values()))
    if group == "match":
        return ""
    if group == "nearly":
        close = next((reason for result, reason in results.values() if result == Result.CLOSE), "")
        return close.upper() or "NEARLY"
    return group.upper()


def pack(rows: Iterable[AnyAnswer]) -> bytes:
    """Return rows as a slice is stored: those that are alike as ``[place among kinds, record]``."""
    kinds: dict[int, list[Any]] = {}
    places: dict[int, int] = {}
    packed = []
    for row in rows:
        if isinstance(row, RowAnswer):
            packed.append(row.packed())
            continue
        key = id(row.answer)
        if key not in places:
            places[key] = len(places)
            kinds[key] = row.answer.packed()
        packed.append([places[key], row.record])
    return zlib.compress(orjson.dumps({"kinds": [*kinds.values()], "rows": packed}), _LEVEL)


def unpack(content: bytes) -> list[tuple[RowAnswer, str]]:
    """Return the rows of a stored slice, each with its record; those alike share an answer."""
    stored: dict[str, Any] = orjson.loads(zlib.decompress(content))
    kinds = [_unpacked(*kind) for kind in stored["kinds"]]
    return [
        (kinds[row[0]], str(row[1])) if len(row) == _OF_ALIKE else (_unpacked(*row), row[-1])
        for row in stored["rows"]
    ]


_OF_ALIKE = len(Alike._fields)


def _unpacked(
    outcome: str,
    group: str,
    code: str,
    results: Mapping[str, Sequence[str]],
    proposed: Mapping[str, Sequence[str]],
    *rest: Any,
) -> RowAnswer:
    return RowAnswer(outcome, group, code, _pairs(results), _pairs(proposed), *rest)


def _pairs(stored: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, str]]:
    return {name: (one, other) for name, (one, other) in stored.items()}


def counted(rows: Sequence[AnyAnswer], counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts by group with those of the rows added."""
    sums = Counter(counts)
    sums.update([row.group if isinstance(row, RowAnswer) else row.answer.group for row in rows])
    return dict(sums)
