"""The ward's list of addresses that a split left open, and settling them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.map_unclear import SettleForm
from dancu.console.show.map_changes import unclear_table
from dancu.console.views.about import posted
from dancu.console.views.requests import window_of
from dancu.design.paging import Window
from dancu.design.values import Crumb
from dancu.disclosure.services.unclear import UnclearList, unclear_addresses
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import DancuError
from dancu.population.services.restructuring import settle_addresses

UNPROCESSABLE = 422


@officer_required(action="conflict.settle")
@require_http_methods(["GET", "POST"])
@at_desk
def unclear(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the unclear addresses of the area, street by street; settle those that are ticked."""
    found = unclear_addresses(actor=desk.actor, at=desk.at, window=window_of(request))
    ticked = request.POST.getlist("address")
    form = SettleForm(posted(request), units=_units(found), chosen=ticked)
    if request.method == "POST" and form.is_valid():
        try:
            settled = settle_addresses(
                address_ids=form.addresses,
                unit_code=form.cleaned_data["unit"],
                reason=form.cleaned_data["reason"],
                actor=desk.actor,
                at=desk.at,
            )
        except DancuError as error:
            form.add_error(None, words_of_error(error))
        else:
            words = ngettext("%(n)s address is settled.", "%(n)s addresses are settled.", settled)
            messages.success(request, words % {"n": settled})
            return HttpResponseRedirect(reverse("console:map-unclear"))
    context = {
        "form": form,
        "table": unclear_table(found),
        "has_any": bool(found.lines),
        "window": Window(found.window, found.has_next),
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Unclear addresses"))],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/map/unclear.html", context, status=status)


def _units(found: UnclearList) -> list[tuple[str, str]]:
    units = {code: name for line in found.lines for code, name in line.candidates}
    return sorted(units.items(), key=lambda unit: unit[1])
