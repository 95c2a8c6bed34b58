"""The queue of verified files: what the day has left, who waits until when, and what if."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dancu.catalogue.contracts import contracts, exchange_rules
from dancu.console import once
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.exchange import CapForm, ExceptionForm
from dancu.console.forms.one_stop import WithdrawForm
from dancu.console.show.batches import contract_words, page_href
from dancu.console.views.about import posted
from dancu.console.views.exchange_batches import (
    MANAGE,
    UNPROCESSABLE,
    VERIFY,
    contracts_of,
    crumbs,
)
from dancu.console.views.flow import carried_out_once, repeated, token_of
from dancu.console.words import day_words, moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Crumb, Empty, Fact, Link, Stat
from dancu.exchange import quotas
from dancu.exchange.batches import exceptions
from dancu.exchange.batches.models import Batch
from dancu.exchange.batches.queue import Forecast, Waiting
from dancu.exchange.batches.standing import QueueView, queue_at
from dancu.exchange.types import Standing
from dancu.identity.decorators import officer_required

_MOST_SHOWN = 200
_EXCEPTIONS = "#exceptions"


@officer_required(action=(VERIFY, MANAGE, "quality.view"))
@require_http_methods(["GET", "POST"])
@at_desk
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the day's quota and the queue; approve an exception to the quota, once."""
    may_manage = desk.may(MANAGE)
    form, token = None, request.POST.get(once.FIELD) or once.new_token()
    if may_manage:
        form = ExceptionForm(
            posted(request),
            contracts=contracts(desk.today),
            today=desk.today,
            language=desk.language,
            initial={"day": day_words(desk.today)},
        )
        if request.method == "POST" and form.is_valid():
            with once.turn(request.session, token):
                if not once.done_href(request.session, token):
                    _approve(form, desk)
                    once.remember(request.session, token, _EXCEPTIONS)
                    messages.success(request, _("The exception is approved and holds at once."))
            return HttpResponseRedirect(reverse("console:verification-queue") + _EXCEPTIONS)
    view = queue_at(desk.at)
    standing = quotas.standing(desk.today)
    context = {
        "may_manage": may_manage,
        "form": form,
        "once": token,
        "stats": _stats(standing[quotas.COUNTRY], view),
        "waiting": _waiting(view, view.forecast(), desk),
        "shares": _shares(standing, desk),
        "exceptions": _exceptions(desk),
        "crumbs": crumbs(_("Queue and quota")),
    }
    status = UNPROCESSABLE if form is not None and form.errors else 200
    return render(request, "console/exchange/queue.html", context, status=status)


def _approve(form: ExceptionForm, desk: Desk) -> None:
    data = form.cleaned_data
    name = "" if data["contract"] == "*" else data["contract"]
    exceptions.approve(
        contract=name,
        day=data["day"],
        records=data["records"],
        reason=data["reason"].strip(),
        actor=desk.actor,
        at=desk.at,
    )


@officer_required(action=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def withdraw_exception(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """Take an approved exception back, with the reason."""
    if again := repeated(request):
        return again
    found = exceptions.standing(number=number, at=desk.at)
    form = WithdrawForm(posted(request), label_suffix="")
    field = form.fields["reason"]
    field.label, field.help_text = _("Why it is withdrawn"), ""
    field.error_messages["required"] = _("Say why it is withdrawn.")
    if request.method == "POST" and form.is_valid():

        def act() -> str:
            reason = form.cleaned_data["reason"].strip()
            exceptions.withdraw(number=number, reason=reason, actor=desk.actor, at=desk.at)
            return _("The exception is withdrawn; what was asked stays asked.")

        href = reverse("console:verification-queue") + _EXCEPTIONS
        return carried_out_once(request, href, act)
    context = {
        "form": form,
        "once": token_of(request),
        "about": [
            Fact(_("For whom"), _for_whom(found, desk)),
            Fact(_("On the day"), day_words(found.day)),
            Fact(_("Additional records"), grouped(found.records)),
            Fact(_("Approved by"), found.approved_by),
            Fact(_("Reason"), found.reason),
        ],
        "crumbs": _crumbs(_("Withdraw an exception")),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "console/exchange/withdraw.html", context, status=status)


def _for_whom(one: exceptions.Allowed, desk: Desk) -> str:
    return contract_words(one.contract, desk.language) if one.contract else _("The whole country")


def _crumbs(here: str) -> list[Crumb]:
    return [
        *crumbs()[:1],
        Crumb(_("Verification"), reverse("console:verifications")),
        Crumb(_("Queue and quota"), reverse("console:verification-queue")),
        Crumb(here),
    ]


def _stats(country: Standing, view: QueueView) -> list[Stat]:
    rows = sum(one.rows for one in view.waiting)
    share = country.records / country.share if country.share else 1.0
    return [
        Stat(
            _("Asked about today"),
            grouped(country.records),
            detail=_("of %(cap)s for the whole country") % {"cap": grouped(country.share)},
            part=min(share, 1.0),
            tone="warning" if country.left == 0 else "neutral",
        ),
        Stat(_("Left today"), grouped(country.left)),
        Stat(
            _("Rows waiting"),
            grouped(rows),
            detail=ngettext("in %(n)s file", "in %(n)s files", len(view.waiting))
            % {"n": grouped(len(view.waiting))},
        ),
    ]


def _names(view: QueueView) -> Mapping[int, tuple[str, str]]:
    rows = Batch.objects.filter(pk__in=[one.batch for one in view.waiting])
    return {pk: (name, ref) for pk, name, ref in rows.values_list("pk", "name", "reference")}


def _waiting(view: QueueView, found: list[Forecast], desk: Desk) -> Table:
    """Return who waits; what a file is called is for those who may open its page."""
    names = _names(view)
    own = {one.name for one in contracts_of(desk)}

    def nameless(one: Waiting) -> Cell:
        return Cell(contract_words(one.contract, desk.language))

    def named(one: Waiting) -> Cell:
        name, reference = names[one.batch]
        detail = contract_words(one.contract, desk.language)
        return Cell(name, page_href(reference), detail=detail)

    pairs = sorted(zip(found, view.waiting, strict=True), key=lambda pair: pair[0].place)
    rows = [
        Row(
            [
                grouped(forecast.place),
                named(one) if desk.may(MANAGE) or one.contract in own else nameless(one),
                grouped(one.rows),
                grouped(forecast.today),
                _day(forecast.day, desk.today),
            ]
        )
        for forecast, one in pairs[:_MOST_SHOWN]
    ]
    columns = [
        Column(_("Place"), numeric=True, narrow=True),
        Column(_("File"), heading=True),
        Column(_("Rows left"), numeric=True, narrow=True),
        Column(_("Of these today"), numeric=True, narrow=True),
        Column(_("Done on"), narrow=True),
    ]
    empty = Empty(_("Nobody waits"), _("Every file that was sent in is answered."), icon="check")
    return Table(_("Waiting"), columns, rows, empty=empty)


def _day(day: date | None, today: date) -> str:
    if day is None:
        return _("cannot be foreseen")
    return _("today") if day == today else day_words(day)


def _shares(standing: Mapping[str, Standing], desk: Desk) -> Table:
    rules = exchange_rules()
    found = sorted(contracts(desk.today), key=lambda one: (one.priority, one.name))
    rows = [
        Row(
            [
                Cell(one.label(desk.language), detail=one.agency),
                rules.priority(one.priority).label(desk.language),
                grouped(standing[one.name].share),
                grouped(standing[one.name].records),
                grouped(standing[one.name].left),
                grouped(one.requests_per_second),
            ]
        )
        for one in found
    ]
    columns = [
        Column(_("Contract"), heading=True),
        Column(_("Class")),
        Column(_("Records a day"), numeric=True, narrow=True),
        Column(_("Asked about today"), numeric=True, narrow=True),
        Column(_("Left today"), numeric=True, narrow=True),
        Column(_("Requests a second"), numeric=True, narrow=True),
    ]
    return Table(_("Contracts today"), columns, rows)


def _exceptions(desk: Desk) -> Table:
    rows = [
        Row(
            [
                Cell(_for_whom(one, desk), actions=_withdrawal(one, desk), badges=_withdrawn(one)),
                day_words(one.day),
                grouped(one.records),
                one.approved_by,
                Cell(one.reason, detail=_why_withdrawn(one)),
            ]
        )
        for one in exceptions.coming(day=desk.today)
    ]
    columns = [
        Column(_("For whom"), heading=True),
        Column(_("On the day"), narrow=True),
        Column(_("Additional records"), numeric=True, narrow=True),
        Column(_("Approved by")),
        Column(_("Reason")),
    ]
    empty = Empty(_("No exceptions"), _("The contracts' own records hold."), icon="check")
    return Table(_("Approved exceptions"), columns, rows, empty=empty)


def _withdrawn(one: exceptions.Allowed) -> list[Badge]:
    if one.withdrawn_at is None:
        return []
    return [Badge(_("withdrawn %(when)s") % {"when": moment_words(one.withdrawn_at)}, "neutral")]


def _why_withdrawn(one: exceptions.Allowed) -> str:
    if not one.withdrawn_by:
        return ""
    values = {"who": one.withdrawn_by, "why": one.withdrawn_reason}
    return _("withdrawn by %(who)s: %(why)s") % values


def _withdrawal(one: exceptions.Allowed, desk: Desk) -> list[Link]:
    if one.number is None or one.withdrawn_at is not None or not desk.may(MANAGE):
        return []
    href = reverse("console:verification-exception-withdraw", args=[one.number])
    return [Link(_("Withdraw"), href)]


@officer_required(action=MANAGE)
@require_safe
@at_desk
def simulation(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Compare the days of finishing under today's cap with those under another."""
    view = queue_at(desk.at)
    now = exchange_rules().records_on(desk.today)
    form = CapForm(request.GET if "cap" in request.GET else None, initial={"cap": now})
    cap = form.cleaned_data["cap"] if form.is_bound and form.is_valid() else now
    before, after = view.forecast(), view.forecast(cap=cap)
    context = {
        "form": form,
        "stats": _compared(before, after, now, cap) if view.waiting else [],
        "table": _simulated(view, before, after, desk),
        "crumbs": _crumbs(_("Try another cap")),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "console/exchange/simulation.html", context, status=status)


def _compared(before: list[Forecast], after: list[Forecast], now: int, cap: int) -> list[Stat]:
    pairs = [(one.day or date.max, two.day or date.max) for one, two in zip(before, after)]  # noqa: B905
    return [
        Stat(_("Cap today"), grouped(now)),
        Stat(_("Cap tried"), grouped(cap)),
        Stat(_("Files done sooner"), grouped(sum(two < one for one, two in pairs))),
        Stat(_("Files done later"), grouped(sum(two > one for one, two in pairs))),
    ]


def _simulated(view: QueueView, before: list[Forecast], after: list[Forecast], desk: Desk) -> Table:
    names = _names(view)
    found = sorted(zip(view.waiting, before, after, strict=True), key=lambda three: three[2].place)
    rows = [
        Row(
            [
                Cell(
                    names[one.batch][0],
                    page_href(names[one.batch][1]),
                    detail=contract_words(one.contract, desk.language),
                ),
                grouped(one.rows),
                _day(was.day, desk.today),
                _day(will.day, desk.today),
                _change(was.day, will.day),
            ]
        )
        for one, was, will in found[:_MOST_SHOWN]
    ]
    columns = [
        Column(_("File"), heading=True),
        Column(_("Rows left"), numeric=True, narrow=True),
        Column(_("Done under the present cap"), narrow=True),
        Column(_("Done under the cap tried"), narrow=True),
        Column(_("Change"), narrow=True),
    ]
    empty = Empty(_("Nobody waits"), _("So a changed cap changes nothing today."), icon="check")
    return Table(_("Days of finishing"), columns, rows, empty=empty)


def _change(was: date | None, will: date | None) -> str:
    if was == will:
        return _("none")
    if was is None or will is None:
        return _("can now be foreseen") if was is None else _("can no longer be foreseen")
    days = abs((will - was).days)
    if will < was:
        return ngettext("%(n)s day sooner", "%(n)s days sooner", days) % {"n": days}
    return ngettext("%(n)s day later", "%(n)s days later", days) % {"n": days}
