"""Fields and forms that the console's declarations share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.console import communes
from dancu.console.words import CHOSEN_BY_HAND
from dancu.design.dates import typed
from dancu.design.tags.fields import DATE_LENGTH
from dancu.disclosure.words import EVIDENCE
from dancu.kernel.dates import InvalidDate, PartialDate, format_vietnamese
from dancu.kernel.errors import DancuError
from dancu.population.types import AddressValue, Evidence
from dancu.quality.errors import WorseIssue

DAY_HINT = gettext_lazy("Day, month, year: 02/01/1985 or 02011985.")
PARTIAL_HINT = gettext_lazy(
    "Day, month, year: 02/01/1985 or 02011985. Only the year if no more is known: 1985."
)
#: The field that is only asked for when facts would open a worse issue than they close.
DESPITE = "despite"
UNREADABLE = gettext_lazy("There is a character in it that cannot be kept. Type the words anew.")


class DayField(forms.CharField):
    """A date written day first. ``partial`` lets the day, or day and month, be unknown."""

    def __init__(self, *, partial: bool = False, **options: Any) -> None:
        """Take the options of a text field."""
        self.partial = partial
        options.setdefault("help_text", PARTIAL_HINT if partial else DAY_HINT)
        widget = forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "maxlength": DATE_LENGTH,
                "autocomplete": "off",
                "data-date": "",
            }
        )
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a date as it is typed."""
        return format_vietnamese(value) if isinstance(value, date | PartialDate) else value

    def clean(self, value: Any) -> Any:
        """Return a ``date``, or a ``PartialDate`` when the field is partial; None when empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            day = typed(text)
        except InvalidDate as error:
            raise forms.ValidationError(words_of_fields(error)) from error
        if self.partial:
            return day
        if day.precision != "day":
            raise forms.ValidationError(_("Give the full day: day, month and year."))
        return day.earliest


def words_of_fields(error: DancuError) -> list[str]:
    """Return what is wrong and what to do, one line for each field error, translated."""
    if not error.field_errors:
        return [words_of_error(error)]
    return [join(one.text(_), one.remedy_text(_)) for one in error.field_errors]


def words_of_error(error: DancuError) -> str:
    """Return the message of an error and its remedy, translated."""
    return join(error.text(_), error.remedy_text(_))


def join(*sentences: str) -> str:
    """Return the sentences that are there, one after the other."""
    return " ".join(sentence for sentence in sentences if sentence)


class ReadableForm(forms.Form):
    """A form that says in the reader's language when a character cannot be kept."""

    def full_clean(self) -> None:
        """Give each field the words before it needs them."""
        for field in self.fields.values():
            field.error_messages.setdefault("null_characters_not_allowed", UNREADABLE)
        super().full_clean()


class DeskForm(ReadableForm):
    """A form that knows the day, the language and the provinces of its officer."""

    def __init__(
        self,
        *args: Any,
        today: date,
        language: str = "vi",
        near: Iterable[str] = (),
        **options: Any,
    ) -> None:
        """Take a form's own options besides."""
        self.today, self.language, self.near = today, language, frozenset(near)
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)

    @property
    def communes_near(self) -> Sequence[str]:
        """The names of the communes of the officer's provinces, as suggestions to begin with."""
        everything = communes.on_map(self.today)
        return [one.words for one in everything if one.province in self.near]

    @property
    def asks_despite(self) -> bool:
        """Whether it was refused for what it would open, and asks why it is so all the same."""
        return bool(self.data.get(DESPITE)) or self.has_error(DESPITE)

    @property
    def why_despite(self) -> str:
        """Why facts are entered although they open a worse issue; empty when nothing is said."""
        return str(self.cleaned_data.get(DESPITE) or "")

    def absorb(self, error: DancuError) -> None:
        """Show an error of a service at the fields that it names, the rest above the form."""
        if isinstance(error, WorseIssue) and DESPITE in self.fields:
            self.add_error(DESPITE, words_of_error(error))
            return
        if not error.field_errors:
            self.add_error(None, words_of_error(error))
            return
        for one in error.field_errors:
            name = self.field_for(one.field)
            words = join(one.text(_), one.remedy_text(_))
            self.add_error(name if name in self.fields else None, words)

    def field_for(self, name: str) -> str:
        """Return the field of this form that a service's field name means."""
        return name


def commune_field(**options: Any) -> forms.CharField:
    """A commune by its name; names are suggested while one types."""
    options.setdefault("label", gettext_lazy("Ward, commune"))
    options.setdefault(
        "help_text", gettext_lazy("Type a part of the name and choose from the list.")
    )
    widget = forms.TextInput(
        attrs={
            "list": "communes",
            "autocomplete": "off",
            "hx-get": reverse_lazy("console:communes"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#communes",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }
    )
    return forms.CharField(widget=widget, max_length=200, **options)


def clean_commune(form: DeskForm, name: str, day: date) -> str:
    """Return the code of the commune typed into a field, or note what is unclear about it."""
    text = str(form.cleaned_data.get(name) or "")
    if not text:
        return ""
    found = communes.resolve(text, day, near=form.near)
    if len(found) == 1:
        return found[0].code
    if not found:
        form.add_error(
            name,
            _(
                "No ward or commune of this name is on the map of %(day)s. "
                "Check the spelling, or type only a part of the name."
            )
            % {"day": format_vietnamese(day)},
        )
        return ""
    names = "; ".join(one.words for one in found[:5])
    form.add_error(
        name, _("Several bear this name: %(names)s. Write it in full.") % {"names": names}
    )
    return ""


def address_of(form: DeskForm, prefix: str, day: date) -> AddressValue | None:
    """Return the address of the fields ``<prefix>_text`` and ``<prefix>_commune``.

    The written text ends with the commune's name, as on paper. None when both are empty; what is
    missing or unclear is noted in the form.
    """
    text_name, commune_name = f"{prefix}_text", f"{prefix}_commune"
    text = str(form.cleaned_data.get(text_name) or "").strip(" ,")
    if not text and not form.cleaned_data.get(commune_name):
        return None
    code = clean_commune(form, commune_name, day)
    if not code:
        if not form.cleaned_data.get(commune_name) and not form.has_error(commune_name):
            form.add_error(commune_name, _("Choose the ward or commune."))
        return None
    where = communes.words_of(code, day)
    written = text if text.endswith(where) else join_words(text, where)
    return AddressValue(text=written, unit_code=code, code_date=day)


def join_words(*parts: str) -> str:
    """Return the parts of an address that are there."""
    return ", ".join(part for part in parts if part)


def evidence_choices() -> list[tuple[str, object]]:
    """Return the kinds of evidence for a select."""
    return [
        ("", gettext_lazy("Choose the paper")),
        *((kind, gettext_lazy(EVIDENCE[kind])) for kind in CHOSEN_BY_HAND),
    ]


def evidence_kind_field(initial: str = "") -> forms.ChoiceField:
    """The kind of paper that a fact rests on."""
    return forms.ChoiceField(
        label=gettext_lazy("Kind of paper"), choices=evidence_choices, initial=initial
    )


def evidence_reference_field() -> forms.CharField:
    """The number by which the paper can be found again."""
    return forms.CharField(
        label=gettext_lazy("Number of the paper"),
        max_length=120,
        help_text=gettext_lazy("Number and place of issue, so that it can be found again."),
    )


def evidence_of(form: forms.Form) -> Evidence:
    """Return the evidence named in the form."""
    data = form.cleaned_data
    return Evidence(data["evidence_kind"], data["evidence_reference"].strip())


def despite_field() -> forms.CharField:
    """Why facts are so although they open a worse issue."""
    return forms.CharField(
        label=gettext_lazy("Why it is so all the same"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def day_field(label: Any = None, *, required: bool = True) -> DayField:
    """The day from which a fact holds."""
    return DayField(label=label or gettext_lazy("From the day"), required=required)
