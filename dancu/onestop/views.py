"""Checking an extract, for everybody who holds one. Shows nothing that the paper does not say."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.design.values import Fact
from dancu.identity.decorators import public
from dancu.kernel.clock import VIETNAM
from dancu.kernel.dates import format_vietnamese
from dancu.onestop import checking
from dancu.onestop.contents import label_of
from dancu.onestop.errors import TooManyWrongFigures
from dancu.onestop.forms import FiguresForm, NumberForm, TextForm
from dancu.onestop.types import Checked

UNPROCESSABLE = 422


@public()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for number and check code, or take the PDF and say whether every figure is as signed."""
    if request.method != "POST":
        return _ask(request, NumberForm(label_suffix=""), TextForm(label_suffix=""))
    if "number" in request.POST:
        form = NumberForm(request.POST, label_suffix="")
        if not form.is_valid():
            return _ask(request, form, TextForm(label_suffix=""), status=UNPROCESSABLE)
        number = "".join(form.cleaned_data["number"].split()).replace("/", "")
        href = reverse("onestop:check-number", args=[number or "-"])
        return HttpResponseRedirect(f"{href}?{urlencode({'c': form.cleaned_data['c']})}")
    text = TextForm(request.POST, request.FILES, label_suffix="")
    if not text.is_valid():
        return _ask(request, NumberForm(label_suffix=""), text, status=UNPROCESSABLE)
    at = timezone.now()
    if file := text.cleaned_data["file"]:
        found = checking.check_file(file=file.read(), at=at)
    else:
        found = checking.check_text(text=text.cleaned_data["text"], at=at)
    return _say(request, found, figures=None)


@public()
@require_http_methods(["GET", "HEAD", "POST"])
def check_number(request: HttpRequest, number: str) -> HttpResponse:
    """What the QR code leads to; single figures of the paper are compared when they are sent."""
    code, at = request.GET.get("c", "")[:40], timezone.now()
    figures = FiguresForm(request.POST or None)
    if request.method == "POST" and figures.is_valid():
        typed = {name: str(value) for name, value in figures.cleaned_data.items()}
        try:
            found = checking.check_number(number=number, check=code, at=at, figures=typed)
        except TooManyWrongFigures as error:
            found = checking.check_number(number=number, check=code, at=at)
            figures.add_error(None, f"{error.text(_)} {error.remedy_text(_)}")
    else:
        found = checking.check_number(number=number, check=code, at=at)
    return _say(request, found, figures=figures if found.number else None)


def _ask(
    request: HttpRequest, number: NumberForm, text: TextForm, *, status: int = 200
) -> HttpResponse:
    for field in text.fields.values():
        field.required = True  # So that no mark says "optional": one of the two is needed.
    text.use_required_attribute = False
    context = {"number": number, "text": text}
    return _private(render(request, "onestop/check.html", context, status=status))


def _say(request: HttpRequest, found: Checked, *, figures: FiguresForm | None) -> HttpResponse:
    language = get_language() or "vi"
    status = UNPROCESSABLE if figures is not None and figures.is_bound and figures.errors else 200
    if figures is not None:
        figures.without_marks()
    context = {
        "found": found,
        "rows": _rows(found),
        "figures": figures,
        "compared": [(label_of(name, language), is_same) for name, is_same in found.compared],
        "signed": [Fact(label, value) for label, value in found.facts],
    }
    return _private(render(request, "onestop/checked.html", context, status=status))


def _rows(found: Checked) -> list[Fact]:
    rows = [Fact(_("Number of the extract"), found.number, code=True)]
    if found.issued_at:
        moment = found.issued_at.astimezone(VIETNAM)
        rows.append(Fact(_("Made at"), f"{moment:%H:%M %d/%m/%Y}"))
        rows.append(Fact(_("Made by"), found.office))
    if found.valid_until:
        rows.append(Fact(_("Valid until the end of"), format_vietnamese(found.valid_until)))
    if found.withdrawn_on:
        day = found.withdrawn_on.astimezone(VIETNAM).date()
        rows.append(Fact(_("Withdrawn on"), format_vietnamese(day)))
    return rows if found.number else []


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep check codes out of search engines; other sites see no address of ours anyway."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
