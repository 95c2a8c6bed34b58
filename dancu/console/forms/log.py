"""What an auditor looks for in the access log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.queries import purposes
from dancu.console.forms.base import DayField, ReadableForm, join
from dancu.disclosure.types import LARGEST_KEY, LogCriteria
from dancu.kernel.errors import Invalid

FIELDS = ("pid", "person", "office", "purpose", "since", "until", "refused_only", "own_reading")


class LogForm(ReadableForm):
    """Filters of the access log; everything may stay empty."""

    pid = forms.CharField(
        label=gettext_lazy("Personal identification number"), required=False, max_length=20
    )
    person = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.HiddenInput
    )
    office = forms.CharField(
        label=gettext_lazy("Code of the office"), required=False, max_length=40
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), required=False)
    since = DayField(label=gettext_lazy("From"), required=False, help_text="")
    until = DayField(label=gettext_lazy("To"), required=False, help_text="")
    refused_only = forms.BooleanField(label=gettext_lazy("Refusals only"), required=False)
    own_reading = forms.BooleanField(label=gettext_lazy("My own reading too"), required=False)

    def __init__(self, *args: Any, language: str, **more: Any) -> None:
        """Offer all purposes."""
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        named = [(one.name, one.label(language)) for one in purposes().values()]
        field.choices = [("", gettext_lazy("All")), *named]

    def criteria(self, window: int) -> LogCriteria:
        """Return what is looked for; ``until`` is typed as the last day wanted."""
        data = self.cleaned_data
        until = data.get("until")
        return LogCriteria(
            pid=str(data.get("pid") or "").strip(),
            person_id=data.get("person"),
            office=str(data.get("office") or "").strip(),
            purpose=str(data.get("purpose") or ""),
            since=data.get("since"),
            until=until + timedelta(days=1) if until and until < date.max else None,
            refused_only=bool(data.get("refused_only")),
            include_own_reading=bool(data.get("own_reading")),
            window=window,
        )

    def absorb(self, error: Invalid) -> None:
        """Show what cannot be looked for at its field."""
        for one in error.field_errors:
            name = one.field if one.field in self.fields else None
            self.add_error(name, join(one.text(_), one.remedy_text(_)))

    def without_marks(self) -> None:
        """Leave out the mark of optional fields, as every filter is. Once validated."""
        self.use_required_attribute = False
        for field in self.fields.values():
            field.required = True

    @property
    def in_force(self) -> int:
        """How many filters are filled in."""
        return sum(bool(value) for value in getattr(self, "cleaned_data", {}).values())
