"""The sealed log for everybody: heads, keys, proofs and hashes of leaves, as JSON.

Nothing here tells of a person: leaves are salted hashes.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from dancu.audit import log, wire
from dancu.audit.errors import AuditError

_DIGITS = 15
_NOTE_TYPE = "text/plain; charset=utf-8"


class NumberExpected(AuditError):
    """The address needs the whole number %(name)s."""

    http_status = 422
    remedy = "Write it as digits, for example %(name)s=12."


@require_safe
def head(request: HttpRequest) -> HttpResponse:
    """The last signed head; as JSON, or the bare note for who accepts only text."""
    signed = log.latest_head()
    if request.get_preferred_type(["application/json", "text/plain"]) == "text/plain":
        return _fresh(HttpResponse(signed.note, content_type=_NOTE_TYPE))
    return _fresh(JsonResponse(wire.head_object(signed)))


@require_safe
def key(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The public keys of the log, the one in use last."""
    keys = [wire.key_object(item) for item in log.list_keys()]
    return _fresh(JsonResponse({"keys": keys}))


@require_safe
def inclusion(request: HttpRequest) -> HttpResponse:
    """The way from a leaf to the root: ``index`` and ``size`` (default: the last head's)."""
    size = _number(request, "size", log.latest_head().head.size)
    index = _number(request, "index")
    proof = log.prove_inclusion(index=index, size=size)
    return JsonResponse({"index": index, "size": size, "proof": wire.texts_of(proof)})


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that the log of size ``first`` is a beginning of that of size ``second``."""
    first = _number(request, "first")
    second = _number(request, "second", log.latest_head().head.size)
    proof = log.prove_consistency(first=first, second=second)
    return JsonResponse({"first": first, "second": second, "proof": wire.texts_of(proof)})


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Hashes of leaves from ``start`` up to, not with, ``end``; fewer when they are many."""
    start = _number(request, "start", 0)
    end = _number(request, "end", start + log.MOST_ENTRIES)
    hashes = log.leaf_hashes(start=start, end=end)
    return JsonResponse({"start": start, "leaves": wire.texts_of(hashes)})


for _view in (head, key, inclusion, consistency, entries):
    _view.access = {"kind": "public", "actions": ()}  # type: ignore[attr-defined]


def _number(request: HttpRequest, name: str, default: int | None = None) -> int:
    text = request.GET.get(name, "")
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
        raise NumberExpected(name=name)
    return int(text)


def _fresh(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-cache"
    return response
