"""What a source claims, value by value: shortcuts let nothing through."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.population.validation import canonical_claims

DAY = date(2026, 11, 2)


def _code(attribute: str, value: object) -> str:
    _stored, errors = canonical_claims({attribute: value}, DAY)
    return errors[0].code if errors else ""


@pytest.mark.parametrize(
    "value",
    [
        "=a@b.vn",
        '=HYPERLINK("http://x")&@b.vn',
        "+a@b.vn",
        "-2+3+cmd|'/C'!A0@b.vn",
        "＝a@b.vn",
    ],
)
def test_an_address_that_a_spreadsheet_would_run_is_refused(value):
    assert _code("email", value) == "formula"


def test_an_address_with_a_control_character_is_refused():
    assert _code("email", "a\x00b@c.vn") == "control-character"


@pytest.mark.parametrize(
    "value", ["-2+3+cmd|' /C calc'!A0", "+1+HYPERLINK(A1)", "- cmd|x", "@SUM(A1)", "=1+1"]
)
def test_a_text_that_a_spreadsheet_would_run_is_refused(value):
    assert _code("occupation", value) == "formula"


@pytest.mark.parametrize(
    ("attribute", "value", "stored"),
    [
        ("email", "hoa.nguyen@example.vn", "hoa.nguyen@example.vn"),
        ("student_code", "0123456789", "0123456789"),
        ("driving_licence_number", "AB 12345 ", "AB 12345"),
        ("sex", "F", "F"),
    ],
)
def test_what_is_right_is_stored_clean(attribute, value, stored):
    found, errors = canonical_claims({attribute: value}, DAY)
    assert not errors
    assert list(found.values()) == [stored]


def test_a_code_of_no_list_is_refused():
    assert _code("sex", "X") == "unknown-code"
