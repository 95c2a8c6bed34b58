"""One fact: whence it comes, what it was, what disputes it; showing it whole; confirming it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dancu.access.errors import CaseNumberMissing
from dancu.catalogue.errors import UnknownAttribute
from dancu.catalogue.queries import attribute
from dancu.catalogue.types import Attribute
from dancu.console import versions
from dancu.console.desk import Desk, with_case
from dancu.console.fitting import covers, require_in_full
from dancu.console.forms.base import words_of_error
from dancu.console.show.facts import conflict_of, fact_href, fact_words, origin_rows, spans_of
from dancu.console.show.people import header_of, person_href
from dancu.console.show.under_map import under_map_of
from dancu.console.views.person import crumbs_of
from dancu.disclosure import services as door
from dancu.disclosure.errors import CaseNumberNeededToReveal
from dancu.disclosure.types import Fact, PersonPage
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import Conflict
from dancu.population import services as register
from dancu.population.errors import PopulationError
from dancu.population.types import Evidence
from dancu.quality import settling

BESIDE = "side_content"


def known_attribute(name: str) -> Attribute:
    """Return an attribute by the name in an address; 404 for a name that there is not."""
    try:
        return attribute(name)
    except UnknownAttribute:
        raise Http404 from None


@officer_required(action="people.view")
@require_safe
@with_case
def fact(request: HttpRequest, desk: Desk, person_id: int, name: str) -> HttpResponse:
    """Provenance, history and conflicts of one fact; a panel beside the page where scripts run."""
    attr = known_attribute(name)
    # Before the values: what is said in between was not seen.
    seen = versions.hidden(request, [person_id])
    page = door.disclose_page(**desk.access, subject=person_id)
    if attr.name not in page.facts and attr.name not in page.history:
        raise Http404
    context = {
        **_fact_context(request, desk, page, attr),
        "versions": seen,
        "crumbs": crumbs_of(page.header.name, person_id, attr.label(desk.language)),
        "person": header_of(page.header, on=desk.today, language=desk.language, link=True),
    }
    beside = request.headers.get("HX-Target") == BESIDE
    template = "console/parts/fact.html" if beside else "console/fact.html"
    return render(request, template, {**context, "beside": beside, "level": 3 if beside else 2})


def _fact_context(
    request: HttpRequest, desk: Desk, page: PersonPage, attr: Attribute
) -> dict[str, object]:
    person_id = page.header.person_id
    held = page.facts.get(attr.name)
    may_settle = desk.may("conflict.settle")
    conflicts = [one for one in page.conflicts if one.attribute == attr.name]
    is_alive = page.header.status in {"alive", "missing", ""}
    is_closed = page.header.status in {"merged", "cancelled"}
    is_correctable = register.is_correctable(attr.name, is_alive=is_alive) and not is_closed
    may_correct = desk.may("people.correct") and is_correctable
    may_confirm = may_correct and covers(desk, "people.correct", attr)
    return {
        "person_id": person_id,
        "name": attr.name,
        "label": attr.label(desk.language),
        "legal_basis": attr.legal_basis,
        "value": fact_words(held, desk.language) if held else "",
        "held": held,
        "origin": (
            origin_rows(held.origin, desk.language, confirmed_on=held.confirmed_on)
            if held and held.origin
            else []
        ),
        "spans": spans_of(page.history.get(attr.name, ()), desk.language),
        "conflicts": [
            conflict_of(one, person_id, language=desk.language, may_settle=may_settle)
            for one in conflicts
        ],
        "reveal_href": _reveal_href(desk, person_id, held),
        "correct_href": (
            reverse("console:correct", args=[person_id, attr.name]) if may_correct else ""
        ),
        "confirm_href": (
            reverse("console:confirm", args=[person_id, attr.name])
            if may_confirm and held is not None
            else ""
        ),
        "under_map": under_map_of(held.value if held else None, request.GET, today=desk.today),
        "fact_href": fact_href(person_id, attr.name),
    }


def _reveal_href(desk: Desk, person_id: int, held: Fact | None) -> str:
    if held is None or not held.is_masked or not held.can_reveal or not desk.has_case_number:
        return ""
    return reverse("console:reveal", args=[person_id, held.attribute])


@officer_required(action="people.view")
@require_http_methods(["GET", "POST"])
@with_case
def reveal(request: HttpRequest, desk: Desk, person_id: int, name: str) -> HttpResponse:
    """Show one masked value whole, after saying that this is written down by itself."""
    attr = known_attribute(name)
    page = door.disclose_page(**desk.access, subject=person_id) if request.method == "GET" else None
    context: dict[str, object] = {
        "person_id": person_id,
        "label": attr.label(desk.language),
        "back_href": person_href(person_id),
        "fact_href": fact_href(person_id, attr.name),
        "here": reverse("console:reveal", args=[person_id, attr.name]),
        "has_number": desk.has_case_number,
        "case": desk.case,
    }
    if page is not None:
        held = page.facts.get(attr.name)
        if held is None:
            raise Http404
        context["masked_value"] = held.text(desk.language)
        context["name"] = page.header.name
        context["crumbs"] = crumbs_of(page.header.name, person_id, attr.label(desk.language))
        return _reveal_page(request, context)
    try:
        shown = door.reveal(**desk.access, subject=person_id, attribute_name=attr.name)
    except (CaseNumberMissing, CaseNumberNeededToReveal) as error:
        messages.warning(request, words_of_error(error))
        case_href = f"{reverse('console:case')}?next={fact_href(person_id, attr.name)}"
        return HttpResponseRedirect(case_href)
    context["value"] = shown.text(desk.language)
    context["crumbs"] = crumbs_of(_("Person"), person_id, attr.label(desk.language))
    return _reveal_page(request, context)


def _reveal_page(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    beside = request.headers.get("HX-Target") == BESIDE
    template = "console/parts/reveal.html" if beside else "console/reveal.html"
    return render(request, template, {**context, "beside": beside})


@officer_required(action="people.correct")
@require_POST
@with_case
def confirm(request: HttpRequest, desk: Desk, person_id: int, name: str) -> HttpResponse:
    """Say in one click that a fact still holds, so that it counts as current from today."""
    attr = known_attribute(name)
    require_in_full(desk, "people.correct", attr)
    door.disclose(**desk.access, subjects=[person_id], attributes=[attr.name])
    back = fact_href(person_id, attr.name)
    evidence = Evidence("inspection", desk.case.case if desk.case else "")
    try:
        expected = versions.required(request, [person_id])[person_id]
        settling.settle(
            act=lambda: register.confirm_facts(
                person_id=person_id,
                attributes=[attr.name],
                evidence=evidence,
                day=desk.today,
                actor=desk.actor,
                at=desk.at,
                expected_statement_id=expected,
            ),
            people=[person_id],
            attributes=[attr.name],
            actor=desk.actor,
            at=desk.at,
        )
    except Conflict:
        messages.warning(
            request,
            _("Somebody changed this fact in the meantime. Look at it, then confirm it again."),
        )
    except PopulationError as error:
        messages.warning(request, words_of_error(error))
    else:
        label = attr.label(desk.language)
        link = format_html('<a href="{}">{}</a>', back, _("See the history"))
        messages.success(
            request,
            format_html("{} {}", _("Confirmed today: %(fact)s.") % {"fact": label}, link),
        )
        return HttpResponseRedirect(person_href(person_id))
    return HttpResponseRedirect(back)
