"""Looking for people, and admitting somebody who presents themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.queries import code_list
from dancu.console.communes import Commune
from dancu.console.forms.base import DayField, ReadableForm, join
from dancu.disclosure.types import Criteria
from dancu.kernel.errors import Invalid
from dancu.population.validation import MAX_TEXT

FILTERS = ("name", "birth", "sex", "commune", "address", "household")
FIELDS = ("q", *FILTERS)


class SearchForm(ReadableForm):
    """One box for everything, and fields for those who know what they look for."""

    q = forms.CharField(
        label=gettext_lazy("Name, number or address"), required=False, max_length=MAX_TEXT
    )
    name = forms.CharField(label=gettext_lazy("Full name"), required=False, max_length=MAX_TEXT)
    birth = forms.CharField(
        label=gettext_lazy("Born"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("Year or full date"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), required=False)
    commune = forms.ChoiceField(label=gettext_lazy("Ward, commune"), required=False)
    address = forms.CharField(label=gettext_lazy("Address"), required=False, max_length=MAX_TEXT)
    household = forms.CharField(
        label=gettext_lazy("Household number"), required=False, max_length=40
    )

    def __init__(self, *args: Any, language: str, area: Sequence[Commune], **more: Any) -> None:
        """Offer the communes of the officer's area."""
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        any_words = gettext_lazy("All")
        self._choose("sex", [("", any_words), *code_list("sex").choices(language)])
        self._choose("commune", [("", any_words), *((one.code, one.words) for one in area)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    def criteria(self, window: int) -> Criteria:
        """Return what is looked for, of a valid form."""
        data = self.cleaned_data
        given = {name: str(data.get(name) or "").strip() for name in FILTERS}
        return Criteria(text=str(data.get("q") or "").strip(), window=window, **given)

    def absorb(self, error: Invalid) -> None:
        """Show what cannot be looked for at the field that it was typed into."""
        for one in error.field_errors:
            name = one.field if one.field in FILTERS else "q"
            self.add_error(name, join(one.text(_), one.remedy_text(_)))

    @property
    def problems(self) -> list[str]:
        """What cannot be looked for, each with the name of its field."""
        labels = {name: str(field.label) for name, field in self.fields.items()}
        return [f"{labels[name]}: {words}" for name, said in self.errors.items() for words in said]

    def without_marks(self) -> None:
        """Leave out the mark of optional fields, as every field of a search is. Once validated."""
        self.use_required_attribute = False
        for field in self.fields.values():
            field.required = True

    @property
    def is_filled(self) -> bool:
        """Whether anything at all is looked for."""
        return any(self.cleaned_data.get(name) for name in FIELDS)

    @property
    def filters_in_force(self) -> int:
        """How many of the fields are filled in, the box apart."""
        return sum(bool(self.cleaned_data.get(name)) for name in FILTERS)


class PresentForm(ReadableForm):
    """Somebody stands before the officer with a paper: number, name and date of birth."""

    pid = forms.CharField(
        label=gettext_lazy("Personal identification number"),
        max_length=20,
        help_text=gettext_lazy("All twelve digits, as on the card."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=MAX_TEXT,
        help_text=gettext_lazy("As on the card, with or without accents."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = DayField(
        label=gettext_lazy("Date of birth"),
        partial=True,
        help_text=gettext_lazy("As on the card: 02/01/1985, or only the year if no more is there."),
    )
