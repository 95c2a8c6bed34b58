"""Quality as figures: how a unit and its children stand, the rules, and the cases behind a number.

Figures are those of the last examination and name nobody. The cases behind one are people: they
come through the door out, in a case, with an access record for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.access.policy import permitted
from dancu.catalogue import attribute, roles
from dancu.catalogue.quality import DIMENSIONS, QualityRule, quality
from dancu.console.desk import Desk, at_desk, with_case
from dancu.console.show import quality as show
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.disclosure.services import disclose
from dancu.disclosure.types import Disclosed
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.places import queries as places
from dancu.quality import queries, trying
from dancu.quality.errors import UnknownRule
from dancu.quality.progress import underway

VIEW, SEE = "quality.view", "people.view"
_WINDOW, _UNITS = 50, 25
_DAYS = 30
_CODE = 10


@officer_required(action=VIEW)
@require_safe
@at_desk
def units(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The four dimensions of a unit and of those below it, the last first; and how they moved."""
    code = _unit(request, desk)
    day = queries.last_day()
    children = _children(desk, code)
    area = frozenset({code}) if code else desk.actor.jurisdictions
    own = [_communes(desk, area)]
    areas = [*own, *(_communes(desk, [child]) for child, _name in children)]
    standings = queries.standings_of(areas, day=day) if day else [()] * len(areas)
    inhabited = [
        (child, standing)
        for child, standing in zip(children, standings[1:], strict=True)
        if any(one.people for one in standing)
    ]
    since = desk.today - timedelta(days=_DAYS)
    inhabited.sort(key=lambda one: sum(standing.share for standing in one[1]))
    window, begin = window_of(request), (window_of(request) - 1) * _UNITS
    points = queries.trend(places.units_under_since(area, desk.today, since), since=since)
    context = {
        "name": places.unit_name(code, desk.today) if code else _("Your area"),
        "day": day,
        "run": queries.last_finished(),
        "examining": show.examining(underway(at=desk.at)),
        "stats": show.stats(standings[0], code),
        "children": show.children(inhabited[begin : begin + _UNITS]),
        "window": Window(window, len(inhabited) > begin + _UNITS),
        "has_children": bool(inhabited),
        "trend": show.trend(points),
        "rules_href": show.rules_href(code),
        "crumbs": _crumbs(desk, code),
    }
    return render(request, "console/quality/units.html", context)


@officer_required(action=VIEW)
@require_safe
@at_desk
def progress(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The bar of an examination alone; the whole page once it has ended."""
    shown = show.examining(underway(at=desk.at))
    if shown is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "console/parts/progress.html", {"progress": shown})


@officer_required(action=VIEW)
@require_safe
@at_desk
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every rule with its open issues in a unit."""
    code = _unit(request, desk)
    asked = request.GET.get("dimension", "")
    dimension = asked if asked in DIMENSIONS else ""
    counts = queries.rule_counts(_communes(desk, [code] if code else desk.actor.jurisdictions))
    if dimension:
        counts = [one for one in counts if one.rule.dimension == dimension]
    openable = {one.rule.number for one in counts if may_open(desk, one.rule)}
    context = {
        "name": places.unit_name(code, desk.today) if code else _("Your area"),
        "table": show.rules(counts, code, desk.language, openable=openable, day=desk.today),
        "choices": show.choices(code, dimension),
        "crumbs": [*_crumbs(desk, code, linked=True), Crumb(_("Rules"))],
    }
    return render(request, "console/quality/rules.html", context)


@officer_required(action=VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def rule(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """What a rule says; tried on the live register, how many it hits and where."""
    found = _rule(name)
    area = _communes(desk, desk.actor.jurisdictions)
    context = {
        "rule": found,
        "title": found.label(desk.language),
        "facts": show.facts_of(found, desk.language, day=desk.today),
        "crumbs": [
            *_crumbs(desk, "", linked=True),
            Crumb(_("Rules"), show.rules_href("")),
            Crumb(found.label(desk.language)),
        ],
    }
    if request.method == "POST":
        trial = trying.attempt(name, day=desk.today)
        here = {code: n for code, n in trial.by_commune.items() if code in area}
        context["trial"] = show.trial(here, desk.today)
        context["hits"] = sum(here.values())
        context["cases_href"] = ""
        if context["hits"] and may_open(desk, found):
            context["cases_href"] = reverse("console:quality-tried", args=[name])
    return render(request, "console/quality/rule.html", context)


@officer_required(action=VIEW)
@require_safe
@with_case
def tried(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """A few cases that a rule would hit, on the live register."""
    found = _rule(name)
    _require_openable(desk, found)
    area = sorted(_communes(desk, desk.actor.jurisdictions))
    keys = trying.cases(name, day=desk.today, communes=area)
    people = _disclosed(desk, keys, [found])
    rows = [(key, found.number, desk.today) for key in keys]
    what = found.label(desk.language)
    return _cases(request, desk, rows, people, what=what, window=Window(1, has_next=False))


@officer_required(action=VIEW)
@require_safe
@with_case
def cases(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The people behind a number: of one rule, or of a dimension, in a unit."""
    code = _unit(request, desk)
    wanted = _wanted(request, desk)
    area = _communes(desk, [code] if code else desk.actor.jurisdictions)
    page = window_of(request)
    rows = queries.issues(
        [one.number for one in wanted], area, limit=_WINDOW + 1, offset=(page - 1) * _WINDOW
    )
    keys = list(dict.fromkeys(row[0] for row in rows[:_WINDOW]))
    people = _disclosed(desk, keys, wanted)
    what = wanted[0].label(desk.language) if len(wanted) == 1 else _("Several rules")
    window = Window(page, len(rows) > _WINDOW)
    return _cases(request, desk, rows[:_WINDOW], people, what=what, window=window)


def _cases(
    request: HttpRequest,
    desk: Desk,
    rows: Sequence[tuple[int, int, object]],
    people: Sequence[Disclosed],
    *,
    what: str,
    window: Window,
) -> HttpResponse:
    context = {
        "what": what,
        "table": show.cases(rows, people, desk.language),
        "window": window,
        "crumbs": [*_crumbs(desk, "", linked=True), Crumb(_("Cases"))],
    }
    return render(request, "console/quality/cases.html", context)


def _disclosed(
    desk: Desk, keys: Sequence[int], wanted: Sequence[QualityRule]
) -> Sequence[Disclosed]:
    """Return those whom the officer may see; who has moved away meanwhile is left out."""
    if not keys:
        return []
    names = sorted({one.attribute for one in wanted})
    try:
        return disclose(**desk.access, subjects=keys, attributes=names)
    except NotFoundOrNotYours:
        return []


def _wanted(request: HttpRequest, desk: Desk) -> list[QualityRule]:
    name = request.GET.get("rule", "")
    if name:
        found = _rule(name)
        _require_openable(desk, found)
        return [found]
    dimension = request.GET.get("dimension", "")
    rules_of = [one for one in quality().rules.values() if one.dimension == dimension]
    found_all = [one for one in rules_of if may_open(desk, one)]
    if not found_all:
        raise Http404
    return found_all


def _require_openable(desk: Desk, found: QualityRule) -> None:
    if not may_open(desk, found):
        raise Http404


def may_open(desk: Desk, found: QualityRule) -> bool:
    """Say whether the officer may see of whom the rule speaks: not where its fact is not theirs."""
    from dancu.catalogue import purposes

    if not desk.may(SEE):
        return False
    entry = desk.case.entry if desk.case else purposes()[queries.PURPOSE]
    return bool(permitted(desk.actor, entry, [attribute(found.attribute)], roles=roles()).all)


def _rule(name: str) -> QualityRule:
    try:
        return trying.rule_called(name)
    except UnknownRule as error:
        raise Http404 from error


def _unit(request: HttpRequest, desk: Desk) -> str:
    """Return the unit asked for, when it is in the officer's area; else the whole area."""
    code = request.GET.get("unit", "")[:_CODE]
    if code and places.is_within(code, desk.actor.jurisdictions, desk.today):
        return code
    own = sorted(desk.actor.jurisdictions)
    return own[0] if len(own) == 1 else ""


def _children(desk: Desk, code: str) -> list[tuple[str, str]]:
    if not code:
        return [
            (one, places.unit_name(one, desk.today)) for one in sorted(desk.actor.jurisdictions)
        ]
    return [
        (one.code, one.full_name)
        for one in places.list_units(parent=code, on=desk.today)
        if one.level != "neighbourhood"
    ]


def _communes(desk: Desk, codes: Sequence[str] | frozenset[str]) -> frozenset[str]:
    return places.units_under(codes, desk.today)


def _crumbs(desk: Desk, code: str, *, linked: bool = False) -> list[Crumb]:
    home = reverse("console:quality")
    own = sorted(desk.actor.jurisdictions)
    path = [
        one
        for one in (places.unit_path(code, desk.today) if code else ())
        if places.is_within(one.code, desk.actor.jurisdictions, desk.today)
    ]
    crumbs = [Crumb(_("Work list"), reverse("console:home"))]
    is_home = not path or (len(own) == 1 and path[-1].code == own[0])
    crumbs.append(Crumb(_("Data quality"), home if linked or not is_home else ""))
    if not is_home:
        last = path[-1]
        crumbs += [Crumb(one.full_name, show.unit_href(one.code)) for one in path[:-1]]
        crumbs.append(Crumb(last.full_name, show.unit_href(last.code) if linked else ""))
    return crumbs
