"""What citizens ask to correct, what sources disagree about, and what citizens report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.audit.queries import list_reports
from dancu.audit.services import record
from dancu.catalogue.queries import attribute
from dancu.console.authority import stronger_than
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.correct import DecisionForm
from dancu.console.show import work
from dancu.console.show.conflicts import conflicts_table
from dancu.console.show.facts import account_words, fact_words, origin_rows
from dancu.console.show.people import header_of
from dancu.console.views.about import form_options, posted
from dancu.console.views.flow import Declaration, Outcome, declare
from dancu.console.waiting import forget_waiting
from dancu.console.words import moment_words
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.design.values import Fact as Shown
from dancu.disclosure import services as door
from dancu.disclosure.types import Fact
from dancu.disclosure.waiting import RequestPage
from dancu.identity.decorators import officer_required
from dancu.identity.queries import people_of
from dancu.population import services as register
from dancu.quality import settling


@officer_required(action="correction.decide")
@require_safe
@at_desk
def requests(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The requests that wait in the officer's area, those due first at the head."""
    found = door.waiting_requests(actor=desk.actor, at=desk.at, window=window_of(request))
    context = {
        "crumbs": _crumbs(_("Requests of citizens")),
        "table": work.requests_table(found, at=desk.at, language=desk.language),
        "window": Window(found.window, found.has_next),
    }
    return render(request, "console/requests.html", context)


@officer_required(action="conflict.settle")
@require_safe
@at_desk
def conflicts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The open conflicts in the officer's area, the newest first."""
    found = door.open_conflicts(actor=desk.actor, at=desk.at, window=window_of(request))
    context = {
        "crumbs": _crumbs(_("Open conflicts")),
        "table": conflicts_table(found, language=desk.language),
        "window": Window(found.window, found.has_next),
    }
    return render(request, "console/conflicts.html", context)


@officer_required(action="access_log.read")
@require_safe
@at_desk
def reports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What citizens reported about looks at them; reading it is written down too."""
    number = window_of(request)
    found, has_next = list_reports(window=number)
    record(
        event="access.reports-read",
        actor=desk.actor,
        at=desk.at,
        detail={"reports": [one.id for one in found]},
    )
    people = people_of(one.account_id for one in found)
    context = {
        "crumbs": _crumbs(_("Citizens' reports")),
        "table": work.reports_table(found, people, language=desk.language),
        "window": Window(number, has_next),
    }
    return render(request, "console/reports.html", context)


@officer_required(action="correction.decide")
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def decide(request: HttpRequest, desk: Desk, request_id: int) -> HttpResponse:
    """One request: what is held and what is asked side by side, a decision with its reason."""
    page = door.request_page(actor=desk.actor, request_id=request_id, at=desk.at)
    if request.method != "POST" and not page.asked.is_waiting:
        return render(request, "console/request_done.html", _done(desk, page))
    stronger = stronger_than(desk, attribute(page.asked.attribute), page.present)
    form = DecisionForm(posted(request), decisions=_decisions(page, stronger), **form_options(desk))

    def carry_out() -> Outcome:
        decision = form.cleaned_data["decision"]
        settling.settle(
            act=lambda: register.decide_correction(
                request_id=request_id,
                decision="accept" if decision == "accept" else "decline",
                reason=form.cleaned_data["reason"],
                actor=desk.actor,
                at=desk.at,
            ),
            people=[page.header.person_id],
            attributes=[page.asked.attribute],
            actor=desk.actor,
            at=desk.at,
            despite=form.why_despite,
        )
        forget_waiting(desk)
        words = (
            _("Accepted: the register now says what the citizen asked for.")
            if decision == "accept"
            else _("Declined: the register stays as it was. The citizen reads your reason.")
        )
        return Outcome(words, work.request_href(request_id))

    return declare(request, _declaration(desk, page, stronger), form, carry_out=carry_out)


def _decisions(page: RequestPage, stronger: str) -> list[tuple[str, str]]:
    accept = ("accept", _("Accept: the register takes what the citizen says"))
    decline = ("decline", _("Decline: the register stays as it is"))
    if page.is_hidden:
        return [decline]
    if stronger:
        return [("decline", _("Decline, and tell the citizen who decides this"))]
    return [accept, decline]


def _declaration(desk: Desk, page: RequestPage, stronger: str) -> Declaration:
    title = _title(desk, page)
    return Declaration(
        title=title,
        crumbs=_request_crumbs(title),
        person=header_of(page.header, on=desk.today, language=desk.language),
        save_label=_("Decide"),
        back_href=reverse("console:requests"),
        template="console/request.html",
        extra={**_sides(desk, page), "stronger": stronger},
    )


def _done(desk: Desk, page: RequestPage) -> dict[str, object]:
    title = _title(desk, page)
    decided_by = page.decided_by or 0
    decision = [
        Shown(_("Decided"), moment_words(page.asked.decided_at)),
        Shown(_("Decided by"), account_words([decided_by])[decided_by]),
        Shown(_("Reason given"), page.asked.decision_reason),
    ]
    return {
        **_sides(desk, page),
        "title": title,
        "crumbs": _request_crumbs(title),
        "person": header_of(page.header, on=desk.today, language=desk.language),
        "is_accepted": page.asked.state == "accepted",
        "decision": decision,
        "before": _value(desk, page.before),
        "now": _value(desk, page.present),
    }


def _sides(desk: Desk, page: RequestPage) -> dict[str, object]:
    asked = page.asked
    label = asked.label(desk.language)
    held = [Shown(label, _value(desk, page.present))]
    if page.present is not None and page.present.origin is not None:
        held += origin_rows(
            page.present.origin, desk.language, confirmed_on=page.present.confirmed_on
        )
    wish = [
        Shown(label, asked.text(desk.language) or _("none"), masked=page.is_hidden),
        Shown(_("Why"), asked.reason),
        Shown(_("Asked"), moment_words(asked.asked_at)),
        Shown(_("To be decided by"), moment_words(asked.due_at)),
    ]
    return {
        "request_page": page,
        "badge": work.state_badge(asked, desk.at),
        "held": held,
        "wish": wish,
        "asked_words": asked.text(desk.language) or _("none"),
        "person_href": work.case_href(asked.request_id, page.header.person_id),
    }


def _value(desk: Desk, fact: Fact | None) -> str:
    return fact_words(fact, desk.language) if fact else _("nothing")


def _title(desk: Desk, page: RequestPage) -> str:
    return _("Request %(n)s: %(fact)s") % {
        "n": page.case,
        "fact": page.asked.label(desk.language),
    }


def _crumbs(here: str) -> list[Crumb]:
    return [Crumb(_("Work list"), reverse("console:home")), Crumb(here)]


def _request_crumbs(title: str) -> list[Crumb]:
    home, _here = _crumbs("")
    return [home, Crumb(_("Requests of citizens"), reverse("console:requests")), Crumb(title)]
