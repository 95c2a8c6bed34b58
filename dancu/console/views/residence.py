"""Permanent residence: moves, and the head of a household."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.catalogue.queries import code_list
from dancu.console import versions
from dancu.console.desk import Desk, with_case
from dancu.console.forms.base import evidence_of
from dancu.console.forms.residence import (
    HeadForm,
    MoveForm,
)
from dancu.console.views import concerned
from dancu.console.views.about import About, about, form_options, posted, rows
from dancu.console.views.flow import Outcome, declare
from dancu.console.words import day_words, evidence_words
from dancu.design.values import Fact
from dancu.disclosure import services as door
from dancu.identity.decorators import officer_required
from dancu.population import services as register

_ACTION = "residence.register"


@officer_required(action=_ACTION)
@require_http_methods(["GET", "POST"])
@with_case
def move(request: HttpRequest, desk: Desk, person_id: int) -> HttpResponse:
    """Permanent residence at another address, for one or several of a household."""
    who = about(desk, person_id)
    members = concerned.members_of(request, who)
    form = MoveForm(
        posted(request), members=members, initial=concerned.begin(desk), **form_options(desk)
    )
    page = who.declaration(
        _("Register a move"),
        intro=_("Permanent residence at a new address in your area."),
        save_label=_("Check the move"),
        template="console/move.html",
        extra={
            "versions": versions.hidden(request, concerned.keys(members)),
            "admit_href": concerned.admit_href(request, desk),
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


def _review_move(request: HttpRequest, who: About, form: MoveForm) -> list[Fact]:
    if not concerned.is_current(request, form):
        return []
    data = form.cleaned_data
    minors = concerned.minors_alone(who, form) if data["target"] == "new" else ""
    if form.errors:
        return []
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
            _("Minors without parents or guardian"): minors,
            _("Consent of parents or guardian"): data["guardian_consent"],
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
        guardian_consent=data["guardian_consent"],
        evidence=evidence_of(form),
        presented=concerned.admitted_of(who.desk, form.person_ids),
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


def _household(who: About, form: MoveForm) -> str:
    """Return the number of the household that the movers join or keep; empty for a new one."""
    own = str(who.raw("household_number") or "")
    kinds = {"join": str(form.cleaned_data["household"]), "keep": own}
    return kinds.get(form.cleaned_data["target"], "")


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
        extra={"versions": versions.hidden(request, concerned.keys(members))},
    )
    return declare(request, page, form, carry_out=carry_out)
