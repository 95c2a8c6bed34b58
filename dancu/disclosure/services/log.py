"""Reading the access records: a person's own, and all of them for an auditor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet

from dancu.access import policy
from dancu.access.types import Actor
from dancu.agencies.models import Agency, Office
from dancu.catalogue import attribute, roles
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Grant, Request
from dancu.disclosure.internal.ledger import Entry, Kind, digest
from dancu.disclosure.internal.showing import masked_pid
from dancu.disclosure.internal.trying import OVERTRIED
from dancu.disclosure.masking import initials
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.smart_box import unreadable
from dancu.disclosure.types import LARGEST_KEY, AccessPage, AccessRow, LogCriteria, LooksAsked
from dancu.kernel.clock import start_of_day
from dancu.kernel.errors import FieldError, Invalid
from dancu.population import reading
from dancu.population.search import IndexCard

WINDOW = 50
_OWN = (Kind.OWN, Kind.OWN_HOUSEHOLD)
EVERY_LOOK = LooksAsked()


def accesses_of(
    *,
    person_id: int,
    actor: Actor,
    at: datetime,
    window: int = 1,
    asked: LooksAsked = EVERY_LOOK,
) -> AccessPage:
    """Return who looked at the citizen, the newest first, in plain words.

    Refused attempts are there too, and looks at a record that was merged with theirs. Of officers
    the agency, the office and the role are told, not the private name. Raises
    ``NotFoundOrNotYours`` for anybody but the citizen's own person.
    """
    return _page(own_looks(person_id, actor, at, asked), window)


def own_looks(
    person_id: int, actor: Actor, at: datetime, asked: LooksAsked
) -> QuerySet[AccessRecord]:
    """Return the records of looks at the citizen that they ask for. Raises as ``accesses_of``."""
    rows = _own(person_id, actor, at, include_own=asked.include_own)
    if asked.record is not None:
        rows = rows.filter(pk=asked.record)
    if asked.since:
        rows = rows.filter(at__gte=start_of_day(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=start_of_day(asked.until))
    if asked.office:
        rows = rows.filter(office=asked.office)
    if asked.attributes:
        numbers = [attribute(name).number for name in asked.attributes]
        rows = rows.filter(attributes__overlap=[*numbers, *(-n for n in numbers)])
    return rows


def offices_that_looked(*, person_id: int, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """Return the offices that ever looked at the citizen, by code and name, in order of names.

    Raises as ``accesses_of`` does.
    """
    codes = _own(person_id, actor, at, include_own=False).values_list("office", flat=True)
    known = offices_of(codes.distinct())
    return sorted(((code, office) for code, (_, office) in known.items()), key=lambda one: one[1])


def _own(
    person_id: int, actor: Actor, at: datetime, *, include_own: bool
) -> QuerySet[AccessRecord]:
    request = Request(actor, "own_data", "", at, Kind.OWN)
    gate.enter(request, action="access_log.read_own")
    if actor.person_id != person_id:
        request.refuse(gate.absent())
    rows = AccessRecord.objects.filter(person_id__in=gate.own_keys(actor))
    return rows if include_own else rows.exclude(kind__in=_OWN, account_id=actor.account_id)


def access_log(*, actor: Actor, case: str, criteria: LogCriteria, at: datetime) -> AccessPage:
    """Return a window of the access log for an auditor, for the purpose ``audit``.

    People appear with a masked PID; those on the window get an access record of this reading.
    Asking for a PID also finds what was asked in vain. Needs a case number. Raises ``Invalid``
    naming the field that cannot be read.
    """
    request = Request(actor, "audit", case, at, Kind.AUDIT, asked=criteria.pid)
    grant = gate.enter(request, action="access_log.read")
    _require_readable(criteria)
    return page_for_auditor(grant, _matching(criteria, actor), criteria.window, asked=criteria.pid)


def page_for_auditor(
    grant: Grant, rows: QuerySet[AccessRecord], window: int, *, asked: str = ""
) -> AccessPage:
    """Return a window of records with masked people, each of whom gets a record of this reading."""
    page = _page(rows, window, is_auditor=True)
    permitted = grant.everything()
    people = reading.cards({r.person_id for r in page.rows if r.person_id is not None})
    seen = gate.numbers(permitted, permitted.all)
    entries = [Entry(card.person_id, Kind.AUDIT, seen) for card in people.values()]
    grant.record(entries or [Entry(None, Kind.AUDIT)], asked=asked)
    hide_name = "full_name" in permitted.masked
    shown = tuple(
        _with_person(row, people.get(row.person_id or 0), hide_name=hide_name) for row in page.rows
    )
    return AccessPage(shown, page.window, page.has_next)


def may_audit(actor: Actor) -> bool:
    """Say whether the actor may read the access log."""
    return policy.is_allowed(actor, "access_log.read", roles=roles())


def _require_readable(criteria: LogCriteria) -> None:
    said = {name: getattr(criteria, name) for name in ("pid", "office", "purpose")}
    found = (unreadable(name, value) for name, value in said.items())
    errors = [error for error in found if error is not None]
    key = criteria.person_id
    if key is not None and not 0 < key <= LARGEST_KEY:
        errors.append(FieldError("person", "UNKNOWN", "There is nobody under this key."))
    if criteria.since and criteria.until and criteria.since >= criteria.until:
        errors.append(
            FieldError(
                "since",
                "after-the-last",
                "The first day lies after the last one.",
                "Exchange them, or leave one empty.",
            )
        )
    if errors:
        raise Invalid(errors)


def _matching(criteria: LogCriteria, actor: Actor) -> QuerySet[AccessRecord]:
    rows = AccessRecord.objects.all()
    if not criteria.include_own_reading:
        rows = rows.exclude(kind=Kind.AUDIT, account_id=actor.account_id)
    if criteria.pid:
        pid = "".join(criteria.pid.split())
        card = reading.cards([pid]).get(pid)
        in_vain = Q(person_id__isnull=True, asked=digest(pid))
        rows = rows.filter(in_vain | Q(person_id=card.person_id) if card else in_vain)
    if criteria.person_id is not None:
        rows = rows.filter(person_id=criteria.person_id)
    if criteria.account_id is not None:
        rows = rows.filter(account_id=criteria.account_id)
    if criteria.office:
        rows = rows.filter(office=criteria.office)
    if criteria.purpose:
        rows = rows.filter(purpose=criteria.purpose)
    if criteria.since:
        rows = rows.filter(at__gte=start_of_day(criteria.since))
    if criteria.until:
        rows = rows.filter(at__lt=start_of_day(criteria.until))
    if criteria.refused_only:
        rows = rows.exclude(refusal="")
    return rows


def _page(rows: QuerySet[AccessRecord], window: int, *, is_auditor: bool = False) -> AccessPage:
    start = (max(window, 1) - 1) * WINDOW
    found = list(rows.order_by("-at", "-id")[start : start + WINDOW + 1])
    offices = offices_of(row.office for row in found)
    shown = tuple(shown_row(row, offices, is_auditor=is_auditor) for row in found[:WINDOW])
    return AccessPage(shown, max(window, 1), len(found) > WINDOW)


def offices_of(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return agency and office by the code of a record: an office's, or that of an agency."""
    wanted = {code for code in codes if code}
    rows = Office.objects.filter(code__in=wanted).select_related("agency")
    found = {o.code: (o.agency.name_vi, o.name_vi) for o in rows}
    for agency in Agency.objects.filter(code__in=wanted - found.keys()):
        found[agency.code] = (agency.name_vi, agency.name_vi)
    return found


def shown_row(
    row: AccessRecord, offices: dict[str, tuple[str, str]], *, is_auditor: bool = False
) -> AccessRow:
    """Return a record in words; the account and an agency's own officer for auditors only."""
    agency, office = offices.get(row.office, ("", row.office))
    numbers: Sequence[int] = row.attributes or ()
    negative = tuple(attribute(-n).name for n in numbers if n < 0)
    is_compared = row.kind == Kind.VERIFY
    given = sorted(map(abs, numbers)) if is_compared else numbers
    return AccessRow(
        record=row.pk,
        at=row.at,
        kind=Kind(row.kind).name.lower(),
        purpose=row.purpose,
        agency=agency,
        office=office,
        role=row.role,
        attributes=tuple(attribute(n).name for n in given if n > 0),
        masked=() if is_compared else negative,
        differing=negative if is_compared else (),
        case=row.case_number,
        refusal=row.refusal,
        person_id=row.person_id,
        account_id=row.account_id if is_auditor else None,
        contract=row.contract,
        agent=row.agent if is_auditor else "",
        is_overtried=row.refusal == OVERTRIED,
    )


def _with_person(row: AccessRow, card: IndexCard | None, *, hide_name: bool) -> AccessRow:
    if card is None:
        return row
    name = card.name or ""
    shown = initials(name) if hide_name else name
    return replace(row, name=shown, pid=masked_pid(card.pid))
