"""Addresses of the sealed log, below /api/audit/v1/."""

from __future__ import annotations

from django.urls import path

from dancu.audit import views

app_name = "audit"
urlpatterns = [
    path("head", views.head, name="head"),
    path("key", views.key, name="key"),
    path("proof/inclusion", views.inclusion, name="inclusion"),
    path("proof/consistency", views.consistency, name="consistency"),
    path("entries", views.entries, name="entries"),
]
