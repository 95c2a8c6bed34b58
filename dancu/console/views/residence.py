"""Residence: moves, temporary residence, absences, and the head of a household."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.catalogue.queries import code_list
from dancu.console import admitted, communes, versions
from dancu.console.desk import Desk, with_case
from dancu.console.forms.base import evidence_of
from dancu.console.forms.residence import (
    EndForm,
    HeadForm,
    Member,
    MoveForm,
    PeopleForm,
    StayForm,
)
from dancu.console.views.about import About, about, form_options, posted, rows
from dancu.console.views.finding import presented
from dancu.console.views.flow import Outcome, declare
from dancu.console.words import day_words, evidence_words
from dancu.design.values import Fact
from dancu.disclosure import services as door
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import FieldError, Invalid
from dancu.population import services as register

_ACTION = "residence.register"


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def move(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Permanent residence at another address, for one or several of a household."""
    who = about(desk, person_id)
    members = _members(request, who)
    form = MoveForm(posted(request), members=members, initial=_begin(desk), **form_options(desk))
    page = who.declaration(
        _("Register a move"),
        intro=_("Permanent residence at a new address in your area."),
        save_label=_("Check the move"),
        template="console/move.html",
        extra={
            "versions": versions.hidden(request, _keys(members)),
            "admit_href": _admit_href(request, desk),
            "joins": request.POST.get("target") == "join",
        },
    )
    return declare(
        request,
        page,
        form,
        review=lambda: _review_move(request, who, form),
        carry_out=lambda: _carry_out_move(request, who, form),
    )


def _keys(members: Sequence[Member]) -> list[int]:
    return [one.key for one in members]


def _members(request: HttpRequest, who: About) -> list[Member]:
    """Return whom the form may concern: the household, or who else was admitted to the case."""
    if who.desk.case is None or who.desk.case.scope != "presented":
        return who.members
    return [who.members[0], *admitted.others(request.session, who.desk, who.person_id)]


def _admit_href(request: HttpRequest, desk: Desk) -> str:
    """Return where another one of the family is admitted, in a case for people from elsewhere."""
    if desk.case is None or desk.case.scope != "presented":
        return ""
    return f"{reverse('console:present')}?{urlencode({'next': request.path})}"


def _is_current(request: HttpRequest, form: PeopleForm) -> bool:
    """Say whether the form tells what it was filled in against; else note it in the form."""
    try:
        versions.required(request, form.person_ids)
    except Invalid as error:
        form.absorb(error)
    return form.is_valid()


def _begin(desk: Desk) -> dict[str, object]:
    """Fill in today, and the commune of an officer who has only one."""
    start: dict[str, object] = {"day": day_words(desk.today)}
    area = communes.of_area(desk.actor.jurisdictions, desk.today)
    if len(area) == 1:
        start["to_commune"] = area[0].words
    return start


def _review_move(request: HttpRequest, who: About, form: MoveForm) -> list[Fact]:
    if not _is_current(request, form):
        return []
    data = form.cleaned_data
    to = data.get("to")
    head = str(data.get("head") or "")
    labels = code_list("relationships")
    relations = ", ".join(
        f"{form.members[key]}: {labels.label(code, form.language)}"
        for key, code in form.relationships.items()
        if key in form.person_ids
    )
    return rows(
        {
            _("Who moves"): form.names,
            _("From"): who.header.residence,
            _("To"): to.text if to else _("the address of the household"),
            _("Household"): _household(who, form) or _("new household"),
            _("Head of the new household"): form.members[int(head)] if head else "",
            _("Relationships"): relations,
            _("Consent"): form.consent_words,
            _("Day of the move"): day_words(data["day"]),
            _("Evidence"): evidence_words(data["evidence_kind"], data["evidence_reference"]),
        }
    )


def _carry_out_move(request: HttpRequest, who: About, form: MoveForm) -> Outcome:
    data = form.cleaned_data
    done = register.register_move(
        person_ids=form.person_ids,
        to=data["to"],
        household=_household(who, form) or None,
        relationships=form.relationships,
        day=data["day"],
        consent=form.consent_words,
        evidence=evidence_of(form),
        presented=_admitted(who.desk, form.person_ids),
        actor=who.desk.actor,
        at=who.desk.at,
        expected=versions.required(request, form.person_ids),
    )
    words = _("The move of %(names)s is registered; household %(number)s.") % {
        "names": form.names,
        "number": done.household,
    }
    headless = [left for left in done.left if left.needs_head]
    if not headless:
        return Outcome(words, who.href, who.history("permanent_residence"))
    mine = [left for left in headless if _may_choose_head(who.desk, left.head_candidates)]
    if not mine:
        warning = _("The household they left needs another head; its own ward chooses one.")
        return Outcome(words, who.href, who.history("permanent_residence"), warning)
    href = reverse("console:head", args=[mine[0].head_candidates[0]])
    warning = _("The household %(number)s they left has no head any more: choose one.") % {
        "number": mine[0].number
    }
    return Outcome(words, href, who.history("permanent_residence"), warning)


def _may_choose_head(desk: Desk, heirs: Sequence[int]) -> bool:
    """Say whether this officer, in this case, still reaches those who stayed behind."""
    reaches_area = desk.case is not None and desk.case.scope == "jurisdiction"
    return (
        bool(heirs)
        and reaches_area
        and desk.permits("household.manage")
        and door.may_handle(actor=desk.actor, person_id=heirs[0], at=desk.at)
    )


def _admitted(desk: Desk, person_ids: Sequence[int]) -> frozenset[int]:
    """Return who was admitted to the case. Raises ``Invalid`` when somebody chosen was not."""
    found = presented(desk, person_ids)
    if found and not found.issuperset(person_ids):
        raise Invalid(
            [
                FieldError(
                    "people",
                    "not-presented",
                    "Not everybody chosen has been admitted to this case.",
                    "Admit each of them with number and name, then register again.",
                )
            ]
        )
    return found


def _household(who: About, form: MoveForm) -> str:
    """Return the number of the household that the movers join or keep; empty for a new one."""
    own = str(who.raw("household_number") or "")
    kinds = {"join": str(form.cleaned_data["household"]), "keep": own}
    return kinds.get(form.cleaned_data["target"], "")


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def stay(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Temporary residence in the officer's area."""

    def enter(form: StayForm) -> object:
        return register.register_temporary_residence(
            person_ids=form.person_ids,
            address=form.cleaned_data["to"],
            day=form.cleaned_data["day"],
            evidence=evidence_of(form),
            presented=_admitted(desk, form.person_ids),
            actor=desk.actor,
            at=desk.at,
            expected=versions.required(request, form.person_ids),
        )

    return _stay(
        request,
        about(desk, person_id),
        title=_("Register temporary residence"),
        intro=_("For people whose permanent residence is in another ward or commune."),
        done=_("The temporary residence of %(names)s is registered."),
        fact="temporary_residence",
        begin=_begin(desk),
        enter=enter,
    )


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def absence(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Temporary absence from the officer's area."""

    def enter(form: StayForm) -> object:
        return register.register_temporary_absence(
            person_ids=form.person_ids,
            destination=form.cleaned_data["to"],
            day=form.cleaned_data["day"],
            evidence=evidence_of(form),
            actor=desk.actor,
            at=desk.at,
            expected=versions.required(request, form.person_ids),
        )

    return _stay(
        request,
        about(desk, person_id),
        title=_("Register absence"),
        intro=_("Where the people go, and from which day."),
        done=_("The absence of %(names)s is registered."),
        fact="temporary_absence",
        begin={"day": day_words(desk.today)},
        enter=enter,
    )


def _stay(
    request: HttpRequest,
    who: About,
    *,
    title: str,
    intro: str,
    done: str,
    fact: str,
    begin: dict[str, object],
    enter: Callable[[StayForm], object],
) -> HttpResponse:
    members = _members(request, who)
    form = StayForm(posted(request), members=members, initial=begin, **form_options(who.desk))

    def carry_out() -> Outcome:
        enter(form)
        return Outcome(done % {"names": form.names}, who.href, who.history(fact))

    def review() -> list[Fact]:
        if not _is_current(request, form):
            return []
        data = form.cleaned_data
        return rows(
            {
                _("Whom it concerns"): form.names,
                _("Address"): data["to"].text if data["to"] else "",
                _("From the day"): day_words(data["day"]),
                _("Evidence"): evidence_words(data["evidence_kind"], data["evidence_reference"]),
            }
        )

    shown = {
        "versions": versions.hidden(request, _keys(members)),
        "admit_href": _admit_href(request, who.desk),
    }
    page = who.declaration(title, intro=intro, save_label=_("Check"), extra=shown)
    return declare(request, page, form, review=review, carry_out=carry_out)


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def stay_end(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """The end of a temporary residence."""
    return _end(
        request,
        about(desk, person_id),
        title=_("End the temporary residence"),
        done=_("The temporary residence of %(names)s has ended."),
        fact="temporary_residence",
        enter=register.end_temporary_residence,
    )


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def absence_end(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """The end of an absence."""
    return _end(
        request,
        about(desk, person_id),
        title=_("Back from absence"),
        done=_("The absence of %(names)s has ended."),
        fact="temporary_absence",
        enter=register.end_temporary_absence,
    )


def _end(
    request: HttpRequest,
    who: About,
    *,
    title: str,
    done: str,
    fact: str,
    enter: Callable[..., Any],
) -> HttpResponse:
    members = _members(request, who)
    form = EndForm(
        posted(request),
        members=members,
        initial={"day": day_words(who.desk.today)},
        **form_options(who.desk),
    )

    def carry_out() -> Outcome:
        enter(
            person_ids=form.person_ids,
            day=form.cleaned_data["day"],
            evidence=evidence_of(form),
            actor=who.desk.actor,
            at=who.desk.at,
            expected=versions.required(request, form.person_ids),
        )
        return Outcome(done % {"names": form.names}, who.href, who.history(fact))

    intro = _("Now: %(address)s") % {"address": who.value(fact)} if who.value(fact) else ""
    page = who.declaration(
        title,
        intro=intro,
        save_label=_("Register the end"),
        extra={"versions": versions.hidden(request, _keys(members))},
    )
    return declare(request, page, form, carry_out=carry_out)


@officer_required(action="household.manage")
@require_http_methods(["GET", "POST"])
@with_case
def head(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Another head for the person's household; kinship suggests the relationships."""
    who = about(desk, person_id)
    number = str(who.raw("household_number") or "")
    if not number:
        messages.info(request, _("This person belongs to no household."))
        return HttpResponseRedirect(who.href)
    order = register.suggest_heads(number=number, day=desk.today)
    known = {one.key: one for one in who.members}
    likely = [known[key] for key in order if key in known]
    members = likely + [one for one in who.members if one.key not in order]
    form = HeadForm(
        posted(request),
        members=members,
        initial={"day": day_words(desk.today), "head_id": str(members[0].key)},
        **form_options(desk),
    )

    def carry_out() -> Outcome:
        data = form.cleaned_data
        register.change_household_head(
            number=number,
            head_id=int(data["head_id"]),
            relationships=form.relationships,
            day=data["day"],
            evidence=evidence_of(form),
            actor=desk.actor,
            at=desk.at,
            expected=versions.required(request, form.members),
        )
        words = _("%(name)s is the head of household %(number)s now.") % {
            "name": form.members[int(data["head_id"])],
            "number": number,
        }
        return Outcome(words, reverse("console:family", args=[person_id]))

    page = who.declaration(
        _("Change the head of the household"),
        intro=_("Household %(number)s. The likeliest stands first.") % {"number": number},
        save_label=_("Register the new head"),
        template="console/head.html",
        extra={"versions": versions.hidden(request, _keys(members))},
    )
    return declare(request, page, form, carry_out=carry_out)
