"""What a split left open in the ward: by street, settled by one rule or home by home, undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.map_unclear import SettleForm, StreetForm
from dancu.console.show import map_unclear as show
from dancu.console.views.about import posted
from dancu.console.views.flow import carried_out_once, repeated, token_of
from dancu.console.words import day_words
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.disclosure.services.unclear import (
    RuleShown,
    street_by_rule,
    unclear_addresses,
    unclear_streets,
)
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import DancuError
from dancu.places.settling import Settled
from dancu.population.services import settling
from dancu.population.unclear import StreetKey, UnclearStreet

SETTLE = "conflict.settle"
UNPROCESSABLE = 422
_LONGEST = 200
_LARGEST_KEY = 2**63


@officer_required(action=SETTLE)
@require_safe
@at_desk
def unclear(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what is unclear, counted by street, and what was settled lately."""
    found = unclear_streets(actor=desk.actor, at=desk.at)
    window = window_of(request)
    shown = found.streets[(window - 1) * show.WINDOW : window * show.WINDOW]
    context = {
        "table": show.street_table(shown),
        "has_more": found.has_more,
        "settled": show.settled_cards(found.settled, today=desk.today),
        "window": Window(window, len(found.streets) > window * show.WINDOW),
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Unclear addresses"))],
    }
    return render(request, "console/map/unclear.html", context)


@officer_required(action=SETTLE)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def street(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Settle one street: by a rule on house numbers that is looked at first, or home by home."""
    if again := repeated(request):
        return again
    key = _key(request)
    found = unclear_streets(actor=desk.actor, at=desk.at)
    here = next((one for one in found.streets if one.key == key), None)
    if here is None:
        messages.info(request, _("Nothing is unclear along this street any more."))
        return HttpResponseRedirect(reverse("console:map-unclear"))
    if not key.street or request.GET.get("each"):
        return _home_by_home(request, desk, here)
    return _by_rule(request, desk, here)


def _key(request: HttpRequest) -> StreetKey:
    asked = request.GET
    try:
        on = date.fromisoformat(asked.get("on", ""))
    except ValueError:
        raise Http404 from None
    street, unit = (asked.get(name, "").replace("\x00", "") for name in ("street", "unit"))
    return StreetKey(street[:_LONGEST], unit[:_LONGEST], on)


def _by_rule(request: HttpRequest, desk: Desk, here: UnclearStreet) -> HttpResponse:
    form = StreetForm(posted(request), units=show.units_of(here))
    if request.method == "POST" and form.is_valid():
        unit, reason = form.cleaned_data["unit"], form.cleaned_data["reason"]
        try:
            if "apply" in request.POST:
                return _settled(
                    request,
                    lambda: settling.settle_street(
                        street=here.key,
                        rule=form.rule,
                        unit_code=unit,
                        reason=reason,
                        expected=request.POST["apply"][:40],
                        actor=desk.actor,
                        at=desk.at,
                    ),
                )
            seen = street_by_rule(actor=desk.actor, at=desk.at, street=here.key, rule=form.rule)
        except DancuError as error:
            form.add_error(None, words_of_error(error))
        else:
            if seen is not None and seen.homes:
                return _looked_at(request, desk, here, form, seen)
            form.add_error(None, _("No unclear home fits this rule. Look at the house numbers."))
    return _page(request, desk, here, {"form": form})


def _looked_at(
    request: HttpRequest, desk: Desk, here: UnclearStreet, form: StreetForm, seen: RuleShown
) -> HttpResponse:
    """Show what a rule means before anything changes."""
    said = form.cleaned_data
    context = {
        "form": form,
        "stats": show.rule_stats(seen),
        "facts": show.rule_facts(here, form.rule, unit=said["unit"], reason=said["reason"]),
        "table": show.address_table(seen.samples, select_name=""),
        "is_sample": len(seen.samples) < seen.homes,
        "digest": seen.digest,
        "token": token_of(request),
        "back_href": show.street_href(here.key),
        "is_ahead": here.key.on > desk.today,
        "day": day_words(here.key.on),
        "crumbs": _crumbs(show.street_words(here)),
    }
    return render(request, "console/map/unclear_rule.html", context)


def _home_by_home(request: HttpRequest, desk: Desk, here: UnclearStreet) -> HttpResponse:
    """Show the homes themselves, each with a box to tick."""
    ticked = request.POST.getlist("address")
    form = SettleForm(posted(request), units=show.units_of(here), chosen=ticked)
    if request.method == "POST" and form.is_valid():
        try:
            return _settled(
                request,
                lambda: settling.settle_addresses(
                    address_ids=form.addresses,
                    unit_code=form.cleaned_data["unit"],
                    reason=form.cleaned_data["reason"],
                    actor=desk.actor,
                    at=desk.at,
                ),
            )
        except DancuError as error:
            form.add_error(None, words_of_error(error))
    found = unclear_addresses(
        actor=desk.actor, at=desk.at, window=window_of(request), street=here.key
    )
    more = {
        "form": form,
        "table": show.address_table(found.lines, ticked=form.addresses),
        "window": Window(found.window, found.has_next),
    }
    return _page(request, desk, here, more)


def _page(
    request: HttpRequest, desk: Desk, here: UnclearStreet, more: dict[str, object]
) -> HttpResponse:
    form = more["form"]
    is_bound = isinstance(form, StreetForm | SettleForm) and form.is_bound
    context = {
        "street": here,
        "token": token_of(request),
        "name": show.street_words(here),
        "numbers": show.numbers_words(here),
        "tabs": show.tabs_of(here, each="table" in more),
        "split": show.split_words(here),
        "is_ahead": here.key.on > desk.today,
        "day": day_words(here.key.on),
        "crumbs": _crumbs(show.street_words(here)),
        **more,
    }
    status = UNPROCESSABLE if is_bound else 200
    return render(request, "console/map/unclear_street.html", context, status=status)


def _settled(request: HttpRequest, act: Callable[[], Settled]) -> HttpResponse:
    return carried_out_once(request, reverse("console:map-unclear"), lambda: _words(act()))


def _words(done: Settled) -> str:
    words = ngettext(
        "%(n)s address is settled.", "%(n)s addresses are settled.", done.addresses
    ) % {"n": done.addresses}
    undo = _("It can be undone until the end of %(day)s.") % {"day": day_words(done.undo_until)}
    return f"{words} {undo}"


@officer_required(action=SETTLE)
@require_POST
@at_desk
def undo(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Leave open again what one act settled; when its time is over the reason is told."""
    written = request.POST.get("settling", "")
    key = int(written) if written.isdecimal() and len(written) < len(str(_LARGEST_KEY)) else 0
    try:
        undone = settling.undo_settling(key=key, actor=desk.actor, at=desk.at)
    except DancuError as error:
        messages.error(request, words_of_error(error))
    else:
        words = ngettext(
            "%(n)s address is unclear again.",
            "%(n)s addresses are unclear again.",
            undone.addresses,
        )
        messages.success(request, words % {"n": undone.addresses})
    return HttpResponseRedirect(reverse("console:map-unclear"))


def _crumbs(here: str) -> list[Crumb]:
    return [
        Crumb(_("Work list"), reverse("console:home")),
        Crumb(_("Unclear addresses"), reverse("console:map-unclear")),
        Crumb(here),
    ]
