"""The document describes what is answered, and nobody breaks the exchange with what it describes.

schemathesis asks every operation with good and bad input of its own making, without a network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from dancu.exchange.api import verifying
from dancu.exchange.api.openapi import document
from dancu.exchange.api.registry import operations
from dancu.exchange.batches import spool
from dancu.exchange.oauth import ring, tokens
from dancu.kernel.errors import Invalid
from tests.exchange.agency import BASE, Agency

# A body too large is refused as such, before anybody looks into it.
REFUSALS = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429]
SCHEMA = schemathesis.openapi.from_dict(
    document(f"http://localhost{BASE}"),
    config=schemathesis.Config.from_dict(
        {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
    ),
)
SCHEMA.app = get_wsgi_application()
CHECKS = (
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(register: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Agency:
    ring.forget()
    tokens.SESSIONS.forget()
    monkeypatch.setattr(spool, "path_of", lambda reference: tmp_path / f"{reference}.rows")
    return Agency().register().sign_in()


@pytest.fixture
def _kept_connection(agency: Agency) -> Iterator[None]:
    """Keep the connection that holds the test's transaction, as Django's own test client does.

    That client connects the signals again after each of its requests, so this comes after it.
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_kept_connection")
@SCHEMA.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_that_can_be_asked_breaks_it(case: Any, agency: Agency) -> None:
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {agency.token}"}
    answer = case.call()
    case.validate_response(answer, checks=CHECKS)


def test_the_document_is_what_openapi_3_1_wants() -> None:
    found = document("https://exchange.example.vn/api/exchange/v1")
    assert found["openapi"].startswith("3.1")
    assert found["servers"] == [{"url": "https://exchange.example.vn/api/exchange/v1"}]
    names = [one["operationId"] for path in found["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) == len(operations())
    for operation in operations():
        for schema in operation.takes.values():
            Draft202012Validator.check_schema(schema)
        for shape in operation.replies.values():
            for schema in shape.media.values():
                Draft202012Validator.check_schema(schema)
        for media, example in operation.examples.items():
            Draft202012Validator(operation.takes[media]).validate(example)


def test_the_document_is_served(agency: Agency) -> None:
    answer = agency.get("/openapi.json", authorization="")
    assert answer.status_code == 200
    assert answer.json()["paths"].keys() >= {"/token", "/verifications", "/lookups", "/batches"}


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)
_BODIES = st.fixed_dictionaries(
    {},
    optional={
        "purpose": _ODD | st.just("x"),
        "claims": _ODD | st.dictionaries(st.sampled_from(["pid", "full_name"]), _ODD | st.text()),
        "questions": _ODD
        | st.lists(
            st.fixed_dictionaries(
                {"question": st.sampled_from(["is_alive", "is_at_least", "lives_in"])},
                optional={"years": _ODD, "unit": _ODD | st.just("26740")},
            ),
            max_size=12,
        ),
        "case": _ODD,
        "reference": _ODD,
        "more": _ODD,
    },
)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(_BODIES)
def test_the_quick_check_takes_nothing_that_the_schema_refuses(body: dict[str, Any]) -> None:
    is_good = Draft202012Validator(verifying.REQUEST).is_valid(body)
    try:
        verifying.read(json.dumps(body).encode(), None)  # type: ignore[arg-type]
    except Invalid:
        assert not is_good
    except AttributeError:
        # Good without a case: the caller's would be taken, and there is none here.
        assert is_good
    else:
        assert is_good
