"""The access log, for auditors; reading it needs a case and is itself written down."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.log import LogForm
from dancu.console.show.visits import visits_table
from dancu.design.paging import Window
from dancu.design.values import Crumb
from dancu.disclosure import services as door
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import Invalid

PURPOSE = "audit"


@officer_required(action="access_log.read")
@require_safe
@at_desk
def access_log(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who looked at whom, for what, narrowed by the filters."""
    here = reverse("console:access-log")
    if desk.case is None or desk.case.purpose != PURPOSE:
        query = urlencode({"next": request.get_full_path(), "purpose": PURPOSE})
        return HttpResponseRedirect(f"{reverse('console:case')}?{query}")
    form = LogForm(request.GET, language=desk.language)
    number = request.GET.get("page", "1")
    window = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1  # noqa: PLR2004
    context: dict[str, object] = {
        "form": form,
        "here": here,
        "crumbs": [Crumb(_("Work list"), reverse("console:home")), Crumb(_("Access log"))],
    }
    if form.is_valid():
        try:
            found = door.access_log(
                actor=desk.actor,
                case=desk.case.case,
                criteria=form.criteria(window),
                at=desk.at,
            )
        except Invalid as error:
            form.add_error("pid", words_of_error(error))
        else:
            context["table"] = visits_table(found, desk.language, with_person=True)
            context["window"] = Window(found.window, found.has_next)
    form.without_marks()
    return render(request, "console/access_log.html", context)
