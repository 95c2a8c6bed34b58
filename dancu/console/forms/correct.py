"""Forms that change or settle facts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.queries import code_list
from dancu.catalogue.types import Attribute
from dancu.console.forms.base import (
    DayField,
    DeskForm,
    address_of,
    commune_field,
    day_field,
    despite_field,
    evidence_kind_field,
    evidence_reference_field,
    words_of_fields,
)
from dancu.disclosure.words import phone_text
from dancu.kernel import phones
from dancu.kernel.errors import Invalid
from dancu.population.validation import MAX_TEXT

OWN_WAY = frozenset({"pid", "household_number", "household_relationship", "life_status"})
"""Facts that belong to a registration of their own and are not corrected alone."""

REASON_HINT = gettext_lazy("One sentence that a colleague understands in ten years.")


class CorrectForm(DeskForm):
    """One fact: the right value, since when, and on which paper."""

    day = day_field(gettext_lazy("Right since"))
    evidence_kind = evidence_kind_field()
    evidence_reference = evidence_reference_field()
    despite = despite_field()

    def __init__(self, *args: Any, attr: Attribute, **options: Any) -> None:
        """Add the field that fits the attribute's type."""
        super().__init__(*args, **options)
        self.attr = attr
        rest = dict(self.fields)
        self.fields.clear()
        self.fields.update(value_fields(attr, self.language))
        if self.names_relative:
            self.fields["relative_name"] = forms.CharField(
                label=_("Name of this relative"),
                max_length=MAX_TEXT,
                help_text=_("As on the card: number and name must belong together."),
            )
        self.fields.update(rest)

    @property
    def names_relative(self) -> bool:
        """Whether the fact is the number of another person."""
        return self.attr.type == "pid"

    def field_for(self, name: str) -> str:
        """Errors about the attribute belong to the value."""
        if name == self.attr.name:
            return "value_text" if self.attr.type == "address" else "value"
        return {"evidence": "evidence_reference"}.get(name, name)

    def clean(self) -> dict[str, Any]:
        """Put the address together."""
        data = super().clean() or self.cleaned_data
        if self.attr.type == "address" and not self.has_error("day"):
            data["value"] = address_of(self, "value", data.get("day") or self.today)
            if data["value"] is None and not self.errors:
                self.add_error("value_text", _("Give the address."))
        return data

    @property
    def claims(self) -> dict[str, object]:
        """The value as a claim on the attribute."""
        value = self.cleaned_data["value"]
        if self.attr.type == "date":
            value = value.iso
        elif self.attr.type in {"text_list", "code_list_values"} and isinstance(value, str):
            value = [part for line in value.splitlines() if (part := line.strip())]
        elif self.attr.type == "boolean":
            value = value == "yes"
        return {self.attr.name: value}


class PhoneField(forms.CharField):
    """A telephone number as people write it, in the one form that the register keeps."""

    def __init__(self, **options: Any) -> None:
        """Take the options of a text field."""
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        hint = _("Ten digits, with or without blanks: 0912 345 678.")
        super().__init__(widget=widget, help_text=hint, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a number as it is dialled in the country."""
        return phone_text(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """Return ``+84912345678``."""
        try:
            return phones.parse(super().clean(value)).e164
        except Invalid as error:
            raise forms.ValidationError(words_of_fields(error)) from error


def value_fields(attr: Attribute, language: str) -> dict[str, forms.Field]:
    """Return the fields in which a value of the attribute is entered."""
    label = attr.label(language)
    if attr.type == "address":
        text = forms.CharField(
            label=_("House number, street, hamlet"), required=False, max_length=MAX_TEXT
        )
        return {"value_text": text, "value_commune": commune_field()}
    return {"value": _value_field(attr, label, language)}


def _value_field(  # noqa: PLR0911
    attr: Attribute, label: str, language: str
) -> forms.Field:
    if attr.type == "code" and attr.code_list:
        choices = [("", _("Choose")), *code_list(attr.code_list).choices(language)]
        return forms.ChoiceField(label=label, choices=choices)
    if attr.type == "code_list_values" and attr.code_list:
        return forms.MultipleChoiceField(
            label=label,
            choices=code_list(attr.code_list).choices(language),
            widget=forms.CheckboxSelectMultiple,
        )
    if attr.type == "date":
        return DayField(label=label, partial=True)
    if attr.type == "phone":
        return PhoneField(label=label, max_length=40)
    if attr.type == "integer":
        return forms.IntegerField(label=label)
    if attr.type == "boolean":
        return forms.ChoiceField(label=label, choices=[("yes", _("Yes")), ("no", _("No"))])
    if attr.type == "text_list":
        widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(label=label, widget=widget, help_text=_("One on each line."))
    return forms.CharField(label=label, max_length=MAX_TEXT)


class DecisionForm(DeskForm):
    """A decision between two words, with its reason."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=REASON_HINT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    despite = despite_field()

    def __init__(self, *args: Any, decisions: list[tuple[str, str]], **options: Any) -> None:
        """Offer the decisions."""
        super().__init__(*args, **options)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = decisions
