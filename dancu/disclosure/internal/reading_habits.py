"""Who reads how much, when and whom: the numbers of the auditor's page, and the looks behind them.

A **reader** is an account, or whoever an agency names as its own officer under a contract. What
citizens see of themselves is left out. Verifications show nothing and count under one sign only:
who asks about the same person often enough finds out what they were not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from dancu.agencies.models import Office
from dancu.catalogue import purposes
from dancu.catalogue.oversight import Signs
from dancu.disclosure.internal.ledger import Kind
from dancu.disclosure.internal.trying import OVERTRIED
from dancu.disclosure.models import AccessRecord
from dancu.kernel.clock import today
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.places import queries as places

_KINDS = (
    Kind.LOOK,
    Kind.SEARCH,
    Kind.PRESENTED,
    Kind.REVEAL,
    Kind.RELATIVE,
    Kind.AUDIT,
    Kind.CHANGE,
    Kind.PRINT,
    Kind.LOOKUP,
)
_OWN_SCOPES = ("own", "own_household")
#: Kinds in which one person was opened, and not only stood in a list.
_OPENED = (Kind.LOOK, Kind.PRESENTED, Kind.REVEAL, Kind.PRINT, Kind.LOOKUP)
#: Looks within ten minutes are one occasion: to answer a dossier, seal the answer and print it
#: opens the person five times.
_OCCASIONS = "count(DISTINCT date_bin('10 minutes', a.at, 'epoch'))"
_READER = "a.account_id, a.contract, CASE WHEN a.contract = '' THEN '' ELSE a.agent END"

_SCOPE = """
    a.at >= %(since)s AND a.at < %(until)s AND a.kind = ANY(%(kinds)s)
    AND a.purpose <> ALL(%(own)s)
"""
_ODD = """(
    (a.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::time NOT BETWEEN %(opens)s AND %(closes)s
    OR (a.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = ANY(%(holidays)s)
    OR (extract(isodow FROM a.at AT TIME ZONE 'Asia/Ho_Chi_Minh') > 5
        AND (a.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <> ALL(%(worked)s))
)"""
# An office that serves nothing in particular has no outside; a person without a known commune, or
# whose commune a split leaves open, is not counted either, nor is a guest at a check of lodging.
_OUTSIDE = """(
    a.person_id IS NOT NULL
    AND a.purpose <> ALL(%(guests)s)
    AND a.office = ANY(%(offices)s)
    AND EXISTS (
        SELECT FROM population_person p
        WHERE p.id = a.person_id AND p.commune IS NOT NULL
          AND NOT EXISTS (
              SELECT FROM unnest(%(area_offices)s::text[], %(area_units)s::text[]) s (office, unit)
              WHERE s.office = a.office AND s.unit IN (p.commune, p.stay_commune)
          )
    )
)"""
_HABITS = f"""
SELECT {_READER},
       mode() WITHIN GROUP (ORDER BY a.office), mode() WITHIN GROUP (ORDER BY a.role),
       count(DISTINCT a.person_id) FILTER (WHERE a.refusal = ''),
       count(DISTINCT a.disclosure) FILTER (WHERE {_ODD}),
       count(DISTINCT a.disclosure) FILTER (WHERE a.refusal <> ''),
       count(DISTINCT a.disclosure)
FROM disclosure_accessrecord a
WHERE {_SCOPE}
GROUP BY 1, 2, 3
"""
_PEOPLE_OUTSIDE = f"""
SELECT {_READER}, count(DISTINCT a.person_id)
FROM disclosure_accessrecord a
WHERE {_SCOPE} AND {_OUTSIDE}
GROUP BY 1, 2, 3
"""
_PEOPLE_AGAIN = f"""
SELECT account_id, contract, agent, count(*), max(looks)
FROM (
    SELECT {_READER} AS agent, a.person_id, {_OCCASIONS} AS looks
    FROM disclosure_accessrecord a
    WHERE {_SCOPE} AND a.person_id IS NOT NULL AND a.kind = ANY(%(opened)s)
    GROUP BY 1, 2, 3, 4
    HAVING {_OCCASIONS} >= %(looks)s
) often
GROUP BY 1, 2, 3
"""
_AGAIN = f"""
    a.kind = ANY(%(opened)s) AND a.person_id IN (
        SELECT a.person_id FROM disclosure_accessrecord a
        WHERE {_SCOPE} AND {{mine}} AND a.person_id IS NOT NULL AND a.kind = ANY(%(opened)s)
        GROUP BY 1 HAVING {_OCCASIONS} >= %(looks)s
    )
"""
_ASKED = """
    a.at >= %(since)s AND a.at < %(until)s AND a.kind = %(verify)s AND a.person_id IS NOT NULL
"""
_DAY = "(a.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
_OFTEN = "count(*) >= %(answers)s OR bool_or(a.refusal = %(overtried)s)"
_PEOPLE_ASKED = f"""
SELECT account_id, contract, agent, min(office), min(role), count(DISTINCT person_id), max(times)
FROM (
    SELECT {_READER} AS agent, a.person_id, min(a.office) AS office, min(a.role) AS role,
           count(*) AS times
    FROM disclosure_accessrecord a
    WHERE {_ASKED}
    GROUP BY 1, 2, 3, 4, {_DAY}
    HAVING {_OFTEN}
) often
GROUP BY 1, 2, 3
"""
_ASKED_OFTEN = f"""(a.person_id, {_DAY}) IN (
    SELECT a.person_id, {_DAY} FROM disclosure_accessrecord a
    WHERE {_ASKED} AND {{mine}}
    GROUP BY 1, 2 HAVING {_OFTEN}
)"""
_MINE = {
    True: "a.account_id = %(account)s",
    False: "a.account_id IS NULL AND a.contract = %(contract)s AND a.agent = %(agent)s",
}


class Sign(StrEnum):
    """What may be unusual about a reader; ``ALL`` stands for everything that they read."""

    ALL = "all"
    VOLUME = "volume"
    HOURS = "hours"
    OUTSIDE = "outside"
    AGAIN = "again"
    REFUSED = "refused"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Reader:
    """An account, or an agency's officer under a contract."""

    account_id: int | None = None
    contract: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time, its end left out."""

    since: datetime
    until: datetime


@dataclass(slots=True)
class Habits:
    """The numbers of one reader; ``most_looks`` is how often one person was opened at most.

    ``asked``: people about whom the reader verified too often in one day, one of them
    ``most_asked`` times.
    """

    reader: Reader
    office: str
    role: str
    people: int
    odd_hours: int
    refused: int
    answers: int
    outside: int = 0
    again: int = 0
    most_looks: int = 0
    asked: int = 0
    most_asked: int = 0


def habits(period: Period, signs: Signs) -> list[Habits]:
    """Return the numbers of everybody who read something or asked too often, in four queries."""
    values = _values(period, signs)
    found = {}
    for *key, office, role, people, odd, refused, answers in _rows(_HABITS, values):
        reader = Reader(*key)
        found[reader] = Habits(reader, office, role, people, odd, refused, answers)
    values |= _areas({item.office for item in found.values()}, period.until)
    for *key, people in _rows(_PEOPLE_OUTSIDE, values):
        found[Reader(*key)].outside = people
    for *key, people, looks in _rows(_PEOPLE_AGAIN, values):
        found[Reader(*key)].again = people
        found[Reader(*key)].most_looks = looks
    for *key, office, role, people, times in _rows(_PEOPLE_ASKED, values):
        reader = Reader(*key)
        item = found.setdefault(reader, Habits(reader, office, role, 0, 0, 0, 0))
        item.asked, item.most_asked = people, times
    return list(found.values())


def records_behind(
    reader: Reader, sign: Sign, period: Period, signs: Signs
) -> QuerySet[AccessRecord]:
    """Return the access records that a number of a reader counts."""
    values = _values(period, signs) | {
        "account": reader.account_id,
        "contract": reader.contract,
        "agent": reader.agent,
    }
    mine = _MINE[reader.account_id is not None]
    if sign is Sign.OUTSIDE:
        values |= _areas(_offices_of(reader, period), period.until)
    condition = {
        Sign.ALL: "true",
        Sign.VOLUME: "a.refusal = '' AND a.person_id IS NOT NULL",
        Sign.HOURS: _ODD,
        Sign.OUTSIDE: _OUTSIDE,
        Sign.AGAIN: _AGAIN.format(mine=mine),
        Sign.REFUSED: "a.refusal <> ''",
        Sign.ASKED: _ASKED_OFTEN.format(mine=mine),
    }[sign]
    scope = _ASKED if sign is Sign.ASKED else _SCOPE
    query = f"SELECT a.id FROM disclosure_accessrecord a WHERE {scope} AND {mine} AND {condition}"
    return AccessRecord.objects.filter(id__in=RawSQL(*_positional(query, values)))  # noqa: S611


def require_reader(reader: Reader) -> None:
    """Raise ``NotFoundOrNotYours`` for nobody in particular."""
    if reader.account_id is None and not reader.contract:
        raise NotFoundOrNotYours


def _offices_of(reader: Reader, period: Period) -> set[str]:
    rows = AccessRecord.objects.filter(at__gte=period.since, at__lt=period.until)
    if reader.account_id is not None:
        rows = rows.filter(account_id=reader.account_id)
    else:
        rows = rows.filter(contract=reader.contract)
    return set(rows.values_list("office", flat=True).distinct())


def _values(period: Period, signs: Signs) -> dict[str, Any]:
    return {
        "since": period.since,
        "until": period.until,
        "kinds": [int(kind) for kind in _KINDS],
        # What citizens see of themselves, beside whom their relatives stand.
        "own": [one.name for one in purposes().values() if one.scope in _OWN_SCOPES],
        "guests": [one.name for one in purposes().values() if one.scope == "guests"],
        "opened": [int(kind) for kind in _OPENED],
        "opens": signs.opens,
        "closes": signs.closes,
        "holidays": list(signs.holidays),
        "worked": list(signs.worked),
        "looks": signs.again_looks,
        "verify": int(Kind.VERIFY),
        "answers": signs.asked_answers,
        "overtried": OVERTRIED,
    }


def _areas(offices: Iterable[str], at: datetime) -> dict[str, Any]:
    """The offices that serve an area, and pairs of office and commune of it."""
    pairs: list[tuple[str, str]] = []
    serving = []
    for code, serves in Office.objects.filter(code__in=list(offices)).values_list("code", "serves"):
        units = places.units_under(frozenset(serves), today(at)) if serves else frozenset()
        if units:
            serving.append(code)
            pairs += [(code, unit) for unit in units]
    return {
        "offices": serving,
        "area_offices": [code for code, _unit in pairs],
        "area_units": [unit for _code, unit in pairs],
    }


def _rows(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _positional(query: str, values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """Turn named places into plain ones, which is what a part of a query may have."""
    order: list[str] = []

    class Place(dict[str, str]):
        def __missing__(self, name: str) -> str:
            order.append(name)
            return "%s"

    text = query % Place()
    return text, tuple(values[name] for name in order)
