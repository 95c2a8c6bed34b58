"""Sending a file in: choose it, see what was understood, confirm; the delivery page goes on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dancu.console import uploads
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.uploads import ConfirmForm, UploadForm
from dancu.console.models import Upload
from dancu.console.views.about import posted
from dancu.console.words import day_words
from dancu.design.tags.display import grouped
from dancu.design.values import Crumb, Fact
from dancu.identity.decorators import officer_required
from dancu.kernel.errors import DancuError

LOAD = "batch.load"
UNPROCESSABLE = 422


@officer_required(action=LOAD)
@require_http_methods(["GET", "POST"])
@at_desk
def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take a file and read it through; what is wrong with it is told before anything is loaded."""
    form = UploadForm(posted(request), request.FILES or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            found = uploads.receive(file=form.cleaned_data["file"], actor=desk.actor, at=desk.at)
        except DancuError as error:
            form.add_error("file", words_of_error(error))
        else:
            return HttpResponseRedirect(reverse("console:upload-confirm", args=[found.pk]))
    context = {
        "form": form,
        "largest": uploads.LARGEST,
        "largest_mb": uploads.LARGEST // 2**20,
        "crumbs": crumbs(_("Send in a file")),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/upload.html", context, status=status)


@officer_required(action=LOAD)
@require_http_methods(["GET", "POST"])
@at_desk
def confirm(request: HttpRequest, desk: Desk, upload_id: int) -> HttpResponse:
    """Show what was understood of a file, let it be set right, and put it in the queue."""
    found = _own(desk, upload_id)
    if found.state != Upload.State.SHOWN and found.batch_id is not None:
        return HttpResponseRedirect(reverse("console:batch", args=[found.batch_id]))
    form = ConfirmForm(
        posted(request),
        headings=found.headings,
        own_source=desk.actor.source,
        initial={"key": found.name, "day": day_words(desk.today), "source": desk.actor.source},
        today=desk.today,
        language=desk.language,
    )
    if request.method == "POST" and form.is_valid():
        try:
            number = uploads.confirm(
                upload_id=found.pk,
                source=form.cleaned_data["source"],
                key=form.cleaned_data["key"],
                day=form.cleaned_data["day"],
                meanings=form.meanings,
                actor=desk.actor,
                at=desk.at,
            )
        except DancuError as error:
            form.absorb(error)
        else:
            return HttpResponseRedirect(reverse("console:batch", args=[number]))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "console/upload_confirm.html", _shown(found, form), status=status)


def _shown(found: Upload, form: ConfirmForm) -> dict[str, object]:
    recognised = [
        bound
        for bound, (title, meaning, _filled) in zip(form.columns, found.headings, strict=True)
        if meaning or not title
    ]
    others = [bound for bound in form.columns if bound not in recognised]
    return {
        "upload": found,
        "form": form,
        "file_facts": [
            Fact(_("File"), found.name),
            Fact(_("Lines below the head"), grouped(found.rows)),
            Fact(_("Size"), size_words(found.size)),
        ],
        "recognised": recognised,
        "unknown": others,
        "discard_href": reverse("console:upload-discard", args=[found.pk]),
        "crumbs": crumbs(found.name),
    }


@officer_required(action=LOAD)
@require_POST
@at_desk
def discard(request: HttpRequest, desk: Desk, upload_id: int) -> HttpResponse:
    """Delete a file that was not confirmed."""
    found = _own(desk, upload_id)
    uploads.discard(upload_id=found.pk)
    messages.success(request, _("The file is deleted; nothing of it was loaded."))
    return HttpResponseRedirect(reverse("console:batches"))


@officer_required(action=LOAD)
@require_POST
@at_desk
def again(_request: HttpRequest, desk: Desk, upload_id: int) -> HttpResponse:
    """Go on with a loading that stopped."""
    found = Upload.objects.filter(pk=upload_id, office=desk.actor.office_code).first()
    if found is None or found.batch_id is None:
        raise Http404
    uploads.again(upload_id=found.pk, actor=desk.actor, at=desk.at)
    return HttpResponseRedirect(reverse("console:batch", args=[found.batch_id]))


def _own(desk: Desk, upload_id: int) -> Upload:
    """Return a file of this officer; 404 alike for none and for somebody else's."""
    found = Upload.objects.filter(pk=upload_id, account_id=desk.actor.account_id or 0).first()
    if found is None:
        raise Http404
    return found


def size_words(size: int) -> str:
    """Return a size as people read it: 12 kB, 3.4 MB."""
    if size < 2**20:
        return f"{max(1, round(size / 1024))} kB"
    return f"{size / 2**20:.1f} MB"


def crumbs(here: str) -> list[Crumb]:
    """Return the way back from a page about deliveries."""
    return [
        Crumb(_("Work list"), reverse("console:home")),
        Crumb(_("Deliveries"), reverse("console:batches")),
        Crumb(here),
    ]
