"""Reads of the agencies register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from dancu.access.types import Actor
from dancu.agencies.errors import UnknownOffice, UnknownOfficer, UnknownSource
from dancu.agencies.models import Agency, Office, Officer, Source
from dancu.agencies.types import OfficerValue, OfficeValue, SourceValue
from dancu.places import queries as places

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db import models


def sources() -> dict[str, SourceValue]:
    """Return all sources of claims by code."""
    return {s.code: _source_value(s) for s in Source.objects.select_related("agency")}


def source(code: str) -> SourceValue:
    """Return a source of claims. Raises ``UnknownSource``."""
    found = Source.objects.select_related("agency").filter(code=code).first()
    if found is None:
        raise UnknownSource(source=code)
    return _source_value(found)


def source_kinds(codes: Iterable[str] | None = None) -> dict[str, str]:
    """Return the kinds of the sources by code; of all sources without ``codes``."""
    rows = Source.objects.all() if codes is None else Source.objects.filter(code__in=list(codes))
    return dict(rows.values_list("code", "kind"))


def agency_name(code: str, language: str = "vi") -> str:
    """Return the name of an agency; Vietnamese for any language but English, empty when unknown."""
    field = "name_en" if language.startswith("en") else "name_vi"
    found = Agency.objects.filter(code=code).values_list(field, flat=True).first()
    return str(found or "")


def office(code: str) -> OfficeValue:
    """Return an office. Raises ``UnknownOffice``."""
    found = Office.objects.select_related("agency", "source").filter(code=code).first()
    if found is None:
        raise UnknownOffice(office=code)
    return office_value(found)


def offices_serving(unit_code: str, on: dt.date) -> tuple[OfficeValue, ...]:
    """Return the offices that serve the unit, or a unit above it, the nearest first."""
    above = [u.code for u in reversed(places.unit_path(unit_code, on))]
    if not above:
        return ()
    found = Office.objects.select_related("agency", "source").filter(serves__overlap=above)
    order = {code: place for place, code in enumerate(above)}
    values = [office_value(o) for o in found.order_by("code")]
    return tuple(sorted(values, key=lambda o: min(order.get(c, len(above)) for c in o.serves)))


def offices_in(unit_codes: Iterable[str]) -> tuple[OfficeValue, ...]:
    """Return the offices that serve one of the units, by code."""
    found = Office.objects.select_related("agency", "source")
    rows = found.filter(serves__overlap=list(unit_codes)).order_by("code")
    return tuple(office_value(row) for row in rows)


def officer(officer_id: int, on: dt.date) -> OfficerValue:
    """Return an officer in service on the day. Raises ``UnknownOfficer``."""
    found = _officers(on).filter(pk=officer_id).first()
    if found is None:
        raise UnknownOfficer(officer=str(officer_id))
    return officer_value(found)


def list_officers(*, office_code: str, on: dt.date) -> tuple[OfficerValue, ...]:
    """Return the officers of an office in service on the day."""
    found = _officers(on).filter(office__code=office_code).order_by("name", "pk")
    return tuple(officer_value(o) for o in found)


def actor_of(
    *, officer_id: int, on: dt.date, account_id: int | None = None, session: str = ""
) -> Actor:
    """Return the officer as an actor, as appointed on the day. Raises ``UnknownOfficer``."""
    found = officer(officer_id, on)
    return Actor(
        kind="officer",
        name=found.name,
        account_id=account_id,
        officer_id=found.id,
        office_code=found.office.code,
        office_name=found.office.name_vi,
        source=found.office.source,
        roles=found.roles,
        jurisdictions=found.jurisdictions,
        session=session,
    )


def office_value(row: Office) -> OfficeValue:
    """Return the value of a row fetched with its agency and source."""
    return OfficeValue(
        code=row.code,
        agency_code=row.agency.code,
        name_vi=row.name_vi,
        name_en=row.name_en,
        serves=tuple(row.serves),
        source=row.source.code if row.source else "",
    )


def officer_value(row: Officer) -> OfficerValue:
    """Return the value of a row fetched with its office."""
    return OfficerValue(
        id=row.pk,
        name=row.name,
        title=row.title,
        office=office_value(row.office),
        roles=frozenset(row.roles),
        jurisdictions=frozenset(row.jurisdictions),
        active_from=row.active_from,
        active_to=row.active_to,
    )


def _officers(on: dt.date) -> models.QuerySet[Officer]:
    in_service = Q(active_from__lte=on) & (Q(active_to__isnull=True) | Q(active_to__gt=on))
    rows = Officer.objects.select_related("office__agency", "office__source")
    return rows.filter(in_service)


def _source_value(row: Source) -> SourceValue:
    return SourceValue(
        code=row.code,
        kind=row.kind,
        agency_code=row.agency.code if row.agency else "",
        name_vi=row.name_vi,
        name_en=row.name_en,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
