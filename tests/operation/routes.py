"""Views that fail in every way, for the tests of what surrounds a request."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from dancu.kernel.errors import DancuError, FieldError, Invalid, NotFoundOrNotYours


def _raises(error: Exception):
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    return view


def cached(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", headers={"Cache-Control": "max-age=60"})


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("name", ""))


def selected(_request: HttpRequest, value: str) -> HttpResponse:
    """Have the database read a value as a large integer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::bigint", [value])
    return HttpResponse("x")


class Late(DancuError):
    """The office closed at %(hour)s."""


INVALID = Invalid([FieldError("pid", "wrong", "Too short.", "Enter 12 digits.")])

urlpatterns = [
    path("", include("dancu.operation.urls")),
    path("plain", lambda _request: HttpResponse("x"), name="plain"),
    path("cached", cached),
    path("form", form),
    path("people/<str:pid>", lambda _request, pid: HttpResponse(pid), name="person"),
    path("invalid", _raises(INVALID)),
    path("api/invalid", _raises(INVALID)),
    path("stranger", _raises(NotFoundOrNotYours())),
    path("late", _raises(Late(hour="16:30"))),
    path("late/else", _raises(Late("Come on %(day)s.", day="Monday"))),
    path("denied", _raises(PermissionDenied())),
    path("suspicious", _raises(SuspiciousOperation("x"))),
    path("database", _raises(OperationalError("server closed the connection"))),
    path("values/<str:value>", selected),
    path("defect", _raises(ValueError("secret 001085012345"))),
]

handler400 = "dancu.operation.error_pages.bad_request"
handler403 = "dancu.operation.error_pages.permission_denied"
handler404 = "dancu.operation.error_pages.page_not_found"
handler500 = "dancu.operation.error_pages.server_error"
