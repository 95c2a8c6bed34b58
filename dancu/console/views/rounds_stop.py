"""A house of a round: who is registered there, and noting what was found, at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.console import once, versions
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.rounds import DoorForm
from dancu.console.rounds import VISIT, area_of, disclosed, show_case
from dancu.console.show import rounds as show
from dancu.console.show import rounds_stop as show_stop
from dancu.console.views import rounds as round_views
from dancu.console.views.about import form_options, posted
from dancu.design.values import Crumb
from dancu.disclosure.types import Disclosed
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import Conflict, Invalid
from dancu.rounds import queries, services
from dancu.rounds.errors import RoundsError, StopChanged
from dancu.rounds.types import Campaign, Outcome, Stop, Subject, Visit

_TEAM = "console_round_team"
_CHANGED, _UNPROCESSABLE = 409, 422
#: No house is visited more often than so many digits can say.
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class _Door:
    """A stop with everything that its page shows."""

    desk: Desk
    campaign: Campaign
    stop: Stop
    subjects: list[Subject]
    people: Mapping[int, Disclosed]
    visits: list[Visit]

    @property
    def names(self) -> dict[int, str]:
        """Whoever may be seen, by key; of those who left the area since, nothing is asked."""
        return {
            one.person_id: self.people[one.person_id].header.name or _("Name not known")
            for one in self.subjects
            if one.person_id in self.people
        }

    @property
    def list_href(self) -> str:
        """The houses of the same street."""
        return show.stops_href(
            self.campaign.id,
            unit=self.stop.commune,
            area=self.stop.neighbourhood_key,
            street=self.stop.street_key,
        )


@officer_required(action=VISIT)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def stop(request: HttpRequest, desk: Desk, stop_id: int) -> HttpResponse:
    """Show a house, and note what was found there; a form that is sent twice counts once."""
    if request.method == "POST":
        return _noted(request, desk, stop_id)
    door = _door(desk, stop_id)
    return _page(request, door, _form(request, door))


def _door(desk: Desk, stop_id: int) -> _Door:
    area = area_of(desk)
    found = queries.stop(stop_id, area)
    campaign = queries.campaign(found.campaign_id, area)
    subjects = queries.subjects([found.id]).get(found.id, [])
    people = disclosed(desk, campaign, subjects, campaign.kind.shows)
    heads = {person for person, one in people.items() if show.is_head(one)}
    subjects.sort(key=lambda one: one.person_id not in heads)
    return _Door(desk, campaign, found, subjects, people, queries.visits(found.id))


def _noted(request: HttpRequest, desk: Desk, stop_id: int) -> HttpResponse:
    token = request.POST.get(once.FIELD, "")
    with once.turn(request.session, token):
        if done := once.done_href(request.session, token):
            messages.info(request, _("This had been noted already; it counts once."))
            return HttpResponseRedirect(done)
        door = _door(desk, stop_id)
        form = _form(request, door)
        outcome = show_stop.outcome_of(request.POST.get("outcome", ""))
        if outcome is None or not form.is_valid():
            return _page(request, door, form, status=_UNPROCESSABLE)
        request.session[_TEAM] = form.cleaned_data["team"]
        try:
            noted = _note(request, door, form, outcome)
        except StopChanged:
            return _page(request, _door(desk, stop_id), form, status=_CHANGED, is_late=True)
        except Conflict:
            return _page(request, door, form, status=_CHANGED, is_changed=True)
        except (Invalid, RoundsError) as error:
            form.absorb(error)
            return _page(request, door, form, status=_UNPROCESSABLE)
        href = show.stop_href(stop_id) if outcome == "differs" else door.list_href
        once.remember(request.session, token, href)
    words = _("Noted: %(house)s, %(state)s.") % {
        "house": show.stop_words(door.stop),
        "state": str(show.STATE_WORDS[outcome]).lower(),
    }
    if noted.confirmed:
        words += " " + _("Residence confirmed of %(n)s people.") % {"n": noted.confirmed}
    link = format_html('<a href="{}">{}</a>', show.stop_href(stop_id), _("Look at it"))
    messages.success(request, format_html("{} {}", words, link))
    return HttpResponseRedirect(href)


def _note(request: HttpRequest, door: _Door, form: DoorForm, outcome: Outcome) -> services.Noted:
    version = request.POST.get("version", "")
    return services.note_visit(
        stop_id=door.stop.id,
        version=int(version[:_DIGITS]) if version.isascii() and version.isdecimal() else -1,
        outcome=outcome,
        answers=form.answers if outcome == "differs" else None,
        seen=versions.required(request, door.names) if outcome in {"met", "differs"} else None,
        about=door.names.keys(),
        others=form.cleaned_data["others"] or 0,
        team=form.cleaned_data["team"],
        note=form.cleaned_data["note"],
        actor=door.desk.actor,
        at=door.desk.at,
    )


def _form(request: HttpRequest, door: _Door) -> DoorForm:
    return DoorForm(
        posted(request),
        kind=door.campaign.kind,
        people=door.names,
        asks=request.method != "POST" or request.POST.get("outcome") == "differs",
        initial={"team": request.session.get(_TEAM, ""), "others": 0},
        **form_options(door.desk),
    )


def _page(
    request: HttpRequest,
    door: _Door,
    form: DoorForm,
    *,
    status: int = 200,
    is_late: bool = False,
    is_changed: bool = False,
) -> HttpResponse:
    show_case(request, door.desk, door.campaign)
    keys = list(door.names)
    last = door.visits[0] if door.visits else None
    following = queries.next_open(door.stop)
    where = show.neighbourhood_words(door.stop.neighbourhood)
    language = door.desk.language
    is_running = door.campaign.is_running(door.desk.today)
    context = {
        "title": show.stop_words(door.stop),
        "where": where,
        "registered": show_stop.shared(door.subjects, door.people, door.campaign.kind, language),
        "kind": door.campaign.kind.label(door.desk.language),
        "badge": show.state_badge(door.stop.state),
        "stop": door.stop,
        "table": show_stop.at_the_door(
            door.subjects,
            door.people,
            door.campaign.kind,
            last.answers if last else {},
            is_running=is_running,
            language=language,
        ),
        "form": form,
        "once": once.new_token() if is_late or is_changed else _token(request),
        "versions": [
            ("version", str(door.stop.version)),
            *(versions.newest(keys) if is_changed else versions.hidden(request, keys)),
        ],
        "is_running": is_running,
        "differs": form.is_bound and bool(form.errors),
        "is_late": is_late,
        "is_changed": is_changed,
        "history": show_stop.history(door.visits),
        "list_href": door.list_href,
        "next_href": show.stop_href(following) if following and is_running else "",
        "case": door.campaign.case,
        "crumbs": round_views.crumbs(
            Crumb(
                door.campaign.kind.label(door.desk.language),
                show.round_href(door.campaign.id, door.stop.commune),
            ),
            Crumb(show.street_words(door.stop.street), door.list_href),
            Crumb(show.stop_words(door.stop)),
        ),
    }
    return render(request, "console/rounds/stop.html", context, status=status)


def _token(request: HttpRequest) -> str:
    return request.POST.get(once.FIELD) or once.new_token()
