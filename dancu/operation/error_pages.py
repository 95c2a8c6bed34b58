"""Errors as the reader can use them: a page for people, RFC 9457 problem details for programs.

Both say what is wrong, why and what to do, carry the request's id, and never a stack trace.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from dancu.kernel.errors import DancuError, problem

TEMPLATE = "design/error.html"
API_PREFIX = "/api/"
PROBLEM_JSON = "application/problem+json"


class BadRequest(DancuError):
    """The request cannot be understood."""

    code = "bad-request"
    http_status = 400
    remedy = "Go back, check what you entered, and send again."


class UnknownHost(DancuError):
    """The site does not answer under this name."""

    code = "unknown-host"
    http_status = 400
    remedy = "Use the address that you were given. Those who run the site name it in its settings."


class TooMuchData(DancuError):
    """The request is larger than the platform accepts."""

    code = "too-much-data"
    http_status = 413
    remedy = "Send less at once: shorten the longest field, or split the file."


class FormExpired(DancuError):
    """The form has expired or was opened in another window, so nothing was changed."""

    code = "form-expired"
    http_status = 403
    remedy = "Go back, open the page anew, and send the form again."


class NotAllowed(DancuError):
    """Your account may not do this."""

    code = "not-allowed"
    http_status = 403
    remedy = "Sign in with an account that may, or ask the head of your office."


class PageNotFound(DancuError):
    """There is no such page, or you may not see it."""

    code = "not-found"
    http_status = 404
    remedy = "Check the address, or begin at the first page."


class InternalError(DancuError):
    """Something went wrong on our side."""

    code = "internal-error"
    http_status = 500
    retryable = True
    remedy = "Try again in a minute. If it happens again, tell support the request number below."


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: an API path, or JSON preferred to HTML."""
    if request.path.startswith(API_PREFIX):
        return True
    preferred = request.get_preferred_type(["text/html", "application/json", PROBLEM_JSON])
    return preferred in {"application/json", PROBLEM_JSON}


def respond(request: HttpRequest, error: DancuError) -> HttpResponse:
    """The answer to a request that failed with ``error``."""
    language = translation.get_language() or "vi"
    request_id = str(getattr(request, "request_id", ""))
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    if wants_json(request):
        body = problem(error, f"urn:dancu:request:{request_id}", language, gettext)
        return JsonResponse(
            body,
            status=error.http_status,
            content_type=PROBLEM_JSON,
            headers=headers,
            json_dumps_params={"ensure_ascii": False},
        )
    page = _page(request, error, language, request_id)
    return HttpResponse(page, status=error.http_status, headers=headers)


def _page(request: HttpRequest, error: DancuError, language: str, request_id: str) -> str:
    context = _context(error, request_id)
    if not hasattr(request, "user"):
        return _plain(context, language)  # Refused before the frame of the page can be known.
    try:
        return render_to_string(TEMPLATE, context, request)
    except TemplateDoesNotExist:
        return _plain(context, language)
    except Exception as failure:  # noqa: BLE001 - the error page itself must never fail
        from dancu.operation.logs import logger

        logger(__name__).error("error page failed", exc_info=failure)
        return _plain(context, language)


def _context(error: DancuError, request_id: str) -> dict[str, Any]:
    title, detail = error.title(gettext), error.text(gettext)
    return {
        "title": title,
        "detail": detail if detail != title else "",
        "what_to_do": error.remedy_text(gettext),
        "status": error.http_status,
        "errors": [
            SimpleNamespace(
                field=item.field, message=item.text(gettext), remedy=item.remedy_text(gettext)
            )
            for item in error.field_errors
        ],
        "request_id": request_id,
    }


def _plain(context: dict[str, Any], language: str) -> str:
    fields = "".join(
        f"<li>{escape(item.field)}: {escape(item.message)} {escape(item.remedy)}</li>"
        for item in context["errors"]
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(context['title'])}</title></head><body><main>"
        f"<h1>{escape(context['title'])}</h1><p>{escape(context['detail'])}</p>"
        f"<p>{escape(context['what_to_do'])}</p>"
        f"<ul>{fields}</ul><p><small>{escape(context['request_id'])}</small></p>"
        "</main></body></html>"
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django finds suspicious or malformed."""
    from django.contrib.sessions.exceptions import SessionInterrupted
    from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent

    from dancu.operation.middleware import of_database

    # Django calls a session that cannot be stored a bad request, whatever the reason.
    if isinstance(exception, SessionInterrupted) and (error := of_database(request, exception)):
        return respond(request, error)
    if isinstance(exception, DisallowedHost):
        return respond(request, UnknownHost())
    large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return respond(request, TooMuchData() if large else BadRequest())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer ``PermissionDenied``."""
    return respond(request, NotAllowed())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer an address that leads nowhere."""
    return respond(request, PageNotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception that nobody expected."""
    from dancu.operation.middleware import of_unexpected

    return respond(request, of_unexpected(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form without the token that its page gave."""
    return respond(request, FormExpired())
