"""A character that no database keeps is told in the reader's language."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from dancu.portal.forms import correction_form

DAY = date(2026, 11, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "field", "answers"),
    [
        ("full_name", "reason", {"value": "Trần Thị Thu Hương", "reason": "Giấy khai\x00 sinh"}),
        ("full_name", "value", {"value": "Trần\x00 Hương", "reason": "Giấy khai sinh"}),
        ("hometown", "line", {"line": "a\x00", "value": "xyz abc", "reason": "Giấy khai sinh"}),
        ("hometown", "value", {"line": "", "value": "xyz\x00 abc", "reason": "Giấy khai sinh"}),
    ],
)
def test_an_unreadable_character_is_told_in_vietnamese(
    name: str, field: str, answers: dict[str, str]
) -> None:
    with translation.override("vi"):
        errors = correction_form(name, DAY, answers).errors
        assert "Nội dung có ký tự không lưu được" in str(errors[field])
        assert "Null" not in str(errors)
