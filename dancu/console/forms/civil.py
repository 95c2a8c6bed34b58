"""Forms of civil events: birth, death, marriage, divorce, change of name, another number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.queries import code_list
from dancu.console.forms.base import (
    DayField,
    DeskForm,
    address_of,
    commune_field,
    evidence_kind_field,
    evidence_reference_field,
)
from dancu.population.services import ReissueReason
from dancu.population.validation import MAX_TEXT

NUMBER_HINT = gettext_lazy("Leave empty for the next number of your office.")
SEXES = (("M", gettext_lazy("Male")), ("F", gettext_lazy("Female")))


def name_field(label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    """The name of a person."""
    return forms.CharField(label=label, required=required, max_length=MAX_TEXT, **more)


def pid_field(label: Any) -> forms.CharField:
    """The number of somebody in the register; may stay empty."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=20, widget=widget)


def number_field() -> forms.CharField:
    """The number of a registration."""
    return forms.CharField(
        label=gettext_lazy("Registration number"),
        required=False,
        max_length=40,
        help_text=NUMBER_HINT,
    )


class BirthForm(DeskForm):
    """A child is born: name, sex, day, place, parents, and with whom it lives."""

    full_name = name_field(
        gettext_lazy("Full name of the child"),
        help_text=gettext_lazy("Surname, middle name, given name, with accents."),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=SEXES, widget=forms.RadioSelect)
    birth_date = DayField(label=gettext_lazy("Date of birth"))
    ethnicity = forms.ChoiceField(label=gettext_lazy("Ethnicity"))
    place_text = forms.CharField(
        label=gettext_lazy("Place of birth"),
        max_length=MAX_TEXT,
        help_text=gettext_lazy("Hospital, or house number and street."),
    )
    place_commune = commune_field(label=gettext_lazy("Ward, commune of birth"))
    hometown_text = forms.CharField(
        label=gettext_lazy("Hometown"),
        required=False,
        max_length=MAX_TEXT,
        help_text=gettext_lazy("Left empty: that of the father, else of the mother."),
    )
    hometown_commune = commune_field(
        label=gettext_lazy("Ward, commune of the hometown"), required=False
    )
    mother_pid = pid_field(gettext_lazy("Mother's number"))
    mother_name = name_field(gettext_lazy("Mother's name"), required=False)
    father_pid = pid_field(gettext_lazy("Father's number"))
    father_name = name_field(gettext_lazy("Father's name"), required=False)
    lives_with = forms.ChoiceField(
        label=gettext_lazy("The child is registered in the household of"),
        choices=[("mother", gettext_lazy("the mother")), ("father", gettext_lazy("the father"))],
        widget=forms.RadioSelect,
        initial="mother",
    )
    registration_number = number_field()
    evidence_reference = forms.CharField(
        label=gettext_lazy("Number of the birth notice"), required=False, max_length=120
    )
    declared_not_duplicate = forms.CharField(
        label=gettext_lazy("Why this is another child"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    late_reason = forms.CharField(
        label=gettext_lazy("Why the birth is declared late"), required=False, max_length=300
    )

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        """Offer the ethnic groups."""
        super().__init__(*args, language=language, **options)
        field = self.fields["ethnicity"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = code_list("ethnic_groups").choices(language)
        self.may_be_duplicate = False

    def clean(self) -> dict[str, Any]:
        """Put the addresses together and require a parent."""
        data = super().clean() or self.cleaned_data
        day = data.get("birth_date")
        if day and day > self.today:
            self.add_error("birth_date", _("This day has not come yet. Check the date of birth."))
        elif day:
            data["birth_place"] = address_of(self, "place", day)
            data["hometown"] = address_of(self, "hometown", self.today)
        if not any(data.get(n) for n in ("mother_pid", "mother_name", "father_pid", "father_name")):
            self.add_error("mother_pid", _("Name the mother or the father, by number or by name."))
        return data

    def field_for(self, name: str) -> str:
        """Errors of the service in terms of this form."""
        return {
            "birth_place": "place_commune",
            "hometown": "hometown_text",
            "registration_place": "place_commune",
        }.get(name, name)


class DeathForm(DeskForm):
    """Somebody has died."""

    death_date = DayField(label=gettext_lazy("Date of death"), partial=True)
    registration_number = number_field()
    evidence_reference = forms.CharField(
        label=gettext_lazy("Number of the death notice"), max_length=120
    )


class MarriageForm(DeskForm):
    """A marriage: the other spouse by number, or by name when outside the register."""

    day = DayField(label=gettext_lazy("Day of the marriage"))
    spouse_pid = pid_field(gettext_lazy("Number of the other spouse"))
    spouse_name = name_field(
        gettext_lazy("Name of the other spouse"),
        required=False,
        help_text=gettext_lazy("With the number: as a check. Without: for a foreigner."),
    )
    spouse_nationality = forms.ChoiceField(
        label=gettext_lazy("Nationality of a spouse without a number"), required=False
    )
    registration_number = number_field()

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        """Offer the countries."""
        super().__init__(*args, language=language, **options)
        field = self.fields["spouse_nationality"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("Choose")), *code_list("countries").choices(language)]

    def clean(self) -> dict[str, Any]:
        """Require one way of naming the spouse."""
        data = super().clean() or self.cleaned_data
        if data.get("spouse_pid") and not data.get("spouse_name"):
            self.add_error("spouse_name", _("Give the name on the card besides the number."))
        if not data.get("spouse_pid") and not data.get("spouse_name"):
            self.add_error("spouse_pid", _("Name the other spouse by number, or by name."))
        is_outside = data.get("spouse_name") and not data.get("spouse_pid")
        if is_outside and not data.get("spouse_nationality"):
            self.add_error("spouse_nationality", _("Choose the nationality."))
        return data

    def field_for(self, name: str) -> str:
        """Errors of the service in terms of this form."""
        if name.startswith(("husband", "wife")):
            return "spouse_pid"
        return name


class DivorceForm(DeskForm):
    """A divorce, as the court decided it."""

    day = DayField(label=gettext_lazy("In force since"))
    court_decision = forms.CharField(
        label=gettext_lazy("Judgment or decision of the court"),
        max_length=120,
        help_text=gettext_lazy("Number, day and court."),
    )
    registration_number = number_field()


class NameForm(DeskForm):
    """Another name."""

    full_name = name_field(gettext_lazy("New full name"))
    day = DayField(label=gettext_lazy("From the day"))
    decision = forms.CharField(
        label=gettext_lazy("Decision"),
        max_length=120,
        help_text=gettext_lazy("Number, day and office of the decision."),
    )
    keep_old_name = forms.BooleanField(
        label=gettext_lazy("Keep the former name among the other names"),
        required=False,
        initial=True,
    )
    registration_number = number_field()


class NumberForm(DeskForm):
    """The present number is cancelled and another one given."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[
            (ReissueReason.WRONG_SEX.value, gettext_lazy("The sex was wrong")),
            (ReissueReason.WRONG_BIRTH_YEAR.value, gettext_lazy("The year of birth was wrong")),
            (ReissueReason.DUPLICATE.value, gettext_lazy("Two people had the same number")),
            (ReissueReason.OTHER.value, gettext_lazy("Another reason")),
        ],
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For another reason: one sentence on why the number is cancelled."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Right sex"),
        required=False,
        choices=[("", gettext_lazy("Unchanged")), *SEXES],
    )
    birth_date = DayField(label=gettext_lazy("Right date of birth"), required=False, partial=True)
    evidence_kind = evidence_kind_field("birth_certificate")
    evidence_reference = evidence_reference_field()

    def clean(self) -> dict[str, Any]:
        """Require the right fact for a reason about a wrong one."""
        data = super().clean() or self.cleaned_data
        needed = {"wrong_sex": "sex", "wrong_birth_year": "birth_date"}.get(data.get("reason", ""))
        if needed and not data.get(needed) and not self.has_error(needed):
            self.add_error(needed, _("Give the right value, so that the new number fits it."))
        return data

    def field_for(self, name: str) -> str:
        """Errors of the service in terms of this form."""
        return {"evidence": "evidence_reference"}.get(name, name)
