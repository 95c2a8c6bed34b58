"""What the catalogue says of the sealed log is what the log answers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from dancu.audit import urls
from dancu.audit.services import seal
from dancu.developers.sealed_log import BASE, OPERATIONS
from tests.audit.conftest import AT, add_records, log

__all__ = ["log"]

JSON = "application/json"


def test_every_address_of_the_log_is_declared() -> None:
    assert {one.path for one in OPERATIONS} == {f"/{one.pattern}" for one in urls.urlpatterns}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_answers_are_as_declared(operation, log, reader: Client) -> None:
    empty = reader.get(BASE + operation.path, headers={"accept": JSON})
    assert empty.status_code in {200, *operation.problems}
    add_records(3)
    seal(at=AT)
    query = {one.name: 1 for one in operation.parameters if one.is_required}
    answer = reader.get(BASE + operation.path, query, headers={"accept": JSON})
    assert answer.status_code == 200, answer.content
    schema = operation.replies[200].media[JSON]
    Draft202012Validator(schema).validate(answer.json())
    for one in operation.parameters:
        refused = reader.get(BASE + operation.path, {**query, one.name: "x"})
        assert refused.status_code == 422


def test_the_log_has_a_document_of_its_own(reader: Client) -> None:
    written = reader.get(reverse("developers:openapi_log")).json()
    assert written["servers"] == [{"url": f"http://testserver{BASE}"}]
    assert set(written["paths"]) == {one.path for one in OPERATIONS}
    assert all(one["get"]["security"] == [] for one in written["paths"].values())
    assert "security" not in written
