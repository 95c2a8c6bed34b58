"""Forms of the citizens' pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from dancu.catalogue import attribute
from dancu.places import addresses
from dancu.places.queries import unit_name
from dancu.population.types import AddressValue
from dancu.population.validation import MAX_TEXT
from dancu.portal.fields import claimed, cleaned_words, value_field

ADDRESS = "address"
UNREADABLE = gettext_lazy("There is a character in it that cannot be kept. Type the words anew.")
SHORTEST_REASON = 5
#: As much of the reason as the evidence of a claim keeps.
LONGEST_REASON = 200


class ReasonForm(forms.Form):
    """Why the citizen thinks that a fact is wrong; what every request asks for."""

    reason = forms.CharField(
        label=gettext_lazy("How do you know that it is wrong?"),
        help_text=gettext_lazy(
            "One or two sentences. For example: my birth certificate says 2 January 1985."
        ),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Write in a sentence how you know."),
            "min_length": gettext_lazy("Write in a sentence how you know."),
        },
    )


class ValueForm(ReasonForm):
    """A new value of any type but an address."""

    field_order = ("value", "reason")

    def __init__(self, data: Any = None, *, name: str, day: date) -> None:
        """Make the field of the attribute, with the codes that are in force on the day."""
        super().__init__(data)
        self.name = name
        self.fields["value"] = value_field(name, day)
        self.order_fields(self.field_order)

    def claim(self) -> object:
        """The new value as the register takes it."""
        return claimed(self.name, self.cleaned_data["value"])

    def in_words(self) -> str:
        """The new value, to be read."""
        return cleaned_words(self.name, self.cleaned_data["value"])

    def place_words(self) -> str:
        """Nothing: only an address lies somewhere."""
        return ""


class AddressForm(ReasonForm):
    """A new address: the line as written, and its commune, chosen when the words leave it open."""

    field_order = ("line", "value", "unit", "reason")

    line = forms.CharField(
        label=gettext_lazy("House number, street, hamlet"),
        max_length=MAX_TEXT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    value = forms.CharField(
        label=gettext_lazy("Ward or commune, and province"),
        help_text=gettext_lazy(
            "Write it as on your papers, the old names too. "
            "For example: phường Sài Gòn, TP. Hồ Chí Minh."
        ),
        max_length=MAX_TEXT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the ward or commune, and the province.")},
    )

    def __init__(self, data: Any = None, *, name: str, day: date) -> None:
        """Offer the units that the entered words may mean, if there are several."""
        super().__init__(data)
        self.name = name
        self.day = day
        self.units = self._units() if data is not None else []
        if self.units:
            self.fields["unit"] = forms.ChoiceField(
                label=gettext("Which of these is it?"),
                choices=self.units,
                widget=forms.RadioSelect,
                error_messages={"required": gettext("Choose the right place.")},
            )
        self.order_fields(self.field_order)

    @property
    def text(self) -> str:
        """The whole address as one line."""
        parts = [str(self.data.get(name, "")).strip() for name in ("line", "value")]
        return addresses.clean_text(", ".join(part for part in parts if part))

    def _units(self) -> list[tuple[str, str]]:
        parsed = addresses.parse(self.text, on=self.day)
        if parsed.unit_code:
            return []
        return [(found.code, unit_name(found.code, self.day)) for found in parsed.candidates]

    def clean(self) -> dict[str, Any]:
        """Require that the words, or the choice, name one unit."""
        cleaned = super().clean() or {}
        if cleaned.get("value") and not self.units:
            parsed = addresses.parse(self.text, on=self.day)
            if not parsed.unit_code:
                self.add_error(
                    "value",
                    gettext("We do not know this place. Write the commune and the province."),
                )
        return cleaned

    def claim(self) -> AddressValue:
        """The new address as the register takes it."""
        chosen = self.cleaned_data.get("unit")
        if chosen:
            return AddressValue(self.text, chosen, self.day)
        parsed = addresses.parse(self.text, on=self.day)
        return AddressValue(self.text, parsed.unit_code, parsed.code_date)

    def in_words(self) -> str:
        """The new address, to be read."""
        return self.claim().text

    def place_words(self) -> str:
        """The units in which the address lies, as they were understood."""
        value = self.claim()
        name = unit_name(value.unit_code, value.code_date)
        return gettext("This is in: %(place)s") % {"place": name}


def correction_form(name: str, day: date, data: Any = None) -> ValueForm | AddressForm:
    """The form for a new value of the attribute."""
    kind = AddressForm if attribute(name).type == ADDRESS else ValueForm
    form = kind(data, name=name, day=day)
    for field in form.fields.values():
        field.error_messages.setdefault("null_characters_not_allowed", UNREADABLE)
    return form


class ReportForm(forms.Form):
    """What looks wrong about somebody's look. No free words: the log of events keeps it."""

    REASONS = (
        ("no_dealings", gettext_lazy("I have had nothing to do with this office")),
        ("unknown_purpose", gettext_lazy("I do not know of this case or purpose")),
        ("acquaintance", gettext_lazy("I think somebody who knows me looked for private reasons")),
        ("too_much", gettext_lazy("They saw more than they needed")),
        ("other", gettext_lazy("Something else looks wrong")),
    )

    why = forms.ChoiceField(
        label=gettext_lazy("What looks wrong?"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what looks wrong.")},
    )


class DownloadForm(forms.Form):
    """The kind of file."""

    KINDS = (
        ("xlsx", gettext_lazy("Spreadsheet (XLSX), to read and print")),
        ("json", gettext_lazy("Data file (JSON), for programs")),
    )

    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of file?"),
        choices=KINDS,
        initial="xlsx",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the kind of file.")},
    )
