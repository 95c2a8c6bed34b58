"""The first page, and the way to the first answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.values import Step
from dancu.developers import announced, offered, snippets, words
from dancu.developers.views.common import address_of, crumbs
from dancu.exchange.batches import words as shared
from dancu.identity.decorators import public


@public()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what can be asked, and lead to the first call."""
    newest = announced.changes()[:3]
    language = get_language() or "vi"
    context = {
        "services": _services(),
        "steps": _steps(),
        "address": address_of(request),
        "changes": [
            {
                "day": words.day_words(one.day),
                "kind": words.kind_badge(one.kind),
                "title": one.title(language),
            }
            for one in newest
        ],
    }
    return render(request, "developers/home.html", context)


def _services() -> Table:
    rows = []
    for service in offered.services():
        href = f"{reverse('developers:services')}#{service.tag}"
        rows.append(
            Row(
                [
                    Cell(service.name, href, badges=()),
                    service.purpose,
                    str(len(service.operations)) if service.operations else "–",
                ]
            )
        )
    return Table(
        caption=_("What can be asked"),
        columns=[
            Column(_("Service"), heading=True),
            Column(_("What for")),
            Column(_("Operations"), numeric=True, phone=False),
        ],
        rows=rows,
    )


def _steps() -> list[Step]:
    return [
        Step(
            _("Get a sandbox key"),
            href=reverse("developers:sandbox"),
            detail=_("No account, no waiting. The private key stays in your browser."),
        ),
        Step(
            _("Send the first question"),
            href=reverse("developers:start"),
            detail=_("Copy one command; the answer about an invented person is known beforehand."),
        ),
        Step(
            _("Put it into your program"),
            href=reverse("developers:examples"),
            detail=_("Short examples in curl, Python and JavaScript that our own tests run."),
        ),
        Step(
            _("Go live"),
            href=f"{reverse('developers:start')}#live",
            detail=_("A contract and your own key: the same calls, about real people."),
        ),
    ]


@public()
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Lead through the first call, and say how its answer is read."""
    common = snippets.snippet(snippets.COMMON, "curl")
    verify = snippets.snippet("verify", "curl")
    context = {
        "crumbs": crumbs(_("First call")),
        "address": address_of(request),
        "common": common,
        "verify": verify,
        "outcomes": _outcomes(),
        "results": _results(),
        "reasons": _reasons(),
    }
    return render(request, "developers/start.html", context)


def _outcomes() -> Table:
    return Table(
        caption=_("Outcomes"),
        columns=[Column(_("outcome"), heading=True), Column(_("What it means"))],
        rows=[
            Row([Cell(name, code=True), Cell(text, badges=(words.outcome_badge(name),))])
            for name, text in words.OUTCOMES.items()
        ],
    )


def _results() -> Table:
    meanings = {
        "match": _("The same value."),
        "close": _("The same value in another writing, or nearly; “reason” says in what."),
        "mismatch": _("Another value."),
        "unknown": _(
            "Not compared: nobody was found, the register holds nothing, or yours cannot be read."
        ),
    }
    return Table(
        caption=_("Results of an attribute"),
        columns=[Column(_("result"), heading=True), Column(_("What it means"))],
        rows=[
            Row([Cell(name, code=True), Cell(text, badges=(words.result_badge(name),))])
            for name, text in meanings.items()
        ],
    )


def _reasons() -> Table:
    return Table(
        caption=_("Reasons"),
        columns=[Column(_("reason"), heading=True), Column(_("What it means"))],
        rows=[Row([Cell(name, code=True), text]) for name, text in sorted(shared.REASONS.items())],
    )
