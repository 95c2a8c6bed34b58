"""Addresses for whoever holds an extract, below /extract/."""

from __future__ import annotations

from django.urls import path

from dancu.onestop import views

app_name = "onestop"
urlpatterns = [
    path("", views.check, name="check"),
    path("<str:number>", views.check_number, name="check-number"),
]
