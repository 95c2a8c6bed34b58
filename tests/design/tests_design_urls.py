"""The styleguide's addresses."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("design/", include("dancu.design.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
