"""Health and metrics: for load balancers and Prometheus, without sign-in and without persons."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from dancu.operation import metrics
from dancu.operation.config import current
from dancu.operation.error_pages import PageNotFound
from dancu.operation.health import readiness

#: Headers by which proxies say for whom they ask.
_PASSED_ON = re.compile(
    r"forwarded|via|x-forwarded.*|x-original.*|x-real-ip|x-client-ip|x-cluster-client-ip|client-ip"
    r"|true-client-ip|cf-.*|fastly-client-ip|x-envoy-.*|x-appengine-.*|x-azure-.*|x-amzn-.*",
    re.IGNORECASE,
)


@require_safe
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Say that the process answers; nothing else is asked."""
    return JsonResponse({"live": True})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Say whether requests may be sent here; 503 when not."""
    found = readiness()
    body = {"ready": found.is_ready, "database": found.database, "migrations": found.migrations}
    return JsonResponse(body, status=200 if found.is_ready else 503)


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Give the metrics to those whom the configuration names; for others there is no such page."""
    if not _may_read_metrics(request):
        raise PageNotFound
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


for _view in (live, ready, metrics_page):
    _view.access = {"kind": "public", "actions": ()}  # type: ignore[attr-defined]


def _may_read_metrics(request: HttpRequest) -> bool:
    """Who knows the token may; without a token, who comes directly from a network named for it."""
    web = current().web
    if web.metrics_token:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {web.metrics_token}")
    # Behind a proxy on this machine every request comes from loopback, so one that anybody has
    # passed on is not taken for a local one.
    if any(_PASSED_ON.fullmatch(name) for name in request.headers):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in web.metrics_from)
