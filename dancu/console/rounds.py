"""The desk's side of checks and rounds: whose they are, and people shown under a check's number."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from dancu.catalogue import purposes
from dancu.catalogue.campaigns import VISIT
from dancu.console.desk import Access, Desk
from dancu.console.words import day_words
from dancu.design.chrome import CaseStrip
from dancu.disclosure.services import disclose
from dancu.disclosure.types import Disclosed
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.places import queries as places
from dancu.rounds import queries
from dancu.rounds.queries import Place
from dancu.rounds.types import Campaign, Subject

__all__ = ["VISIT", "access_of", "area_of", "disclosed", "place_of", "show_case"]
_CODE, _KEY = 10, 400


def area_of(desk: Desk) -> frozenset[str]:
    """Return the units of the officer's area."""
    return places.units_under(desk.actor.jurisdictions, desk.today)


def access_of(desk: Desk, campaign: Campaign) -> Access:
    """Return the four words of a disclosure at a door: the check is the case."""
    return {
        "actor": desk.actor,
        "purpose": campaign.kind.purpose,
        "case": campaign.case,
        "at": desk.at,
    }


def disclosed(
    desk: Desk,
    campaign: Campaign,
    subjects: Sequence[Subject],
    names: Sequence[str],
    *,
    for_print: bool = False,
) -> dict[int, Disclosed]:
    """Return those of a window whom the officer may see, by key; the look is recorded.

    A check is a case only while it runs: before and after, it shows nobody.
    """
    if not subjects or not campaign.is_running(desk.today):
        return {}
    try:
        found = disclose(
            **access_of(desk, campaign),
            subjects=[one.person_id for one in subjects],
            attributes=names,
            for_print=for_print,
        )
    except NotFoundOrNotYours:
        return {}
    return {one.person_id: one for one in found}


def show_case(request: HttpRequest, desk: Desk, campaign: Campaign) -> None:
    """Let the strip above the page say for what people are shown on it: the check, if it runs."""
    if not campaign.is_running(desk.today):
        return
    purpose = purposes()[campaign.kind.purpose]
    request.case_strip = CaseStrip(  # type: ignore[attr-defined]
        purpose=purpose.label(desk.language),
        case=campaign.case,
        case_href=reverse("console:round", args=[campaign.id]),
        legal_basis=campaign.kind.legal_basis,
        change_href=reverse("console:case"),
        until=day_words(campaign.ends_on),
    )


def place_of(request: HttpRequest, desk: Desk, found: Campaign) -> Place:
    """Return the part of the campaign that the address asks for, within the officer's area."""
    area = area_of(desk)
    communes = [code for code in queries.communes_of(found.id) if code in area]
    unit = request.GET.get("unit", "")[:_CODE]
    if unit in communes:
        communes = [unit]
    return Place(found.id, communes, _key(request, "area") or None, _key(request, "street") or None)


def _key(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "")[:_KEY].replace("\x00", "")
