"""Telephone numbers."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel import phones

OLD = {"0123": "083", "0168": "038", "0199": "059"}


@pytest.mark.parametrize(
    ("text", "national", "kind"),
    [
        ("0912345678", "0912345678", "mobile"),
        ("0912 345 678", "0912345678", "mobile"),
        ("0912.345.678", "0912345678", "mobile"),
        ("+84912345678", "0912345678", "mobile"),
        ("(+84) 0912-345-678", "0912345678", "mobile"),
        ("+84(0)912345678", "0912345678", "mobile"),
        ("0084 912345678", "0912345678", "mobile"),
        ("84912345678", "0912345678", "mobile"),
        ("'0912345678", "0912345678", "mobile"),
        ("0912345678.0", "0912345678", "mobile"),
        ("024 3825 1234", "02438251234", "fixed"),
        ("+84 24 3825 1234", "02438251234", "fixed"),
    ],
)
def test_usual_ways_to_write_a_number(text, national, kind):
    phone = phones.parse(text)
    assert (phone.national, phone.kind, phone.findings) == (national, kind, ())
    assert phone.e164 == f"+84{national[1:]}"
    assert phones.parse(phone.e164) == phones.parse(phone.grouped) == phone


@pytest.mark.parametrize(
    ("text", "national"),
    [("912345678", "0912345678"), ("912345678.0", "0912345678"), ("849123456", "0849123456")],
)
def test_a_lost_zero_is_restored_and_said(text, national):
    phone = phones.parse(text)
    assert phone.national == national
    assert [finding.code for finding in phone.findings] == ["LEADING_ZERO_LOST"]


def test_a_number_of_before_2018_is_converted_by_the_table():
    phone = phones.parse("0168 3456789", old_prefixes=OLD)
    assert phone.national == "0383456789"
    assert [finding.code for finding in phone.findings] == ["PHONE_11"]
    assert phones.parse("+84 168 3456789", old_prefixes=OLD) == phone


def test_without_a_successor_it_is_refused():
    for table in (None, {}, {"0123": "083"}):
        with pytest.raises(phones.InvalidPhone) as caught:
            phones.parse("01683456789", old_prefixes=table)
        assert caught.value.reason == "PHONE_11"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "LEN"),
        ("09123456789", "LEN"),
        ("091234567", "LEN"),
        ("0412345678", "LEN"),
        ("0000000000", "LEN"),
        ("09123abc78", "NONDIGIT"),
        ("+1 202 555 0100", "LEN"),
        ("٠٩١٢٣٤٥٦٧٨", "NONDIGIT"),
    ],
)
def test_other_texts_are_refused_with_a_reason(text, reason):
    with pytest.raises(phones.InvalidPhone) as caught:
        phones.parse(text)
    assert caught.value.reason == reason
    assert caught.value.field_errors[0].remedy_text()


def test_unknown_prefixes_are_doubtful_not_wrong():
    assert phones.parse("0912345678", prefixes={"091"}).findings == ()
    (finding,) = phones.parse("0512345678", prefixes={"091"}).findings
    assert (finding.code, finding.severity) == ("PREFIX_UNKNOWN", "warning")
    assert "051" in finding.text()


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_says_why(text):
    with suppress(phones.InvalidPhone):
        phone = phones.parse(text, old_prefixes=OLD)
        assert phones.parse(phone.national).national == phone.national


def test_masking_shows_the_tail_only():
    assert phones.mask("0912345678") == "*******678"
    assert phones.mask("12") == "12"
