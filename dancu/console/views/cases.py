"""The case at hand: chosen once, kept while one works, changed or closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dancu.access.errors import CaseNumberMissing, PurposeNotAllowed
from dancu.console.desk import Desk, at_desk, desk_of
from dancu.console.errors import AnotherCaseNeeded
from dancu.console.forms.base import words_of_error
from dancu.console.forms.case import CaseForm, hint_of
from dancu.design.values import Choice, Crumb
from dancu.disclosure.cases import CaseSession, close_case, keep_case, open_case, purposes_for
from dancu.identity.decorators import officer_required

RECENT = "console_cases"
_RECENT_KEPT = 6
UNPROCESSABLE = 422


@officer_required(action=("people.search", "access_log.read"))
@require_http_methods(["GET", "POST"])
@at_desk
def case(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose the purpose and the number; then go back to where the case was needed."""
    onward = safe_next(request, request.POST.get("next") or request.GET.get("next") or "")
    purposes = purposes_for(desk.actor, at=desk.at)
    given = request.POST if request.method == "POST" else None
    form = CaseForm(given, purposes=purposes, language=desk.language, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_case(
                actor=desk.actor,
                purpose=form.cleaned_data["purpose"],
                case=form.cleaned_data["case"].strip(),
                at=desk.at,
            )
        except CaseNumberMissing as error:
            form.add_error("case", words_of_error(error))
        except PurposeNotAllowed as error:
            form.add_error("purpose", words_of_error(error))
        else:
            return _opened(request, desk, opened, onward)
    return _choose(request, desk, form, onward)


def _initial(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("purpose", "case")}


def _choose(request: HttpRequest, desk: Desk, form: CaseForm, onward: str) -> HttpResponse:
    chosen = str(form["purpose"].value() or (desk.case.purpose if desk.case else ""))
    if not chosen and len(form.purposes) == 1:
        chosen = next(iter(form.purposes))
    form.without_mark()
    choices = [
        Choice(one.name, one.label(desk.language), hint_of(one), selected=one.name == chosen)
        for one in form.purposes.values()
    ]
    named = request.method == "GET" and bool(request.GET.get("purpose"))
    context = {
        "form": form,
        "choices": choices,
        "chosen": [one for one in choices if one.selected] if named else [],
        "rest": [one for one in choices if not one.selected],
        "onward": onward,
        "kept": request.POST.get("kept", ""),
        "current": desk.case,
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Case"))],
    }
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "console/case.html", context, status=status)


def _opened(request: HttpRequest, desk: Desk, opened: CaseSession, onward: str) -> HttpResponse:
    keep_case(request.session, opened)
    _remember(request, opened)
    if kept := request.POST.get("kept", ""):
        answers = [(name, value) for name, values in QueryDict(kept).lists() for value in values]
        context = {"answers": answers, "onward": onward}
        return render(request, "console/resume.html", context)
    start = "people" if desk.may("people.search") else "access-log"
    return HttpResponseRedirect(onward or reverse(f"console:{start}"))


def _remember(request: HttpRequest, opened: CaseSession) -> None:
    recent = [
        one
        for one in request.session.get(RECENT, [])
        if (one["purpose"], one["case"]) != (opened.purpose, opened.case)
    ]
    entry = {"purpose": opened.purpose, "case": opened.case, "at": opened.since.isoformat()}
    request.session[RECENT] = [entry, *recent][:_RECENT_KEPT]


@officer_required(action=("people.search", "access_log.read"))
@require_POST
@at_desk
def close(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Close the case at hand."""
    if desk.case is not None:
        close_case(actor=desk.actor, case=desk.case, at=desk.at)
        keep_case(request.session, None)
        messages.success(request, _("The case is closed."))
    return HttpResponseRedirect(reverse("console:home"))


def choose_and_resume(request: HttpRequest) -> HttpResponse:
    """Ask for the case when a form arrives without one, keeping what the form held."""
    desk = desk_of(request)
    answers = request.POST.copy()
    answers.pop("csrfmiddlewaretoken", None)
    if desk is None:
        return HttpResponseRedirect(reverse("console:case"))
    form = CaseForm(purposes=purposes_for(desk.actor, at=timezone.now()), language=desk.language)
    form.without_mark()
    context = {
        "form": form,
        "choices": [
            Choice(one.name, one.label(desk.language), hint_of(one))
            for one in form.purposes.values()
        ],
        "onward": safe_next(request, request.get_full_path()),
        "kept": answers.urlencode(),
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Case"))],
    }
    return render(request, "console/case.html", context, status=409)


def ask_for_another(
    request: HttpRequest, desk: Desk, needed: AnotherCaseNeeded, *, status: int = 0
) -> HttpResponse:
    """Say that the open case does not cover this, and offer the purposes that do."""
    number = desk.case.case if desk.case else ""
    form = CaseForm(purposes=needed.purposes, language=desk.language, initial={"case": number})
    form.without_mark()
    answers = request.POST.copy()
    answers.pop("csrfmiddlewaretoken", None)
    alone = len(needed.purposes) == 1
    context = {
        "form": form,
        "choices": [
            Choice(one.name, one.label(desk.language), hint_of(one), selected=alone)
            for one in needed.purposes
        ],
        "why": words_of_error(needed),
        "current_label": desk.case.label(desk.language) if desk.case else "",
        "onward": safe_next(request, request.get_full_path()),
        "kept": answers.urlencode() if request.method == "POST" else "",
        "current": desk.case,
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Case"))],
    }
    return render(request, "console/case.html", context, status=status or needed.http_status)


def safe_next(request: HttpRequest, href: str) -> str:
    """Return an address of this site; empty for any other."""
    safe = url_has_allowed_host_and_scheme(href, {request.get_host()}, request.is_secure())
    return href if safe and href.startswith("/") else ""
