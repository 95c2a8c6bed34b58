"""What came of a cleaned file: fetched, taken up again, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dancu.cleaning import contents, services
from dancu.cleaning.export import files_of
from dancu.cleaning.models import File, Part
from dancu.console.desk import Desk, at_desk
from dancu.console.show import cleaning as show
from dancu.console.views.cleaning import VERIFY, own_file
from dancu.identity.decorators import officer_required

_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
}


@officer_required(action=VERIFY)
@require_safe
@at_desk
def download(_request: HttpRequest, desk: Desk, reference: str, of: str) -> HttpResponse:
    """Download the cleaned file, the report or the recipe."""
    file = own_file(desk, reference)
    if of not in {Part.Of.CLEANED, Part.Of.REPORT, Part.Of.RECIPE} or not contents.has(file, of):
        raise Http404
    names = _names(file)
    services.fetched(file=file, of=of, actor=desk.actor, at=desk.at)
    suffix = names[of][names[of].rindex(".") :]
    answer = StreamingHttpResponse(contents.pieces(file, of), content_type=_TYPES[suffix])
    answer["Content-Disposition"] = f'attachment; filename="cleaned-{reference[:8]}-{of}{suffix}"'
    return cast("HttpResponse", answer)


def _names(file: File) -> dict[str, str]:
    """Return the names of the files of an outcome."""
    found = files_of(Path(file.name), file.kind)
    return {
        Part.Of.CLEANED: found.cleaned.name,
        Part.Of.REPORT: found.report.name,
        Part.Of.RECIPE: found.recipe.name,
    }


@officer_required(action=VERIFY)
@require_POST
@at_desk
def again(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take up a work that failed, or go back to the choices before it."""
    file = own_file(desk, reference)
    carry_on = services.leave if "leave" in request.POST else services.again
    carry_on(reference=reference, actor=desk.actor, at=desk.at)
    return HttpResponseRedirect(show.href_of(file, show.ROUTES[file.work]))


@officer_required(action=VERIFY)
@require_POST
@at_desk
def discard(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Delete a file and everything that came of it."""
    own_file(desk, reference)
    services.discard(reference=reference, actor=desk.actor, at=desk.at)
    messages.success(request, _("The file and everything that came of it are deleted."))
    return HttpResponseRedirect(reverse("console:cleaning"))
