"""Finding people, and admitting somebody who presents themselves."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.console import admitted, asked, communes
from dancu.console.desk import Desk, at_desk, with_case
from dancu.console.errors import ReachNeeded
from dancu.console.forms.base import words_of_error
from dancu.console.forms.search import FIELDS, PresentForm, SearchForm
from dancu.console.show.people import person_href, results_table
from dancu.console.views.cases import ask_for_another, safe_next
from dancu.console.words import KINDS
from dancu.design.paging import Window
from dancu.design.values import Crumb, Empty, Link
from dancu.disclosure import services as door
from dancu.disclosure.cases import purposes_for
from dancu.disclosure.types import SearchPage
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import Invalid, NotFoundOrNotYours

LIVE_TARGET = "results"
UNPROCESSABLE = 422
LAST_WINDOW = 20


@officer_required(action="people.search")
@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Search; also answers the live search with the list alone.

    What is looked for comes as a form and is kept in the session; the address holds a token.
    """
    is_sent = request.method == "POST"
    said = asked.given(request.POST if is_sent else request.GET, FIELDS)
    if said or is_sent:
        return _take(request, desk, said)
    token = request.GET.get(asked.PARAM, "")
    recalled = asked.recall(request.session, request.path, token, at=desk.at)
    form = _form(recalled or {}, desk)
    is_forgotten = bool(token) and recalled is None
    return _answer(request, desk, form, token=token, is_forgotten=is_forgotten)


def _take(request: HttpRequest, desk: Desk, said: Mapping[str, str]) -> HttpResponse:
    """Keep what is looked for, and lead to it; the live search is answered at once."""
    form = _form(said, desk)
    token = request.GET.get(asked.PARAM, "")
    live = request.headers.get("HX-Target") == LIVE_TARGET
    if not form.is_valid():
        return _answer(request, desk, form, token=token, live=live)
    if not said and not live:
        return HttpResponseRedirect(request.path)
    token = asked.keep(request.session, request.path, said, at=desk.at, token=token)
    if live:
        return _answer(request, desk, form, token=token, live=True)
    return HttpResponseRedirect(asked.address(request.path, token))


def _form(said: Mapping[str, str], desk: Desk) -> SearchForm:
    area = communes.of_area(desk.actor.jurisdictions, desk.today)
    return SearchForm(said, language=desk.language, area=area)


def _answer(
    request: HttpRequest,
    desk: Desk,
    form: SearchForm,
    *,
    token: str,
    live: bool = False,
    is_forgotten: bool = False,
) -> HttpResponse:
    found = None
    if form.is_valid() and form.is_filled:
        try:
            found = door.search(**desk.access, criteria=form.criteria(_window(request)))
        except Invalid as error:
            form.absorb(error)
    form.without_marks()
    request.searched = form["q"].value() or ""  # type: ignore[attr-defined]
    context = {
        "form": form,
        "action": asked.address(request.path, token or asked.new_token()),
        "asked": found is not None or bool(form.problems),
        "problems": form.problems,
        "is_forgotten": is_forgotten,
        "presents": desk.case is not None and desk.case.scope == "presented",
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("People"))],
        **(_found(found, desk, typed=form["q"].value() or "") if found else {}),
    }
    template = "console/parts/found.html" if live else "console/people.html"
    status = UNPROCESSABLE if form.problems else 200
    return render(request, template, context, status=status)


def _found(found: SearchPage, desk: Desk, *, typed: str) -> dict[str, object]:
    empty = Empty(
        _("Nobody in your area fits"),
        _(
            "Type less of the name, only the year of birth, or a part of the address. "
            "Somebody from elsewhere can be admitted with their card in hand."
        ),
        Link(_("Somebody presents themselves"), reverse("console:present"), "card"),
        "search",
    )
    return {
        "found": found,
        "kind": KINDS.get(found.kind, ""),
        "table": results_table(found, language=desk.language, empty=empty),
        "window": Window(found.window, found.has_next),
        "padded": _padded(found, typed),
    }


def _padded(found: SearchPage, typed: str) -> str:
    """Return that a number was completed at its front, and how; empty when it was not."""
    digits = "".join(filter(str.isdigit, typed))
    pid = found.understood.get("pid", "")
    if len(digits) >= len(pid) or not pid.endswith(digits):
        return ""
    words = _(
        "You typed %(length)s digits; a personal identification number has 12. Looked for is "
        "%(pid)s. If another digit is missing, compare with the card."
    )
    return words % {"length": len(digits), "pid": pid}


def _window(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), LAST_WINDOW) if text.isdecimal() and len(text) < 5 else 1  # noqa: PLR2004


@officer_required(action="people.search")
@require_http_methods(["GET", "POST"])
@with_case
def present(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Admit somebody from anywhere who stands here: exact number, name and date of birth.

    A case that does not reach beyond the area is changed first; its number is kept.
    """
    if desk.case is None or desk.case.scope != "presented":
        reaching = [one for one in purposes_for(desk.actor, at=desk.at) if one.scope == "presented"]
        is_sent = request.method == "POST"
        return ask_for_another(request, desk, ReachNeeded(reaching), status=409 if is_sent else 200)
    form = PresentForm(request.POST or None, label_suffix="")
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                header = door.present(
                    **desk.access,
                    pid=form.cleaned_data["pid"],
                    name=form.cleaned_data["name"],
                    birth_date=form.cleaned_data["birth_date"],
                )
            except Invalid as error:
                form.add_error("pid", words_of_error(error))
            except NotFoundOrNotYours:
                status = 404
                form.add_error(
                    None,
                    _(
                        "The number, the name and the date of birth do not belong together in "
                        "the register. Compare each of them with the card."
                    ),
                )
            else:
                messages.success(
                    request, _("%(name)s is admitted to this case.") % {"name": header.name}
                )
                admitted.note(request.session, desk, header.person_id)
                onward = safe_next(request, request.GET.get("next", ""))
                return HttpResponseRedirect(onward or person_href(header.person_id))
    context = {
        "form": form,
        "crumbs": [
            Crumb(_("Work list"), reverse("console:home")),
            Crumb(_("People"), reverse("console:people")),
            Crumb(_("Somebody presents themselves")),
        ],
    }
    return render(request, "console/present.html", context, status=status)


@officer_required(action="people.search")
@require_safe
@at_desk
def commune_options(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Suggest communes for what is being typed into a field, whatever the field's name."""
    text = next(iter(request.GET.values()), "")[:100]
    near = communes.provinces_of(desk.actor.jurisdictions, desk.today)
    found = communes.suggest(str(text), desk.today, near=near)
    return render(request, "console/parts/commune_options.html", {"communes": found})
