"""Reads: campaigns of an area, how far they have come, stops in order, and what visits found.

Everything takes the communes that may be seen; nothing here is about anybody in particular but keys
of the register, which are shown through the door out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from dancu.catalogue.campaigns import campaign_kinds
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.places import queries as places
from dancu.rounds import models as tables
from dancu.rounds.types import (
    BASES,
    OPEN_STATES,
    PERSON_STATES,
    Campaign,
    Coverage,
    Day,
    Stop,
    StopState,
    StopWindow,
    Subject,
    Visit,
)

By = Literal["campaign", "commune", "neighbourhood", "street", "each_street"]
#: What parts the keys, and the words, of a street from those of its neighbourhood.
_KEYS, _BETWEEN = "|", "\x1f"
#: Stops that are shown at once: as many as one screen and one disclosure bear well.
WINDOW = 25
_STATES: Mapping[int, StopState] = {
    0: "waiting",
    1: "nobody_home",
    2: "met",
    3: "differs",
    4: "refused",
    5: "no_such_house",
}
_CODES = {name: code for code, name in _STATES.items()}
_GROUPS: Mapping[By, tuple[str, str]] = {
    "campaign": ("a.campaign_id::text", "''"),
    "commune": ("a.commune", "''"),
    "neighbourhood": ("s.neighbourhood_key", "min(s.neighbourhood)"),
    "street": ("s.street_key", "min(s.street)"),
    "each_street": (
        f"a.commune || '{_KEYS}' || s.neighbourhood_key || '{_KEYS}' || s.street_key",
        f"min(s.neighbourhood) || chr({ord(_BETWEEN)}) || min(s.street)",
    ),
}
_COVERAGE = """
SELECT {key}, {label}, s.state, count(*), sum(s.people), sum(s.settled), sum(s.others)
FROM rounds_stop s JOIN rounds_area a ON a.id = s.area_id
WHERE s.is_listed AND a.campaign_id = ANY (%(campaigns)s::bigint[])
  AND (%(communes)s::text[] IS NULL OR a.commune = ANY (%(communes)s::text[]))
  AND (%(neighbourhood)s::text IS NULL OR s.neighbourhood_key = %(neighbourhood)s)
GROUP BY 1, s.state
ORDER BY 1
"""
_DONE = """
SELECT {key}, count(*), sum(s.settled)
FROM rounds_stop s JOIN rounds_area a ON a.id = s.area_id
WHERE s.is_listed AND s.state >= 2 AND a.campaign_id = %(campaign)s
  AND a.commune = ANY (%(communes)s::text[]) AND {only}
GROUP BY 1 ORDER BY 1 DESC
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Some part of a campaign: communes, and within them a neighbourhood or a street, by key."""

    campaign_id: int
    communes: Sequence[str]
    neighbourhood: str | None = None
    street: str | None = None


def campaigns(
    communes: Collection[str] | None, *, limit: int | None = None, offset: int = 0
) -> list[Campaign]:
    """Return the campaigns with a commune among these, the open ones first, then the newest."""
    rows = tables.Campaign.objects.filter(kind__in=list(campaign_kinds()))
    if communes is not None:
        here = tables.Area.objects.filter(commune__in=list(communes)).values("campaign_id")
        rows = rows.filter(pk__in=here)
    rows = rows.order_by(F("closed_at").desc(nulls_first=True), "-begins_on", "-pk")
    found = list(rows[offset:] if limit is None else rows[offset : offset + limit])
    counted = _areas(row.pk for row in found)
    return [_campaign(row, *counted[row.pk]) for row in found]


def campaign(campaign_id: int, communes: Collection[str] | None = None) -> Campaign:
    """Return one campaign. Raises ``NotFoundOrNotYours`` when none of its communes is among these.

    ``communes`` is None for the house itself.
    """
    row = tables.Campaign.objects.filter(pk=campaign_id, kind__in=list(campaign_kinds())).first()
    if row is None:
        raise NotFoundOrNotYours
    if communes is not None and not row.areas.filter(commune__in=list(communes)).exists():
        raise NotFoundOrNotYours
    return _campaign(row, *_areas([row.pk])[row.pk])


def communes_of(campaign_id: int) -> list[str]:
    """Return the communes of a campaign."""
    rows = tables.Area.objects.filter(campaign_id=campaign_id).order_by("commune")
    return list(rows.values_list("commune", flat=True))


def communes_under(unit: str, day: date) -> list[str]:
    """Return the communes of a unit on a day."""
    found = (places.unit(code, day) for code in sorted(places.units_under([unit], day)))
    return [one.code for one in found if one is not None and one.level == "commune"]


def communes_apart(campaign_id: int, unit: str, day: date) -> list[str]:
    """Return the communes of a campaign's unit that it does not visit."""
    visited = set(communes_of(campaign_id))
    return [code for code in communes_under(unit, day) if code not in visited]


def open_areas(day: date, campaign_id: int | None = None) -> list[int]:
    """Return the areas whose lists are to be renewed on a day."""
    rows = tables.Area.objects.filter(
        is_open=True, campaign__ends_on__gte=day, kind__in=list(campaign_kinds())
    )
    if campaign_id is not None:
        rows = rows.filter(campaign_id=campaign_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def coverage(place: Place, by: By) -> list[Coverage]:
    """Return how far a place has been visited, by parts of it in the order of their keys."""
    return _coverages([place.campaign_id], place.communes, by, place.neighbourhood)


def coverage_by_street(place: Place) -> list[tuple[str, str, Coverage]]:
    """Return commune, neighbourhood and coverage of every street of a place."""
    found = []
    for one in coverage(place, "each_street"):
        neighbourhood, _separator, street = one.label.partition(_BETWEEN)
        found.append((one.key.split(_KEYS)[0], neighbourhood, replace(one, label=street)))
    return found


def coverage_of(ids: Iterable[int], communes: Collection[str]) -> dict[int, Coverage]:
    """Return how far each of some campaigns has come in these communes."""
    found = _coverages(list(ids), list(communes), "campaign", None)
    return {int(one.key): one for one in found}


def total(parts: Iterable[Coverage], label: str = "") -> Coverage:
    """Return several places as one."""
    stops: dict[StopState, int] = {}
    people = settled = others = 0
    for one in parts:
        for state, number in one.stops.items():
            stops[state] = stops.get(state, 0) + number
        people, settled, others = people + one.people, settled + one.settled, others + one.others
    return Coverage("", label, stops, people, settled, others)


def by_day(place: Place) -> list[Day]:
    """Return what was done on each day, the newest first; each stop counts on its last visit."""
    return _done(place, "(s.visited_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text")


def by_team(place: Place) -> list[Day]:
    """Return what each team did; without a name of theirs, by the account that noted it."""
    return [
        *_done(place, "s.team", "s.team <> ''"),
        *(
            Day("", one.visited, one.settled, int(one.key) if one.key else None)
            for one in _done(place, "s.visited_by::text", "s.team = ''")
        ),
    ]


def stops(
    place: Place, *, only_open: bool = False, window: int = 1, size: int = WINDOW
) -> StopWindow:
    """Return a window of the stops of a place, in the order of streets and houses."""
    at = max(window, 1)
    rows = _stops(place)
    if only_open:
        rows = rows.filter(state__in=[_CODES[state] for state in OPEN_STATES])
    rows = rows.order_by(
        "area_id", "neighbourhood_key", "street_key", "house_key", "household", "pk"
    )
    found = list(rows[(at - 1) * size : at * size + 1])
    return StopWindow([_stop(row) for row in found[:size]], at, len(found) > size)


def stop(stop_id: int, communes: Collection[str]) -> Stop:
    """Return one stop. Raises ``NotFoundOrNotYours``."""
    rows = tables.Stop.objects.select_related("area").filter(area__commune__in=list(communes))
    row = rows.filter(pk=stop_id).first()
    if row is None:
        raise NotFoundOrNotYours
    return _stop(row)


def next_open(after: Stop) -> int | None:
    """Return the next stop of the same neighbourhood at which somebody has to come yet."""
    row = tables.Stop.objects.select_related("area").get(pk=after.id)
    rows = tables.Stop.objects.filter(
        area_id=row.area_id,
        neighbourhood_key=row.neighbourhood_key,
        is_listed=True,
        state__in=[_CODES[state] for state in OPEN_STATES],
    ).exclude(pk=row.pk)
    here = Q(street_key__gt=row.street_key) | Q(street_key=row.street_key) & (
        Q(house_key__gt=row.house_key) | Q(house_key=row.house_key) & Q(household__gt=row.household)
    )
    order = ("street_key", "house_key", "household", "pk")
    found = rows.filter(here).order_by(*order).first() or rows.order_by(*order).first()
    return found.pk if found else None


def subjects(stop_ids: Iterable[int]) -> dict[int, list[Subject]]:
    """Return who is asked about at some stops, by stop."""
    rows = tables.Subject.objects.filter(stop_id__in=list(stop_ids), left_on=None)
    found: dict[int, list[Subject]] = {}
    for row in rows.order_by("stop_id", "person_id"):
        one = Subject(row.person_id, row.stop_id, BASES[row.basis - 1], PERSON_STATES[row.state])
        found.setdefault(row.stop_id, []).append(one)
    return found


def visits(stop_id: int) -> list[Visit]:
    """Return the visits at a stop, the newest first."""
    rows = tables.Visit.objects.filter(stop_id=stop_id).order_by("-version")
    return [_visit(row) for row in rows]


def causes(place: Place) -> dict[tuple[str, int], int]:
    """Return how many joined and left, by ``(joined|left, cause)``."""
    rows = tables.Subject.objects.filter(
        area__campaign_id=place.campaign_id, area__commune__in=list(place.communes)
    )
    gone = rows.filter(left_on__isnull=False).values_list("left").annotate(n=Count("person_id"))
    new = rows.filter(left_on=None).values_list("joined").annotate(n=Count("person_id"))
    return {("left", cause): n for cause, n in gone.order_by()} | {
        ("joined", cause): n for cause, n in new.order_by()
    }


def _coverages(
    ids: list[int], communes: Collection[str] | None, by: By, neighbourhood: str | None
) -> list[Coverage]:
    key, label = _GROUPS[by]
    text = _COVERAGE.replace("{key}", key).replace("{label}", label)
    values: dict[str, Any] = {
        "campaigns": ids,
        "communes": None if communes is None else list(communes),
        "neighbourhood": neighbourhood,
    }
    parts: dict[str, Coverage] = {}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        for name, words, state, number, people, settled, others in cursor.fetchall():
            before = parts.get(name) or Coverage(name, words, {})
            stops_by_state = {**before.stops, _STATES[state]: number}
            parts[name] = Coverage(
                name,
                min(before.label, words),
                stops_by_state,
                before.people + people,
                before.settled + settled,
                before.others + others,
            )
    return list(parts.values())


def _done(place: Place, key: str, only: str = "true") -> list[Day]:
    values: dict[str, Any] = {
        "campaign": place.campaign_id,
        "communes": list(place.communes),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DONE.replace("{key}", key).replace("{only}", only), values)
        return [Day(name or "", number, settled) for name, number, settled in cursor.fetchall()]


def _stops(place: Place) -> QuerySet[tables.Stop]:
    rows = tables.Stop.objects.select_related("area").filter(
        area__campaign_id=place.campaign_id, area__commune__in=list(place.communes), is_listed=True
    )
    if place.neighbourhood is not None:
        rows = rows.filter(neighbourhood_key=place.neighbourhood)
    if place.street is not None:
        rows = rows.filter(street_key=place.street)
    return rows


def _areas(ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return how many communes each campaign has, and of how many the lists are made."""
    rows = tables.Area.objects.filter(campaign_id__in=list(ids)).values_list("campaign_id")
    counted = rows.annotate(n=Count("pk"), drawn=Count("drawn_at")).order_by()
    return {number: (n, drawn) for number, n, drawn in counted}


def _campaign(row: tables.Campaign, areas: int, drawn: int) -> Campaign:
    return Campaign(
        id=row.pk,
        kind=campaign_kinds()[row.kind],
        unit=row.unit,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        areas=areas,
        drawn=drawn,
    )


def _stop(row: tables.Stop) -> Stop:
    return Stop(
        id=row.pk,
        campaign_id=row.area.campaign_id,
        commune=row.area.commune,
        neighbourhood=row.neighbourhood,
        neighbourhood_key=row.neighbourhood_key,
        street=row.street,
        street_key=row.street_key,
        house=row.house,
        state=_STATES[row.state],
        attempts=row.attempts,
        people=row.people,
        settled=row.settled,
        version=row.version,
        visited_at=row.visited_at,
        visited_by=row.visited_by,
        team=row.team,
    )


def _visit(row: tables.Visit) -> Visit:
    outcome = _STATES[row.outcome]
    assert outcome != "waiting"  # noqa: S101 - a visit found something
    return Visit(
        version=row.version,
        at=row.at,
        account_id=row.account_id,
        team=row.team,
        outcome=outcome,
        others=row.others,
        note=row.note,
        answers={int(person): said for person, said in row.answers.items()},
    )
