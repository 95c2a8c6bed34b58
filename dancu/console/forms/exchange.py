"""Forms of verifying a file: the file and its contract, what its columns mean, the quota."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.contracts import Contract
from dancu.catalogue.errors import UnknownAttribute
from dancu.catalogue.queries import attribute
from dancu.console.forms.base import DayField, DeskForm, clean_commune, commune_field
from dancu.exchange.batches.meanings import PARTS, allowed
from dancu.exchange.batches.table import Column
from dancu.exchange.batches.words import PART_LABELS
from dancu.exchange.types import Question

ACCEPTED = ".csv,.txt,.xlsx,.xls,.parquet"
MOST_RECORDS = 100_000_000
_OLDEST = 150


def contract_choices(contracts: Sequence[Contract], language: str) -> list[tuple[str, str]]:
    """Return the contracts for a select; the only one is chosen already."""
    found = [(one.name, one.label(language)) for one in contracts]
    return found if len(found) == 1 else [("", _("Choose")), *found]


class VerifyForm(forms.Form):
    """The file, and the contract under which its people are asked about."""

    contract = forms.ChoiceField(
        label=gettext_lazy("Contract"),
        help_text=gettext_lazy("It says what may be asked, and how many people a day."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty. Check that it was copied whole."),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(
        self, *args: Any, contracts: Sequence[Contract], language: str, **options: Any
    ) -> None:
        """Offer the contracts."""
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        field = self.fields["contract"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = contract_choices(contracts, language)


class ColumnsForm(DeskForm):
    """What each column means, for which purpose, and the questions beside."""

    use_required_attribute = False

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"))
    case = forms.CharField(
        label=gettext_lazy("Number of the dossier"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("It stands in the access records of everybody asked about."),
    )
    is_alive = forms.BooleanField(label=gettext_lazy("Is the person alive?"), required=False)
    years = forms.IntegerField(
        label=gettext_lazy("Is the person at least so many years old?"),
        required=False,
        min_value=1,
        max_value=_OLDEST,
    )
    commune = commune_field(
        label=gettext_lazy("Does the person live in this ward or commune?"), required=False
    )

    def __init__(
        self, *args: Any, columns: Sequence[Column], contract: Contract, **options: Any
    ) -> None:
        """Add a field for each column; leave out the questions that the contract lacks."""
        super().__init__(*args, **options)
        self.contract = contract
        purpose = self.fields["purpose"]
        assert isinstance(purpose, forms.ChoiceField)  # noqa: S101
        purposes = [(one.name, one.label(self.language)) for one in contract.purposes.values()]
        purpose.choices = purposes if len(purposes) == 1 else [("", _("Choose")), *purposes]
        for question, field in (
            ("is_alive", "is_alive"),
            ("is_at_least", "years"),
            ("lives_in", "commune"),
        ):
            if question not in contract.questions:
                del self.fields[field]
        choices = [("", _("Leave this column out")), *meaning_choices(contract, self.language)]
        self.column_names = [f"column_{number}" for number in range(len(columns))]
        for name, column in zip(self.column_names, columns, strict=True):
            self.fields[name] = _column_field(column, choices)

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields of the columns."""
        return [self[name] for name in self.column_names]

    @property
    def meanings(self) -> list[str]:
        """What each column means, in order; empty for those left out."""
        return [self.cleaned_data[name] for name in self.column_names]

    @property
    def questions(self) -> list[Question]:
        """The questions to be asked of every row."""
        data = self.cleaned_data
        found = [Question("is_alive")] if data.get("is_alive") else []
        if data.get("years"):
            found.append(Question("is_at_least", data["years"]))
        if data.get("commune_code"):
            found.append(Question("lives_in", data["commune_code"]))
        return found

    def clean(self) -> dict[str, Any]:
        """Find the commune, and require that no meaning is given twice."""
        data = super().clean() or self.cleaned_data
        require_each_once(self, self.column_names)
        if data.get("commune"):
            data["commune_code"] = clean_commune(self, "commune", self.today)
        return data


def require_each_once(form: forms.Form, names: Sequence[str]) -> None:
    """Note an error on columns that are given a meaning which another one has."""
    given = [str(form.cleaned_data.get(name, "")) for name in names]
    for name, meaning in zip(names, given, strict=True):
        if meaning and given.count(meaning) > 1:
            form.add_error(name, _("Another column means the same. Leave one of them out."))


def meaning_choices(contract: Contract, language: str) -> list[tuple[str, str]]:
    """Return what columns may mean under a contract, in words."""
    return [(one, meaning_words(one, language)) for one in allowed(contract)]


def meaning_words(meaning: str, language: str) -> str:
    """Return a meaning in words; the name itself where it has none."""
    if meaning in PARTS:
        return str(PART_LABELS[meaning])
    try:
        return attribute(meaning).label(language)
    except UnknownAttribute:
        return meaning


def _column_field(column: Column, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    examples = ", ".join(column.examples)
    words = _("Recognised by its content. For example: %(examples)s")
    plain = _("For example: %(examples)s") if examples else ""
    hint = words if column.by_content else plain
    return ColumnField(
        label=column.title or _("(no title)"),
        choices=choices,
        initial=column.meaning,
        help_text=hint % {"examples": examples} if hint else "",
    )


class ColumnField(forms.ChoiceField):
    """A column; to leave it out is an answer too."""

    def clean(self, value: Any) -> Any:
        """Take nothing for an answer."""
        return super().clean(value) if value else ""


class ExceptionForm(DeskForm):
    """More records for one contract on one day: who allows it, and why."""

    contract = forms.ChoiceField(label=gettext_lazy("For whom"))
    day = DayField(label=gettext_lazy("On the day"))
    records = forms.IntegerField(
        label=gettext_lazy("Additional records"), min_value=1, max_value=MOST_RECORDS
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Such as the number of the letter that asked for it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, contracts: Sequence[Contract], **options: Any) -> None:
        """Offer the contracts in force, and the whole country."""
        super().__init__(*args, **options)
        field = self.fields["contract"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        own = [(one.name, one.label(self.language)) for one in contracts]
        field.choices = [("", _("Choose")), ("*", _("The whole country")), *own]

    def clean_day(self) -> date:
        """Refuse a day that is over."""
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over."))
        return day


class CapForm(forms.Form):
    """Another national cap, for trying out what it would change."""

    cap = forms.IntegerField(
        label=gettext_lazy("Records a day for the whole country"),
        min_value=1,
        max_value=MOST_RECORDS,
    )
