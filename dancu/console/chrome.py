"""What surrounds the console's pages: navigation, the officer, the case at hand."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from dancu.catalogue.queries import roles
from dancu.console.desk import Desk, desk_of
from dancu.console.waiting import Counted, waiting_lately
from dancu.console.words import moment_words
from dancu.design.chrome import AccountMenu, CaseStrip, Chrome, NavGroup, NavItem
from dancu.design.values import Link
from dancu.disclosure.waiting import WaitingCounts
from dancu.kernel.clock import VIETNAM
from dancu.population.work import Count

PREFIX = "/console/"


def chrome(request: HttpRequest) -> dict[str, object]:
    """Give the console's pages their chrome (a context processor); nothing to other pages."""
    if not request.path.startswith(PREFIX) or not hasattr(request, "session"):
        return {}
    try:
        desk = desk_of(request)
    except (DatabaseError, InterfaceError):  # An error page comes all the same.
        desk = None
    if desk is None:
        return {"chrome": Chrome(home_href=reverse("console:home"), face=_("Register"))}
    # An error page of a signed-in officer keeps the menu and the case.
    return {"chrome": _chrome(request, desk), "layout": "design/layouts/console.html"}


def _chrome(request: HttpRequest, desk: Desk) -> Chrome:
    can_search = desk.may("people.search")
    return Chrome(
        home_href=reverse("console:home"),
        face=_("Register"),
        nav=_navigation(request, desk),
        account=_account(desk),
        case=_strip(request, desk) if can_search or desk.may("access_log.read") else None,
        search_href=reverse("console:people") if can_search else "",
        search_value=str(getattr(request, "searched", ""))[:120],
    )


def _navigation(request: HttpRequest, desk: Desk) -> list[NavGroup]:
    here = request.path
    counted = _counts(request, desk)
    counts, note = counted.counts, _as_of(counted)
    work = [
        _item(_("Work list"), "home", "home", here, exact=True),
        _item(
            _("One-stop desk"),
            "one-stop",
            "building",
            here,
            shortcut="o",
            on=desk.may("one_stop.answer"),
        ),
        _item(_("People"), "people", "people", here, shortcut="p", on=desk.may("people.search")),
        _item(
            _("Requests"),
            "requests",
            "inbox",
            here,
            shortcut="r",
            on=desk.may("correction.decide"),
            count=counts.requests,
            note=note,
        ),
        _item(
            _("Conflicts"),
            "conflicts",
            "conflict",
            here,
            shortcut="c",
            on=desk.may("conflict.settle"),
            count=counts.conflicts,
            note=note,
        ),
        _item(
            _("Data to clean"),
            "ward",
            "check",
            here,
            shortcut="w",
            on=desk.may("quality.handle"),
            count=counted.issues,
            note=note,
        ),
        _item(
            _("Unclear addresses"),
            "map-unclear",
            "map",
            here,
            on=desk.may("conflict.settle"),
        ),
        _item(
            _("Checks and rounds"),
            "rounds",
            "home",
            here,
            on=desk.may("round.open", "round.visit", "quality.view"),
        ),
        _item(
            _("Duplicates"),
            "duplicates",
            "merge",
            here,
            shortcut="u",
            on=desk.may("merge.propose", "merge.confirm"),
        ),
    ]
    data = [
        _item(
            _("Deliveries"),
            "batches",
            "upload",
            here,
            shortcut="d",
            on=desk.may("batch.load", "quality.view"),
        ),
        _item(
            _("Data quality"),
            "quality",
            "chart",
            here,
            shortcut="q",
            on=desk.may("quality.view"),
        ),
        _item(
            _("Bulletins"),
            "bulletins",
            "calendar",
            here,
            shortcut="b",
            on=bool(desk.actor.jurisdictions) and desk.may("bulletin.view"),
        ),
        _item(
            _("Verification"),
            "verifications",
            "check-circle",
            here,
            shortcut="v",
            on=desk.may("exchange.verify", "exchange.manage"),
        ),
        _item(
            _("Clean a file"),
            "cleaning",
            "edit",
            here,
            on=desk.may("exchange.verify"),
        ),
        _item(
            _("One-stop measure"),
            "one-stop-measure",
            "chart",
            here,
            shortcut="m",
            on=desk.may("one_stop.measure"),
        ),
        _item(
            _("Map of units"),
            "map-changes",
            "map",
            here,
            on=desk.may("places.manage"),
        ),
        _item(
            _("Access log"),
            "access-log",
            "shield",
            here,
            shortcut="a",
            on=desk.may("access_log.read"),
        ),
        _item(
            _("Unusual readers"),
            "audit-readers",
            "eye",
            here,
            on=desk.may("access_log.read"),
        ),
        _item(
            _("Citizens' reports"),
            "reports",
            "flag",
            here,
            on=desk.may("access_log.read"),
        ),
        _item(
            _("Seal of the log"),
            "audit-seal",
            "lock",
            here,
            on=desk.may("access_log.read", "operation.view"),
        ),
    ]
    groups = [NavGroup([item for item in work if item])]
    if any(data):
        groups.append(NavGroup([item for item in data if item], _("Data")))
    rest = _item(_("Help and keys"), "help", "help", here, shortcut="t")
    return [*groups, NavGroup([rest] if rest else [])]


def _counts(request: HttpRequest, desk: Desk) -> Counted:
    try:
        return waiting_lately(request, desk)
    except (DatabaseError, InterfaceError):  # An error page comes all the same.
        return Counted(WaitingCounts(), desk.at, is_new=True)


def _as_of(counted: Counted) -> str:
    """Return since when the numbers may have changed; empty when they were counted just now."""
    if counted.is_new:
        return ""
    return _("as of %(time)s") % {"time": f"{counted.at.astimezone(VIETNAM):%H:%M}"}


def _item(
    label: str,
    route: str,
    icon: str,
    here: str,
    *,
    shortcut: str = "",
    on: bool = True,
    exact: bool = False,
    count: Count | None = None,
    note: str = "",
) -> NavItem | None:
    if not on:
        return None
    href = reverse(f"console:{route}")
    current = here == href if exact else here.startswith(href)
    number = count.number if count and count.number else None
    return NavItem(
        label,
        href,
        icon,
        current=current,
        count=number,
        is_more=count is not None and count.is_more,
        count_note=note,
        shortcut=shortcut,
    )


def _account(desk: Desk) -> AccountMenu:
    labels = [roles()[name].label(desk.language) for name in sorted(desk.actor.roles)]
    links = []
    if href := _maybe("identity:password"):
        links.append(Link(_("Change password"), href, "key"))
    return AccountMenu(
        name=desk.actor.name,
        office=desk.actor.office_name,
        roles=labels,
        links=links,
        sign_out_href=_maybe("identity:sign_out"),
    )


def _maybe(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _strip(request: HttpRequest, desk: Desk) -> CaseStrip:
    """Return for what people are shown: what the page says of itself, else the open case."""
    own = getattr(request, "case_strip", None)
    return own if isinstance(own, CaseStrip) else _case(desk)


def _case(desk: Desk) -> CaseStrip:
    change = reverse("console:case")
    if desk.case is None:
        return CaseStrip(change_href=change)
    return CaseStrip(
        purpose=desk.case.label(desk.language),
        case=desk.case.case or _("without a number"),
        case_href=change,
        legal_basis=desk.case.legal_basis,
        change_href=change,
        until=_until(desk),
    )


def _until(desk: Desk) -> str:
    """Return the end of the case, day first: 22/11/2026, 12:40."""
    moment = moment_words(desk.case.expires_at if desk.case else None)
    return f"{moment[6:]}, {moment[:5]}"
