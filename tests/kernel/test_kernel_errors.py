"""Errors, problem details, the clock, and the Vietnamese texts of the kernel."""

from __future__ import annotations

import ast
import importlib
import json
import pickle
import pkgutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import dancu.kernel
from dancu.kernel import pid
from dancu.kernel.clock import VIETNAM, FixedClock, start_of_day, system_clock, today
from dancu.kernel.errors import (
    Conflict,
    DancuError,
    FieldError,
    Invalid,
    NotFoundOrNotYours,
    Unavailable,
    problem,
)
from dancu.kernel.findings import Finding

KERNEL = Path(dancu.kernel.__file__).parent


class QuotaIsSpent(DancuError):
    """The quota of %(limit)d records
    for today is spent.

    Only for this test.
    """

    http_status = 429
    retryable = True
    remedy = "Ask again tomorrow."


def test_the_docstring_is_the_message_and_the_name_the_code():
    error = QuotaIsSpent(limit=5)
    assert str(error) == "The quota of 5 records for today is spent."
    assert error.code == "quota-is-spent"
    assert DancuError().text() == "The request could not be carried out."
    assert str(DancuError("It is 100 % full.")) == "It is 100 % full."
    assert DancuError("x", remedy="y").remedy_text() == "y"


def test_a_problem_has_the_members_of_the_standard():
    body = problem(QuotaIsSpent("Only %(limit)d.", limit=5), "/people/1", "en")
    assert body == {
        "type": "urn:dancu:problem:quota-is-spent",
        "title": "The quota of 5 records for today is spent.",
        "status": 429,
        "detail": "Only 5.",
        "instance": "/people/1",
        "code": "quota-is-spent",
        "retryable": True,
        "language": "en",
        "remedy": "Ask again tomorrow.",
    }


def test_telling_of_an_error_never_fails():
    assert str(QuotaIsSpent()) == "The quota of %(limit)d records for today is spent."
    assert str(QuotaIsSpent(limit="many")) == "The quota of %(limit)d records for today is spent."
    assert str(DancuError("100 %", limit=1)) == "100 %"


def test_field_errors_point_to_the_place_and_are_translated():
    error = Invalid(
        [
            FieldError("child.birth/date", "FUTURE", "%(date)s is ahead.", "Check.", {"date": "x"}),
            FieldError("name", "EMPTY", "Empty."),
        ]
    )
    body = problem(error, "", "vi", lambda text: text.replace("Check", "Xem").replace("is", "là"))
    assert body["status"] == 422
    assert body["language"] == "vi"
    assert "instance" not in body
    assert body["errors"][0] == {
        "field": "child.birth/date",
        "pointer": "/child/birth~1date",
        "code": "FUTURE",
        "detail": "x là ahead.",
        "remedy": "Xem.",
    }
    assert body["errors"][1]["remedy"] == ""
    assert json.loads(json.dumps(body)) == body


def test_an_invalid_value_names_every_field():
    error = Invalid([FieldError("a", "X", "Wrong."), FieldError("b", "Y", "Missing.")])
    assert "a: Wrong." in str(error)
    assert "b: Missing." in str(error)
    assert [item.code for item in error.field_errors] == ["X", "Y"]


def test_a_finding_becomes_the_error_of_a_field():
    finding = Finding("FUTURE", "%(date)s is ahead.", "Check.", params={"date": "2030"})
    error = finding.for_field("birth_date")
    assert (error.field, error.code, str(error)) == ("birth_date", "FUTURE", "2030 is ahead.")
    assert str(finding) == "2030 is ahead."
    assert hash(finding)
    assert hash(error)


def test_absent_and_not_yours_are_one_answer():
    assert problem(NotFoundOrNotYours()) == problem(NotFoundOrNotYours())
    assert NotFoundOrNotYours.http_status == 404


def test_statuses():
    assert (Conflict.http_status, Conflict.retryable) == (409, False)
    assert (Unavailable.http_status, Unavailable.retryable) == (503, True)


def test_errors_travel_between_processes():
    error = pid.InvalidPid(pid.form_finding("123"))
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is pid.InvalidPid
    assert (copy.reason, str(copy)) == (error.reason, str(error))


def test_the_day_is_that_of_vietnam():
    assert today(datetime(2025, 6, 30, 16, 59, tzinfo=UTC)) == date(2025, 6, 30)
    assert today(datetime(2025, 6, 30, 17, 0, tzinfo=UTC)) == date(2025, 7, 1)
    assert start_of_day(date(2025, 7, 1)) == datetime(2025, 6, 30, 17, tzinfo=UTC)
    with pytest.raises(ValueError, match="time zone"):
        today(datetime(2025, 6, 30))  # noqa: DTZ001


def test_a_fixed_clock_stands_until_it_is_moved():
    clock = FixedClock(datetime(2026, 3, 2, 9, tzinfo=VIETNAM))
    assert clock() == clock.now() == datetime(2026, 3, 2, 2, tzinfo=UTC)
    clock.move(timedelta(days=1))
    assert today(clock()) == date(2026, 3, 3)
    assert system_clock().utcoffset() == timedelta(0)
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 3, 2))  # noqa: DTZ001


def modules():
    found = pkgutil.walk_packages([str(KERNEL)], "dancu.kernel.")
    return [module.name for module in found]


def source_of(name):
    path = KERNEL.parents[1].joinpath(*name.split("."))
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")


VARIABLES = ("message", "remedy")


def finding_texts(tree):
    """Collect the texts of the findings that a module makes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
            yield from (arg.value for arg in node.args[1:3] if isinstance(arg, ast.Constant))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in VARIABLES:
            yield ast.literal_eval(node.value)


def kernel_texts():
    texts = set()
    for name in modules():
        module = importlib.import_module(name)
        texts.update(finding_texts(ast.parse(source_of(name))))
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, DancuError):
                texts.update((value.default_message(), value.remedy))
    return texts - {""}


def test_every_text_has_a_vietnamese_translation():
    with (KERNEL / "locale/vi/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file, locale="vi")
    translated = {message.id: message.string for message in catalog if message.id}
    assert set(translated) == kernel_texts()
    for source, target in translated.items():
        assert target
        places = dict.fromkeys(set(ast_places(source)), 1)
        assert set(ast_places(source)) == set(ast_places(target))
        if places:
            assert target % places


def ast_places(text):
    return [part.split(")")[0] for part in text.split("%(")[1:]]


@pytest.mark.parametrize("name", modules())
def test_the_kernel_needs_no_framework(name):
    tree = ast.parse(source_of(name))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [one for one in imported if one.startswith(("django", "psycopg"))]
    assert not [
        one for one in imported if one.startswith("dancu") and not one.startswith("dancu.kernel")
    ]
