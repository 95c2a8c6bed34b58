"""The pages on one person: facts, timeline, family, papers, who looked, paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.console.desk import Desk, with_case
from dancu.console.show.acts import acts_for
from dancu.console.show.duplicates import merges_into
from dancu.console.show.facts import disputes_of, groups_of, timeline_of
from dancu.console.show.people import family_of, header_of, household_of, person_href
from dancu.console.words import attribute_words, day_words, moment_words
from dancu.design.chrome import NavGroup, NavItem
from dancu.design.dates import typed
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Crumb, Empty, Tab
from dancu.disclosure import services as door
from dancu.disclosure.types import Header, PersonPage
from dancu.identity.decorators import officer_required
from dancu.kernel.clock import VIETNAM, start_of_day
from dancu.kernel.dates import InvalidDate

EARLIEST = date(1900, 1, 1)
#: Who may read what was wrong with somebody's data.
READ_ISSUES = ("quality.view", "quality.handle")


@dataclass(frozen=True, slots=True)
class Moment:
    """What the page shows: the facts of a day, as known on a day; both None for today."""

    as_of: date | None = None
    known_on: date | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)
    """What was typed and is no past day, by the name of its field."""

    @property
    def is_past(self) -> bool:
        """Whether the page shows anything but the present."""
        return self.as_of is not None or self.known_on is not None

    @property
    def known_at(self) -> datetime | None:
        """The end of the day on which the register knew it."""
        return start_of_day(self.known_on + timedelta(days=1)) if self.known_on else None

    @property
    def query(self) -> str:
        """The moment as a query string, with its question mark; empty for today."""
        given = {
            name: value.isoformat()
            for name, value in (("as_of", self.as_of), ("known", self.known_on))
            if value
        }
        return f"?{urlencode(given)}" if given else ""


TODAY = Moment()


def moment_of(request: HttpRequest, today: date) -> Moment:
    """Read the days of the sliders, however typed; what is no past day counts as today."""
    typed_words = {name: request.GET.get(name, "").strip()[:40] for name in ("as_of", "known")}
    days = {name: _day(text) for name, text in typed_words.items()}
    wrong = {
        name: text
        for name, text in typed_words.items()
        if text and ((day := days[name]) is None or not EARLIEST <= day <= today)
    }
    past = {name: day if day and EARLIEST <= day < today else None for name, day in days.items()}
    return Moment(past["as_of"], past["known"], wrong)


def _day(text: str) -> date | None:
    try:
        found = typed(text)
    except InvalidDate:
        return None
    return found.earliest if found.precision == "day" else None


@officer_required(action="people.view")
@require_safe
@with_case
def person(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Facts by group, today or at the moment that the sliders choose."""
    moment = moment_of(request, desk.today)
    now = door.disclose_page(**desk.access, subject=person_id)
    if now.header.person_id != person_id:
        return to_who_stays(request, now)
    page = now
    if moment.is_past:
        page = door.disclose_page(
            **desk.access, subject=person_id, as_of=moment.as_of, known_at=moment.known_at
        )
    compared = now if moment.is_past else None
    groups = groups_of(page, language=desk.language, can_reveal=desk.has_case_number, now=compared)
    shown = replace(page, header=_header_then(page, now)) if moment.is_past else page
    context = {
        **page_context(desk, shown, "facts", moment),
        "groups": groups,
        "sliders": _sliders(now, moment, desk.today),
        "moment": moment,
        "looks_back": moment.is_past or bool(moment.wrong),
        "wrong_as_of": _wrong_words(moment, "as_of"),
        "wrong_known": _wrong_words(moment, "known"),
        "as_of_words": day_words(moment.as_of),
        "known_words": day_words(moment.known_on),
        "changed_count": sum(fact.changed for group in groups for fact in group.facts),
        "missing_now": _gone(page, now, desk.language) if compared else [],
        "conflicts": [] if compared else disputes_of(now, desk.language),
        "household": [] if compared else household_of(now, desk.language),
        "may_read_visits": may_read_visits(desk),
        "merged": [] if compared else merges_into(desk, person_id),
    }
    return render(request, "console/person.html", context)


def to_who_stays(request: HttpRequest, page: PersonPage) -> HttpResponse:
    """Lead from a record that was merged to the one that stays."""
    messages.info(request, _("That record was merged into this one; both histories are here."))
    return HttpResponseRedirect(person_href(page.header.person_id))


def _header_then(page: PersonPage, now: PersonPage) -> Header:
    """Return the head of a page on the past, without the state that came later."""
    then, today = page.facts.get("life_status"), now.facts.get("life_status")
    if then is not None and today is not None and then.value == today.value:
        return page.header
    return replace(page.header, status="", death_date=None)


def _gone(page: PersonPage, now: PersonPage, language: str) -> list[str]:
    """Name what is known today and was not at the moment shown."""
    absent = now.facts.keys() - page.facts.keys()
    return sorted(attribute_words(name, language) for name in absent)


def _sliders(now: PersonPage, moment: Moment, today: date) -> dict[str, object]:
    first = now.first_day or today
    known = [
        span.origin.recorded_at
        for spans in now.history.values()
        for span in spans
        if span.origin.recorded_at
    ]
    first_known = min(known).astimezone(VIETNAM).date() if known else today
    href = person_href(now.header.person_id)
    return {
        "first": max(EARLIEST, min(first, today)).isoformat(),
        "first_known": min(first_known, today).isoformat(),
        "today": today.isoformat(),
        "as_of": moment.wrong.get("as_of") or _iso(moment.as_of),
        "known": moment.wrong.get("known") or _iso(moment.known_on),
        "wrong": moment.wrong,
        "as_of_action": href + Moment(None, moment.known_on).query,
        "known_action": href + Moment(moment.as_of, None).query,
        "today_href": href,
    }


def _wrong_words(moment: Moment, name: str) -> str:
    if name not in moment.wrong:
        return ""
    return _("This is not a full day of the past: day, month, year.")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def page_context(
    desk: Desk, page: PersonPage, current: str, moment: Moment = TODAY
) -> dict[str, object]:
    """Return what every page on a person has; of the past nothing is offered to be done."""
    person_id = page.header.person_id
    acts = [] if moment.is_past else acts_for(desk, page)
    return {
        "desk": desk,
        "page": page,
        "person_id": person_id,
        "person": header_of(
            page.header,
            on=moment.as_of or desk.today,
            language=desk.language,
            can_reveal=desk.has_case_number and not moment.is_past,
        ),
        "crumbs": crumbs_of(page.header.name),
        "tabs": _tabs(desk, page, current),
        "acts": acts,
        "menu": [
            NavGroup([NavItem(one.label, one.href, one.icon) for one in group.links], group.label)
            for group in acts
        ],
        "print_href": "" if moment.is_past else reverse("console:paper", args=[person_id]),
    }


def crumbs_of(name: str, person_id: int | None = None, here: str = "") -> list[Crumb]:
    """Return the way back from a page on a person, or from a page below it."""
    crumbs = [
        Crumb(_("Work list"), reverse("console:home")),
        Crumb(_("People"), reverse("console:people")),
        Crumb(name, person_href(person_id) if person_id else ""),
    ]
    return [*crumbs, Crumb(here)] if here else crumbs


def _tabs(desk: Desk, page: PersonPage, current: str) -> Sequence[Tab]:
    person_id = page.header.person_id
    tabs = [
        ("facts", _("Facts"), "person"),
        ("timeline", _("Timeline"), "timeline"),
        ("family", _("Family and household"), "family"),
        ("papers", _("Numbers and papers"), "papers"),
    ]
    if desk.may(*READ_ISSUES):
        tabs.append(("issues", _("Quality of the data"), "issues"))
    if may_read_visits(desk):
        tabs.append(("visits", _("Who looked"), "visits"))
    return [
        Tab(label, person_href(person_id, route), current=name == current)
        for name, label, route in tabs
    ]


def may_read_visits(desk: Desk) -> bool:
    """Say whether the officer may read who looked at a person."""
    return desk.may("access_log.read")


@officer_required(action="people.view")
@require_safe
@with_case
def timeline(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Everything that happened to a person, newest first."""
    page = door.disclose_page(**desk.access, subject=person_id)
    if page.header.person_id != person_id:
        return to_who_stays(request, page)
    kind = request.GET.get("kind", "")
    events = timeline_of(page, language=desk.language, kind=kind)
    kinds = [
        ("", _("Everything")),
        ("fact", _("Facts")),
        ("event", _("Civil events")),
        ("pid", _("Numbers")),
    ]
    context = {
        **page_context(desk, page, "timeline"),
        "events": events,
        "kinds": [
            Tab(words, f"?kind={name}" if name else "?", current=name == kind)
            for name, words in kinds
        ],
    }
    return render(request, "console/timeline.html", context)


@officer_required(action="people.view")
@require_safe
@with_case
def family(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Three generations, and the household."""
    page = door.disclose_page(**desk.access, subject=person_id)
    if page.header.person_id != person_id:
        return to_who_stays(request, page)
    number = page.facts.get("household_number")
    context = {
        **page_context(desk, page, "family"),
        "roots": family_of(page, desk.language),
        "has_family": bool(page.family),
        "household": household_of(page, desk.language),
        "household_number": number.text(desk.language) if number else "",
    }
    return render(request, "console/family.html", context)


@officer_required(action="people.view")
@require_safe
@with_case
def papers(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """All numbers that the person ever had, and the papers known."""
    page = door.disclose_page(**desk.access, subject=person_id)
    if page.header.person_id != person_id:
        return to_who_stays(request, page)
    rows = [
        Row(
            [
                Cell(entry.pid, code=True),
                day_words(entry.valid_from),
                day_words(entry.cancelled_on) or _("in force"),
                _reason(entry.cancel_reason),
            ],
            tone="" if entry.cancelled_on is None else "muted",
        )
        for entry in page.pids
    ]
    columns = [
        Column(_("Number"), heading=True),
        Column(_("From"), narrow=True),
        Column(_("Valid until"), narrow=True),
        Column(_("Why it was cancelled")),
    ]
    empty = Empty(_("No number was given to this person yet"), icon="card")
    shown = groups_of(page, language=desk.language, can_reveal=desk.has_case_number)
    context = {
        **page_context(desk, page, "papers"),
        "numbers": Table(_("Personal identification numbers"), columns, rows, empty=empty),
        "groups": [group for group in shown if group.name == "papers"],
    }
    return render(request, "console/papers.html", context)


def _reason(reason: str | None) -> str:
    words = {
        "wrong_sex": _("wrong sex"),
        "wrong_birth_year": _("wrong year of birth"),
        "duplicate": _("given twice"),
        "other": _("another reason"),
    }
    return words.get(reason or "", reason or "")


@officer_required(action="access_log.read")
@require_safe
def visits(_request: HttpRequest, person_id: int) -> HttpResponse:
    """Lead to the access log of this person; it is read for the purpose of an audit."""
    query = urlencode({"person": person_id})
    return HttpResponseRedirect(f"{reverse('console:access-log')}?{query}")


@officer_required(action="people.view")
@require_safe
@with_case
def paper(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """The facts for printing, with who printed them, when, and for what."""
    page = door.disclose_page(**desk.access, subject=person_id, for_print=True)
    context = {
        **page_context(desk, page, "facts"),
        "groups": groups_of(page, language=desk.language, can_reveal=False),
        "household": household_of(page, desk.language),
        "printed_at": moment_words(desk.at),
        "purpose": desk.case.label(desk.language) if desk.case else "",
        "legal_basis": desk.case.legal_basis if desk.case else "",
        "case_number": desk.case.case if desk.case else "",
    }
    return render(request, "console/paper.html", context)
