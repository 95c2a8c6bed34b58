"""Addresses for those who operate the platform."""

from __future__ import annotations

from django.urls import path

from dancu.operation import views

app_name = "operation"
urlpatterns = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("metrics", views.metrics_page, name="metrics"),
]
