"""Addresses of the developers' pages, below /developers/. All are for everybody."""

from __future__ import annotations

from django.urls import path

from dancu.developers.views import (
    catalogue,
    changes,
    examples,
    home,
    openapi,
    problems,
    sandbox,
    status,
    trial,
)

app_name = "developers"
urlpatterns = [
    path("", home.home, name="home"),
    path("start/", home.start, name="start"),
    path("sandbox/", sandbox.sandbox, name="sandbox"),
    path("sandbox/<slug:name>/", sandbox.client, name="client"),
    path("trial/", trial.trial, name="trial"),
    path("people/", trial.people, name="people"),
    path("examples/", examples.examples, name="examples"),
    path("examples/<slug:topic>/", examples.example, name="example"),
    path("examples/<slug:topic>/<slug:language>/file/", examples.file, name="example_file"),
    path("services/", catalogue.services, name="services"),
    path("services/<slug:name>/", catalogue.service, name="service"),
    path("attributes/", catalogue.attributes, name="attributes"),
    path("contracts/", catalogue.contracts, name="contracts"),
    path("contracts/<slug:name>/", catalogue.contract, name="contract"),
    path("errors/", problems.problems, name="problems"),
    path("openapi/", openapi.openapi, name="openapi"),
    path("openapi/openapi.json", openapi.as_json, name="openapi_json"),
    path("openapi/openapi.yaml", openapi.as_yaml, name="openapi_yaml"),
    path("openapi/sealed-log.json", openapi.log_json, name="openapi_log"),
    path("changes/", changes.changes, name="changes"),
    path("versions/", changes.versions, name="versions"),
    path("status/", status.status, name="status"),
]
