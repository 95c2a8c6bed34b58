"""The sealed extract for the file of a dossier: made, printed, downloaded, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dancu.console import once
from dancu.console.desk import Desk, at_desk
from dancu.console.forms.base import words_of_error
from dancu.console.forms.one_stop import WithdrawForm
from dancu.console.views.about import posted
from dancu.console.views.one_stop import UNPROCESSABLE, case_needed, present_again
from dancu.console.words import moment_words
from dancu.design.values import Crumb, Fact
from dancu.disclosure.errors import PresentationRequired
from dancu.identity.decorators import officer_required
from dancu.kernel.dates import format_vietnamese
from dancu.onestop import queries, rendering, services
from dancu.onestop.contents import MISSING
from dancu.onestop.errors import AlreadyWithdrawn, FactsChanged, NothingFound
from dancu.onestop.services.asking import ANSWER
from dancu.onestop.types import Paper
from dancu.operation.config import current

T = TypeVar("T")
#: Headings of the paper, which is in Vietnamese, and the parts of its content.
PARTS = (
    ("2. Nơi cư trú", "residence"),
    ("3. Hộ gia đình", "household"),
    ("4. Tình trạng hôn nhân", "status"),
)


@officer_required(action=ANSWER)
@require_POST
@at_desk
def issue(request: HttpRequest, desk: Desk, question_id: int) -> HttpResponse:
    """Seal an extract; a second click leads to the one that the first click made."""
    question = queries.question(actor=desk.actor, question_id=question_id)
    if away := case_needed(request, desk, question):
        return away
    token = request.POST.get(once.FIELD, "")
    with once.turn(request.session, token):
        if href := once.done_href(request.session, token):
            return HttpResponseRedirect(href)
        try:
            number = services.issue(actor=desk.actor, question_id=question.id, at=desk.at)
        except PresentationRequired:
            return present_again(request)
        except NothingFound as error:
            messages.warning(request, words_of_error(error))
            return HttpResponseRedirect(reverse("console:one-stop-steps", args=[question.id]))
        href = reverse("console:one-stop-extract", args=[number])
        once.remember(request.session, token, href)
    return HttpResponseRedirect(href)


@officer_required(action=ANSWER)
@require_safe
@at_desk
def extract(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The extract as a page for printing; opening it is recorded as printing."""
    made = _paper(request, desk, number, lambda paper: paper)
    if isinstance(made, HttpResponse):
        return made
    content, link = made.content, _link(request, made)
    found = queries.own_extract(actor=desk.actor, number=number)
    people = "; ".join(f"{one['name']} ({one['role'].lower()})" for one in content["members"])
    members = [Fact("Thành viên hộ (họ tên viết tắt)", people or MISSING)]
    context = {
        "paper": made,
        "content": content,
        "who": [Fact(one["label"], one["value"]) for one in content["person"]],
        "parts": [
            (title, _facts(content[name]) + (members if name == "household" else []))
            for title, name in PARTS
        ],
        "issued": moment_words(found.at),
        "until": format_vietnamese(found.valid_until),
        "code": rendering.grouped_check(made.check),
        "qr": SafeString(rendering.qr_of(link)),
        "link": link,
        "question_id": found.question_id,
    }
    return render(request, "console/one_stop/extract.html", context)


@officer_required(action=ANSWER)
@require_safe
@at_desk
def file(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The extract as PDF, with its signed text inside; recorded as printing."""
    content = _paper(
        request, desk, number, lambda paper: rendering.pdf_of(paper, link=_link(request, paper))
    )
    if isinstance(content, HttpResponse):
        return content
    services.made_copy(number=number, file=content, at=desk.at)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return answer


@officer_required(action=ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def withdraw(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Take an extract of one's own office back."""
    found = queries.own_extract(actor=desk.actor, number=number)
    form = WithdrawForm(posted(request), label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(
                actor=desk.actor, number=number, reason=form.cleaned_data["reason"], at=desk.at
            )
        except AlreadyWithdrawn as error:
            form.add_error(None, words_of_error(error))
        else:
            messages.success(request, _("The extract is withdrawn. Its QR code says so now."))
            return HttpResponseRedirect(reverse("console:one-stop"))
    context = {
        "form": form,
        "number": number,
        "is_withdrawn": hasattr(found, "withdrawal"),
        "crumbs": [
            Crumb(_("Work list"), reverse("console:home")),
            Crumb(_("One-stop desk"), reverse("console:one-stop")),
            Crumb(_("Withdraw an extract")),
        ],
    }
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "console/one_stop/withdraw.html", context, status=status)


def _paper(
    request: HttpRequest, desk: Desk, number: str, made: Callable[[Paper], T]
) -> T | HttpResponse:
    """Return what is made of an extract, or where to go when there is none to be had."""
    question_id = queries.own_extract(actor=desk.actor, number=number).question_id
    question = queries.question(actor=desk.actor, question_id=question_id)
    if away := case_needed(request, desk, question):
        return away
    try:
        return services.paper_of(actor=desk.actor, number=number, at=desk.at, made=made)
    except PresentationRequired:
        return present_again(request)
    except FactsChanged as error:
        messages.warning(request, words_of_error(error))
        return HttpResponseRedirect(reverse("console:one-stop-answer", args=[question.id]))


def _link(request: HttpRequest, paper: Paper) -> str:
    path = reverse("onestop:check-number", args=[paper.number])
    known = current().web.address.rstrip("/")
    address = known + path if known else request.build_absolute_uri(path)
    return f"{address}?{urlencode({'c': paper.check})}"


def _facts(rows: list[dict[str, object]]) -> list[Fact]:
    """Return the facts of a part as the paper says them; the paper is in Vietnamese."""
    return [
        Fact(
            str(one["label"]),
            str(one["value"] or MISSING),
            source=str(one.get("source", "")),
            since=_provenance(one),
            conflict="Có nguồn khác mâu thuẫn" if one.get("disputed") else "",
            stale="Cần xác nhận lại" if one.get("stale") else "",
        )
        for one in rows
    ]


def _provenance(one: dict[str, object]) -> str:
    parts = []
    if one.get("since"):
        parts.append(f"từ {one['since']}")
    if one.get("confirmed"):
        parts.append(f"xác nhận gần nhất {one['confirmed']}")
    return ", ".join(parts)
