"""The workbench as a wizard: a file is sent in, understood, decided, compared, and fetched clean.

A file belongs to the office whose officer sent it; to everybody else it does not exist. Every step
can be left and taken up again later.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.cleaning import contents, linking, queries, services
from dancu.cleaning.errors import FileGone, OtherFileUnfit
from dancu.cleaning.findings import profiles_of
from dancu.cleaning.kinds import KINDS
from dancu.cleaning.models import File, Part
from dancu.cleaning.outcome import Outcome, needs_extra, verdict
from dancu.cleaning.recipe import Choice
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.cleaning import CleanForm, CompareForm, MeaningsForm
from dancu.console.show import batches as show_batches
from dancu.console.show import cleaning as show
from dancu.console.show import cleaning_pairs as pairs
from dancu.console.uploads import problem_words
from dancu.console.views.about import posted
from dancu.console.views.exchange_batches import contracts_of
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.exchange.batches import queries as batches
from dancu.exchange.batches.errors import BatchGone
from dancu.exchange.batches.types import Standing
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import DancuError

P = ParamSpec("P")
VERIFY = "exchange.verify"
UNPROCESSABLE = 422
_LARGEST_RECIPE = 1 << 20
_View = Callable[Concatenate[HttpRequest, Desk, File, P], HttpResponse]


def _of_file(route: str) -> Callable[[_View[P]], Callable[..., HttpResponse]]:
    """Give a step its file; one that is worked on shows its bar, one that is gone its figures."""

    def decorate(view: _View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(
            request: HttpRequest, desk: Desk, reference: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            file = own_file(desk, reference)
            if file.forgotten_at is not None and route != "cleaning-result":
                return HttpResponseRedirect(show.href_of(file, "cleaning-result"))
            if file.state in {File.State.WORKING, File.State.FAILED}:
                if route != show.ROUTES[file.work]:
                    return HttpResponseRedirect(show.href_of(file, show.ROUTES[file.work]))
                return _working(request, desk, file, route)
            try:
                return view(request, desk, file, *args, **kwargs)
            except DancuError as error:
                messages.warning(request, words_of_error(error))
                return HttpResponseRedirect(show.href_of(file, route))

        return wrapped

    return decorate


def own_file(desk: Desk, reference: str) -> File:
    """Return a file of the officer's office; 404 alike for none and for another's."""
    try:
        return queries.find(reference=reference, office=desk.actor.office_code)
    except FileGone:
        raise Http404 from None


def _crumbs(*here: str) -> list[Crumb]:
    return [
        Crumb(_("Work list"), reverse("console:home")),
        Crumb(_("Clean a file"), reverse("console:cleaning") if here else ""),
        *(Crumb(one) for one in here),
    ]


def _context(file: File, route: str) -> dict[str, object]:
    return {
        "file": file,
        "badge": show.badge(file),
        "steps": show.steps_of(file, route),
        "discard_href": "" if file.forgotten_at else show.href_of(file, "cleaning-discard"),
        "crumbs": _crumbs(file.name),
    }


def _working(request: HttpRequest, desk: Desk, file: File, route: str) -> HttpResponse:
    problem, what_to_do = problem_words(file.problem)
    context = {
        **_context(file, route),
        "progress": None if problem else show.progress_of(file, desk.at),
        "problem": problem,
        "what_to_do": what_to_do,
        "again_href": show.href_of(file, "cleaning-again"),
        "can_leave": file.found is not None,
    }
    return render(request, "console/cleaning/working.html", context)


@officer_required(action=VERIFY)
@require_safe
@at_desk
def files(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the files of the office, the newest first."""
    number = window_of(request)
    found, has_next = queries.listed(office=desk.actor.office_code, window=number)
    window = Window(number, has_next)
    context = {"table": show.table_of(found), "window": window, "crumbs": _crumbs()}
    return render(request, "console/cleaning/files.html", context)


@officer_required(action=VERIFY)
@require_http_methods(["GET", "POST"])
@at_desk
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take a file in and have it looked through."""
    form = CleanForm(
        posted(request), request.FILES or None, label_suffix="", can_link=linking.is_possible()
    )
    if request.method == "POST" and form.is_valid():
        recipe, other = form.cleaned_data["recipe"], form.cleaned_data.get("other")
        try:
            found = services.receive(
                file=form.cleaned_data["file"],
                name=form.cleaned_data["file"].name or "",
                actor=desk.actor,
                at=desk.at,
                language=desk.language,
                recipe=recipe.read(_LARGEST_RECIPE + 1) if recipe else b"",
                other=other,
                other_name=other.name if other else "",
            )
        except OtherFileUnfit as error:
            form.add_error("other", words_of_error(error))
        except DancuError as error:
            form.add_error("file", words_of_error(error))
        else:
            return HttpResponseRedirect(show.href_of(found, "cleaning-columns"))
    context = {
        "form": form,
        "largest": services.LARGEST,
        "largest_mb": services.LARGEST // 2**20,
        "crumbs": _crumbs(_("New file")),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/cleaning/new.html", context, status=status)


@officer_required(action=VERIFY)
@require_safe
@at_desk
def progress(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The bar alone, for the page that shows it; the whole page once there is more to say."""
    file = own_file(desk, reference)
    if file.state != File.State.WORKING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    shown = show.progress_of(file, desk.at)
    return render(request, "console/parts/progress.html", {"progress": shown})


@officer_required(action=VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
@_of_file("cleaning-columns")
def columns(request: HttpRequest, desk: Desk, file: File) -> HttpResponse:
    """What is in the columns, and what they mean."""
    profiles = profiles_of(file.found or {"profiles": []})
    form = MeaningsForm(posted(request), profiles=profiles)
    if request.method == "POST" and form.is_valid():
        before = [column[1] for column in file.columns]
        services.mean(
            reference=file.reference, meanings=form.meanings, actor=desk.actor, at=desk.at
        )
        route = "cleaning-proposals" if form.meanings == before else "cleaning-columns"
        return HttpResponseRedirect(show.href_of(file, route))
    context = {
        **_context(file, "cleaning-columns"),
        "form": form,
        "fields": [form[name] for name in form.names],
        "profile": show.profile_table(profiles),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/cleaning/columns.html", context, status=status)


@officer_required(action=VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
@_of_file("cleaning-proposals")
def proposals(request: HttpRequest, desk: Desk, file: File) -> HttpResponse:
    """What is mended at once, what is proposed, and what a person has to look at."""
    seen = show.seen_of(file)
    if request.method == "POST":
        if request.POST.get("seen", seen) != seen:
            return _looked_through_anew(request, file)
        given: dict[str, Choice] = {
            name.removeprefix("kind_"): value  # type: ignore[misc]
            for name, value in request.POST.items()
            if name.startswith("kind_")
        }
        services.choose(reference=file.reference, kinds=given, actor=desk.actor, at=desk.at)
        return HttpResponseRedirect(show.href_of(file, "cleaning-duplicates"))
    context = {
        **_context(file, "cleaning-proposals"),
        "seen": seen,
        "of_recipe": services.OF_RECIPE in file.decisions,
        "safe": show.offers(file, "safe"),
        "proposed": show.offers(file, "proposed"),
        "looks": show.look_table(file),
    }
    return render(request, "console/cleaning/proposals.html", context)


def _looked_through_anew(request: HttpRequest, file: File) -> HttpResponse:
    """Keep nothing of a choice that was made about other findings than those of now."""
    words = _("The file was looked through again meanwhile; nothing of your choice was kept.")
    messages.warning(request, words)
    return HttpResponseRedirect(show.href_of(file, "cleaning-proposals"))


@officer_required(action=VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
@_of_file("cleaning-proposals")
def kind(request: HttpRequest, desk: Desk, file: File, code: str) -> HttpResponse:
    """The values and rows of one kind, each accepted or refused on its own."""
    found = KINDS.get(code)
    if found is None or code not in (file.found or {}).get("kinds", {}):
        raise Http404
    number, seen = window_of(request), show.seen_of(file)
    if request.method == "POST" and found.level != "look":
        if request.POST.get("seen", seen) != seen:
            return _looked_through_anew(request, file)
        is_of_rows = "rows" in request.POST
        values = {} if is_of_rows else show.values_of(file, code, number)
        services.choose_values(
            reference=file.reference,
            kind=code,
            values={key: name in request.POST for name, key in values.items()},
            rows=dict.fromkeys(show.rows_of(file, code, request.POST.getlist("row")), False),
            actor=desk.actor,
            at=desk.at,
        )
        messages.success(request, _("Your choice is kept."))
        return HttpResponseRedirect(show.href_of(file, "cleaning-proposals"))
    lines, has_next = show.value_lines(file, code, number)
    context = {
        **_context(file, "cleaning-proposals"),
        "kind": found,
        "seen": seen,
        "lines": lines if found.level != "look" else [],
        "window": Window(number, has_next and found.level != "look"),
        "rows": show.rows_table(file, code),
        "back_href": show.href_of(file, "cleaning-proposals"),
    }
    return render(request, "console/cleaning/kind.html", context)


@officer_required(action=VERIFY)
@require_safe
@at_desk
@_of_file("cleaning-duplicates")
def duplicates(request: HttpRequest, desk: Desk, file: File) -> HttpResponse:
    """Rows that seem to be one person."""
    del desk
    number = window_of(request)
    table, has_next = pairs.twins_table(file, number)
    others, has_more = pairs.others_table(file, number)
    context = {
        **_context(file, "cleaning-duplicates"),
        "table": table,
        "others": others,
        "others_count": (file.found or {}).get("against_count", 0),
        "window": Window(number, has_next or has_more),
        "count": (file.found or {}).get("twin_count", 0),
        "hint": "" if (file.found or {}).get("linked") else needs_extra(),
        "next_href": show.href_of(file, "cleaning-verification"),
    }
    return render(request, "console/cleaning/duplicates.html", context)


@officer_required(action=VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
@_of_file("cleaning-verification")
def verification(request: HttpRequest, desk: Desk, file: File) -> HttpResponse:
    """Ask the register about the rows, or leave it out."""
    contracts = contracts_of(desk)
    form = CompareForm(posted(request), contracts=contracts, language=desk.language)
    if request.method == "POST" and form.is_valid():
        services.verify(
            reference=file.reference,
            contract=form.cleaned_data["contract"],
            purpose=form.cleaned_data["purpose"],
            case=form.cleaned_data["case"].strip(),
            actor=desk.actor,
            at=desk.at,
        )
        return HttpResponseRedirect(show.href_of(file, "cleaning-verification"))
    standing = _standing(file, desk)
    context = {
        **_context(file, "cleaning-verification"),
        "form": form,
        "has_contracts": bool(contracts),
        "standing": standing,
        "batch_href": show_batches.page_href(file.batch) if standing else "",
        "is_given_up": standing is not None and standing.state in {"stopped", "failed"},
        "progress": show_batches.progress_of(standing, desk.at)
        if standing and standing.state == "waiting"
        else None,
        "summary": show_batches.summary_table(standing) if standing and standing.done else None,
        "finish_href": show.href_of(file, "cleaning-result"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/cleaning/verification.html", context, status=status)


def _standing(file: File, desk: Desk) -> Standing | None:
    """Return how the comparison stands; None when there is none whose answers are left."""
    if not file.batch:
        return None
    try:
        found = batches.standing(reference=file.batch, at=desk.at)
    except BatchGone:
        return None
    return found if found.forgotten_at is None else None


@officer_required(action=VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
@_of_file("cleaning-result")
def result(request: HttpRequest, desk: Desk, file: File) -> HttpResponse:
    """The figures of the cleaned file, and the files to fetch; POST has them written."""
    if request.method == "POST":
        services.finish(reference=file.reference, actor=desk.actor, at=desk.at)
        return HttpResponseRedirect(show.href_of(file, "cleaning-result"))
    outcome = Outcome.from_json(file.outcome) if file.outcome else None
    context = {
        **_context(file, "cleaning-result"),
        "verdict": verdict(outcome) if outcome else "",
        "is_early": outcome is not None and outcome.unanswered and file.forgotten_at is None,
        "stats": show.stats(outcome) if outcome else [],
        "sections": show.sections(outcome) if outcome else [],
        "downloads": _downloads(file),
    }
    return render(request, "console/cleaning/result.html", context)


def _downloads(file: File) -> list[dict[str, str]]:
    words = {
        Part.Of.CLEANED: (_("The cleaned file"), "primary"),
        Part.Of.REPORT: (_("What was changed and why"), "secondary"),
        Part.Of.RECIPE: (_("Recipe for next month"), "quiet"),
    }
    return [
        {
            "label": label,
            "href": reverse("console:cleaning-file", args=[file.reference, of]),
            "kind": kind_,
        }
        for of, (label, kind_) in words.items()
        if contents.has(file, of)
    ]
