"""Weekly bulletins and evening briefings: the list, one of a unit, its files, what is behind it.

Figures only; nobody is named. An officer sees the units of the area that the office serves: a ward
its own figures and its place among its sisters, a province the league table of its wards.
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.audit.services import record
from dancu.bulletins import queries, words
from dancu.bulletins.access import is_in_area, own_units
from dancu.bulletins.behind import behind as counted
from dancu.bulletins.errors import UnknownBulletin
from dancu.bulletins.pictures import trend_svg
from dancu.bulletins.rendering import pdf_of, trend_words
from dancu.bulletins.types import COUNTRY, NOWHERE, Bulletin
from dancu.bulletins.workbook import CONTENT_TYPE, workbook_of
from dancu.catalogue.bulletins import KINDS, Kind
from dancu.console.desk import Desk, at_desk
from dancu.console.show import bulletins as show
from dancu.console.show import bulletins_behind as show_behind
from dancu.console.views.quality import may_open
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb, Link
from dancu.identity.decorators import officer_required
from dancu.places import queries as places
from dancu.quality import queries as quality

VIEW = "bulletin.view"
_WINDOW = 30
_UNITS = 25
_MOST_OWN = 50
_CODE = 10


@officer_required(action=VIEW)
@require_safe
@at_desk
def bulletins(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List what was made, the newest first, with what it says of the officer's unit."""
    unit = unit_of(request, desk)
    kind = _kind(request.GET.get("kind", ""))
    page = window_of(request)
    rows = queries.editions(kind, limit=_WINDOW + 1, offset=(page - 1) * _WINDOW)
    totals = queries.totals([one.id for one in rows[:_WINDOW]], unit)
    context = {
        "name": unit_words(desk, unit),
        "tabs": show.kinds(kind or "", unit),
        "table": show.editions(rows[:_WINDOW], totals, unit),
        "window": Window(page, len(rows) > _WINDOW),
        "targets_href": show.targets_href(unit),
        "others": other_units(desk, unit, reverse("console:bulletins")),
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Bulletins"))],
    }
    return render(request, "console/bulletins/list.html", context)


@officer_required(action=VIEW)
@require_safe
@at_desk
def latest(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """Go to the newest bulletin of a kind: an address to keep on a phone."""
    found = queries.editions(_kind(kind), limit=1)
    if not found or _kind(kind) is None:
        return HttpResponseRedirect(reverse("console:bulletins"))
    return HttpResponseRedirect(show.href(found[0].id, unit_of(request, desk)))


@officer_required(action=VIEW)
@require_safe
@at_desk
def bulletin(request: HttpRequest, desk: Desk, edition_id: int) -> HttpResponse:
    """What one bulletin says of a unit: what is left, what moved, where work is stuck."""
    found = _found(request, desk, edition_id)
    said = trend_words(found)
    leading, trailing = show.ends(found)
    context = {
        "bulletin": found,
        "title": words.title(found.edition),
        "name": words.unit_name(found.unit),
        "headline": words.headline(found),
        "movement": words.movement(found.unit.total),
        "standing": words.standing(found),
        "late": words.late(found.edition),
        "stats": show.stats(found),
        "stuck": show.stuck_places(found, desk.language),
        # Made of numbers and escaped words alone.
        "picture": SafeString(trend_svg(found.trend, label=said)),
        "picture_words": said,
        "trend": show.trend(found),
        "outlooks": show.outlooks(found.paces, desk.language),
        "targets_href": show.targets_href(found.unit.code),
        "leading": leading,
        "trailing": trailing,
        "league_href": show.league_href(edition_id, found.unit.code) if found.children else "",
        "groups": show.groups(found, desk.language),
        "quiet": show.quiet_groups(found, desk.language),
        "offices": show.offices(found, desk.language),
        "causes": show.causes(found),
        "measure": words.measure(found.edition) if found.children or found.sisters else "",
        "facts": show.facts(found),
        "pdf_href": show.file_href(edition_id, found.unit.code, "pdf"),
        "xlsx_href": show.file_href(edition_id, found.unit.code, "xlsx"),
        "crumbs": _crumbs(desk, found),
    }
    return render(request, "console/bulletins/bulletin.html", context)


@officer_required(action=VIEW)
@require_safe
@at_desk
def league(request: HttpRequest, desk: Desk, edition_id: int) -> HttpResponse:
    """The whole league table of the units below one, page by page."""
    found = _found(request, desk, edition_id)
    page = Paginator(list(found.children), _UNITS).get_page(request.GET.get("page"))
    context = {
        "title": words.title(found.edition),
        "name": words.unit_name(found.unit),
        "table": show.league(found, list(page)),
        "page": page,
        "measure": words.measure(found.edition),
        "crumbs": [*_crumbs(desk, found, linked=True), Crumb(_("League table"))],
    }
    return render(request, "console/bulletins/league.html", context)


@officer_required(action=VIEW)
@require_safe
@at_desk
def file(request: HttpRequest, desk: Desk, edition_id: int, kind: str) -> HttpResponse:
    """One bulletin of a unit as PDF or XLSX."""
    found = _found(request, desk, edition_id)
    if kind == "pdf":
        answer = HttpResponse(pdf_of(found, desk.language), content_type="application/pdf")
    elif kind == "xlsx":
        answer = HttpResponse(workbook_of(found, desk.language), content_type=CONTENT_TYPE)
    else:
        raise Http404
    name = f"{found.edition.kind}-{found.edition.day.isoformat()}-{found.unit.code}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    detail = {"bulletin": edition_id, "unit": found.unit.code, "kind": kind}
    record(event="bulletin.exported", actor=desk.actor, at=desk.at, detail=detail)
    return answer


@officer_required(action=VIEW)
@require_safe
@at_desk
def behind(request: HttpRequest, desk: Desk, edition_id: int) -> HttpResponse:
    """The rules behind a number, as the bulletin counted them, and their cases of today."""
    found = _found(request, desk, edition_id)
    what, group, office = _number(request, desk, found)
    numbers = set(queries.rules_of(edition_id, group=group, remedy_by=office))
    communes = communes_of(desk, found.unit.code)
    rules = counted(edition_id, numbers, communes)
    counts = [one for one in quality.rule_counts(communes) if one.rule.number in numbers]
    openable = {one.rule.number for one in counts if may_open(desk, one.rule)}
    context = {
        "name": words.unit_name(found.unit),
        "what": what,
        "title": words.title(found.edition),
        "span": words.span(found.edition),
        "table": show_behind.behind(
            counts, rules, found.unit.code, desk.language, openable=openable
        ),
        "apart": show_behind.apart(found, rules, group=group, office=office),
        "crumbs": [*_crumbs(desk, found, linked=True), Crumb(_("Behind the number"))],
    }
    return render(request, "console/bulletins/behind.html", context)


def _number(request: HttpRequest, desk: Desk, found: Bulletin) -> tuple[str, str, str]:
    """Return which number was opened: its words, the group, or the kind of office."""
    group, office = (request.GET.get(name, "") for name in ("group", "office"))
    if group:
        names = {one.name: one.label(desk.language) for one in found.groups if one.dimension}
        if group in names:
            return names[group], group, ""
    elif office in {kind for kind, _moved in found.offices}:
        return words.office_words(office, desk.language), "", office
    elif not office:
        return _("All issues"), "", ""
    raise Http404


def unit_of(request: HttpRequest, desk: Desk) -> str:
    """Return the unit asked for, or the officer's own; what is not theirs is not found."""
    code = request.GET.get("unit", "")[:_CODE]
    if code:
        if not is_in_area(desk.actor, code, desk.today):
            raise Http404
        return code
    own = own_units(desk.actor, desk.today)
    if not own:
        raise Http404
    return own[0]


def communes_of(desk: Desk, unit: str) -> frozenset[str] | None:
    """Return the communes of a unit; ``None`` for the country."""
    if unit == COUNTRY:
        return None
    if unit == NOWHERE:
        return frozenset({""})
    return places.units_under([unit], desk.today)


def unit_words(desk: Desk, unit: str) -> str:
    """Return the name of a unit on today's map."""
    named = {COUNTRY: _("The whole country"), NOWHERE: _("No commune known")}
    known = places.unit(unit, desk.today)
    return named.get(unit) or (known.full_name if known else unit)


def other_units(desk: Desk, unit: str, here: str) -> list[Link]:
    """Return the officer's other units, of whoever serves several."""
    own = own_units(desk.actor, desk.today)[:_MOST_OWN]
    if len(own) <= 1:
        return []
    return [Link(unit_words(desk, one), f"{here}?unit={one}") for one in own if one != unit]


def _found(request: HttpRequest, desk: Desk, edition_id: int) -> Bulletin:
    try:
        return queries.bulletin(edition_id, unit_of(request, desk))
    except UnknownBulletin as error:
        raise Http404 from error


def _kind(text: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == text), None)


def _crumbs(desk: Desk, found: Bulletin, *, linked: bool = False) -> list[Crumb]:
    crumbs = [
        Crumb(_("Work list"), reverse("console:home")),
        Crumb(_("Bulletins"), reverse("console:bulletins")),
    ]
    number, unit = found.edition.id, found.unit.code
    above = [one.code for one in places.unit_path(unit, found.edition.day)][:-1]
    if unit != COUNTRY:
        above = [COUNTRY, *above]
    seen = [one for one in above if is_in_area(desk.actor, one, desk.today)]
    crumbs += [Crumb(unit_words(desk, one), show.href(number, one)) for one in seen]
    crumbs.append(Crumb(words.unit_name(found.unit), show.href(number, unit) if linked else ""))
    return crumbs
