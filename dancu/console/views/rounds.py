"""Checks and rounds: opening and closing them, how far they have come, the way along streets.

Figures name nobody. Whoever is shown at a house comes through the door out, for the purpose of the
check and under its number, one disclosure for each window of houses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.audit.services import record
from dancu.catalogue.campaigns import campaign_kinds
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.rounds import CloseRoundForm, OpenRoundForm
from dancu.console.refused import XLSX, as_workbook
from dancu.console.rounds import VISIT, area_of, disclosed, place_of, show_case
from dancu.console.show import rounds as show
from dancu.console.views.about import form_options, posted
from dancu.console.views.flow import Declaration, Outcome, declare
from dancu.console.words import day_words, moment_words
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.identity.decorators import officer_required
from dancu.jobs.services import defer
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.places import queries as places
from dancu.rounds import jobs, queries, services
from dancu.rounds.queries import Place
from dancu.rounds.types import Campaign, Coverage

OPEN, VIEW = services.OPEN, "quality.view"
_STREETS = _PARTS = 40
_SHEET = 100
_DAYS = 30
#: What a line of a list of houses shows of a household.
_LINE = ("full_name", "household_relationship")


def crumbs(*more: Crumb) -> list[Crumb]:
    """Return the way from the work list to a page of rounds."""
    rounds = Crumb(_("Checks and rounds"), reverse("console:rounds") if more else "")
    return [Crumb(_("Work list"), reverse("console:home")), rounds, *more]


@officer_required(action=(OPEN, VISIT, VIEW))
@require_safe
@at_desk
def rounds(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The checks and rounds of the area, with how far each has come."""
    area, page = area_of(desk), window_of(request)
    found = queries.campaigns(area, limit=_PARTS + 1, offset=(page - 1) * _PARTS)
    window, found = Window(page, len(found) > _PARTS), found[:_PARTS]
    covered = queries.coverage_of([one.id for one in found], area)
    context = {
        "crumbs": crumbs(),
        "strips": show.campaigns(found, covered, language=desk.language, day=desk.today),
        "window": window,
        "new_href": reverse("console:round-new") if desk.may(OPEN) else "",
    }
    return render(request, "console/rounds/rounds.html", context)


@officer_required(action=OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open a check: what is checked, where, and for which days."""
    kinds = [one for one in campaign_kinds().values() if one.is_in_force(desk.today)]
    form = OpenRoundForm(
        posted(request),
        kinds=[(one.name, one.label(desk.language)) for one in kinds],
        units=list(_units(desk)),
        initial={
            "begins_on": day_words(desk.today),
            "ends_on": day_words(desk.today + timedelta(days=_DAYS)),
        },
        **form_options(desk),
    )

    def carry_out() -> Outcome:
        number = services.open_campaign(actor=desk.actor, at=desk.at, **form.cleaned_data)
        if queries.campaign(number).is_drawn:
            return Outcome(_("The check is open; its lists are ready."), show.round_href(number))
        defer(jobs.draw_lists, campaign_id=number)
        return Outcome(_("The check is open; its lists are being made."), show.round_href(number))

    page = Declaration(
        title=_("Open a check or round"),
        crumbs=crumbs(Crumb(_("Open a check or round"))),
        intro=_("Whom it visits is taken from the register at once, and again each night."),
        save_label=_("Open it"),
        back_href=reverse("console:rounds"),
        template="console/rounds/new.html",
        extra={"kinds": [(one.label(desk.language), one.checks(desk.language), one.legal_basis)
                         for one in kinds]},
    )  # fmt: skip
    return declare(request, page, form, carry_out=carry_out)


@officer_required(action=OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def close(request: HttpRequest, desk: Desk, campaign_id: int) -> HttpResponse:
    """End a check; its figures stay."""
    campaign = queries.campaign(campaign_id, area_of(desk))
    if not places.is_within(campaign.unit, desk.actor.jurisdictions, desk.today):
        raise NotFoundOrNotYours
    form = CloseRoundForm(posted(request), **form_options(desk))

    def carry_out() -> Outcome:
        reason = form.cleaned_data["reason"]
        services.close_campaign(
            campaign_id=campaign_id, reason=reason, actor=desk.actor, at=desk.at
        )
        return Outcome(_("The check is closed."), show.round_href(campaign_id))

    page = Declaration(
        title=_("Close: %(check)s") % {"check": campaign.kind.label(desk.language)},
        crumbs=crumbs(_crumb(campaign, desk), Crumb(_("Close the check"))),
        intro=_("No more visits are noted; what was found stays."),
        save_label=_("Close the check"),
        save_kind="danger",
        back_href=show.round_href(campaign_id),
    )
    return declare(request, page, form, carry_out=carry_out)


@officer_required(action=(OPEN, VISIT, VIEW))
@require_safe
@at_desk
def campaign(request: HttpRequest, desk: Desk, campaign_id: int) -> HttpResponse:
    """How far a check has come: by commune, those behind first, or by neighbourhood; by team."""
    found = queries.campaign(campaign_id, area_of(desk))
    place = place_of(request, desk, found)
    unit = place.communes[0] if len(place.communes) == 1 else ""
    parts = queries.coverage(place, "neighbourhood" if unit else "commune")
    whole, page = queries.total(parts), window_of(request)
    if not unit:
        parts.sort(key=lambda one: (one.share, -one.all))
    shown = parts[(page - 1) * _PARTS : page * _PARTS]
    context = {
        "campaign": found,
        "title": found.kind.label(desk.language),
        "where": places.unit_name(unit or found.unit, desk.today),
        "days": show.days_words(found),
        "badge": show.standing(found, desk.today),
        "checks": found.kind.checks(desk.language),
        "stats": show.stats(
            whole,
            show.stops_href(found.id, unit=unit),
            show.stops_href(found.id, unit=unit, open="1"),
        )
        if desk.may(VISIT)
        else show.stats(whole, "", ""),
        "strips": [_part(found, unit, one, desk) for one in shown],
        "window": Window(page, page * _PARTS < len(parts)),
        "by_unit": not unit,
        "apart": len(queries.communes_apart(found.id, found.unit, desk.today))
        if not unit and found.is_running(desk.today)
        else 0,
        "tables": show.done(queries.by_day(place), queries.by_team(place)),
        "causes": show.causes(queries.causes(place)),
        "export_href": reverse("console:round-coverage", args=[found.id]),
        "close_href": _close_href(desk, found),
        "crumbs": _crumbs(found, unit, desk),
    }
    return render(request, "console/rounds/campaign.html", context)


@officer_required(action=VISIT)
@require_safe
@at_desk
def stops(request: HttpRequest, desk: Desk, campaign_id: int) -> HttpResponse:
    """A neighbourhood: its streets with their strips, then the houses of a street in order."""
    found = queries.campaign(campaign_id, area_of(desk))
    show_case(request, desk, found)
    place = place_of(request, desk, found)
    only_open, page = request.GET.get("open") == "1", window_of(request)
    streets = queries.coverage(place, "street")
    if place.street is None and len(streets) == 1:
        place = replace(place, street=streets[0].key)
    by_house = place.street is not None or only_open
    label = next((one.label for one in streets if one.key == place.street), "")
    context = {
        "campaign": found,
        "title": _title(place, label),
        "kind": found.kind.label(desk.language),
        "only_open": only_open,
        "is_running": found.is_running(desk.today),
        "crumbs": _crumbs(found, _only(place), desk, _title(place, label)),
        **_hrefs(found, place, only_open=only_open),
    }
    if by_house:
        context |= _houses(desk, found, place, only_open=only_open, window=page)
    else:
        shown = streets[(page - 1) * _STREETS : page * _STREETS]
        context["strips"] = [_street(found, place, one) for one in shown]
        context["window"] = Window(page, page * _STREETS < len(streets))
    return render(request, "console/rounds/stops.html", context)


@officer_required(action=VISIT)
@require_safe
@at_desk
def sheet(request: HttpRequest, desk: Desk, campaign_id: int) -> HttpResponse:
    """The houses of a street or neighbourhood for paper; that they were printed is recorded."""
    found = queries.campaign(campaign_id, area_of(desk))
    services.require_running(campaign=found, day=desk.today)
    place = place_of(request, desk, found)
    window = queries.stops(
        place, only_open=request.GET.get("open") == "1", window=window_of(request), size=_SHEET
    )
    subjects = queries.subjects(one.id for one in window.stops)
    everybody = [person for some in subjects.values() for person in some]
    people = disclosed(desk, found, everybody, _LINE, for_print=True)
    context = {
        "campaign": found,
        "title": found.kind.label(desk.language),
        "tables": show.sheets(window.stops, subjects, people),
        "questions": [one.label(desk.language) for one in found.kind.questions],
        "legal_basis": found.kind.legal_basis,
        "desk": desk,
        "printed_at": moment_words(desk.at),
        "window": Window(window.window, window.has_next),
        "back_href": show.stops_href(found.id, **_words(place)),
        "crumbs": _crumbs(found, _only(place), desk, _("Sheet for paper")),
    }
    return render(request, "console/rounds/sheet.html", context)


@officer_required(action=(OPEN, VISIT, VIEW))
@require_safe
@at_desk
def coverage(_request: HttpRequest, desk: Desk, campaign_id: int) -> HttpResponse:
    """Download the figures by commune, neighbourhood and street; no people, every cell text."""
    area = area_of(desk)
    found = queries.campaign(campaign_id, area)
    head = (_("Unit code"), _("Unit"), _("Neighbourhood"), _("Street"))
    rows = list(show.coverage_rows(list(_lines(desk, found, area)), head))
    detail = {"campaign": found.id, "rows": len(rows)}
    record(event="round.exported", actor=desk.actor, at=desk.at, detail=detail)
    answer = FileResponse(
        as_workbook(rows),
        as_attachment=True,
        filename=f"{found.case}.xlsx",
        content_type=XLSX,
    )
    return cast("HttpResponse", answer)


# -- Parts -----------------------------------------------------------------------------------------


def _units(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield the units in which the officer may open a check, the largest first."""
    for code in sorted(desk.actor.jurisdictions):
        yield code, places.unit_name(code, desk.today)
        for one in places.list_units(parent=code, on=desk.today):
            if one.level == "commune":
                yield one.code, places.unit_name(one.code, desk.today)


def _only(place: Place) -> str:
    return place.communes[0] if len(place.communes) == 1 else ""


def _words(place: Place) -> dict[str, str]:
    return {
        "unit": _only(place),
        "area": place.neighbourhood or "",
        "street": place.street or "",
    }


def _title(place: Place, street: str) -> str:
    if place.street is not None:
        return show.street_words(street)
    if place.neighbourhood is None:
        return _("All houses")
    parts = queries.coverage(place, "neighbourhood")
    return show.neighbourhood_words(parts[0].label if parts else "")


def _hrefs(found: Campaign, place: Place, *, only_open: bool) -> dict[str, str]:
    words = _words(place)
    return {
        "open_href": show.stops_href(found.id, **words, open="1"),
        "all_href": show.stops_href(found.id, **words),
        "sheet_href": show.stops_href(
            found.id, route="round-sheet", **words, open="1" if only_open else ""
        ),
    }


def _houses(
    desk: Desk, found: Campaign, place: Place, *, only_open: bool, window: int
) -> dict[str, object]:
    shown = queries.stops(place, only_open=only_open, window=window)
    subjects = queries.subjects(one.id for one in shown.stops)
    everybody = [person for some in subjects.values() for person in some]
    people = disclosed(desk, found, everybody, _LINE)
    return {
        "table": show.stops(shown.stops, subjects, people),
        "window": Window(shown.window, shown.has_next),
        "strips": [
            show.strip(one, label=show.street_words(one.label))
            for one in queries.coverage(place, "street")
            if one.key == place.street
        ],
    }


def _part(found: Campaign, unit: str, one: Coverage, desk: Desk) -> object:
    if not unit:
        name = places.unit_name(one.key, desk.today).split(",")[0]
        return show.strip(one, label=name, href=show.round_href(found.id, one.key))
    href = show.stops_href(found.id, unit=unit, area=one.key) if desk.may(VISIT) else ""
    return show.strip(one, label=show.neighbourhood_words(one.label), href=href)


def _street(found: Campaign, place: Place, one: Coverage) -> object:
    href = show.stops_href(found.id, **{**_words(place), "street": one.key})
    return show.strip(one, label=show.street_words(one.label), href=href)


def _lines(
    desk: Desk, found: Campaign, area: frozenset[str]
) -> Iterator[tuple[Sequence[str], Coverage]]:
    communes = [code for code in queries.communes_of(found.id) if code in area]
    for commune, neighbourhood, street in queries.coverage_by_street(Place(found.id, communes)):
        name = places.unit_name(commune, desk.today)
        yield (commune, name, neighbourhood, street.label), street


def _close_href(desk: Desk, found: Campaign) -> str:
    theirs = places.is_within(found.unit, desk.actor.jurisdictions, desk.today)
    if found.closed_at is not None or not theirs or not desk.may(OPEN):
        return ""
    return reverse("console:round-close", args=[found.id])


def _crumb(found: Campaign, desk: Desk) -> Crumb:
    return Crumb(found.kind.label(desk.language), show.round_href(found.id))


def _crumbs(found: Campaign, unit: str, desk: Desk, *more: str) -> list[Crumb]:
    path = [_crumb(found, desk)]
    if unit and found.areas > 1:
        name = places.unit_name(unit, desk.today).split(",")[0]
        path.append(Crumb(name, show.round_href(found.id, unit)))
    path += [Crumb(words) for words in more]
    return crumbs(*path[:-1], replace(path[-1], href=""))
