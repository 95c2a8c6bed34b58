"""The reader's household and the children in their care."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.design.values import Crumb
from dancu.disclosure import services as disclosure
from dancu.identity.decorators import citizen_required
from dancu.kernel.clock import today
from dancu.portal import shown
from dancu.portal.views.asking import asking, crumbs


@citizen_required(action="own.view")
@require_safe
def household(request: HttpRequest) -> HttpResponse:
    """Who is registered at the reader's home, and the reader's own family."""
    actor, at = asking(request)
    members = disclosure.own_household(actor=actor, at=at)
    page = disclosure.own_record(actor=actor, at=at)
    number, home = page.facts.get("household_number"), page.facts.get("permanent_residence")
    context = {
        "crumbs": crumbs(Crumb(_("My household"))),
        "members": shown.members(members, actor.person_id),
        "number": _("Household number %(number)s") % {"number": shown.value_words(number)}
        if number and shown.is_known(number)
        else "",
        "home": shown.value_words(home) if home and shown.is_known(home) else "",
        "children": shown.children(page, members, today(at)),
        "close": shown.relatives(page, "father", "mother", "spouse", "guardian"),
    }
    return render(request, "portal/household.html", context)
