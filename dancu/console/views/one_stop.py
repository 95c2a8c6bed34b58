"""The one-stop desk: a dossier, a citizen, one answer, and the step at which it was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.access.errors import CaseNumberMissing
from dancu.console import once
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.one_stop import CitizenForm, DossierForm, StepsForm
from dancu.console.show import one_stop as show
from dancu.console.show.facts import disputes_of
from dancu.console.show.people import header_of
from dancu.console.views.about import posted
from dancu.console.words import moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Crumb
from dancu.disclosure import services as door
from dancu.disclosure.cases import keep_case, open_case
from dancu.disclosure.errors import (
    CaseNumberTooLong,
    PresentationRequired,
    TooManyWrongParticulars,
)
from dancu.identity.decorators import officer_required
from dancu.kernel.clock import start_of_day
from dancu.kernel.errors import Invalid
from dancu.onestop import queries, services
from dancu.onestop.errors import AlreadyRecorded
from dancu.onestop.services.asking import ANSWER
from dancu.onestop.types import PURPOSE, QuestionValue, Taken

UNPROCESSABLE = 422


@officer_required(action=ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Two lines that a scanner can type: the dossier, then the citizen's card."""
    if request.method == "POST" and "dossier" in request.POST:
        return _open(request, desk)
    if desk.case is None or desk.case.purpose != PURPOSE:
        return _page(request, desk, dossier=DossierForm(label_suffix=""))
    if request.method == "POST" and "unasked" in request.POST:
        noted = services.note_unasked(actor=desk.actor, dossier=desk.case.case, at=desk.at)
        return HttpResponseRedirect(reverse("console:one-stop-steps", args=[noted.pk]))
    form = CitizenForm(posted(request), label_suffix="")
    if request.method != "POST":
        return _page(request, desk, citizen=form)
    if not form.is_valid():
        return _again(request, desk, form, status=UNPROCESSABLE)
    return _ask(request, desk, form)


def _open(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = DossierForm(request.POST, label_suffix="")
    if form.is_valid():
        number = form.cleaned_data["dossier"].strip()
        try:
            case = open_case(actor=desk.actor, purpose=PURPOSE, case=number, at=desk.at)
        except (CaseNumberMissing, CaseNumberTooLong) as error:
            form.add_error("dossier", words_of_error(error))
        else:
            keep_case(request.session, case)
            return HttpResponseRedirect(reverse("console:one-stop"))
    return _page(request, desk, dossier=form, status=UNPROCESSABLE)


def _ask(request: HttpRequest, desk: Desk, form: CitizenForm) -> HttpResponse:
    assert desk.case is not None  # noqa: S101 - asked before
    try:
        question = services.ask(
            actor=desk.actor,
            dossier=desk.case.case,
            particulars=form.particulars(),
            at=desk.at,
        )
    except TooManyWrongParticulars as error:
        form.add_error(None, words_of_error(error))
        return _again(request, desk, form, status=error.http_status)
    if question.person_id is not None:
        return HttpResponseRedirect(reverse("console:one-stop-answer", args=[question.pk]))
    form.add_error(
        None,
        _(
            "The register shows nobody of these particulars. Compare number, name and date of "
            "birth with the card; each attempt is on record."
        ),
    )
    return _again(request, desk, form, failed=question.pk, status=404)


def _again(
    request: HttpRequest, desk: Desk, form: CitizenForm, *, status: int, failed: int | None = None
) -> HttpResponse:
    """Say what was wrong. After a scan the line is empty and has the focus, for the next scan."""
    if not form.is_scanned:
        return _page(request, desk, citizen=form, failed=failed, status=status)
    said = [str(words) for errors in form.errors.values() for words in errors]
    fresh = CitizenForm(label_suffix="")
    return _page(request, desk, citizen=fresh, said=said, failed=failed, status=status)


def _page(
    request: HttpRequest,
    desk: Desk,
    *,
    dossier: DossierForm | None = None,
    citizen: CitizenForm | None = None,
    said: Sequence[str] = (),
    failed: int | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "desk": desk,
        "dossier": dossier,
        "citizen": citizen,
        "said": said,
        "failed": failed,
        "is_typed": citizen is not None and citizen.is_bound,
        "waiting": _waiting(desk),
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("One-stop desk"))],
    }
    return render(request, "console/one_stop/start.html", context, status=status)


def _waiting(desk: Desk) -> Table | None:
    """Return today's dossiers of this officer whose steps are not recorded."""
    found = queries.unrecorded(actor=desk.actor, since=start_of_day(desk.today))
    rows = [
        Row(
            [
                Cell(one.dossier, reverse("console:one-stop-steps", args=[one.id])),
                moment_words(one.at),
                _("answered") if one.is_found else _("nobody found"),
            ]
        )
        for one in found
    ]
    if not rows:
        return None
    columns = [
        Column(_("Dossier"), heading=True),
        Column(_("Asked at"), narrow=True),
        Column(_("Answer"), narrow=True),
    ]
    return Table(_("Steps not recorded yet"), columns, rows)


@officer_required(action=ANSWER)
@require_safe
@at_desk
def answer(request: HttpRequest, desk: Desk, question_id: int) -> HttpResponse:
    """Residence, household and marital status of one citizen, each with its source."""
    question = queries.question(actor=desk.actor, question_id=question_id)
    if question.person_id is None:
        return HttpResponseRedirect(reverse("console:one-stop-steps", args=[question.id]))
    if away := case_needed(request, desk, question):
        return away
    try:
        page = door.disclose_page(**desk.access, subject=question.person_id)
    except PresentationRequired:
        return present_again(request)
    language = desk.language
    context = {
        "desk": desk,
        "question": question,
        "page": page,
        "person": header_of(page.header, on=desk.today, language=language),
        **{part: show.facts_of(page, part, language) for part in show.PARTS},
        "members": show.members_of(page, language),
        "absent": show.absent_of(page, language),
        "stale": show.stale_of(page, language),
        "conflicts": disputes_of(page, language),
        "steps": show.taken_events(question.standing, desk) if question.standing else [],
        "asked_at": moment_words(question.at),
        "dossier_form": DossierForm(label_suffix=""),
        "token": once.new_token(),
        "crumbs": crumbs(question),
    }
    return render(request, "console/one_stop/answer.html", context)


@officer_required(action=ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def steps(request: HttpRequest, desk: Desk, question_id: int) -> HttpResponse:
    """Record at which step it succeeded and why earlier ones failed; correct it by another."""
    question = queries.question(actor=desk.actor, question_id=question_id)
    form = StepsForm(
        posted(request),
        day=desk.today,
        language=desk.language,
        initial=_initial(question.standing.taken) if question.standing else {},
    )
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid() and _record(request, desk, question, form):
            found = "one-stop-answer" if question.is_found else "one-stop-steps"
            messages.success(request, _("The steps are recorded."))
            return HttpResponseRedirect(reverse(f"console:{found}", args=[question.id]))
    form.without_marks()
    context = {
        "desk": desk,
        "question": question,
        "form": form,
        "steps": show.taken_events(question.standing, desk) if question.standing else [],
        "recorded_at": moment_words(question.standing.at) if question.standing else "",
        "is_open": form.is_bound or question.standing is None,
        "dossier_form": DossierForm(label_suffix=""),
        "crumbs": crumbs(question, _("Steps")),
    }
    return render(request, "console/one_stop/steps.html", context, status=status)


def _record(request: HttpRequest, desk: Desk, question: QuestionValue, form: StepsForm) -> bool:
    given = request.POST.get("corrects", "")
    corrects = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None  # noqa: PLR2004
    try:
        services.record_steps(
            actor=desk.actor,
            question_id=question.id,
            taken=form.taken(),
            corrects=corrects,
            at=desk.at,
        )
    except Invalid as error:
        form.absorb(error)
        return False
    except AlreadyRecorded as error:
        standing = queries.question(actor=desk.actor, question_id=question.id).standing
        if standing and standing.taken == form.taken():
            return True  # A double click said the same twice.
        form.add_error(None, words_of_error(error))
        return False
    return True


def _initial(taken: Taken) -> dict[str, object]:
    said: dict[str, object] = {"step": taken.succeeded, "paper": taken.paper}
    for one in taken.reasons:
        said[f"reason_{one.step}"] = one.reason
        said[f"note_{one.step}"] = one.note
    return said


def case_needed(request: HttpRequest, desk: Desk, question: QuestionValue) -> HttpResponse | None:
    """Send the officer to open the dossier of a question again; nothing when it is open."""
    case = desk.case
    if case is not None and case.purpose == PURPOSE and case.case == question.dossier:
        return None
    back = request.get_full_path()
    if request.method == "POST":  # An address that is only sent to cannot be opened.
        back = reverse("console:one-stop-answer", args=[question.id])
    query = urlencode({"purpose": PURPOSE, "case": question.dossier, "next": back})
    return HttpResponseRedirect(f"{reverse('console:case')}?{query}")


def present_again(request: HttpRequest) -> HttpResponse:
    """Ask for the card once more: the citizen was here too long ago."""
    messages.warning(request, _("Scan the card again: the citizen was here too long ago."))
    return HttpResponseRedirect(reverse("console:one-stop"))


def crumbs(question: QuestionValue, here: str = "") -> list[Crumb]:
    """Return the way back from the pages of a question."""
    href = reverse("console:one-stop-answer", args=[question.id]) if here else ""
    found = [
        Crumb(_("Work list"), reverse("console:home")),
        Crumb(_("One-stop desk"), reverse("console:one-stop")),
        Crumb(question.dossier, href),
    ]
    return [*found, Crumb(here)] if here else found
