"""What the register holds about the reader, and one fact with its history."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.design.values import Crumb
from dancu.disclosure import services as disclosure
from dancu.identity.decorators import citizen_required
from dancu.portal import shown, words
from dancu.portal.views.asking import asking, crumbs


@citizen_required(action="own.view")
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Everything, under plain headings."""
    actor, at = asking(request)
    page = disclosure.own_record(actor=actor, at=at)
    groups = shown.fact_groups(page)
    context = {
        "crumbs": crumbs(Crumb(_("My data"))),
        "groups": groups,
        "disputed": len(shown.disputed(page)[0]),
    }
    return render(request, "portal/data.html", context)


@citizen_required(action="own.view")
@require_safe
def fact(request: HttpRequest, attribute: str) -> HttpResponse:
    """One fact: what holds, what was before, and what others say."""
    if attribute not in words.attribute_names():
        raise Http404
    actor, at = asking(request)
    page = disclosure.own_record(actor=actor, at=at)
    known = page.facts.get(attribute)
    label = words.label(attribute)
    context = {
        "crumbs": crumbs(Crumb(_("My data"), reverse("portal:data")), Crumb(label)),
        "label": label,
        "value": shown.value_words(known) if known else "",
        "is_number": shown.is_number(attribute),
        "source": words.source_words(known.origin) if known else "",
        "since": shown.since(known) if known else "",
        "events": shown.history_events(page.history.get(attribute, ())),
        "differences": shown.differences(page, attribute),
        "correct_href": shown.correct_href(attribute),
    }
    return render(request, "portal/fact.html", context)
