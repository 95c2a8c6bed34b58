"""A home: everybody of it with their issues; settled at the door, or taken along on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.catalogue import attribute
from dancu.catalogue.quality import SEVERITIES, quality
from dancu.console import once, versions, ward
from dancu.console.desk import Desk, with_case
from dancu.console.errors import AnotherCaseNeeded
from dancu.console.fitting import require_in_full
from dancu.console.forms.ward import ConfirmForm, PassOnForm
from dancu.console.show import ward as show
from dancu.console.show.ward_home import Inhabitant, Task, facts_of, inhabitant, tasks_of
from dancu.console.views.about import form_options
from dancu.console.views.flow import carried_out_once, repeated, token_of
from dancu.console.views.ward import crumbs, disclosed, pass_chosen_on
from dancu.console.waiting import forget_waiting
from dancu.console.words import moment_words
from dancu.design.values import Crumb
from dancu.disclosure.types import Disclosed
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import Conflict, DancuError, NotFoundOrNotYours
from dancu.population import services as register
from dancu.population import visiting
from dancu.population.services import Confirmation
from dancu.quality import handling, settling, worklist
from dancu.quality.errors import NotByConfirming
from dancu.quality.settling import Case

UNPROCESSABLE, CHANGED = 422, 409
ACT, CONFIRM, PASS_ON = "act", "confirm", "pass-on"


@dataclass(frozen=True, slots=True)
class _Home:
    """A home as the open case shows it."""

    person_id: int
    #: Read before the values.
    versions: versions.Hidden
    people: Mapping[int, Disclosed]
    tasks: Mapping[int, Sequence[Task]]

    @property
    def own(self) -> dict[Case, Task]:
        """What this office mends here, by its key."""
        every = (task for tasks in self.tasks.values() for task in tasks)
        return {task.case: task for task in every if task.is_own}

    @property
    def first(self) -> Disclosed:
        """Whom the page is named after: whoever was asked for."""
        return self.people.get(self.person_id) or next(iter(self.people.values()))


@officer_required(action=ward.ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def home(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Show what is to be mended at a home, and settle what is ticked."""
    if again := repeated(request):
        return again
    found = _home(desk, person_id)
    confirm, pass_on = _forms(request, desk, found)
    status = 200
    if request.method == "POST":
        form = pass_on if request.POST.get(ACT) == PASS_ON else confirm
        status = UNPROCESSABLE

        def settle() -> str:
            words = (
                pass_chosen_on(desk, pass_on)
                if form is pass_on
                else _confirm(request, desk, found, confirm)
            )
            forget_waiting(desk)
            return words

        if form.is_valid():
            try:
                return carried_out_once(request, ward.home_href(person_id), settle)
            except AnotherCaseNeeded:
                raise
            except Conflict:
                status = CHANGED
                form.add_error(
                    None,
                    _("Somebody changed one of these facts in the meantime. Look at them again."),
                )
            except DancuError as error:
                form.absorb(error)
    is_changed = status == CHANGED
    context = _context(request, desk, found, confirm, pass_on, is_changed=is_changed)
    return render(request, "console/ward/home.html", context, status=status)


@officer_required(action=ward.ACTION)
@require_safe
@with_case
def sheet(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """The same on paper, with room for what is found; kept as a print in the access records."""
    found = _home(desk, person_id, for_print=True)
    context = {
        "name": found.first.header.name,
        "residence": found.first.header.residence,
        "people": _inhabitants(desk, found),
        "desk": desk,
        "printed_at": moment_words(desk.at),
        "back_href": ward.home_href(person_id),
        "crumbs": _crumbs(desk, found, _("Visit sheet")),
    }
    return render(request, "console/ward/sheet.html", context)


def _home(desk: Desk, person_id: int, *, for_print: bool = False) -> _Home:
    """Disclose a home for a visit. Raises ``NotFoundOrNotYours``, which is recorded."""
    scope = ward.scope_of(desk)
    rules = ward.visible_rules(desk, desk.case.entry if desk.case else None)
    keys = visiting.home_of(person_id) or (person_id,)
    seen = versions.newest(keys)
    issues = worklist.open_of(keys, [rule.number for rule in rules])
    known = quality().by_number
    names = {"permanent_residence"}
    for one in issues:
        names |= {known[one.rule].attribute, *facts_of(known[one.rule])}
    people = disclosed(desk, keys, names, for_print=for_print)
    if not people:
        raise NotFoundOrNotYours
    tasks = tasks_of(issues, people, scope=scope, settled=worklist.settled_of(issues))
    return _Home(person_id, seen, people, tasks)


def _forms(request: HttpRequest, desk: Desk, found: _Home) -> tuple[ConfirmForm, PassOnForm]:
    act = request.POST.get(ACT)
    options = form_options(desk) | {"shown": list(found.own)}
    confirm = ConfirmForm(
        request.POST if request.method == "POST" and act != PASS_ON else None,
        initial={
            "evidence_kind": "inspection",
            "evidence_reference": desk.case.case if desk.case else "",
        },
        **options,
    )
    pass_on = PassOnForm(
        request.POST if request.method == "POST" and act == PASS_ON else None,
        offices=_offices(desk, found),
        **options,
    )
    return confirm, pass_on


def _offices(desk: Desk, found: _Home) -> dict[str, str]:
    """Return the offices to which one of the issues can go, by code."""
    offices: dict[str, str] = {}
    for task in found.own.values():
        able = handling.offices_for(task.rule, task.issue.commune, actor=desk.actor, at=desk.at)
        offices |= {one.code: one.label(desk.language) for one in able}
    return offices


def _confirm(request: HttpRequest, desk: Desk, found: _Home, form: ConfirmForm) -> str:
    """Say again what still holds of everybody ticked: all of it, or nothing."""
    chosen = [found.own[case] for case in form.chosen]
    said: dict[int, set[str]] = defaultdict(set)
    for task in chosen:
        require_in_full(desk, "people.correct", task.entry)
        if not task.is_confirmable(desk):
            raise NotByConfirming(rule=task.rule.label(desk.language))
        said[task.issue.subject].add(task.entry.name)
    seen = versions.required(request, said)
    asked = [
        Confirmation(person, tuple(sorted(names)), seen[person]) for person, names in said.items()
    ]
    done = settling.settle(
        act=lambda: register.confirm_together(
            confirmations=asked,
            evidence=form.evidence,
            day=desk.today,
            actor=desk.actor,
            at=desk.at,
        ),
        people=list(said),
        attributes={name for names in said.values() for name in names},
        actor=desk.actor,
        at=desk.at,
    )
    facts = ", ".join(sorted({attribute(n).label(desk.language) for v in said.values() for n in v}))
    words = _("Confirmed today: %(fact)s.") % {"fact": facts}
    return f"{words} {show.effect_words(done.effect, desk.language)}".strip()


def _context(
    request: HttpRequest,
    desk: Desk,
    found: _Home,
    confirm: ConfirmForm,
    pass_on: PassOnForm,
    *,
    is_changed: bool,
) -> dict[str, object]:
    """``is_changed``: what was ticked has to be looked at again."""
    own = found.own
    ticked = frozenset[Case]() if is_changed else frozenset({*confirm.chosen, *pass_on.chosen})
    seen = found.versions if is_changed else versions.kept(request, found.versions)
    return {
        "name": found.first.header.name,
        "residence": found.first.header.residence,
        "people": _inhabitants(desk, found, ticked),
        "count": len(found.people),
        "issues": len(own),
        "has_confirmable": any(task.is_confirmable(desk) for task in own.values()),
        "confirm": confirm,
        "pass_on": pass_on,
        "can_pass": bool(own) and pass_on.has_offices,
        "hidden": [(once.FIELD, token_of(request)), *seen],
        "case_href": (
            ""
            if ward.is_open_for_visits(desk)
            else ward.case_href(desk, ward.home_href(found.person_id))
        ),
        "sheet_href": ward.home_href(found.person_id, route="ward-sheet"),
        "street_href": _street(desk, found).href,
        "crumbs": _crumbs(desk, found),
    }


def _inhabitants(
    desk: Desk, found: _Home, ticked: frozenset[Case] = frozenset()
) -> list[Inhabitant]:
    """Return everybody: first who has the gravest to mend here, then who has the most."""
    order = sorted(found.people, key=lambda key: _urgency(found.tasks[key]))
    return [inhabitant(found.people[key], found.tasks[key], desk, ticked) for key in order]


def _urgency(tasks: Sequence[Task]) -> tuple[int, int]:
    own = [task.rule.number for task in tasks if task.is_own]
    return min(map(settling.gravest_first, own), default=len(SEVERITIES)), -len(own)


def _street(desk: Desk, found: _Home) -> Crumb:
    street = visiting.street_of(found.person_id)
    href = show.street_href(street, ward.unit_to_list(desk, found.person_id))
    return Crumb(show.street_words(street), href)


def _crumbs(desk: Desk, found: _Home, here: str = "") -> list[Crumb]:
    name = found.first.header.name or _("Name not known")
    mine = ward.home_href(found.person_id) if here else ""
    steps = [_street(desk, found), Crumb(name, mine)]
    return crumbs(*steps, *([Crumb(here)] if here else []))
