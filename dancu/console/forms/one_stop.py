"""What is typed or scanned at a one-stop desk: dossier, citizen, and the steps that were taken."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.one_stop import PAPER, one_stop
from dancu.console.forms.base import DayField, ReadableForm, join, words_of_error
from dancu.kernel.errors import Invalid
from dancu.kernel.pid import is_valid
from dancu.onestop import card
from dancu.onestop.errors import CardUnreadable
from dancu.onestop.steps import LONGEST_NOTE
from dancu.onestop.types import Particulars, Reason, Taken
from dancu.population.validation import MAX_TEXT

_LINE = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class DossierForm(ReadableForm):
    """The number of the dossier, typed or scanned."""

    dossier = forms.CharField(
        label=gettext_lazy("Number of the dossier"),
        max_length=60,
        help_text=gettext_lazy("Scan the receipt, or type the number as it stands there."),
        widget=forms.TextInput(attrs=_LINE),
        error_messages={"required": gettext_lazy("Scan or type the number of the dossier.")},
    )


class CitizenForm(ReadableForm):
    """The card's QR code in one line, or the PID with the name or the date of birth."""

    card = forms.CharField(
        label=gettext_lazy("QR code of the card, or personal identification number"),
        max_length=card.LONGEST,
        help_text=gettext_lazy("With a scanner nothing else is needed."),
        widget=forms.TextInput(attrs=_LINE),
        error_messages={
            "required": gettext_lazy("Scan the QR code of the card, or type the number.")
        },
    )
    birth_date = DayField(
        label=gettext_lazy("Date of birth"),
        partial=True,
        required=False,
        help_text=gettext_lazy(
            "As the citizen says it: 02/01/1985. If only the year is known, type the name too."
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Full name"),
        required=False,
        max_length=MAX_TEXT,
        help_text=gettext_lazy("Instead of the date of birth; accents do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @property
    def is_scanned(self) -> bool:
        """Whether the line came from a scanner, which types the next card behind it."""
        return card.is_card(str(self.data.get("card", "")))

    def particulars(self) -> Particulars:
        """Return by what the citizen is known, of a valid form."""
        found = self.cleaned_data["particulars"]
        assert isinstance(found, Particulars)  # noqa: S101
        return found

    def clean(self) -> dict[str, Any]:
        """Read the card, or put together what was typed."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        line = str(data.get("card") or "").strip()
        if not line:
            return data
        if card.is_card(line):
            self._scan(line, data)
        else:
            self._take(line, data)
        return data

    def _scan(self, line: str, data: dict[str, Any]) -> None:
        try:
            data["particulars"] = card.read(line)
        except CardUnreadable as error:
            self.add_error("card", words_of_error(error))

    def _take(self, line: str, data: dict[str, Any]) -> None:
        pid = "".join(line.split())
        if not is_valid(pid):
            self.add_error(
                "card", _("A personal identification number has twelve digits, as on the card.")
            )
            return
        name, born = str(data.get("name") or "").strip() or None, data.get("birth_date")
        if name is None and born is None and not self.has_error("birth_date"):
            self.add_error(
                "birth_date", _("Ask for the date of birth or the name as well, and type it.")
            )
        data["particulars"] = Particulars(pid, name, born)


class StepsForm(ReadableForm):
    """Which step of Decree 104/2022 succeeded, and why those before it failed."""

    step = forms.TypedChoiceField(
        label=gettext_lazy("Which step gave the residence?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say at which step it succeeded.")},
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("Which paper was asked for?"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, day: date, language: str, **more: Any) -> None:
        """Take steps, reasons and papers as they hold on the day."""
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        self.rules = one_stop(day)
        self.language = language
        self._choose(
            "step", [(s.number, _numbered(s.number, s.label(language))) for s in self.steps]
        )
        self._choose("paper", [(n, p.label(language)) for n, p in self.rules.papers.items()])
        for step in self.failable:
            self._add_fields(step.number)
        self.order_fields([*(name for name in self.fields if name != "paper"), "paper"])

    @property
    def steps(self) -> Any:
        """The steps in their order."""
        return self.rules.steps

    @property
    def failable(self) -> list[Any]:
        """The steps that must have failed before a paper may be asked for."""
        return [step for step in self.rules.steps if step.number < PAPER]

    @property
    def failed_fields(self) -> list[dict[str, Any]]:
        """For each step that may fail: its words, and the two fields of it."""
        return [
            {
                "title": _numbered(step.number, step.label(self.language)),
                "law": step.legal_basis,
                "key": f"step-{step.number}",
                "reason": self[f"reason_{step.number}"],
                "note": self[f"note_{step.number}"],
            }
            for step in self.failable
        ]

    def without_marks(self) -> None:
        """Leave out the mark of optional fields where a step may make them needed. Once checked."""
        self.use_required_attribute = False
        for name, field in self.fields.items():
            field.required = field.required or not name.startswith("note_")

    def taken(self) -> Taken:
        """Return what the officer says, of a valid form."""
        data = self.cleaned_data
        reasons = [
            Reason(step.number, data[f"reason_{step.number}"], data[f"note_{step.number}"].strip())
            for step in self.failable
            if data[f"reason_{step.number}"] or data[f"note_{step.number}"].strip()
        ]
        return Taken(data["step"], tuple(reasons), data["paper"])

    def absorb(self, error: Invalid) -> None:
        """Show what lacks at the fields that it is about."""
        for one in error.field_errors:
            name = one.field if one.field in self.fields else None
            self.add_error(name, join(one.text(_), one.remedy_text(_)))

    def _add_fields(self, number: int) -> None:
        reasons = [(r.name, r.label(self.language)) for r in self.rules.reasons_of(number)]
        self.fields[f"reason_{number}"] = forms.ChoiceField(
            label=_("Why it failed"),
            required=False,
            choices=[("", _("It did not fail, or was not needed")), *reasons],
        )
        self.fields[f"note_{number}"] = forms.CharField(
            label=_("Note"),
            required=False,
            max_length=LONGEST_NOTE,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices


class WithdrawForm(ReadableForm):
    """Why an extract is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("For the file; whoever checks the paper learns only that."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SpanForm(ReadableForm):
    """Which days and which office a measure counts."""

    since = DayField(label=gettext_lazy("From"), required=False, help_text="")
    until = DayField(label=gettext_lazy("To"), required=False, help_text="")
    office = forms.ChoiceField(label=gettext_lazy("Office"), required=False)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **more: Any) -> None:
        """Offer the offices of the area."""
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("All")), *offices]

    def without_marks(self) -> None:
        """Leave out the mark of optional fields, as every filter is. Once validated."""
        self.use_required_attribute = False
        for field in self.fields.values():
            field.required = True


def _numbered(number: int, words: str) -> str:
    return _("%(number)s. %(words)s") % {"number": number, "words": words}
