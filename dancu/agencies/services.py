"""Writes of the agencies register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from dancu.agencies import queries
from dancu.agencies.errors import OutsideOffice, UnknownOffice, UnknownOfficer, UnknownRole
from dancu.agencies.internal.declared import Declared, declared
from dancu.agencies.models import Agency, Office, Officer, Source
from dancu.catalogue import roles as declared_roles
from dancu.places import queries as places

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from dancu.agencies.types import OfficerValue


@transaction.atomic
def load_agencies() -> int:
    """Bring the declared agencies, offices and sources into the register; return how many.

    Needs the administrative map. Idempotent; officers and what officers opened stay.
    """
    found = declared(places.tree())
    agencies = _load_agencies(found)
    sources = _load_sources(found, agencies)
    rows = [
        Office(
            code=o.code,
            agency_id=agencies[o.agency],
            name_vi=o.name_vi,
            name_en=o.name_en,
            serves=list(o.serves),
            source_id=sources[o.source] if o.source else None,
        )
        for o in found.offices
    ]
    fields = ["agency", "name_vi", "name_en", "serves", "source"]
    Office.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )
    return len(agencies) + len(sources) + len(rows)


@transaction.atomic
def appoint_officer(
    *,
    name: str,
    office_code: str,
    roles: Iterable[str],
    active_from: dt.date,
    title: str = "",
    jurisdictions: Iterable[str] | None = None,
    active_to: dt.date | None = None,
) -> OfficerValue:
    """Appoint an officer; without ``jurisdictions``, for all that the office serves.

    Raises ``UnknownOffice``, ``UnknownRole`` and ``OutsideOffice``.
    """
    office = Office.objects.select_related("agency", "source").filter(code=office_code).first()
    if office is None:
        raise UnknownOffice(office=office_code)
    wanted = sorted(set(roles))
    for role in wanted:
        known = declared_roles().get(role)
        if known is None or known.kind != "officer":
            raise UnknownRole(role=role)
    units = sorted(set(office.serves if jurisdictions is None else jurisdictions))
    for unit in units:
        if not places.is_within(unit, frozenset(office.serves), active_from):
            raise OutsideOffice(office=office_code, unit=unit)
    officer = Officer.objects.create(
        name=name,
        title=title,
        office=office,
        roles=wanted,
        jurisdictions=units,
        active_from=active_from,
        active_to=active_to,
    )
    return queries.officer_value(officer)


@transaction.atomic
def end_appointment(*, officer_id: int, on: dt.date) -> None:
    """End an officer's appointment: the day is the first without it. Raises ``UnknownOfficer``."""
    changed = Officer.objects.filter(
        pk=officer_id, active_from__lt=on, active_to__isnull=True
    ).update(active_to=on)
    if changed != 1:
        raise UnknownOfficer(officer=str(officer_id))


def _load_agencies(found: Declared) -> dict[str, int]:
    fields = ["name_vi", "name_en", "kind", "valid_from", "valid_to"]
    Agency.objects.bulk_create(
        [
            Agency(
                code=a.code,
                name_vi=a.name_vi,
                name_en=a.name_en,
                kind=a.kind,
                valid_from=a.valid_from,
                valid_to=a.valid_to,
            )
            for a in found.agencies
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=fields,
    )
    ids: dict[str, int] = dict(Agency.objects.values_list("code", "pk"))
    linked = [
        Agency(
            pk=ids[a.code],
            parent_id=ids[a.parent] if a.parent else None,
            successor_id=ids[a.successor] if a.successor else None,
        )
        for a in found.agencies
        if a.parent or a.successor
    ]
    Agency.objects.bulk_update(linked, ["parent", "successor"], batch_size=500)
    return ids


def _load_sources(found: Declared, agencies: dict[str, int]) -> dict[str, int]:
    fields = ["kind", "agency", "name_vi", "name_en", "valid_from", "valid_to"]
    Source.objects.bulk_create(
        [
            Source(
                code=s.code,
                kind=s.kind,
                agency_id=agencies[s.agency] if s.agency else None,
                name_vi=s.name_vi,
                name_en=s.name_en,
                valid_from=s.valid_from,
                valid_to=s.valid_to,
            )
            for s in found.sources
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=fields,
    )
    return dict(Source.objects.values_list("code", "pk"))
