"""Forms of the ward's work: what is confirmed at a home, and what is passed on or handed back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.console.forms.base import DeskForm, evidence_choices
from dancu.console.forms.correct import REASON_HINT
from dancu.population.types import Evidence
from dancu.quality.handling import MOST
from dancu.quality.settling import Case

FIELD = "issue"
_KEY = 19


class ChosenForm(DeskForm):
    """Issues that were ticked, among those that the page shows."""

    def __init__(self, *args: Any, shown: Sequence[Case], **options: Any) -> None:
        """Take the issues that may be ticked."""
        super().__init__(*args, **options)
        self.shown = frozenset(shown)
        getlist = getattr(self.data, "getlist", None)
        self.ticked: Sequence[str] = getlist(FIELD) if getlist else ()

    @property
    def chosen(self) -> list[Case]:
        """The ticked issues, in order; what the page does not show is left out."""
        cases = map(case_of, self.ticked)
        return sorted({one for one in cases if one is not None and one in self.shown})[:MOST]

    def clean(self) -> dict[str, Any]:
        """Require that something is ticked."""
        data = super().clean() or self.cleaned_data
        if not self.chosen:
            self.add_error(None, _("Tick what this is about."))
        return data


class ConfirmForm(ChosenForm):
    """Facts of a home that still hold, and on what that rests."""

    evidence_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of paper"), choices=evidence_choices, initial="inspection"
    )
    evidence_reference = forms.CharField(
        label=gettext_lazy("Number of the paper"),
        max_length=120,
        help_text=gettext_lazy("The number of the case, unless you saw another paper."),
    )

    @property
    def evidence(self) -> Evidence:
        """On what the confirmation rests."""
        data = self.cleaned_data
        return Evidence(data["evidence_kind"], data["evidence_reference"].strip())


class PassOnForm(ChosenForm):
    """To which office issues are passed on, and why."""

    office = forms.ChoiceField(
        label=gettext_lazy("Office that mends it"),
        error_messages={"required": gettext_lazy("Choose the office.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=REASON_HINT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, offices: Mapping[str, str], **options: Any) -> None:
        """Offer the offices (code to name)."""
        super().__init__(*args, **options)
        self._offices = offices
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("Choose the office")), *offices.items()]

    @property
    def has_offices(self) -> bool:
        """Whether there is any office to choose."""
        return bool(self._offices)

    @property
    def office_name(self) -> str:
        """The name of the chosen office."""
        return self._offices[self.cleaned_data["office"]]


class HandBackForm(ChosenForm):
    """Why issues go back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=REASON_HINT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def text_of(case: Case) -> str:
    """Return an issue as the value of a checkbox."""
    return f"{case.subject}-{case.rule}"


def case_of(text: str) -> Case | None:
    """Return the issue of a checkbox; none for anything else."""
    subject, _dash, rule = text.partition("-")
    if not all(one.isascii() and one.isdecimal() and len(one) <= _KEY for one in (subject, rule)):
        return None
    return Case(int(subject), int(rule))
