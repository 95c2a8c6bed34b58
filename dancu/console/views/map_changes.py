"""Decisions on the map: sent in as a file, looked at, applied, and undone until their day."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.map_changes import DecisionFileForm
from dancu.console.show import map_changes as show
from dancu.console.views.about import posted
from dancu.console.views.flow import carried_out_once, token_of
from dancu.console.words import day_words
from dancu.design.values import Crumb, Fact
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import DancuError
from dancu.places.decisions import Decision, read
from dancu.places.errors import DecisionInForce, DecisionRefused, DecisionUnknown
from dancu.places.restructuring import decisions, settled_ahead
from dancu.population.services.restructuring import (
    Preview,
    apply_map_change,
    preview_map_change,
    undo_map_change,
)

MANAGE = "places.manage"
UNPROCESSABLE, SURE = 422, "sure"
#: Bytes of a file that is sent in here; a reform of the whole country is applied by command.
LARGEST = 256 * 1024


@officer_required(action=MANAGE)
@require_http_methods(["GET", "POST"])
@at_desk
def map_changes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the decisions, and take a file: what is wrong with it, or what it would do."""
    form = DecisionFileForm(posted(request), request.FILES or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        text = _text(form)
        if text is not None:
            try:
                decision = read(text)
                found = preview_map_change(decision=decision, actor=desk.actor, at=desk.at)
            except DecisionRefused as error:
                return _refused(request, error)
            except DancuError as error:
                form.add_error("file", words_of_error(error))
            else:
                return _shown(request, desk, found)
    rows = decisions()
    context = {
        "form": form,
        "largest_kb": LARGEST // 2**10,
        "table": show.decision_table(rows),
        "waiting": [row for row in rows if row.state == "waiting"],
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Map of units"))],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/map/changes.html", context, status=status)


@officer_required(action=MANAGE)
@require_POST
@at_desk
def apply(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Apply the decision that was looked at; the file is checked again."""

    def carry_out() -> str:
        decision = read(request.POST.get("text", ""))
        done = apply_map_change(decision=decision, actor=desk.actor, at=desk.at)
        words = (
            _("%(number)s is in force; %(people)s people went to other units.")
            if done.is_in_force
            else _("%(number)s is entered. Everybody is taken along on %(day)s.")
        )
        day = day_words(done.effective_on)
        return words % {"number": done.number, "people": done.people, "day": day}

    return _carried_out(request, carry_out)


@officer_required(action=MANAGE)
@require_POST
@at_desk
def undo(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take a decision back, once it was said what falls with it; in force, say why not."""
    number = request.POST.get("number", "")[:60].replace("\x00", "")
    if SURE not in request.POST:
        about = _about(number)
        if not about:
            messages.error(request, words_of_error(_why_not(number)))
            return HttpResponseRedirect(reverse("console:map-changes"))
        context = {
            "number": number,
            "about": about,
            "settled": settled_ahead(number),
            "token": token_of(request),
            "crumbs": _crumbs(number),
        }
        return render(request, "console/map/undo.html", context)

    def carry_out() -> str:
        undo_map_change(number=number, actor=desk.actor, at=desk.at)
        return _("%(number)s is undone; the map is as it was.") % {"number": number}

    return _carried_out(request, carry_out)


def _about(number: str) -> list[Fact]:
    """What the decision is that would be taken back; nothing when it waits no more."""
    found = [one for one in decisions() if one.number == number and one.state == "waiting"]
    return [
        fact
        for one in found
        for fact in (
            Fact(_("Decision"), one.title),
            Fact(_("In force from"), day_words(one.effective_on)),
            Fact(_("Legal basis"), one.legal_basis),
        )
    ]


def _why_not(number: str) -> DancuError:
    """Return why a decision that does not wait cannot be taken back."""
    for one in decisions():
        if one.number == number and one.state == "in force":
            return DecisionInForce(number=number, day=one.effective_on.isoformat())
    return DecisionUnknown(number=number)


def _carried_out(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    href = reverse("console:map-changes")
    try:
        return carried_out_once(request, href, act)
    except DecisionRefused as error:
        return _refused(request, error)
    except DancuError as error:
        messages.error(request, words_of_error(error))
    return HttpResponseRedirect(href)


def _text(form: DecisionFileForm) -> str | None:
    file = form.cleaned_data["file"]
    if (file.size or 0) > LARGEST:
        form.add_error(
            "file",
            _("This file is too large for a page. Apply it by the command dancu map."),
        )
        return None
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        form.add_error("file", _("The file is not UTF-8 text. Save it as UTF-8 and send it again."))
        return None


def _refused(request: HttpRequest, error: DecisionRefused) -> HttpResponse:
    context = {
        "table": show.flaw_table(error.flaws),
        "count": len(error.flaws),
        "crumbs": _crumbs(_("The file cannot be applied")),
    }
    return render(request, "console/map/refused.html", context, status=UNPROCESSABLE)


def _shown(request: HttpRequest, desk: Desk, found: Preview) -> HttpResponse:
    decision: Decision = found.decision
    context = {
        "decision": decision,
        "day": day_words(decision.effective_on),
        "is_due": decision.effective_on <= desk.today,
        "stats": show.stats(found),
        "table": show.way_table(found),
        "apply_href": reverse("console:map-apply"),
        "token": token_of(request),
        "crumbs": _crumbs(decision.number),
    }
    return render(request, "console/map/preview.html", context)


def _crumbs(here: str) -> list[Crumb]:
    return [
        Crumb(_("Work list"), reverse("console:home")),
        Crumb(_("Map of units"), reverse("console:map-changes")),
        Crumb(here),
    ]
