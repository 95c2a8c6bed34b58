"""What the ward has to mend: by street and home, by rule, and what was passed on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dancu.catalogue import attribute
from dancu.catalogue.quality import QualityRule, quality
from dancu.console import ward
from dancu.console.desk import Desk, at_desk, with_case
from dancu.console.forms.ward import HandBackForm, PassOnForm
from dancu.console.show import ward as show
from dancu.console.views.about import form_options, posted
from dancu.console.views.flow import carried_out_once, repeated, token_of
from dancu.console.waiting import forget_waiting
from dancu.design.paging import Window, window_of
from dancu.design.values import Badge, Crumb
from dancu.disclosure.services import disclose
from dancu.disclosure.types import Disclosed
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import DancuError, NotFoundOrNotYours
from dancu.places import queries as places
from dancu.population import visiting
from dancu.quality import handling, trying, worklist
from dancu.quality.errors import UnknownRule
from dancu.quality.settling import Case
from dancu.quality.worklist import OpenIssue

UNPROCESSABLE = 422
_STREETS, _HOMES, _ISSUES = 50, 25, 50
_LONGEST_NAME = 200


@officer_required(action=ward.ACTION)
@require_safe
@at_desk
def streets(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The streets of the area with what is to be mended there; names nobody."""
    unit, page = ward.unit_of(request, desk), window_of(request)
    scope = ward.scope_of(desk, unit)
    burden = ward.burden_of(desk, scope)
    found = visiting.streets(burden, limit=_STREETS + 1, offset=(page - 1) * _STREETS)
    context = {
        **_common(desk, unit, "ward"),
        "total": sum(burden.issues),
        "people": len(burden.people),
        "needs_case": not ward.is_open_for_visits(desk),
        "communes": [] if scope.communes else _communes(desk),
        "table": show.streets_table(found[:_STREETS], desk, unit),
        "window": Window(page, len(found) > _STREETS),
    }
    return render(request, "console/ward/streets.html", context)


@officer_required(action=ward.ACTION)
@require_safe
@with_case
def street(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The homes of a street: first where somebody waits, then what blocks a service."""
    unit, page = ward.unit_of(request, desk), window_of(request)
    name = request.GET.get("street", "")[:_LONGEST_NAME].replace("\x00", "")
    burden = ward.burden_of(desk, scope := ward.scope_of(desk, unit))
    rows = visiting.homes(burden, name, limit=_HOMES + 1, offset=(page - 1) * _HOMES)
    found = rows[:_HOMES]
    everybody = [key for one in found for key in one.people]
    issues: dict[int, list[OpenIssue]] = defaultdict(list)
    for one in worklist.open_of(everybody, [rule.number for rule in scope.rules]):
        if one.is_with(scope):
            issues[one.subject].append(one)
    people = disclosed(desk, [one.people[0] for one in found], ["permanent_residence"])
    context = {
        **_common(desk, unit, "ward"),
        "name": show.street_words(name),
        "table": show.homes_table(found, people, issues, desk.language),
        "window": Window(page, len(rows) > _HOMES),
        "crumbs": crumbs(Crumb(show.street_words(name))),
    }
    return render(request, "console/ward/street.html", context)


@officer_required(action=ward.ACTION)
@require_safe
@at_desk
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rules with work for the office."""
    unit = ward.unit_of(request, desk)
    found = worklist.by_rule(ward.scope_of(desk, unit))
    context = {
        **_common(desk, unit, "ward-rules"),
        "table": show.rules_table(found, desk, unit),
    }
    return render(request, "console/ward/rules.html", context)


@officer_required(action=ward.ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def rule(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """The office's issues of one rule; those that are ticked are passed on together."""
    if again := repeated(request):
        return again
    asked = _rule(name, desk)
    unit, page = ward.unit_of(request, desk), window_of(request)
    rows = worklist.of_rule(
        ward.scope_of(desk, unit), asked.number, limit=_ISSUES + 1, offset=(page - 1) * _ISSUES
    )
    shown = rows[:_ISSUES]
    people = disclosed(desk, [one.subject for one in shown], ["permanent_residence"])
    offices = _offices(desk, asked, shown)
    form = PassOnForm(posted(request), shown=_cases(shown), offices=offices, **form_options(desk))
    if request.method == "POST" and form.is_valid():
        try:
            return _once(request, desk, lambda: pass_chosen_on(desk, form))
        except DancuError as error:
            form.absorb(error)
    context = {
        **_common(desk, unit, "ward-rules"),
        "rule": asked,
        "name": asked.label(desk.language),
        "to_do": asked.to_do(desk.language),
        "form": form,
        "has_any": bool(shown),
        "can_pass": bool(offices),
        "table": show.issues_table(
            asked.label(desk.language),
            shown,
            people,
            language=desk.language,
            ticked=form.chosen,
        ),
        "token": token_of(request),
        "window": Window(page, len(rows) > _ISSUES),
        "crumbs": crumbs(
            Crumb(_("By rule"), reverse("console:ward-rules")), Crumb(asked.label(desk.language))
        ),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/ward/rule.html", context, status=status)


@officer_required(action=ward.ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def passed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was passed on to the office, or by it; it can be handed back."""
    if again := repeated(request):
        return again
    unit, page = ward.unit_of(request, desk), window_of(request)
    scope = ward.scope_of(desk, unit)
    rows = worklist.passed(scope, limit=_ISSUES + 1, offset=(page - 1) * _ISSUES)
    shown = rows[:_ISSUES]
    people = disclosed(desk, [one.subject for one in shown], ["permanent_residence"])
    form = HandBackForm(posted(request), shown=_cases(shown), **form_options(desk))
    if request.method == "POST" and form.is_valid():
        try:
            return _once(request, desk, lambda: _hand_chosen_back(desk, form))
        except DancuError as error:
            form.absorb(error)
    notes = {Case(one.subject, one.rule): [_where(one, desk)] for one in shown}
    context = {
        **_common(desk, unit, "ward-passed"),
        "form": form,
        "has_any": bool(shown),
        "table": show.issues_table(
            _("Passed on"),
            shown,
            people,
            language=desk.language,
            notes=notes,
            ticked=form.chosen,
        ),
        "token": token_of(request),
        "window": Window(page, len(rows) > _ISSUES),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/ward/passed.html", context, status=status)


def disclosed(
    desk: Desk, keys: Collection[int], names: Collection[str], *, for_print: bool = False
) -> dict[int, Disclosed]:
    """Return those whom the officer may see, by key; nobody when there is none."""
    if not keys:
        return {}
    try:
        found = disclose(**desk.access, subjects=list(keys), attributes=names, for_print=for_print)
    except NotFoundOrNotYours:
        return {}
    return {one.person_id: one for one in found}


def pass_chosen_on(desk: Desk, form: PassOnForm) -> str:
    """Pass on the issues that were chosen; say how many, and to whom."""
    data = form.cleaned_data
    number = handling.pass_on(
        issues=form.chosen,
        office=data["office"],
        reason=data["reason"],
        actor=desk.actor,
        at=desk.at,
    )
    words = ngettext(
        "%(n)s issue is passed on to %(office)s.",
        "%(n)s issues are passed on to %(office)s.",
        number,
    )
    return words % {"n": number, "office": form.office_name}


def _hand_chosen_back(desk: Desk, form: HandBackForm) -> str:
    reason = form.cleaned_data["reason"]
    number = handling.hand_back(issues=form.chosen, reason=reason, actor=desk.actor, at=desk.at)
    words = ngettext("%(n)s issue is back.", "%(n)s issues are back.", number)
    return words % {"n": number}


def crumbs(*more: Crumb) -> list[Crumb]:
    """Return the way from the work list to a page of the ward's work."""
    work = Crumb(_("Data to clean"), reverse("console:ward") if more else "")
    return [Crumb(_("Work list"), reverse("console:home")), work, *more]


def _common(desk: Desk, unit: str, current: str) -> dict[str, Any]:
    where = places.unit_name(unit, desk.today) if unit else ""
    return {"tabs": show.tabs(unit, current), "where": where, "crumbs": crumbs()}


def _communes(desk: Desk) -> list[tuple[str, str]]:
    """Return the communes of a large area, to choose one of them."""
    codes = places.units_under(desk.actor.jurisdictions, desk.today)
    named = ((code, places.unit_name(code, desk.today)) for code in codes)
    return sorted((one for one in named if one[1]), key=lambda one: one[1])


def _rule(name: str, desk: Desk) -> QualityRule:
    try:
        found = trying.rule_called(name)
    except UnknownRule as error:
        raise Http404 from error
    entry = desk.case.entry if desk.case else None
    if found.number not in {one.number for one in ward.visible_rules(desk, entry)}:
        raise Http404
    return found


def _offices(desk: Desk, asked: QualityRule, shown: Sequence[OpenIssue]) -> dict[str, str]:
    """Return the offices to which issues of a rule can go from here, by code."""
    if not shown:
        return {}
    found = handling.offices_for(asked, shown[0].commune, actor=desk.actor, at=desk.at)
    return {one.code: one.label(desk.language) for one in found}


def _cases(shown: Sequence[OpenIssue]) -> list[Case]:
    return [Case(one.subject, one.rule) for one in shown]


def _where(one: OpenIssue, desk: Desk) -> Badge:
    if one.passed_to == desk.actor.office_code:
        fact = attribute(quality().by_number[one.rule].attribute).label(desk.language)
        return Badge(_("passed on to you: %(fact)s") % {"fact": fact}, "info")
    return Badge(_("with %(office)s") % {"office": one.passed_to}, "neutral")


def _once(request: HttpRequest, desk: Desk, act: Callable[[], str]) -> HttpResponse:
    def settle() -> str:
        words = act()
        forget_waiting(desk)
        return words

    return carried_out_once(request, request.get_full_path(), settle)
