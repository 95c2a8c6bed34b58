"""The access log, for auditors; reading it needs a case and is itself written down."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.console import asked
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.log import FIELDS, LogForm
from dancu.console.show.visits import visits_table
from dancu.design.paging import Window, window_of
from dancu.design.values import Crumb
from dancu.disclosure import services as door
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import Invalid

PURPOSE = "audit"
UNPROCESSABLE = 422


@officer_required(action="access_log.read")
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def access_log(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who looked at whom, for what, narrowed by the filters.

    What is looked for comes as a form and is kept in the session; the address holds a token.
    """
    is_sent = request.method == "POST"
    said = asked.given(request.POST if is_sent else request.GET, FIELDS)
    form = LogForm(said, language=desk.language)
    if said and form.is_valid():
        token = asked.keep(request.session, request.path, said, at=desk.at)
        return HttpResponseRedirect(asked.address(request.path, token))
    if is_sent and not said:
        return HttpResponseRedirect(request.path)
    if desk.case is None or desk.case.purpose != PURPOSE:
        here = request.path if said else request.get_full_path()
        query = urlencode({"next": here, "purpose": PURPOSE})
        return HttpResponseRedirect(f"{reverse('console:case')}?{query}")
    token = request.GET.get(asked.PARAM, "")
    recalled = asked.recall(request.session, request.path, token, at=desk.at)
    if recalled is not None:
        form = LogForm(recalled, language=desk.language)
    return _answer(request, desk, form, is_forgotten=bool(token) and recalled is None)


def _answer(request: HttpRequest, desk: Desk, form: LogForm, *, is_forgotten: bool) -> HttpResponse:
    assert desk.case is not None  # noqa: S101 - the view has asked for one
    context: dict[str, object] = {
        "form": form,
        "here": request.path,
        "is_forgotten": is_forgotten,
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Access log"))],
    }
    if form.is_valid():
        try:
            found = door.access_log(
                actor=desk.actor,
                case=desk.case.case,
                criteria=form.criteria(window_of(request)),
                at=desk.at,
            )
        except Invalid as error:
            form.absorb(error)
        else:
            context["table"] = visits_table(found, desk.language, with_person=True)
            context["window"] = Window(found.window, found.has_next)
    form.without_marks()
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "console/access_log.html", context, status=status)
