"""Stays elsewhere: temporary residence, absences, and their ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.console import versions
from dancu.console.desk import Desk, with_case
from dancu.console.forms.base import evidence_of
from dancu.console.forms.residence import AbsenceForm, EndForm, StayForm
from dancu.console.views import concerned
from dancu.console.views.about import About, about, form_options, posted, rows
from dancu.console.views.flow import Outcome, declare
from dancu.console.words import day_words, evidence_words
from dancu.design.values import Fact
from dancu.identity.decorators import officer_required
from dancu.population import services as register

_ACTION = "residence.register"


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def stay(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Temporary residence in the officer's area."""

    def enter(form: AbsenceForm) -> object:
        return register.register_temporary_residence(
            person_ids=form.person_ids,
            address=form.cleaned_data["to"],
            day=form.cleaned_data["day"],
            guardian_consent=form.cleaned_data["guardian_consent"],
            evidence=evidence_of(form),
            presented=concerned.admitted_of(desk, form.person_ids),
            actor=desk.actor,
            at=desk.at,
            expected=versions.required(request, form.person_ids),
        )

    return _stay(
        request,
        about(desk, person_id),
        kind=StayForm,
        title=_("Register temporary residence"),
        intro=_("For people whose permanent residence is in another ward or commune."),
        done=_("The temporary residence of %(names)s is registered."),
        fact="temporary_residence",
        begin=concerned.begin(desk),
        enter=enter,
    )


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def absence(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Temporary absence from the officer's area."""

    def enter(form: AbsenceForm) -> object:
        return register.register_temporary_absence(
            person_ids=form.person_ids,
            destination=form.cleaned_data["to"],
            day=form.cleaned_data["day"],
            evidence=evidence_of(form),
            actor=desk.actor,
            at=desk.at,
            expected=versions.required(request, form.person_ids),
        )

    return _stay(
        request,
        about(desk, person_id),
        kind=AbsenceForm,
        title=_("Register absence"),
        intro=_("Where the people go, and from which day."),
        done=_("The absence of %(names)s is registered."),
        fact="temporary_absence",
        begin={"day": day_words(desk.today)},
        enter=enter,
    )


def _stay(
    request: HttpRequest,
    who: About,
    *,
    kind: type[AbsenceForm],
    title: str,
    intro: str,
    done: str,
    fact: str,
    begin: dict[str, object],
    enter: Callable[[AbsenceForm], object],
) -> HttpResponse:
    members = concerned.members_of(request, who)
    form = kind(posted(request), members=members, initial=begin, **form_options(who.desk))

    def carry_out() -> Outcome:
        enter(form)
        return Outcome(done % {"names": form.names}, who.href, who.history(fact))

    def review() -> list[Fact]:
        if not concerned.is_current(request, form):
            return []
        data = form.cleaned_data
        minors = concerned.minors_alone(who, form) if isinstance(form, StayForm) else ""
        if form.errors:
            return []
        return rows(
            {
                _("Whom it concerns"): form.names,
                _("Address"): data["to"].text if data["to"] else "",
                _("From the day"): day_words(data["day"]),
                _("Minors without parents or guardian"): minors,
                _("Consent of parents or guardian"): data.get("guardian_consent", ""),
                _("Evidence"): evidence_words(data["evidence_kind"], data["evidence_reference"]),
            }
        )

    shown = {
        "versions": versions.hidden(request, concerned.keys(members)),
        "admit_href": concerned.admit_href(request, who.desk),
    }
    page = who.declaration(
        title, intro=intro, save_label=_("Check"), template="console/stay.html", extra=shown
    )
    return declare(request, page, form, review=review, carry_out=carry_out)


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def stay_end(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """The end of a temporary residence."""
    return _end(
        request,
        about(desk, person_id),
        title=_("End the temporary residence"),
        done=_("The temporary residence of %(names)s has ended."),
        fact="temporary_residence",
        enter=register.end_temporary_residence,
    )


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def absence_end(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """The end of an absence."""
    return _end(
        request,
        about(desk, person_id),
        title=_("Back from absence"),
        done=_("The absence of %(names)s has ended."),
        fact="temporary_absence",
        enter=register.end_temporary_absence,
    )


def _end(
    request: HttpRequest,
    who: About,
    *,
    title: str,
    done: str,
    fact: str,
    enter: Callable[..., Any],
) -> HttpResponse:
    members = concerned.members_of(request, who)
    form = EndForm(
        posted(request),
        members=members,
        initial={"day": day_words(who.desk.today)},
        **form_options(who.desk),
    )

    def carry_out() -> Outcome:
        enter(
            person_ids=form.person_ids,
            day=form.cleaned_data["day"],
            evidence=evidence_of(form),
            actor=who.desk.actor,
            at=who.desk.at,
            expected=versions.required(request, form.person_ids),
        )
        return Outcome(done % {"names": form.names}, who.href, who.history(fact))

    intro = _("Now: %(address)s") % {"address": who.value(fact)} if who.value(fact) else ""
    page = who.declaration(
        title,
        intro=intro,
        save_label=_("Register the end"),
        extra={"versions": versions.hidden(request, concerned.keys(members))},
    )
    return declare(request, page, form, carry_out=carry_out)
