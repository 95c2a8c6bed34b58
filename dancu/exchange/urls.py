"""The exchange's addresses, below ``/api/exchange/v1/``."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from dancu.exchange.api.registry import by_path, route
from dancu.exchange.api.views import unknown, view_of

app_name = "exchange"
urlpatterns: list[URLPattern] = [
    *(
        path(route(one), view_of(methods), name=next(iter(methods.values())).name)
        for one, methods in by_path().items()
    ),
    re_path(r"^", unknown, name="unknown"),
]
