"""Every address of the platform, by room."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

ROOMS = (
    ("", "dancu.operation.urls"),
    ("", "dancu.identity.urls"),
    ("console/", "dancu.console.urls"),
    ("developers/", "dancu.developers.urls"),
    ("api/audit/v1/", "dancu.audit.urls"),
    ("api/exchange/v1/", "dancu.exchange.urls"),
    ("extract/", "dancu.onestop.urls"),
    ("", "dancu.portal.urls"),
)
"""Prefix and module; the first match answers."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    *(path(prefix, include(module)) for prefix, module in ROOMS if find_spec(module)),
]

handler400 = "dancu.operation.error_pages.bad_request"
handler403 = "dancu.operation.error_pages.permission_denied"
handler404 = "dancu.operation.error_pages.page_not_found"
handler500 = "dancu.operation.error_pages.server_error"
