"""The OpenAPI document: what it is for, and the document itself as JSON and YAML."""

from __future__ import annotations

import json

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dancu.developers import fingerprints
from dancu.developers.views.common import address_of, crumbs
from dancu.exchange.api.openapi import VERSION, document
from dancu.identity.decorators import public

_FRESH = "public, max-age=300"


@public()
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Say where the document is and what it is good for."""
    context = {
        "crumbs": crumbs("OpenAPI"),
        "version": VERSION,
        "address": address_of(request),
        "count": len(fingerprints.fingerprints()) - 1,
    }
    return render(request, "developers/openapi.html", context)


@public()
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The document as JSON."""
    text = json.dumps(document(address_of(request)), ensure_ascii=False, indent=2)
    return _file(text, "application/json", "dancu-exchange.json")


@public()
@require_safe
def as_yaml(request: HttpRequest) -> HttpResponse:
    """The document as YAML (RFC 9512)."""
    plain = json.loads(json.dumps(document(address_of(request))))
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)
    return _file(text, "application/yaml", "dancu-exchange.yaml")


def _file(text: str, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = _FRESH
    return answer
