"""What changed in the interface, and how it may change."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.developers import announced, offered, words
from dancu.developers.errors import NothingOffered
from dancu.developers.types import Change
from dancu.developers.views.common import address_of, crumbs
from dancu.exchange.api.openapi import VERSION
from dancu.identity.decorators import public


@public()
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """List the changes, the newest first."""
    language = get_language() or "vi"
    context = {
        "crumbs": crumbs(_("Changes")),
        "changes": [_shown(one, language) for one in announced.changes()],
    }
    return render(request, "developers/changes.html", context)


def _shown(change: Change, language: str) -> dict[str, object]:
    return {
        "day": words.day_words(change.day),
        "iso": change.day.isoformat(),
        "version": change.version,
        "kind": words.kind_badge(change.kind),
        "title": change.title(language),
        "text": change.text(language),
        "operations": [(name, _is_there(name)) for name in change.operations],
    }


def _is_there(name: str) -> bool:
    try:
        offered.find(name)
    except NothingOffered:
        return False
    return True


@public()
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Say what may change without notice, what not, and how long an old version lives."""
    context = {
        "crumbs": crumbs(_("Versions")),
        "version": VERSION,
        "address": address_of(request),
    }
    return render(request, "developers/versions.html", context)
