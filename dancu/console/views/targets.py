"""Targets of units: what is asked by when, where it leads, and the history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dancu.access import policy
from dancu.bulletins import live, queries
from dancu.bulletins.services import end_target, set_target
from dancu.bulletins.services.targets import SET
from dancu.bulletins.types import COUNTRY
from dancu.catalogue import roles
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.targets import TargetForm
from dancu.console.show import bulletins as show
from dancu.console.views.about import posted
from dancu.console.views.bulletins import (
    VIEW,
    communes_of,
    other_units,
    unit_of,
    unit_words,
)
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import DancuError
from dancu.places import queries as places

UNPROCESSABLE = 422
_WINDOW = 50


@officer_required(action=VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def targets(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The targets of a unit and of those below it; whoever leads sets them here."""
    unit = unit_of(request, desk)
    if request.method == "POST":
        policy.require_action(desk.actor, SET, roles=roles())
    units = _units(desk, unit)
    form = TargetForm(
        posted(request),
        units=units,
        today=desk.today,
        language=desk.language,
        initial={"unit": unit, "kind": "left"},
    )
    if form.is_bound and form.is_valid() and _is_set(form, desk):
        messages.success(request, _("The target is set. The next briefing tells how it goes."))
        return HttpResponseRedirect(show.targets_href(form.cleaned_data["unit"]))
    page = window_of(request)
    names = dict(units)
    rows = queries.targets(names, limit=_WINDOW + 1, offset=(page - 1) * _WINDOW)
    own = queries.targets_in_force(unit)
    paces = live.paces(own, communes_of(desk, unit), day=desk.today)
    context = {
        "name": names[unit],
        "outlooks": show.outlooks(paces, desk.language),
        "own": [
            {"id": one.id, "outlook": said}
            for one, said in zip(own, show.outlooks(paces, desk.language), strict=True)
        ],
        "table": show.target_table(rows[:_WINDOW], names, desk.language),
        "window": Window(page, len(rows) > _WINDOW),
        "form": form if desk.may(SET) else None,
        "others": other_units(desk, unit, reverse("console:targets")),
        "unit": unit,
        "crumbs": [
            Crumb(_("Work list"), reverse("console:home")),
            Crumb(_("Bulletins"), reverse("console:bulletins")),
            Crumb(_("Targets")),
        ],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/bulletins/targets.html", context, status=status)


@officer_required(action=SET)
@require_POST
@at_desk
def end(request: HttpRequest, desk: Desk, target_id: int) -> HttpResponse:
    """Take a target back; it stays in the history."""
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        end_target(target_id=target_id, reason=reason, actor=desk.actor, at=desk.at)
    except DancuError as error:
        messages.error(request, words_of_error(error))
    else:
        messages.success(request, _("The target has ended; it stays in the history."))
    return HttpResponseRedirect(show.targets_href(unit_of(request, desk)))


def _is_set(form: TargetForm, desk: Desk) -> bool:
    data = form.cleaned_data
    try:
        set_target(
            unit=data["unit"],
            group=data["group"],
            kind=data["kind"],
            goal=data["goal"],
            by=data["by"],
            reason=data["reason"],
            actor=desk.actor,
            at=desk.at,
        )
    except DancuError as error:
        form.absorb(error)
        return False
    return True


def _units(desk: Desk, unit: str) -> list[tuple[str, str]]:
    """Return the unit and those directly below it, by code and name."""
    if unit == COUNTRY:
        below = places.list_units(level="province", on=desk.today)
    else:
        below = places.list_units(parent=unit, on=desk.today)
    children = [(one.code, one.full_name) for one in below if one.level != "neighbourhood"]
    return [(unit, unit_words(desk, unit)), *children]
