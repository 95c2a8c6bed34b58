"""Addresses of the citizens' face; the first is everybody's."""

from __future__ import annotations

from django.urls import path

from dancu.portal.views import (
    account,
    corrections,
    data,
    downloads,
    home,
    household,
    looks,
    public,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("privacy/", public.privacy, name="privacy"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("robots.txt", public.robots, name="robots"),
    path("favicon.ico", public.favicon, name="favicon"),
    path("my-data/", data.data, name="data"),
    path("my-data/download/", downloads.data, name="data_download"),
    path("my-data/<slug:attribute>/", data.fact, name="data_fact"),
    path("my-household/", household.household, name="household"),
    path("who-looked/", looks.list_looks, name="looks"),
    path("who-looked/one/", looks.one, name="looks_one"),
    path("who-looked/report/", looks.report, name="looks_report"),
    path("who-looked/receipt/", downloads.receipt, name="looks_receipt"),
    path("who-looked/download/", downloads.accesses, name="looks_download"),
    path("requests/", corrections.list_requests, name="requests"),
    path("requests/new/", corrections.choose, name="request_new"),
    path("requests/new/<slug:attribute>/", corrections.value, name="request_value"),
    path("requests/<int:number>/", corrections.show, name="request"),
    path("account/", account.account, name="account"),
]
