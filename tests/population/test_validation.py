"""What a source claims, value by value: shortcuts let nothing through."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.population.types import AddressValue
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


@pytest.mark.parametrize("sign", ["\x01", "\x1b", "\x85", "\ufffe", "\ud800"])
def test_a_text_with_characters_that_are_none_is_refused(sign):
    place = AddressValue(f"25{sign} Lê Lợi", "26740", DAY)
    assert _code("occupation", f"Thợ{sign} may") == "control-character"
    assert _code("permanent_residence", place) == "control-character"


def test_characters_that_nobody_sees_are_left_out():
    """A mark of direction makes "52 Lê Lợi" of 25, and a phone wraps what is copied in two."""
    claims = {
        "occupation": "\u2068Thợ\u200b may\u2069",
        "workplace": "\u200b=1+1",
        "permanent_residence": AddressValue("\u202e25 Lê Lợi", "26740", DAY),
    }
    stored, errors = canonical_claims(claims, DAY)
    assert {*stored.values()} == {"Thợ may", AddressValue("25 Lê Lợi", "26740", DAY)}
    assert [(error.field, error.code) for error in errors] == [("workplace", "formula")]


@pytest.mark.parametrize(
    "value",
    [
        "-2+3+cmd|' /C calc'!A0",
        "+1+HYPERLINK(A1)",
        "- cmd|x",
        "@SUM(A1)",
        "=1+1",
        " =1+1",
        "\xa0=1",
    ],
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
