"""The OpenAPI document: what it is for, and the document itself as JSON and YAML."""

from __future__ import annotations

import json
from functools import lru_cache

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dancu.developers import fingerprints, sealed_log
from dancu.developers.views.common import address_of, crumbs
from dancu.exchange.api.basics import BASE
from dancu.exchange.api.openapi import VERSION, document, document_of
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
    text = _json(address_of(request), get_language())
    return _file(text, "application/json", "dancu-exchange.json")


@public()
@require_safe
def as_yaml(request: HttpRequest) -> HttpResponse:
    """The document as YAML (RFC 9512)."""
    text = _yaml(address_of(request), get_language())
    return _file(text, "application/yaml", "dancu-exchange.yaml")


@public()
@require_safe
def log_json(request: HttpRequest) -> HttpResponse:
    """The document of the sealed log, which anybody may read without a token, as JSON."""
    return _file(_log(address_of(request)), "application/json", "dancu-sealed-log.json")


# Anybody may ask as often as they like, and to write the document takes a while.
@lru_cache(maxsize=8)
def _json(address: str, _language: str | None) -> str:
    return json.dumps(document(address), ensure_ascii=False, indent=2)


@lru_cache(maxsize=8)
def _log(address: str) -> str:
    written = document_of(
        sealed_log.OPERATIONS,
        address=f"{address.removesuffix(BASE)}{sealed_log.BASE}",
        title="dancu sealed log",
        summary="Anybody can check that no record of an access was changed or removed.",
        description="Heads, keys, proofs and salted hashes; nothing here tells of a person.",
    )
    return json.dumps(written, ensure_ascii=False, indent=2)


@lru_cache(maxsize=8)
def _yaml(address: str, language: str | None) -> str:
    plain = json.loads(_json(address, language))
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)


def _file(text: str, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = _FRESH
    return answer
