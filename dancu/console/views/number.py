"""Cancelling a personal identification number and giving another."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.console.desk import Desk, with_case
from dancu.console.forms.base import evidence_of
from dancu.console.forms.civil import NumberForm
from dancu.console.views.about import about, form_options, posted, rows
from dancu.console.views.finding import presented
from dancu.console.views.flow import Outcome, declare
from dancu.console.words import day_words, evidence_words, sex_words
from dancu.design.values import Fact
from dancu.identity.decorators import officer_required
from dancu.population import services as register


@officer_required(action="pid.cancel")
@require_http_methods(["GET", "POST"])
@with_case
def number(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Cancel the present number and give another one."""
    who = about(desk, person_id)
    form = NumberForm(posted(request), **form_options(desk))

    def carry_out() -> Outcome:
        data = form.cleaned_data
        corrected: dict[str, object] = {}
        if data["sex"]:
            corrected["sex"] = data["sex"]
        if data["birth_date"]:
            corrected["birth_date"] = data["birth_date"].iso
        pid = register.reissue_pid(
            person_id=person_id,
            reason=data["reason"],
            corrected=corrected,
            explanation=data["explanation"],
            evidence=evidence_of(form),
            presented=presented(desk, [person_id]),
            actor=desk.actor,
            at=desk.at,
        )
        words = _("The new number is %(pid)s; the former one stays cancelled.") % {"pid": pid}
        return Outcome(words, reverse("console:papers", args=[person_id]), who.history("pid"))

    def review() -> list[Fact]:
        data = form.cleaned_data
        return rows(
            {
                _("Present number"): who.header.pid,
                _("Why"): dict(form.fields["reason"].choices)[data["reason"]],  # type: ignore[attr-defined]
                _("In words"): data["explanation"],
                _("Right sex"): sex_words(data["sex"], form.language),
                _("Right date of birth"): day_words(data["birth_date"]),
                _("Evidence"): evidence_words(data["evidence_kind"], data["evidence_reference"]),
            }
        )

    page = who.declaration(
        _("Cancel and reissue the number"),
        intro=_("Only a wrong number is cancelled. It is never given to anybody else."),
        save_label=_("Check"),
        save_kind="danger",
    )
    return declare(request, page, form, review=review, carry_out=carry_out)
