"""The right way to enter each type of attribute, and the value that it gives to the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django import forms
from django.utils.translation import gettext, gettext_lazy

from dancu.catalogue import attribute, code_list
from dancu.catalogue.types import Attribute
from dancu.design.dates import typed
from dancu.design.tags.fields import DATE_LENGTH
from dancu.kernel import phones
from dancu.kernel.dates import InvalidDate, format_vietnamese, parse_iso
from dancu.kernel.errors import Invalid
from dancu.population.validation import MAX_TEXT
from dancu.portal import words

#: Lists up to this long are shown open, to be pressed; longer ones as a drop-down.
SHORT_LIST = 6
_HINTS = {
    "email": gettext_lazy("For example ten@thu.vn."),
    "old_id_number": gettext_lazy("The nine digits on the old card."),
    "pid": gettext_lazy("The twelve digits on the card."),
    "text_list": gettext_lazy("One on each line."),
}
_KEYBOARDS = {"email": "email", "old_id_number": "numeric", "pid": "numeric"}


class PartialDateField(forms.CharField):
    """A date as on paper: day/month/year, month/year, or the year; cleaned to its ISO form."""

    def clean(self, value: object) -> str:
        """Return ``1985``, ``1985-03`` or ``1985-03-02``."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return typed(text).iso
        except InvalidDate as error:
            finding = error.field_errors[0]
            text = f"{finding.text(gettext)} {finding.remedy_text(gettext)}"
            raise forms.ValidationError(text.strip()) from error


class PhoneField(forms.CharField):
    """A telephone number as people write it; cleaned to the one form that the register keeps."""

    def clean(self, value: object) -> str:
        """Return ``+84912345678``."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return phones.parse(text).e164
        except Invalid as error:
            finding = error.field_errors[0]
            text = f"{finding.text(gettext)} {finding.remedy_text(gettext)}"
            raise forms.ValidationError(text.strip()) from error


class LinesField(forms.CharField):
    """Several values, one on each line; cleaned to a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: object) -> list[str]:
        """Return the lines that are not empty."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def value_field(name: str, day: date) -> forms.Field:
    """The field in which a new value of the attribute is entered; not for addresses."""
    attr = attribute(name)
    make = _FIELDS.get(attr.type, _text_field)
    return make(attr, day)


def _date_field(attr: Attribute, day: date) -> forms.Field:  # noqa: ARG001
    attrs = {"inputmode": "numeric", "maxlength": DATE_LENGTH, "data-date": True}
    field = PartialDateField(widget=forms.TextInput(attrs=attrs))
    hint = gettext("Day, month, year: 02/01/1985 or 02011985. Or only the year: 1985.")
    return _labelled(field, hint)


def _yes_no_field(attr: Attribute, day: date) -> forms.Field:  # noqa: ARG001
    choices = [("yes", gettext("Yes")), ("no", gettext("No"))]
    return _labelled(forms.ChoiceField(choices=choices, widget=forms.RadioSelect))


def _number_field(attr: Attribute, day: date) -> forms.Field:  # noqa: ARG001
    return _labelled(forms.IntegerField(min_value=0, max_value=10**9))


def _lines_field(attr: Attribute, day: date) -> forms.Field:  # noqa: ARG001
    return _labelled(LinesField(max_length=10 * MAX_TEXT), str(_HINTS["text_list"]))


def _text_field(attr: Attribute, day: date) -> forms.Field:  # noqa: ARG001
    keyboard = _KEYBOARDS.get(attr.type)
    attrs = {"inputmode": keyboard, "autocomplete": "off"} if keyboard else {"autocomplete": "off"}
    field = forms.CharField(max_length=MAX_TEXT, widget=forms.TextInput(attrs=attrs))
    hint = str(_HINTS.get(attr.type, ""))
    if "name_form" in attr.checks:
        hint = gettext("Write it as on the birth certificate, with all accents.")
    return _labelled(field, hint)


def _phone_field(attr: Attribute, day: date) -> forms.Field:  # noqa: ARG001
    attrs = {"inputmode": "tel", "autocomplete": "off"}
    field = PhoneField(max_length=MAX_TEXT, widget=forms.TextInput(attrs=attrs))
    return _labelled(field, gettext("Ten digits, for example 0901234567."))


def _code_field(attr: Attribute, day: date) -> forms.Field:
    codes = code_list(attr.code_list or "").on(day)
    choices = [(code.code, code.label(words.language())) for code in codes]
    if attr.type == "code_list_values":
        return _labelled(
            forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
        )
    if len(choices) <= SHORT_LIST:
        return _labelled(forms.ChoiceField(choices=choices, widget=forms.RadioSelect))
    return _labelled(forms.ChoiceField(choices=[("", gettext("Choose from the list")), *choices]))


_FIELDS: dict[str, Callable[[Attribute, date], forms.Field]] = {
    "date": _date_field,
    "code": _code_field,
    "code_list_values": _code_field,
    "boolean": _yes_no_field,
    "integer": _number_field,
    "text_list": _lines_field,
    "phone": _phone_field,
}


def _labelled(field: forms.Field, hint: str = "") -> forms.Field:
    field.label = gettext("What it should say")
    field.help_text = hint
    field.error_messages["required"] = gettext("Enter what it should say.")
    field.error_messages["invalid_choice"] = gettext("Choose one of the list.")
    return field


def claimed(name: str, cleaned: object) -> object:
    """The value as the register takes it."""
    return cleaned == "yes" if attribute(name).type == "boolean" else cleaned


def cleaned_words(name: str, cleaned: object) -> str:
    """An entered value, ready to be read on the page that asks whether it is right."""
    attr = attribute(name)
    if attr.type in {"code", "code_list_values"}:
        given = cleaned if isinstance(cleaned, list) else [cleaned]
        labels = [
            code_list(attr.code_list or "").label(str(code), words.language()) for code in given
        ]
        return words.listed(labels)
    if attr.type == "date":
        return format_vietnamese(parse_iso(str(cleaned)))
    if attr.type == "phone":
        return phones.parse(str(cleaned)).national
    if attr.type == "boolean":
        return gettext("Yes") if cleaned == "yes" else gettext("No")
    if isinstance(cleaned, list):
        return words.listed([str(item) for item in cleaned])
    return str(cleaned)
