"""Unusual readers, for auditors: numbers over their thresholds, and the looks behind each."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.audit.state import is_late
from dancu.catalogue.oversight import Signs, signs
from dancu.console.desk import Desk, at_desk
from dancu.console.show.readers import reader_words, readers_table, sign_words
from dancu.console.show.visits import visits_table
from dancu.console.views.log import PURPOSE
from dancu.console.words import day_words
from dancu.design.paging import Window, window_of
from dancu.design.values import Choice, Crumb
from dancu.disclosure import services as door
from dancu.disclosure.services.readers import Reader, Sign
from dancu.identity.decorators import officer_required
from dancu.kernel.clock import today
from dancu.kernel.errors import NotFoundOrNotYours

_DIGITS = 18
_LONGEST = 100


@officer_required(action="access_log.read")
@require_safe
@at_desk
def readers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who read unusually in the last days."""
    if desk.case is None or desk.case.purpose != PURPOSE:
        return to_audit_case(request)
    limits = signs()
    days = _days(request.GET, limits)
    everybody = "all" in request.GET
    rows = door.unusual_readers(
        actor=desk.actor, case=desk.case.case, days=days, at=desk.at, everybody=everybody
    )
    context = {
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Unusual readers"))],
        "here": reverse("console:audit-readers"),
        "days": str(days),
        "periods": _periods(limits),
        "everybody": everybody,
        "count": int(days != limits.periods[0]) + int(everybody),
        "table": readers_table(rows, desk.language, days=days, limits=limits),
        "since": day_words(today(desk.at - timedelta(days=days))),
        "explained": [(sign_words(sign), words) for sign, words in _explained(limits)],
        "seal_is_late": is_late(desk.at),
    }
    return render(request, "console/audit/readers.html", context)


@officer_required(action="access_log.read")
@require_safe
@at_desk
def looks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The looks that one number of one reader counts."""
    if desk.case is None or desk.case.purpose != PURPOSE:
        return to_audit_case(request)
    days, sign = _days(request.GET, signs()), _sign(request.GET)
    reader = _reader(request.GET)
    page = door.looks_behind(
        actor=desk.actor,
        case=desk.case.case,
        reader=reader,
        sign=sign,
        days=days,
        at=desk.at,
        window=window_of(request),
    )
    back = f"{reverse('console:audit-readers')}?{urlencode({'days': days})}"
    context = {
        "crumbs": [
            Crumb(_("Work list"), reverse("console:home")),
            Crumb(_("Unusual readers"), back),
            Crumb(reader_words(reader, desk.language)),
        ],
        "who": reader_words(reader, desk.language),
        "sign": sign_words(sign),
        "days": days,
        "table": visits_table(page, desk.language, with_person=True),
        "window": Window(page.window, page.has_next),
    }
    return render(request, "console/audit/looks.html", context)


def to_audit_case(request: HttpRequest) -> HttpResponse:
    """Send the auditor to open a case of audit, and back."""
    query = urlencode({"next": request.get_full_path(), "purpose": PURPOSE})
    return HttpResponseRedirect(f"{reverse('console:case')}?{query}")


def _days(query: QueryDict, limits: Signs) -> int:
    wanted = query.get("days", "")
    found = [days for days in limits.periods if str(days) == wanted]
    return found[0] if found else limits.periods[0]


def _periods(limits: Signs) -> list[Choice]:
    return [
        Choice(str(days), _("the last %(days)s days") % {"days": days}) for days in limits.periods
    ]


def _sign(query: QueryDict) -> Sign:
    try:
        return Sign(query.get("sign", Sign.ALL))
    except ValueError:
        raise NotFoundOrNotYours from None


def _reader(query: QueryDict) -> Reader:
    account = query.get("account", "")
    if account.isascii() and account.isdigit() and len(account) <= _DIGITS:
        return Reader(int(account))
    contract, agent = (query.get(name, "")[:_LONGEST] for name in ("contract", "agent"))
    return Reader(None, contract.replace("\x00", ""), agent.replace("\x00", ""))


def _explained(limits: Signs) -> list[tuple[Sign, str]]:
    """What each number counts, and from where on it is unusual."""
    return [
        (
            Sign.VOLUME,
            _("%(people)s people or more, and %(times)s times as many as peers of the same role")
            % {"people": limits.volume_people, "times": f"{limits.volume_times_peers:g}"},
        ),
        (
            Sign.HOURS,
            _("%(answers)s answers or more before %(opens)s, after %(closes)s or on closed days")
            % {
                "answers": limits.hours_answers,
                "opens": f"{limits.opens:%H:%M}",
                "closes": f"{limits.closes:%H:%M}",
            },
        ),
        (
            Sign.OUTSIDE,
            _("%(people)s people or more who neither live nor stay where the office serves")
            % {"people": limits.outside_people},
        ),
        (
            Sign.AGAIN,
            _(
                "%(people)s person or more, each opened on %(looks)s occasions or more; looks "
                "within ten minutes are one"
            )
            % {"people": limits.again_people, "looks": limits.again_looks},
        ),
        (
            Sign.REFUSED,
            _("%(answers)s refusals or more") % {"answers": limits.refused_answers},
        ),
        (
            Sign.ASKED,
            _(
                "%(people)s person or more whom an agency verified %(answers)s times or more in "
                "one day, or with more values than its contract lets it try"
            )
            % {"people": limits.asked_people, "answers": limits.asked_answers},
        ),
    ]
