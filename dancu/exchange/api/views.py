"""The operations as views of the web server."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from dancu.exchange.api import problems
from dancu.exchange.api.errors import (
    BodyTooLarge,
    BodyUnreadable,
    MethodUnknown,
    OperationUnknown,
    StandsStill,
)
from dancu.exchange.api.running import Sent, dumped, run
from dancu.exchange.api.types import FORM, JSON, MULTIPART, Call, File, Operation, Reply
from dancu.kernel.clock import system_clock
from dancu.kernel.errors import DancuError, Unavailable
from dancu.operation import metrics
from dancu.operation.config import current
from dancu.operation.middleware import of_database

_HEX_THUMBPRINT = 64


def view_of(methods: Mapping[str, Operation]) -> Any:
    """Return the view of a path, whatever the method."""
    allowed = ", ".join(sorted(methods))

    @csrf_exempt
    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        try:
            operation = methods.get(request.method or "")
            if operation is None:
                raise MethodUnknown(method=(request.method or "")[:20], allowed=allowed)
            reply = run(operation, _call(request, path), _sent(request, operation))
        except DancuError as error:
            return _refused(request, error, allowed if isinstance(error, MethodUnknown) else "")
        except (OperationalError, InterfaceError) as failure:
            told = of_database(request, failure)
            return _refused(
                request, StandsStill() if told is None or type(told) is Unavailable else told
            )
        return _response(reply)

    kind = "public" if all(one.is_public for one in methods.values()) else "client"
    view.access = {"kind": kind, "actions": ()}  # type: ignore[attr-defined]
    return view


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponseBase:
    """Answer an address below the exchange that is no operation."""
    return _refused(request, OperationUnknown())


unknown.access = {"kind": "public", "actions": ()}  # type: ignore[attr-defined]


def _call(request: HttpRequest, path: Mapping[str, str]) -> Call:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(
        at=system_clock.now(),
        path=path,
        query={name: value for name, value in request.GET.items() if isinstance(value, str)},
        headers=headers,
        origin=f"{request.scheme}://{request.get_host()}",
        certificate=certificate_of(headers),
        language=get_language() or "vi",
    )


def certificate_of(headers: Mapping[str, str]) -> str:
    """Return the thumbprint (base64url) that a proxy hands on in the configured header."""
    name = current().exchange.certificate_header.lower()
    return thumbprint_of(headers.get(name, "")) if name else ""


def thumbprint_of(given: str) -> str:
    """Return a SHA-256 in base64url, from that or from hexadecimal with or without colons."""
    digits = given.strip().replace(":", "")
    if len(digits) != _HEX_THUMBPRINT:
        return digits.rstrip("=")
    try:
        return urlsafe_b64encode(bytes.fromhex(digits)).rstrip(b"=").decode()
    except ValueError:
        return ""


def _sent(request: HttpRequest, operation: Operation) -> Sent:
    media = request.content_type or ""
    if not operation.takes or media not in operation.takes:
        return Sent(media)
    most = operation.most_of(media)
    if _length(request) > most:
        raise BodyTooLarge(most=most)
    try:
        if media == JSON:
            return Sent(media, request.body)
        if media in {FORM, MULTIPART}:
            return _form(request, media)
    except (RequestDataTooBig, TooManyFieldsSent):
        raise BodyTooLarge(most=most) from None
    except (MultiPartParserError, UnreadablePostError, BadRequest, UnicodeError):
        raise BodyUnreadable from None
    return Sent(media, request.body)


def _form(request: HttpRequest, media: str) -> Sent:
    fields = {name: list(map(str, values)) for name, values in request.POST.lists()}
    files = {
        str(name): File(str(file.name), file.size or 0, file.file)
        for name, file in request.FILES.items()
        if not isinstance(file, list) and file.file is not None
    }
    return Sent(media, fields=fields, files=files)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, error: DancuError, allowed: str = "") -> HttpResponseBase:
    metrics.errors_total.labels(error.code).inc()
    return _response(
        problems.reply(
            error,
            request_id=str(getattr(request, "request_id", "")),
            language=get_language() or "vi",
            allowed=allowed,
        )
    )


def _response(reply: Reply) -> HttpResponseBase:
    if reply.pieces is not None:
        return StreamingHttpResponse(
            reply.pieces, status=reply.status, content_type=reply.media, headers=dict(reply.headers)
        )
    response = HttpResponse(dumped(reply), status=reply.status, content_type=reply.media)
    if reply.status == 204:  # noqa: PLR2004
        del response.headers["Content-Type"]
    for name, value in reply.headers.items():
        response.headers[name] = value
    return response
