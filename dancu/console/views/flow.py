"""One declaration from the empty form to the register: check, confirm, carry out once, say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dancu.access.errors import OutsideJurisdiction
from dancu.console import once
from dancu.console.forms.base import DeskForm
from dancu.design.values import Crumb, Fact, Link, PersonHeader
from dancu.kernel.errors import Conflict, DancuError, Invalid
from dancu.population.errors import NotTheAuthority, PopulationError
from dancu.quality.errors import WorseIssue

UNPROCESSABLE = 422
CONFIRMED = "confirmed"
CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, in one sentence, and where the officer goes from there."""

    words: str
    href: str
    history: Link | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A page on which something is declared about somebody."""

    title: str
    crumbs: Sequence[Crumb]
    person: PersonHeader | None = None
    intro: str = ""
    save_label: str = ""
    save_kind: str = "primary"
    confirm_words: str = ""
    back_href: str = ""
    template: str = "console/declare.html"
    extra: Mapping[str, object] = field(default_factory=dict)


def declare(  # noqa: PLR0911
    request: HttpRequest,
    page: Declaration,
    form: DeskForm,
    *,
    carry_out: Callable[[], Outcome],
    review: Callable[[], Sequence[Fact]] | None = None,
) -> HttpResponse:
    """Show the form, ask to confirm what ``review`` lists, and carry out once.

    Errors of the services come back at their fields with the answers kept (422); somebody
    else's change in the meantime has a page of its own (409).
    """
    if request.method != "POST":
        return _form(request, page, form)
    if again := repeated(request):
        return again
    token = request.POST.get(once.FIELD, "")
    if CHANGE in request.POST:
        return _form(request, page, form)
    if not form.is_valid():
        return _form(request, page, form, status=UNPROCESSABLE)
    if review is not None and CONFIRMED not in request.POST:
        rows = review()
        if form.errors:
            return _form(request, page, form, status=UNPROCESSABLE)
        return _confirm(request, page, form, rows)
    with once.turn(request.session, token):
        if done := once.done_href(request.session, token):
            return _done_before(request, done)
        return _carried_out(request, page, form, token, carry_out)


def repeated(request: HttpRequest) -> HttpResponse | None:
    """Lead whoever sends a form again to what it did the first time; ``None`` for a new one."""
    done = once.done_href(request.session, request.POST.get(once.FIELD, ""))
    return _done_before(request, done) if done else None


def carried_out_once(request: HttpRequest, href: str, act: Callable[[], str]) -> HttpResponse:
    """Do what a form asks, say so and lead on; one that was sent twice is carried out once."""
    token = request.POST.get(once.FIELD, "")
    with once.turn(request.session, token):
        if again := repeated(request):
            return again
        messages.success(request, act())
        once.remember(request.session, token, href)
    return HttpResponseRedirect(href)


def token_of(request: HttpRequest) -> str:
    """Return the token of the form that was sent, or a new one for its first showing."""
    return request.POST.get(once.FIELD) or once.new_token()


def _done_before(request: HttpRequest, href: str) -> HttpResponse:
    messages.info(request, _("This had been carried out already; nothing was done twice."))
    return HttpResponseRedirect(href)


def _carried_out(
    request: HttpRequest,
    page: Declaration,
    form: DeskForm,
    token: str,
    carry_out: Callable[[], Outcome],
) -> HttpResponse:
    try:
        outcome = carry_out()
    except Conflict:
        return _changed_meanwhile(request, page)
    except (Invalid, PopulationError, OutsideJurisdiction, WorseIssue) as error:
        form.absorb(error)
        return _form(request, page, form, status=_status(error), error=error)
    once.remember(request.session, token, outcome.href)
    say(request, outcome)
    return HttpResponseRedirect(outcome.href)


def say(request: HttpRequest, outcome: Outcome) -> None:
    """Put what was done, with the way to its history, at the head of the next page."""
    words: str | SafeString = outcome.words
    if outcome.history is not None:
        link = outcome.history
        words = format_html('{} <a href="{}">{}</a>', outcome.words, link.href, link.label)
    messages.success(request, words)
    if outcome.warning:
        messages.warning(request, outcome.warning)


def _status(error: DancuError) -> int:
    return 409 if error.http_status == 409 else UNPROCESSABLE  # noqa: PLR2004


def _context(page: Declaration, form: DeskForm, token: str) -> dict[str, object]:
    return {"page": page, "form": form, "once": token, **page.extra}


def _form(
    request: HttpRequest,
    page: Declaration,
    form: DeskForm,
    *,
    status: int = 200,
    error: DancuError | None = None,
) -> HttpResponse:
    context = {**_context(page, form, token_of(request)), "refusal": error}
    if isinstance(error, NotTheAuthority):
        context["not_the_authority"] = True
    return render(request, page.template, context, status=status)


def _confirm(
    request: HttpRequest, page: Declaration, form: DeskForm, rows: Sequence[Fact]
) -> HttpResponse:
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", once.FIELD, CONFIRMED, CHANGE}
        for value in values
    ]
    context = {**_context(page, form, token_of(request)), "rows": rows, "kept": kept}
    return render(request, "console/confirm.html", context)


def _changed_meanwhile(request: HttpRequest, page: Declaration) -> HttpResponse:
    kept = [(str(form_name), value) for form_name, value in request.POST.items()]
    context = {"page": page, "kept": kept, "again_href": request.path}
    return render(request, "console/changed_meanwhile.html", context, status=409)
