"""Forms of campaigns and of the door: opening a check, ending it, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from dancu.catalogue.campaigns import CampaignKind
from dancu.console.forms.base import DeskForm, day_field
from dancu.rounds.services import MOST_OTHERS


class OpenRoundForm(DeskForm):
    """Which check, in which unit, for which days."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is checked"), widget=forms.RadioSelect, choices=()
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Where"),
        error_messages={"required": gettext_lazy("Choose the unit.")},
    )
    begins_on = day_field(gettext_lazy("First day"))
    ends_on = day_field(gettext_lazy("Last day"))

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[tuple[str, str]],
        units: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        """Offer the checks in force and the units of the officer's area."""
        super().__init__(*args, **options)
        _offer(self.fields["kind"], kinds)
        _offer(self.fields["unit"], units if len(units) == 1 else [("", ""), *units])


class CloseRoundForm(DeskForm):
    """Why a check ends."""

    reason = forms.CharField(
        label=gettext_lazy("Why it ends"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DoorForm(DeskForm):
    """What differs at a door: an answer about each person, and who is there besides.

    Fields are named ``<question>_<person>``; the first answer is chosen to begin with.
    """

    team = forms.CharField(
        label=gettext_lazy("Your team"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Kept for the next house."),
    )
    others = forms.IntegerField(
        label=gettext_lazy("People met here who are not on the list"),
        required=False,
        min_value=0,
        max_value=MOST_OTHERS,
    )
    note = forms.CharField(
        label=gettext_lazy("For whoever comes next"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("When somebody is at home, which bell. Nothing about people."),
    )

    def __init__(
        self,
        *args: Any,
        kind: CampaignKind,
        people: Mapping[int, str],
        asks: bool = True,
        **options: Any,
    ) -> None:
        """Ask the questions of the check about each person, by key and name.

        ``asks``: whether they must be answered; what is said of the whole house needs no answers.
        """
        super().__init__(*args, **options)
        self.kind, self.people = kind, people
        for person, name in people.items():
            for question in kind.questions:
                choices = [(one.name, one.label(self.language)) for one in question.answers]
                self.fields[f"{question.name}_{person}"] = forms.ChoiceField(
                    label=f"{name}: {question.label(self.language)}",
                    choices=choices,
                    initial=choices[0][0],
                    required=asks,
                )

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions about people, in their order."""
        return [self[name] for name in self.fields if name not in DoorForm.base_fields]

    @property
    def answers(self) -> dict[int, dict[str, str]]:
        """What was answered, by person and question."""
        return {
            person: {
                question.name: self.cleaned_data[f"{question.name}_{person}"]
                for question in self.kind.questions
            }
            for person in self.people
        }


def _offer(field: forms.Field, choices: Sequence[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
    field.choices = list(choices)
