"""Settling addresses that a split of a unit left open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from dancu.console.forms.base import ReadableForm
from dancu.places.settling import StreetRule

#: Addresses that are settled at once: a window of the list.
MOST = 50
LARGEST_NUMBER = 99_999
_LONGEST_KEY = 19


def _unit_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Where they lie"),
        error_messages={
            "required": gettext_lazy("Choose the unit."),
            "invalid_choice": gettext_lazy("Choose the unit."),
        },
    )


def _reason_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("How you know"),
        max_length=500,
        help_text=gettext_lazy("The plan, the paper or the visit; it is kept with each address."),
        error_messages={"required": gettext_lazy("Say how you know where the addresses lie.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _number_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=LARGEST_NUMBER,
        error_messages={
            "invalid": gettext_lazy("Write the house number in digits, without a letter."),
            "min_value": gettext_lazy("Write the house number in digits, without a letter."),
            "max_value": gettext_lazy("No house has so high a number."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class StreetForm(ReadableForm):
    """Which homes of a street are meant, in which unit they lie, and how one knows."""

    side = forms.ChoiceField(
        label=gettext_lazy("Side of the street"),
        required=False,
        choices=[
            ("", gettext_lazy("Both sides")),
            ("odd", gettext_lazy("Odd numbers")),
            ("even", gettext_lazy("Even numbers")),
        ],
        widget=forms.RadioSelect,
    )
    low = _number_field(gettext_lazy("From number"))
    high = _number_field(gettext_lazy("To number"))
    unit = _unit_field()
    reason = _reason_field()

    def __init__(self, data: QueryDict | None, *, units: list[tuple[str, str]]) -> None:
        """Take the units to choose from."""
        super().__init__(data, label_suffix="", initial={"side": ""})
        _offer(self.fields["unit"], units)

    def clean(self) -> dict[str, object]:
        """Require the smaller number first."""
        cleaned = super().clean() or {}
        low, high = cleaned.get("low"), cleaned.get("high")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            self.add_error("high", gettext_lazy("The second number is smaller than the first."))
        return cleaned

    @property
    def rule(self) -> StreetRule:
        """Return which homes are meant."""
        said = self.cleaned_data
        return StreetRule(said.get("side") or "", said.get("low"), said.get("high"))


def _offer(field: forms.Field, units: list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", gettext_lazy("Choose the unit")), *units]


class SettleForm(ReadableForm):
    """Which addresses lie in which unit, and how one knows."""

    unit = _unit_field()
    reason = _reason_field()

    def __init__(
        self, data: QueryDict | None, *, units: list[tuple[str, str]], chosen: list[str]
    ) -> None:
        """Take the units to choose from, and the keys of the addresses that were ticked."""
        super().__init__(data, label_suffix="")
        self._chosen = chosen
        _offer(self.fields["unit"], units)

    def clean(self) -> dict[str, object]:
        """Require addresses."""
        cleaned = super().clean() or {}
        if not self.addresses:
            self.add_error(None, gettext_lazy("Tick the addresses that lie there."))
        return cleaned

    @property
    def addresses(self) -> list[int]:
        """Return the addresses that were ticked."""
        keys = [key for key in self._chosen if key.isdecimal() and len(key) <= _LONGEST_KEY]
        return [int(key) for key in keys[:MOST]]
