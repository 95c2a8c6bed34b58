"""Records that may be of one person: the list of an area, both side by side, merging, parting."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.console.desk import Desk, with_case
from dancu.console.forms.correct import DecisionForm
from dancu.console.forms.duplicates import UndoForm
from dancu.console.show import duplicates as show
from dancu.console.show.facts import account_words
from dancu.console.show.people import header_of, person_href
from dancu.console.views.about import form_options, posted
from dancu.console.views.flow import Declaration, Outcome, declare
from dancu.console.words import moment_words
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.design.values import Fact as Shown
from dancu.disclosure import services as door
from dancu.disclosure.types import Disclosed, PersonPage
from dancu.duplicates import queries, services
from dancu.duplicates.types import Suspicion, SuspicionPage
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.places.queries import units_under
from dancu.population import services as register

MERGING = ("merge.propose", "merge.confirm")
_SEEN, _PROPOSAL = "seen_", "proposal"


@officer_required(action=MERGING)
@require_safe
@with_case
def duplicates(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The pairs of the officer's area, the heaviest first; everybody on it gets a record."""
    wanted = request.GET.get("list", "")
    states = next((s for name, s, _label in show.LISTS if name == wanted), ("suspected",))
    area = units_under(desk.actor.jurisdictions, desk.today)
    found = queries.pairs(area=area, states=states, window=window_of(request))
    people = _people(desk, found)
    hidden = sum(not set(one.people) <= people.keys() for one in found.rows)
    last = queries.last_found()
    context = {
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Duplicates"))],
        "tabs": show.tabs_of(wanted if any(wanted == one[0] for one in show.LISTS) else ""),
        "table": show.pairs_table(found, people, language=desk.language, last=_last(last)),
        "last": moment_words(last),
        "hidden": hidden,
        "may_suggest": desk.may("merge.propose"),
        "window": Window(found.window, found.has_next),
    }
    return render(request, "console/duplicates.html", context)


def _last(last: object) -> str:
    if last is None:
        return _("The register has not been searched for duplicates yet.")
    return _("What a search of the register finds in your area appears here.")


def _people(desk: Desk, found: SuspicionPage) -> Mapping[int, Disclosed]:
    """Disclose everybody on a window; a merged record is answered by the one that stays."""
    keys = list(dict.fromkeys(key for one in found.rows for key in one.people))
    if not keys:
        return {}
    try:
        seen = door.disclose(**desk.access, subjects=keys, attributes=["permanent_residence"])
    except NotFoundOrNotYours:
        return {}
    people = {one.person_id: one for one in seen}
    for one in found.rows:
        left, right = (people.get(key) for key in one.people)
        if one.state in show.ONE_RECORD and (stays := left or right):
            people |= dict.fromkeys(one.people, stays)
    return people


@officer_required(action=MERGING)
@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def duplicate(request: HttpRequest, desk: Desk, pair_id: int) -> HttpResponse:
    """Both records with every fact, what the suspicion rests on, and what is to be decided."""
    pair = queries.pair(pair_id)
    if pair is None:
        raise NotFoundOrNotYours
    left = door.disclose_page(**desk.access, subject=pair.left_id)
    right = left
    if pair.state not in show.ONE_RECORD:
        right = door.disclose_page(**desk.access, subject=pair.right_id)
    if pair.state == "suspected":
        return _decide(request, desk, pair, (left, right))
    if pair.state == "proposed":
        return _second(request, desk, pair, (left, right))
    if pair.state == "merged" and desk.may("merge.propose"):
        return _part(request, desk, pair, left)
    if pair.state == "parting":
        return _second_of_parting(request, desk, pair, left)
    if request.method == "POST":
        raise Http404
    return _only_shown(request, desk, _declaration(desk, pair, (left, right), ""))


def _only_shown(request: HttpRequest, desk: Desk, page: Declaration) -> HttpResponse:
    form = DecisionForm(decisions=[], **form_options(desk))
    context = {"page": page, "form": form, "done": True, **page.extra}
    return render(request, "console/duplicate.html", context)


def _decide(
    request: HttpRequest, desk: Desk, pair: Suspicion, pages: tuple[PersonPage, PersonPage]
) -> HttpResponse:
    """Two people, or one: then which record stays, for a second officer to confirm."""
    decisions = [("dismiss", _("These are two people; the suspicion is dismissed"))]
    if desk.may("merge.propose"):
        names = [one.header.name or _("Name not known") for one in pages]
        decisions = [
            ("left", _("One person; the first record stays: %(name)s") % {"name": names[0]}),
            ("right", _("One person; the second record stays: %(name)s") % {"name": names[1]}),
            *decisions,
        ]
    form = DecisionForm(posted(request), decisions=decisions, **form_options(desk))

    def carry_out() -> Outcome:
        reason, decision = form.cleaned_data["reason"], form.cleaned_data["decision"]
        if decision == "dismiss":
            services.dismiss(pair_id=pair.id, reason=reason, actor=desk.actor, at=desk.at)
            return Outcome(_("Noted: two people."), reverse("console:duplicates"))
        services.propose(
            pair_id=pair.id,
            survivor_id=pair.left_id if decision == "left" else pair.right_id,
            reason=reason,
            expected=_seen(request, pair),
            actor=desk.actor,
            at=desk.at,
        )
        words = _("Proposed. A second officer looks at both records and confirms.")
        return Outcome(words, show.pair_href(pair.id))

    versions = register.merge_versions(person_ids=pair.people)
    page = _declaration(
        desk,
        pair,
        pages,
        _("Decide"),
        versions=[
            (f"{_SEEN}{key}", request.POST.get(f"{_SEEN}{key}") or version)
            for key, version in versions.items()
        ],
    )
    return declare(request, page, form, carry_out=carry_out)


def _seen(request: HttpRequest, pair: Suspicion) -> dict[int, str]:
    """Return the versions of both records that the form was filled in against."""
    return {key: request.POST.get(f"{_SEEN}{key}", "")[:60] for key in pair.people}


def _second(
    request: HttpRequest, desk: Desk, pair: Suspicion, pages: tuple[PersonPage, PersonPage]
) -> HttpResponse:
    """What the second officer confirms or declines; the first may take it back."""
    merge = register.merge_of(merge_id=pair.merge_id or 0)
    if merge is None:
        raise Http404
    is_own = merge.proposed_by == desk.actor.account_id
    decisions = []
    if desk.may("merge.confirm") and not is_own and not merge.is_stale:
        decisions.append(("confirm", _("Confirm: both become one record")))
    if is_own or desk.may("merge.confirm"):
        words = _("Take the proposal back") if is_own else _("Decline: they stay two records")
        decisions.append(("decline", words))
    stays = pages[0] if merge.survivor_id == pair.left_id else pages[1]
    page = _declaration(
        desk,
        pair,
        pages,
        _("Decide"),
        versions=_of_proposal(request, merge),
        is_own=is_own,
        is_stale=merge.is_stale,
        stays=stays.header.name or _("Name not known"),
        proposal=[
            Shown(_("Stays"), stays.header.name),
            Shown(_("Proposed by"), account_words([merge.proposed_by])[merge.proposed_by]),
            Shown(_("Proposed"), moment_words(merge.proposed_at)),
            Shown(_("Reason"), merge.reason),
        ],
    )
    if not decisions:
        if request.method == "POST":
            raise NotFoundOrNotYours
        return _only_shown(request, desk, page)
    form = DecisionForm(posted(request), decisions=decisions, **form_options(desk))

    def carry_out() -> Outcome:
        act = services.confirm if form.cleaned_data["decision"] == "confirm" else services.decline
        act(
            pair_id=pair.id,
            reason=form.cleaned_data["reason"],
            proposal=request.POST.get(_PROPOSAL, ""),
            actor=desk.actor,
            at=desk.at,
        )
        if act is services.confirm:
            return Outcome(_("Merged: one record, both histories."), person_href(merge.survivor_id))
        return Outcome(_("Declined: both records stay as they are."), show.pair_href(pair.id))

    return declare(request, page, form, carry_out=carry_out)


def _of_proposal(request: HttpRequest, merge: register.MergeView) -> list[tuple[str, str]]:
    """Return the field that says which proposal the officer decides on."""
    return [(_PROPOSAL, request.POST.get(_PROPOSAL) or services.proposal_of(merge=merge))]


def _part(request: HttpRequest, desk: Desk, pair: Suspicion, stays: PersonPage) -> HttpResponse:
    """Propose to make two records of one again, for a second officer to confirm."""
    merge = register.merge_of(merge_id=pair.merge_id or 0)
    if merge is None:
        raise Http404
    since = [
        (str(number), show.statement_words(stays, number, desk.language)) for number in merge.since
    ]
    form = UndoForm(posted(request), since=since, **form_options(desk))

    def carry_out() -> Outcome:
        services.propose_undo(
            pair_id=pair.id,
            reason=form.cleaned_data["reason"],
            to_merged=form.moved,
            actor=desk.actor,
            at=desk.at,
        )
        words = _("Proposed to part them. A second officer confirms.")
        return Outcome(words, show.pair_href(pair.id))

    page = _declaration(
        desk, pair, (stays, stays), _("Propose to part them again"), save_kind="danger"
    )
    return declare(request, page, form, carry_out=carry_out)


def _second_of_parting(
    request: HttpRequest, desk: Desk, pair: Suspicion, stays: PersonPage
) -> HttpResponse:
    """What the second officer confirms or declines when somebody wants two records again."""
    merge = register.merge_of(merge_id=pair.merge_id or 0)
    if merge is None or merge.undo_proposed_by is None:
        raise Http404
    is_own = merge.undo_proposed_by == desk.actor.account_id
    decisions = []
    if desk.may("merge.confirm") and not is_own and not merge.is_undo_stale:
        decisions.append(("confirm", _("Confirm: they are two records again")))
    if is_own or desk.may("merge.confirm"):
        words = _("Take the proposal back") if is_own else _("Decline: they stay one record")
        decisions.append(("decline", words))
    moved = [show.statement_words(stays, number, desk.language) for number in merge.undo_to_merged]
    page = _declaration(
        desk,
        pair,
        (stays, stays),
        _("Decide"),
        versions=_of_proposal(request, merge),
        is_own=is_own,
        is_stale=merge.is_undo_stale,
        proposal=[
            Shown(_("Proposed by"), _account(merge.undo_proposed_by)),
            Shown(_("Proposed"), moment_words(merge.undo_proposed_at)),
            Shown(_("Reason"), merge.undo_reason),
            Shown(_("Goes to the other record"), "; ".join(moved) or _("nothing")),
        ],
    )
    if not decisions:
        if request.method == "POST":
            raise NotFoundOrNotYours
        return _only_shown(request, desk, page)
    form = DecisionForm(posted(request), decisions=decisions, **form_options(desk))

    def carry_out() -> Outcome:
        is_confirmed = form.cleaned_data["decision"] == "confirm"
        services.decide_undo(
            pair_id=pair.id,
            is_confirmed=is_confirmed,
            reason=form.cleaned_data["reason"],
            proposal=request.POST.get(_PROPOSAL, ""),
            actor=desk.actor,
            at=desk.at,
        )
        words = (
            _("Parted: both records stand as before.")
            if is_confirmed
            else _("Declined: they stay one record.")
        )
        return Outcome(words, show.pair_href(pair.id))

    return declare(request, page, form, carry_out=carry_out)


def _declaration(
    desk: Desk,
    pair: Suspicion,
    pages: tuple[PersonPage, PersonPage],
    save_label: str,
    *,
    save_kind: str = "primary",
    **more: object,
) -> Declaration:
    title = _("One person or two? Pair %(n)s") % {"n": pair.id}
    left, right = pages
    one = pair.state in show.ONE_RECORD
    tables, same = ([], None) if one else show.compared_tables(left, right, desk.language)
    decided = [
        Shown(_("Decided"), moment_words(pair.decided_at)),
        Shown(_("Decided by"), _account(pair.decided_by)),
        Shown(_("Reason given"), pair.reason),
    ]
    home = Crumb(_("Work list"), reverse("console:home"))
    return Declaration(
        title=title,
        crumbs=[home, Crumb(_("Duplicates"), reverse("console:duplicates")), Crumb(title)],
        save_label=save_label,
        save_kind=save_kind,
        back_href=reverse("console:duplicates"),
        template="console/duplicate.html",
        extra={
            "pair": pair,
            "badge": show.state_badge(pair.state),
            "people": [
                header_of(page.header, on=desk.today, language=desk.language, link=True)
                for page in ((left,) if one else (left, right))
            ],
            "evidence": show.evidence_table(pair),
            "one_record": one,
            "suggestion": [
                Shown(_("Entered by"), _account(pair.suggested_by)),
                Shown(_("Entered"), moment_words(pair.suggested_at)),
                Shown(_("How they know"), pair.suggestion),
            ]
            if pair.suggestion
            else [],
            "weight": show.bits_words(pair.weight),
            "chance": _("%(n)s in 100") % {"n": f"{pair.probability * 100:.1f}".replace(".", ",")},
            "found": moment_words(pair.found_at),
            "tables": tables,
            "same": same,
            "same_count": len(same.rows) if same else 0,
            "decision": [row for row in decided if row.value],
            **more,
        },
    )


def _account(number: int | None) -> str:
    return account_words([number])[number] if number else ""
