"""Forms of a pair of records that may be of one person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from dancu.console.forms.base import DeskForm
from dancu.console.forms.civil import pid_field
from dancu.console.forms.correct import REASON_HINT


class SuggestForm(DeskForm):
    """Two numbers that an officer knows to be of one person, and how they know."""

    first = pid_field(gettext_lazy("One number"))
    second = pid_field(gettext_lazy("The other number"))
    reason = forms.CharField(
        label=gettext_lazy("How you know that both are one person"),
        max_length=500,
        help_text=REASON_HINT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Require both numbers."""
        super().__init__(*args, **options)
        self.fields["first"].required = self.fields["second"].required = True


class UndoForm(DeskForm):
    """Why two people were taken for one, and what said since the merge belongs to the other."""

    to_merged = forms.MultipleChoiceField(
        label=gettext_lazy("What was entered since and belongs to the other record"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Whatever is left out stays with the record that stayed."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=REASON_HINT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, since: list[tuple[str, str]], **options: Any) -> None:
        """Offer what was entered since; without any, nothing is asked."""
        super().__init__(*args, **options)
        if not since:
            del self.fields["to_merged"]
            return
        field = self.fields["to_merged"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = since

    @property
    def moved(self) -> tuple[int, ...]:
        """The statements that go to the other record."""
        return tuple(int(one) for one in self.cleaned_data.get("to_merged", ()))
