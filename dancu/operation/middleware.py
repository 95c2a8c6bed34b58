"""What happens around every request: id, language, log line, metrics, errors, caching."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from dancu.kernel.errors import DancuError, NotFoundOrNotYours, Unavailable
from dancu.operation import error_pages, metrics, space
from dancu.operation.logs import logger

Answer = Callable[[HttpRequest], HttpResponseBase]
REQUEST_ID_HEADER = "X-Request-ID"
_REQUEST_ID = re.compile(r"(?=.*[a-zA-Z-])[A-Za-z0-9-]{8,64}")
_QUIET = ("/health/", "/metrics", "/static/")
_SERVER_ERROR = 500
#: SQLSTATE numeric_value_out_of_range.
_OUT_OF_RANGE = "22003"
_log = logger("dancu.request")


class RequestMiddleware:
    """Gives every request an id, counts it, and logs it by the name of its route.

    The address itself is never logged, because it may hold the number of a person.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        begin = perf_counter()
        request_id = _request_id(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response.headers[REQUEST_ID_HEADER] = request_id
        _record(request, response, perf_counter() - begin)
        return response


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get(REQUEST_ID_HEADER, "")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex


def route_name(request: HttpRequest) -> str:
    """The name of the route, its pattern when it has none, ``unmatched`` when there is no route."""
    match = request.resolver_match
    if match is None:
        return "static" if request.path.startswith(settings.STATIC_URL) else "unmatched"
    return match.view_name if match.url_name else match.route or "root"


def _record(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    route = route_name(request)
    method = request.method if request.method in {"GET", "HEAD", "POST"} else "OTHER"
    metrics.requests_total.labels(method, route, str(response.status_code)).inc()
    metrics.request_seconds.labels(route).observe(seconds)
    if request.path.startswith(_QUIET) and response.status_code < _SERVER_ERROR:
        return
    _log.info(
        "request",
        method=method,
        route=route,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )


class LanguageMiddleware:
    """Vietnamese unless the reader has chosen another language with the switch.

    The browser's own preference is not asked: many browsers in Vietnam come set to English.
    A program may ask with ``Accept-Language``.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request in the reader's language."""
        language = self._language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _language(self, request: HttpRequest) -> str:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen in self.known:
            return chosen
        if error_pages.wants_json(request) and "Accept-Language" in request.headers:
            return translation.get_language_from_request(request)
        return settings.LANGUAGE_CODE


class NoStoreMiddleware:
    """Pages may hold personal data: no cache keeps them unless a view says otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ErrorMiddleware:
    """Turns an error of the house into its page or problem details, and logs the unexpected."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a view that raised; None leaves it to Django's handlers."""
        if isinstance(exception, OperationalError | InterfaceError):
            exception = of_database(request, exception) or exception
        elif isinstance(exception, DataError):
            _log.warning("value refused", route=route_name(request), exc_info=exception)
            exception = _of_value(exception)
        if not isinstance(exception, DancuError):
            return None
        metrics.errors_total.labels(exception.code).inc()
        if exception.http_status >= _SERVER_ERROR:
            _log.error("error", code=exception.code, route=route_name(request))
        return error_pages.respond(request, exception)


def of_database(request: HttpRequest, error: BaseException) -> DancuError | None:
    """Log that the database failed, and return what to say of it; None when it did not."""
    if space.is_cause(error):
        _log.error("disk full", route=route_name(request), remedy="free space", exc_info=error)
        return space.RegisterFull()
    if any(isinstance(item, OperationalError | InterfaceError) for item in space.chain(error)):
        _log.error("database unavailable", route=route_name(request), exc_info=error)
        return Unavailable()
    return None


def _of_value(error: DataError) -> DancuError:
    """Return what a value that no column holds means: a number too large names nothing."""
    if getattr(error.__cause__, "sqlstate", "") == _OUT_OF_RANGE:
        return NotFoundOrNotYours()
    return error_pages.BadRequest()


def of_unexpected(request: HttpRequest) -> DancuError:
    """Log the exception that is being handled, without personal data; return what to say of it."""
    failure = sys.exc_info()[1]
    # What fails outside of a view, such as writing a session, comes here.
    answer = of_database(request, failure) if failure else None
    if answer is None:
        _log.error("unexpected error", route=route_name(request), exc_info=True)
        answer = error_pages.InternalError()
    metrics.errors_total.labels(answer.code).inc()
    return answer
