"""Choosing the case: what for, and under which number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.types import Purpose

_NEEDS = {
    "required": gettext_lazy("needs a case number"),
    "optional": gettext_lazy("case number optional"),
    "none": gettext_lazy("no case number"),
}
_REACH = {
    "presented": gettext_lazy("for somebody from anywhere who stands before you with papers"),
    "country": gettext_lazy("the whole country"),
}


class CaseForm(forms.Form):
    """Purpose and number of a case; the purposes are those of the officer's roles."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose of access"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you look at people for.")},
    )
    case = forms.CharField(
        label=gettext_lazy("Case number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, purposes: Sequence[Purpose], language: str, **more: Any) -> None:
        """Take the purposes to choose from."""
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        self.purposes = {one.name: one for one in purposes}
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(one.name, one.label(language)) for one in purposes]
        self.fields["case"].help_text = number_hint(purposes, language)

    def without_mark(self) -> None:
        """Leave out the mark of an optional field: whether it is, depends on the purpose.

        Once validated, for the form would then require it.
        """
        self.use_required_attribute = False
        self.fields["case"].required = True

    def clean(self) -> dict[str, Any]:
        """Ask for the number where the purpose needs one."""
        data = super().clean() or self.cleaned_data
        purpose = self.purposes.get(data.get("purpose", ""))
        if purpose and purpose.case_number == "required" and not data.get("case", "").strip():
            self.add_error(
                "case",
                _("This purpose needs a case number. Enter that of the dossier you work on."),
            )
        return data


def number_hint(purposes: Sequence[Purpose], language: str) -> str:
    """Say which number is meant, and for which purposes it may be left out."""
    words = _("Number of the dossier or document that you work on.")
    free = [one.label(language) for one in purposes if one.case_number != "required"]
    if not free:
        return words
    return f"{words} {_('Not needed for: %(purposes)s.') % {'purposes': '; '.join(free)}}"


def hint_of(purpose: Purpose) -> str:
    """Return what an officer should know of a purpose before choosing it."""
    parts = [purpose.legal_basis, str(_NEEDS[purpose.case_number])]
    if reach := _REACH.get(purpose.scope):
        parts.append(str(reach))
    return " · ".join(parts)
