"""Use cases: opening and closing campaigns, noting what was found at a door, renewing lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_noop as _

from dancu.access import policy
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue import purposes, roles
from dancu.catalogue.campaigns import CONFIRMED, VISIT, CampaignKind, campaign_kinds
from dancu.kernel.clock import today
from dancu.kernel.dates import format_vietnamese
from dancu.kernel.errors import FieldError, Invalid, NotFoundOrNotYours
from dancu.places import queries as places
from dancu.rounds import drawing, queries
from dancu.rounds.errors import (
    CampaignClosed,
    CampaignNotRunning,
    CampaignRuns,
    NothingToCheck,
    StopChanged,
)
from dancu.rounds.internal.confirming import confirm
from dancu.rounds.models import Area, Campaign, Stop, Subject, Visit
from dancu.rounds.types import Answers, Drawn, Outcome
from dancu.rounds.types import Campaign as CampaignValue

OPEN = "round.open"
#: Lists of so many communes are made while the officer waits; of more, in the background.
AT_ONCE = 1
LONGEST_DAYS = 366
MOST_OTHERS = 99
_CODES: Mapping[Outcome, Stop.State] = {
    "met": Stop.State.MET,
    "differs": Stop.State.DIFFERS,
    "nobody_home": Stop.State.NOBODY_HOME,
    "refused": Stop.State.REFUSED,
    "no_such_house": Stop.State.NO_SUCH_HOUSE,
}
_PEOPLE: Mapping[str, Subject.State] = {
    "confirmed": Subject.State.CONFIRMED,
    "differs": Subject.State.DIFFERS,
    "moved": Subject.State.MOVED,
    "absent": Subject.State.ABSENT,
    "not_found": Subject.State.NOT_FOUND,
    "refused": Subject.State.REFUSED,
}
#: What an outcome of the whole house says of everybody there.
_OF_ALL: Mapping[Outcome, Subject.State] = {
    "met": Subject.State.CONFIRMED,
    "refused": Subject.State.REFUSED,
    "no_such_house": Subject.State.NOT_FOUND,
}


@dataclass(frozen=True, slots=True)
class Noted:
    """A visit that was noted: the stop's version since, and how many facts it confirmed."""

    version: int
    confirmed: int


@transaction.atomic
def open_campaign(
    *, kind: str, unit: str, begins_on: date, ends_on: date, actor: Actor, at: datetime
) -> int:
    """Open a general check or a round in a unit, and make its lists; return its number.

    Lists of more than ``AT_ONCE`` communes are left to whoever calls ``draw_lists``. Communes with
    a check of this kind of their own go on with it, and join when it is over. Raises
    ``ActionNotAllowed``, ``OutsideJurisdiction``, ``Invalid``, ``NothingToCheck`` and
    ``CampaignRuns``.
    """
    policy.require_action(actor, OPEN, roles=roles())
    day = today(at)
    policy.require_jurisdiction(
        actor, [unit], is_within=lambda code, areas: places.is_within(code, areas, day)
    )
    _require_sound(kind, begins_on, ends_on, day)
    communes = _communes(unit, day)
    row = Campaign.objects.create(
        kind=kind,
        unit=unit,
        begins_on=begins_on,
        ends_on=ends_on,
        opened_at=at,
        opened_by=actor.account_id,
    )
    free = _free(kind, communes, day)
    if not free:
        raise _runs(kind, communes, day)
    try:
        with transaction.atomic():
            areas = Area.objects.bulk_create(
                Area(campaign=row, commune=code, kind=kind) for code in free
            )
    except IntegrityError as error:
        raise _runs(kind, communes, day) from error
    if len(areas) <= AT_ONCE:
        for area in areas:
            drawing.draw(area.pk, at=at)
    detail = {"campaign": row.pk, "kind": kind, "unit": unit, "communes": len(areas)}
    if len(areas) < len(communes):
        detail["apart"] = len(communes) - len(areas)
    record(event="round.opened", actor=actor, at=at, detail=detail)
    return row.pk


@transaction.atomic
def close_campaign(*, campaign_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """End a campaign; its figures stay. Raises ``NotFoundOrNotYours`` and ``CampaignClosed``."""
    policy.require_action(actor, OPEN, roles=roles())
    row = Campaign.objects.select_for_update().filter(pk=campaign_id).first()
    if row is None or not places.is_within(row.unit, actor.jurisdictions, today(at)):
        raise NotFoundOrNotYours
    if row.closed_at is not None:
        raise CampaignClosed
    row.closed_at, row.closed_by = at, actor.account_id
    row.close_reason = reason.strip()[:300]
    row.save(update_fields=["closed_at", "closed_by", "close_reason"])
    row.areas.update(is_open=False)
    record(event="round.closed", actor=actor, at=at, detail={"campaign": row.pk})


def require_running(*, campaign: CampaignValue, day: date) -> None:
    """Raise ``CampaignNotRunning`` on a day on which a check is no case to see anybody for."""
    if not campaign.is_running(day):
        raise CampaignNotRunning(
            begins=format_vietnamese(campaign.begins_on), ends=format_vietnamese(campaign.ends_on)
        )


def draw_lists(*, at: datetime, campaign_id: int | None = None) -> Drawn:
    """Make the lists that are missing, and bring the others up to date; each commune by itself."""
    _join(at, campaign_id)
    found = Drawn()
    for area in queries.open_areas(today(at), campaign_id):
        one = drawing.draw(area, at=at)
        found = found + one
    detail = {"people": found.people, "joined": found.joined, "left": found.left}
    record(event="round.renewed", actor=None, at=at, detail={"campaign": campaign_id, **detail})
    return found


@transaction.atomic
def note_visit(
    *,
    stop_id: int,
    version: int,
    outcome: Outcome,
    answers: Answers | None = None,
    seen: Mapping[int, int] | None = None,
    about: Collection[int] | None = None,
    others: int = 0,
    team: str = "",
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Noted:
    """Note what was found at a door.

    ``version`` is that of the stop as the officer saw it. ``answers`` are for ``differs``: one of
    each question about everybody there. Of whom everything is as registered, the facts that the
    kind of check confirms are said again by the officer's office; ``seen`` are the versions of
    these people as they were shown. ``about`` are those who were shown, all of them without: of
    whoever was not, because they have left the area since, nothing is said. All of it or nothing.

    Raises ``ActionNotAllowed``, ``PurposeNotAllowed``, ``NotFoundOrNotYours``, ``StopChanged``,
    ``CampaignNotRunning``, ``Invalid`` and ``kernel.errors.Conflict`` when a fact was changed.
    """
    stop, area, kind = _held(stop_id, actor, at)
    if stop.version != version:
        raise StopChanged
    people = list(Subject.objects.filter(stop=stop, left_on=None).order_by("person_id"))
    _require_others(others)
    shown = [one for one in people if about is None or one.person_id in about]
    found = _found(kind, outcome, answers or {}, shown)
    confirmed = confirm(
        kind,
        [one for one in people if found.get(one.person_id) == Subject.State.CONFIRMED],
        seen=seen or {},
        case=queries.campaign(area.campaign_id).case,
        actor=actor,
        at=at,
    )
    _settle(area, found, at)
    visit = Visit(
        stop=stop,
        version=version + 1,
        at=at,
        account_id=actor.account_id,
        office=actor.office_code,
        team=team.strip()[:60],
        outcome=_CODES[outcome],
        others=others,
        note=note.strip()[:200],
        answers={str(key): dict(said) for key, said in (answers or {}).items()},
    )
    visit.save(force_insert=True)
    _stand(stop, visit, len(people), settled=len(found) or stop.settled)
    detail = {"stop": stop.pk, "outcome": outcome, "confirmed": confirmed}
    record(event="round.visited", actor=actor, at=at, detail=detail)
    return Noted(stop.version, confirmed)


def _settle(area: Area, found: Mapping[int, Subject.State], at: datetime) -> None:
    """Keep how everybody was found."""
    by_state: dict[Subject.State, list[int]] = {}
    for person, state in found.items():
        by_state.setdefault(state, []).append(person)
    for state, people in by_state.items():
        rows = Subject.objects.filter(area=area, person_id__in=people)
        rows.update(state=state, settled_at=at)


def _stand(stop: Stop, visit: Visit, people: int, *, settled: int) -> None:
    """Let the stop stand as its last visit found it."""
    stop.state, stop.version = visit.outcome, visit.version
    stop.visited_at, stop.visited_by = visit.at, visit.account_id
    stop.team, stop.others = visit.team, visit.others
    stop.attempts += 1
    stop.people, stop.settled = people, settled
    stop.save(
        update_fields=["state", "version", "visited_at", "visited_by", "team", "others",
                       "attempts", "people", "settled"]
    )  # fmt: skip


def _held(stop_id: int, actor: Actor, at: datetime) -> tuple[Stop, Area, CampaignKind]:
    """Hold a stop of the actor's area, on a day on which visits are noted.

    The area is shared first: lists are not renewed while a visit is noted, and never in a circle.
    """
    policy.require_action(actor, VISIT, roles=roles())
    day = today(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id FROM rounds_area a JOIN rounds_stop s ON s.area_id = a.id "
            "WHERE s.id = %s FOR SHARE OF a",
            [stop_id],
        )
        if cursor.fetchone() is None:
            raise NotFoundOrNotYours
    stop = Stop.objects.select_for_update(of=("self",)).get(pk=stop_id)
    area = Area.objects.select_related("campaign").get(pk=stop.area_id)
    if not places.is_within(area.commune, actor.jurisdictions, day):
        raise NotFoundOrNotYours
    kind = campaign_kinds()[area.kind]
    policy.require_purpose(
        actor, kind.purpose, case_number="KT", purposes=purposes(), roles=roles(), day=day
    )
    require_running(campaign=queries.campaign(area.campaign_id), day=day)
    if not area.is_open:
        raise CampaignClosed
    return stop, area, kind


def _found(
    kind: CampaignKind, outcome: Outcome, answers: Answers, people: Sequence[Subject]
) -> dict[int, Subject.State]:
    """Return how everybody was found; nothing when nobody was at home. Raises ``Invalid``."""
    if outcome == "nobody_home":
        return {}
    if outcome != "differs":
        return {one.person_id: _OF_ALL[outcome] for one in people}
    found = {
        one.person_id: _answered(kind, one.person_id, answers.get(one.person_id, {}))
        for one in people
    }
    if all(state == Subject.State.CONFIRMED for state in found.values()):
        raise _wrong(
            "answers",
            "nothing-differs",
            _("By these answers nothing differs."),
            _("Say “All as registered”, or choose what is otherwise."),
        )
    return found


def _answered(kind: CampaignKind, person: int, said: Mapping[str, str]) -> Subject.State:
    """Return the first answer that says otherwise; everything has to be answered."""
    state = Subject.State.CONFIRMED
    for question in kind.questions:
        answer = question.answer(said.get(question.name, ""))
        if answer is None:
            raise _wrong(
                f"{question.name}_{person}",
                "unanswered",
                _("This question has no answer."),
                _("Choose one of the answers."),
            )
        if state == Subject.State.CONFIRMED and answer.leads_to != CONFIRMED:
            state = _PEOPLE[answer.leads_to]
    return state


def _require_sound(kind: str, begins_on: date, ends_on: date, day: date) -> None:
    declared = campaign_kinds().get(kind)
    if declared is None or not declared.is_in_force(begins_on):
        raise _wrong(
            "kind",
            "not-in-force",
            _("There is no such check on that day."),
            _("Choose one of those that are offered."),
        )
    if begins_on - day > timedelta(days=LONGEST_DAYS):
        raise _wrong(
            "begins_on",
            "out-of-range",
            _("The check would begin in more than a year."),
            _("Enter an earlier first day, or open the check next year."),
        )
    if ends_on < begins_on or ends_on < day:
        raise _wrong(
            "ends_on",
            "out-of-range",
            _("The check would end before it begins, or has ended already."),
            _("Enter a later last day."),
        )
    if ends_on - begins_on > timedelta(days=LONGEST_DAYS):
        raise _wrong(
            "ends_on",
            "out-of-range",
            _("A check lasts a year at most."),
            _("Enter an earlier last day, and open another check then."),
        )


def _require_others(number: int) -> None:
    if not 0 <= number <= MOST_OTHERS:
        raise _wrong(
            "others",
            "out-of-range",
            _("Up to 99 people can be noted who are not on the list."),
            _("Enter a number from 0 to 99."),
        )


def _communes(unit: str, day: date) -> list[str]:
    communes = queries.communes_under(unit, day)
    if not communes:
        raise NothingToCheck
    return communes


def _free(kind: str, communes: Sequence[str], day: date) -> list[str]:
    """Return the communes without an open check of a kind.

    Lets go of those whose check is over by its days, though nobody closed it.
    """
    rows = Area.objects.filter(kind=kind, commune__in=communes, is_open=True)
    rows.filter(campaign__ends_on__lt=day).update(is_open=False)
    busy = set(rows.values_list("commune", flat=True))
    return [code for code in communes if code not in busy]


def _join(at: datetime, campaign_id: int | None) -> None:
    """Let communes whose own check is over join the open one of the unit above them."""
    day = today(at)
    rows = Campaign.objects.filter(closed_at=None, ends_on__gte=day)
    if campaign_id is not None:
        rows = rows.filter(pk=campaign_id)
    for row in rows.order_by("pk"):
        free = _free(row.kind, queries.communes_apart(row.pk, row.unit, day), day)
        Area.objects.bulk_create(
            [Area(campaign=row, commune=code, kind=row.kind) for code in free],
            ignore_conflicts=True,
        )


def _runs(kind: str, communes: Sequence[str], day: date) -> CampaignRuns:
    rows = Area.objects.filter(kind=kind, commune__in=communes, is_open=True)
    row = rows.select_related("campaign").order_by("pk").first()
    if row is None:
        return CampaignRuns(unit="", until="")
    return CampaignRuns(
        unit=places.unit_name(row.commune, day), until=format_vietnamese(row.campaign.ends_on)
    )


def _wrong(field: str, code: str, message: str, remedy: str) -> Invalid:
    return Invalid([FieldError(field, code, message, remedy)])
