"""Setting a target: for which unit, of which issues, how many, by when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.bulletins.services.targets import LONGEST_REASON, MOST
from dancu.catalogue.bulletins import bulletins
from dancu.console.forms.base import DayField, DeskForm


class TargetForm(DeskForm):
    """A target of a unit in the officer's area."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    group = forms.ChoiceField(label=gettext_lazy("Group of issues"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What is asked"), widget=forms.RadioSelect)
    goal = forms.IntegerField(
        label=gettext_lazy("How many issues"),
        min_value=0,
        max_value=MOST,
        error_messages={
            "required": gettext_lazy("Give a number."),
            "invalid": gettext_lazy("Give a whole number, in digits."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    by = DayField(
        label=gettext_lazy("By which day"),
        error_messages={"required": gettext_lazy("Give the day.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Plan or order"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("For example the number of the plan. It stands beside the target."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **options: Any) -> None:
        """Offer units and the groups of today."""
        super().__init__(*args, **options)
        groups = [(one.name, one.label(self.language)) for one in bulletins().groups]
        self._choose("unit", units)
        self._choose("group", [("", _("All issues")), *groups])
        self._choose(
            "kind",
            [
                ("left", _("At most so many left by the day")),
                ("daily", _("So many mended each working day until the day")),
            ],
        )

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices
