"""What surrounds every request: headers, errors, log line, metrics."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from dancu.operation.config import load
from dancu.operation.gauges import DatabaseGauges

pytestmark = [pytest.mark.urls("tests.operation.routes"), pytest.mark.django_db]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_every_answer_carries_the_headers_of_safety(visitor: Client) -> None:
    headers = visitor.get("/plain").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Request-ID"]


def test_an_error_page_carries_them_too(visitor: Client) -> None:
    headers = visitor.get("/nowhere").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_a_view_may_allow_caching(visitor: Client) -> None:
    assert visitor.get("/cached").headers["Cache-Control"] == "max-age=60"


def test_a_given_request_id_is_kept_when_it_is_harmless(visitor: Client) -> None:
    kept = visitor.get("/plain", headers={"X-Request-ID": "abc-12345678"})
    assert kept.headers["X-Request-ID"] == "abc-12345678"
    for harmful in ("x" * 100, "a\x1bb", "<script>", "001085012345"):
        answer = visitor.get("/plain", headers={"X-Request-ID": harmful})
        assert answer.headers["X-Request-ID"] != harmful


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/invalid", 422, "invalid"),
        ("/stranger", 404, "not-found"),
        ("/nowhere", 404, "not-found"),
        ("/denied", 403, "not-allowed"),
        ("/suspicious", 400, "bad-request"),
        ("/database", 503, "unavailable"),
        ("/defect", 500, "internal-error"),
    ],
)
def test_each_failure_has_a_page_and_problem_details(
    visitor: Client, path: str, status: int, code: str
) -> None:
    page = visitor.get(path, headers={"Accept": "text/html"})
    assert page.status_code == status
    assert page.headers["Content-Type"].startswith("text/html")
    text = page.content.decode()
    assert "<h1" in text
    assert page.headers["X-Request-ID"] in text

    problem = visitor.get(path, headers={"Accept": "application/json"})
    assert problem.status_code == status
    assert problem.headers["Content-Type"] == "application/problem+json"
    body = problem.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["remedy"]

    for content in (text, problem.content.decode()):
        assert "Traceback" not in content
        assert "001085012345" not in content
        assert "server closed" not in content


@pytest.mark.parametrize(
    ("value", "status", "code"),
    [("9223372036854775808", 404, "not-found"), ("seven", 400, "bad-request"), ("7", 200, "")],
)
def test_a_value_that_no_column_holds_is_no_defect(
    visitor: Client, value: str, status: int, code: str
) -> None:
    answer = visitor.get(f"/values/{value}", headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert not code or answer.json()["code"] == code


def test_an_api_path_answers_with_problem_details_unasked(visitor: Client) -> None:
    answer = visitor.get("/api/invalid")
    assert answer.headers["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("pid", "wrong")


def test_the_field_at_fault_is_on_the_page(visitor: Client) -> None:
    assert "Too short." in visitor.get("/invalid").content.decode()


def test_the_heading_of_a_failure_has_its_values(visitor: Client) -> None:
    assert "<h1>The office closed at 16:30.</h1>" in heading(visitor, "/late")
    assert "<h1>Come on Monday.</h1>" in heading(visitor, "/late/else")


def heading(visitor: Client, path: str) -> str:
    page = visitor.get(path, headers={"Accept": "text/html"}).content.decode()
    return re.sub(r"<h1[^>]*>\s*(.*?)\s*</h1>", r"<h1>\1</h1>", page)


def test_absent_and_not_yours_look_the_same(visitor: Client) -> None:
    answers = [
        visitor.get(path, headers={"Accept": "application/json"}).json()
        for path in ("/stranger", "/api/nowhere")
    ]
    for answer in answers:
        answer.pop("instance")
    assert {answer["code"] for answer in answers} == {"not-found"}
    assert {answer["status"] for answer in answers} == {404}


def test_a_forged_form_is_refused_with_a_next_step() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/form", {"name": "x"}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "form-expired"


def test_a_name_of_forty_megabytes_is_refused(visitor: Client) -> None:
    answer = visitor.post(
        "/form", {"name": "x" * 40_000_000}, headers={"Accept": "application/json"}
    )
    assert answer.status_code in {400, 413}
    assert answer.json()["code"] in {"too-much-data", "bad-request"}


def test_the_page_is_vietnamese_unless_the_reader_chose(visitor: Client) -> None:
    english_browser = {"Accept": "text/html", "Accept-Language": "en-US"}
    page = visitor.get("/nowhere", headers=english_browser)
    assert page.headers["Content-Language"] == "vi"
    with translation.override("vi"):
        assert 'lang="vi"' in page.content.decode()

    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert visitor.get("/nowhere").headers["Content-Language"] == "en"

    program = {"Accept": "application/json", "Accept-Language": "en"}
    assert Client().get("/nowhere", headers=program).json()["language"] == "en"


def test_the_log_names_the_route_and_never_the_address(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        visitor.get("/people/001085012345")
    found = [_event(record) for record in caplog.records if record.name == "dancu.request"]
    assert found[-1]["route"] == "person"
    assert found[-1]["status"] == 200
    assert "001085012345" not in str(found)


def _event(record: logging.LogRecord) -> dict[str, Any]:
    assert isinstance(record.msg, dict)
    return record.msg


def test_health_is_open_and_says_what_is_missing(visitor: Client) -> None:
    assert visitor.get("/health/live").json() == {"live": True}
    ready = visitor.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "database": True, "migrations": True}


def test_metrics_count_requests_by_route(visitor: Client) -> None:
    visitor.get("/people/001085012345")
    text = visitor.get("/metrics").content.decode()
    assert 'dancu_requests_total{method="GET",route="person",status="200"}' in text
    assert "001085012345" not in text
    assert "dancu_jobs" in text


def test_metrics_tell_how_the_database_is(visitor: Client) -> None:
    text = visitor.get("/metrics").content.decode()
    assert "dancu_database_up 1.0" in text
    for line in (
        "dancu_database_size_bytes ",
        "dancu_database_connections{state=",
        "dancu_database_oldest_transaction_seconds ",
        "dancu_database_cache_hit_ratio ",
        'dancu_database_dead_rows{table="',
    ):
        assert f"\n{line}" in text


def test_the_gauges_of_the_database_are_one_query_and_kept(
    django_assert_num_queries: Any,
) -> None:
    read = DatabaseGauges()
    with django_assert_num_queries(1):
        first = list(read())
        assert list(read()) == first
    sizes = {metric.name: metric.samples for metric in first}
    assert sizes["dancu_database_size_bytes"][0].value > 0
    assert 0 <= sizes["dancu_database_cache_hit_ratio"][0].value <= 1
    assert len(sizes["dancu_database_dead_rows"]) > 1


@pytest.mark.parametrize(
    "request_of_a_stranger",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"},
    ],
)
def test_a_stranger_gets_no_metrics(visitor: Client, request_of_a_stranger: Any) -> None:
    answer = visitor.get("/metrics", **request_of_a_stranger)
    assert answer.status_code == 404
    assert "dancu_requests_total" not in answer.content.decode()


@pytest.mark.parametrize(
    "header", ["X-Real-IP", "X-Forwarded-Proto", "X-Forwarded-Host", "Via", "CF-Connecting-IP"]
)
def test_what_a_proxy_passes_on_gets_no_metrics(visitor: Client, header: str) -> None:
    assert visitor.get("/metrics").status_code == 200
    assert visitor.get("/metrics", headers={header: "x"}).status_code == 404


def test_with_a_token_metrics_are_for_its_holder_only(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load(environ={"DANCU_WEB_METRICS_TOKEN": "t" * 32}, file=Path(os.devnull))
    monkeypatch.setattr("dancu.operation.views.current", lambda: config)
    assert visitor.get("/metrics").status_code == 404
    for given in ("Bearer", f"Bearer {'t' * 31}", f"Basic {'t' * 32}", f"Bearer {'é' * 32}"):
        assert visitor.get("/metrics", headers={"Authorization": given}).status_code == 404
    right = {"Authorization": f"Bearer {'t' * 32}", "X-Forwarded-For": "203.0.113.9"}
    assert visitor.get("/metrics", headers=right).status_code == 200


def test_another_host_name_is_refused_in_words(
    visitor: Client, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["dancu.example.vn"]
    with caplog.at_level(logging.INFO):
        answer = visitor.get("/plain", headers={"Host": "203.0.113.7"})
    assert answer.status_code == 400
    assert "tên miền" in answer.content.decode()
    assert "Traceback" not in caplog.text
    assert "203.0.113.7" not in caplog.text
