"""Asking for a correction: choose the fact, write what it should say, check, send, follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.access.types import Actor
from dancu.design import values as design
from dancu.design.values import Crumb, Link, Step
from dancu.disclosure import services as disclosure
from dancu.disclosure.types import Fact, Group
from dancu.disclosure.waiting import case_of_request
from dancu.identity.decorators import citizen_required
from dancu.kernel.clock import today
from dancu.kernel.errors import DancuError, Invalid
from dancu.population.services.requests import request_correction
from dancu.portal import requests, shown, words
from dancu.portal.forms import AddressForm, ValueForm, correction_form
from dancu.portal.values import Line
from dancu.portal.views.asking import asking, crumbs

CorrectionForm = ValueForm | AddressForm


@dataclass(frozen=True, slots=True)
class FactChoice:
    """Facts of one heading from which the wrong one is chosen."""

    title: str
    lines: Sequence[Line]


@citizen_required(action="correction.request")
@require_safe
def list_requests(request: HttpRequest) -> HttpResponse:
    """The reader's requests and how they stand."""
    actor, at = asking(request)
    found = disclosure.own_requests(actor=actor, at=at)
    context = {
        "crumbs": crumbs(Crumb(_("My requests"))),
        "waiting": [requests.task(item) for item in found if item.is_waiting],
        "answered": [requests.task(item) for item in found if not item.is_waiting],
    }
    return render(request, "portal/requests.html", context)


@citizen_required(action="correction.request")
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the fact that is wrong."""
    actor, at = asking(request)
    page = disclosure.own_record(actor=actor, at=at)
    choices = [_choices(group) for group in page.groups]
    context = {
        "crumbs": _crumbs(Crumb(_("Choose what is wrong"))),
        "steps": _steps(1),
        "choices": [choice for choice in choices if choice.lines],
    }
    return render(request, "portal/request_new.html", context)


def _choices(group: Group) -> FactChoice:
    known = {fact.attribute: fact for fact in group.facts if shown.is_known(fact)}
    lines = [
        _choice(name, shown.value_words(fact))
        for name, fact in known.items()
        if name not in requests.BY_REGISTRATION
    ]
    nothing, add = _("nothing written down"), _("Add")
    lines += [_choice(name, nothing, add) for name in shown.missing(group.name, known)]
    return FactChoice(words.group_words(group.name, group.label(words.language())), lines)


def _choice(name: str, value: str, verb: str = "") -> Line:
    way = Link(verb or _("Correct this"), shown.correct_href(name))
    return Line(words.label(name), value, way, is_code=shown.is_number(name))


@citizen_required(action="correction.request")
@require_http_methods(["GET", "HEAD", "POST"])
def value(request: HttpRequest, attribute: str) -> HttpResponse:
    """Write what it should say; then check; then, when sure, send."""
    if attribute not in words.attribute_names():
        raise Http404
    actor, at = asking(request)
    page = disclosure.own_record(actor=actor, at=at)
    present = page.facts.get(attribute)
    is_post = request.method == "POST"
    if attribute in requests.BY_REGISTRATION:
        return _other_way(request, attribute)
    form = correction_form(attribute, today(at), request.POST if is_post else None)
    if not is_post or "edit" in request.POST or not form.is_valid():
        return _ask(request, form, present)
    if "sure" not in request.POST:
        return _confirm(request, form, present)
    return _send(request, form, present, actor, at)


def _other_way(request: HttpRequest, attribute: str) -> HttpResponse:
    context = {
        "crumbs": _crumbs(Crumb(words.label(attribute))),
        "label": words.label(attribute),
        "is_number": attribute == "pid",
    }
    return render(request, "portal/request_other_way.html", context)


def _ask(
    request: HttpRequest, form: CorrectionForm, present: Fact | None, status: int = 0
) -> HttpResponse:
    wrong = form.is_bound and not form.is_valid()
    context = {**_about(form, present, 2), "form": form}
    status = status or (422 if wrong else 200)
    return render(request, "portal/request_value.html", context, status=status)


def _confirm(request: HttpRequest, form: CorrectionForm, present: Fact | None) -> HttpResponse:
    context = {
        **_about(form, present, 3),
        "claim": [
            design.Fact(_("Now in the register"), _value(present)),
            design.Fact(_("You say it should be"), form.in_words(), source=form.place_words()),
            design.Fact(_("Because"), form.cleaned_data["reason"]),
        ],
        "posted": _posted(request, form),
    }
    return render(request, "portal/request_confirm.html", context)


def _send(
    request: HttpRequest,
    form: CorrectionForm,
    present: Fact | None,
    actor: Actor,
    at: datetime,
) -> HttpResponse:
    try:
        made = request_correction(
            attribute_name=form.name,
            value=form.claim(),
            reason=form.cleaned_data["reason"],
            actor=actor,
            at=at,
        )
    except DancuError as error:
        return _refused(request, form, present, error)
    messages.success(request, _("Your request has been sent."))
    return HttpResponseRedirect(reverse("portal:request", args=[made.request_id]))


def _refused(
    request: HttpRequest, form: CorrectionForm, present: Fact | None, error: DancuError
) -> HttpResponse:
    """The form again, each complaint of the register beside the field it is about."""
    if isinstance(error, Invalid):
        for item in error.field_errors:
            field = "reason" if item.field in {"reason", "evidence"} else "value"
            form.add_error(field, f"{item.text(_)} {item.remedy_text(_)}".strip())
    else:
        form.add_error(None, f"{error.text(_)} {error.remedy_text(_)}".strip())
    return _ask(request, form, present, status=error.http_status)


def _about(form: CorrectionForm, present: Fact | None, step: int) -> dict[str, object]:
    return {
        "crumbs": _crumbs(Crumb(words.label(form.name))),
        "steps": _steps(step),
        "label": words.label(form.name),
        "present": _value(present),
        "source": words.source_words(present.origin) if present else "",
        "is_address": isinstance(form, AddressForm),
    }


def _value(present: Fact | None) -> str:
    return shown.value_words(present) if present and shown.is_known(present) else ""


def _posted(request: HttpRequest, form: CorrectionForm) -> Iterable[tuple[str, str]]:
    names = [name for name in form.fields if name in request.POST]
    return [(name, value) for name in names for value in request.POST.getlist(name)]


@citizen_required(action="correction.request")
@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt of one request, and its answer once there is one."""
    actor, at = asking(request)
    item = requests.request_in(disclosure.own_requests(actor=actor, at=at), number)
    context = {
        "crumbs": _crumbs(Crumb(words.label(item.attribute))),
        "item": item,
        "label": words.label(item.attribute),
        "state": requests.state(item),
        "progress": requests.progress_words(item),
        "claim": [
            design.Fact(_("Number of the request"), case_of_request(item.request_id)),
            design.Fact(_("You say it should be"), requests.value(item)),
            design.Fact(_("Because"), item.reason),
            design.Fact(_("Sent"), words.moment_words(item.asked_at)),
        ],
        "is_late": item.is_overdue(at),
        "fact_href": shown.fact_href(item.attribute),
    }
    return render(request, "portal/request.html", context)


def _crumbs(*steps: Crumb) -> list[Crumb]:
    return crumbs(Crumb(_("My requests"), reverse("portal:requests")), *steps)


def _steps(current: int) -> list[Step]:
    words_of = (_("Choose what is wrong"), _("Write it right"), _("Check and send"))
    return [
        Step(text, "done" if number < current else "current" if number == current else "todo")
        for number, text in enumerate(words_of, start=1)
    ]
