"""Forms of a file that is sent in: the file itself, then whose it is and what its columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dancu.catalogue.queries import attributes_of_group, groups, sources
from dancu.console.forms.base import DayField, DeskForm
from dancu.population import deliveries

ACCEPTED = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_CHOSEN = "?"
_OF_THE_LINE = {
    "pid": gettext_lazy("Personal identification number: whom the line is about"),
    "day": gettext_lazy("Day from which the facts of the line hold"),
    "evidence": gettext_lazy("What the line rests on"),
}


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty. Check that it was copied whole."),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


class ConfirmForm(DeskForm):
    """Whose file it is, under which name, from when its facts hold, and what each column means."""

    use_required_attribute = False

    source = forms.ChoiceField(
        label=gettext_lazy("Who sends it"),
        error_messages={"required": gettext_lazy("Choose who sends the file.")},
        help_text=gettext_lazy("Its word weighs as the data dictionary says for each fact."),
    )
    key = forms.CharField(
        label=gettext_lazy("Name of the delivery"),
        max_length=120,
        help_text=gettext_lazy("Under this name it is found again; no other file may bear it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    day = DayField(label=gettext_lazy("The facts hold from"))

    def __init__(
        self, *args: Any, headings: Sequence[Sequence[Any]], own_source: str, **options: Any
    ) -> None:
        """Add a field for each column, recognised or not."""
        super().__init__(*args, **options)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            ("", _("Choose")),
            *source_choices(own_source, self.today, self.language),
        ]
        self.column_names = [f"column_{number}" for number in range(len(headings))]
        meanings = [
            ("", _("Leave this column out")),
            *_OF_THE_LINE.items(),
            *_attribute_choices(self.language),
        ]
        for name, heading in zip(self.column_names, headings, strict=True):
            self.fields[name] = _column_field(heading, meanings)

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields of the columns."""
        return [self[name] for name in self.column_names]

    @property
    def meanings(self) -> list[str]:
        """What each column means, in order; empty for those left out."""
        return [self.cleaned_data[name] for name in self.column_names]

    def clean(self) -> dict[str, Any]:
        """Require one column for the number, none twice, and a name that is still free."""
        data = super().clean() or self.cleaned_data
        given = [str(data.get(name, "")) for name in self.column_names]
        if "pid" not in given and not any(self.has_error(name) for name in self.column_names):
            self.add_error(None, _("No column says whom each line is about: choose one."))
        for name, meaning in zip(self.column_names, given, strict=True):
            if meaning and given.count(meaning) > 1:
                self.add_error(name, _("Another column means the same. Leave one of them out."))
        if data.get("source") and data.get("key"):
            self._require_free_name(data["source"], data["key"])
        if data.get("day") and data["day"] > self.today:
            self.add_error("day", _("This day has not come yet."))
        return data

    def _require_free_name(self, source: str, key: str) -> None:
        found = deliveries.find(source=source, key=key)
        if found is not None and (found.is_done or found.is_running):
            self.add_error(
                "key",
                _("Delivery No. %(number)s of this source has this name already. Give another.")
                % {"number": found.batch_id},
            )


def source_choices(own: str, day: date, language: str) -> list[tuple[str, str]]:
    """Return the sources that a file may come from: the officer's own, else every agency's."""
    found = [
        (one.name, one.label(language))
        for one in sources().values()
        if one.kind != "citizen"
        and (one.valid_from is None or one.valid_from <= day)
        and (one.valid_to is None or day < one.valid_to)
    ]
    return [one for one in found if one[0] == own] if own else found


def _attribute_choices(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            group.label(language),
            [
                (one.name, one.label(language))
                for one in attributes_of_group(group.name)
                if one.name not in _OF_THE_LINE
            ],
        )
        for group in groups()
    ]


def _column_field(heading: Sequence[Any], meanings: Sequence[Any]) -> forms.ChoiceField:
    title, meaning, filled = heading
    unknown = not meaning and bool(title)
    choices = [(NOT_CHOSEN, _("Choose what it means")), *meanings] if unknown else meanings
    return _ColumnField(
        label=title or _("(no title)"),
        choices=choices,
        initial=NOT_CHOSEN if unknown else meaning,
        help_text=ngettext("%(count)s line has it", "%(count)s lines have it", filled)
        % {"count": filled},
    )


class _ColumnField(forms.ChoiceField):
    """A column that was not recognised must be given a meaning, or left out on purpose."""

    def clean(self, value: Any) -> Any:
        if value == NOT_CHOSEN or value is None:
            raise forms.ValidationError(
                _("Choose what the column “%(title)s” means, or leave it out."),
                params={"title": str(self.label)},
            )
        return super().clean(value) if value else ""
