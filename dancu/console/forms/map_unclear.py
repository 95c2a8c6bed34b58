"""Settling addresses that a split of a unit left open."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from dancu.console.forms.base import ReadableForm

#: Addresses that are settled at once: a window of the list.
MOST = 50
_LONGEST_KEY = 19


class SettleForm(ReadableForm):
    """Which addresses lie in which unit, and how one knows."""

    unit = forms.ChoiceField(
        label=gettext_lazy("Where they lie"),
        error_messages={
            "required": gettext_lazy("Choose the unit."),
            "invalid_choice": gettext_lazy("Choose the unit."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("How you know"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say how you know where the addresses lie.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: QueryDict | None, *, units: list[tuple[str, str]], chosen: list[str]
    ) -> None:
        """Take the units to choose from, and the keys of the addresses that were ticked."""
        super().__init__(data, label_suffix="")
        self._chosen = chosen
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", ""), *units]

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
