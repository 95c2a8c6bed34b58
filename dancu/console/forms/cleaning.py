"""Forms of the workbench: the file, what its columns mean, and the question to the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.catalogue.contracts import Contract
from dancu.cleaning.meanings import meaning_words, meanings
from dancu.cleaning.profile import ColumnProfile
from dancu.console.forms.exchange import ACCEPTED, ColumnField, contract_choices, require_each_once
from dancu.console.forms.uploads import UploadForm


class CleanForm(UploadForm):
    """The file, and the recipe of a former one."""

    recipe = forms.FileField(
        label=gettext_lazy("Recipe of a former cleaning"),
        required=False,
        help_text=gettext_lazy("What you decided last month is decided again."),
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )

    other = forms.FileField(
        label=gettext_lazy("A second file to find these people in"),
        required=False,
        help_text=gettext_lazy("A list of another class, office or year; who is in both is told."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, can_link: bool, **options: Any) -> None:
        """Take Parquet too, and a second file where people can be found in it."""
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED
        if not can_link:
            del self.fields["other"]


class MeaningsForm(forms.Form):
    """What each column means."""

    use_required_attribute = False

    def __init__(self, *args: Any, profiles: Sequence[ColumnProfile], **options: Any) -> None:
        """Add a field for each column."""
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        choices = [("", _("Nothing that is checked")), *[(m, meaning_words(m)) for m in meanings()]]
        self.names = [f"column_{place}" for place in range(len(profiles))]
        for name, one in zip(self.names, profiles, strict=True):
            self.fields[name] = ColumnField(
                label=one.column.title or _("(no title)"),
                choices=choices,
                initial=one.column.meaning,
            )

    @property
    def meanings(self) -> list[str]:
        """What each column means, in order."""
        return [self.cleaned_data[name] for name in self.names]

    def clean(self) -> dict[str, Any]:
        """Require that no meaning is given twice."""
        data = super().clean() or self.cleaned_data
        require_each_once(self, self.names)
        return data


class CompareForm(forms.Form):
    """Under which contract and for which purpose the register is asked."""

    contract = forms.ChoiceField(
        label=gettext_lazy("Contract"),
        help_text=gettext_lazy("It says what may be asked, and how many people a day."),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"))
    case = forms.CharField(
        label=gettext_lazy("Number of the dossier"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("It stands in the access records of everybody asked about."),
    )

    def __init__(
        self, *args: Any, contracts: Sequence[Contract], language: str, **options: Any
    ) -> None:
        """Offer the contracts and their purposes."""
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        self._contracts = {one.name: one for one in contracts}
        contract, purpose = self.fields["contract"], self.fields["purpose"]
        assert isinstance(contract, forms.ChoiceField)  # noqa: S101
        assert isinstance(purpose, forms.ChoiceField)  # noqa: S101
        contract.choices = contract_choices(contracts, language)
        purposes = {
            name: found.label(language) for one in contracts for name, found in one.purposes.items()
        }
        listed = list(purposes.items())
        purpose.choices = listed if len(listed) == 1 else [("", _("Choose")), *listed]

    def clean(self) -> dict[str, Any]:
        """Require a purpose of the contract."""
        data = super().clean() or self.cleaned_data
        contract, purpose = data.get("contract"), data.get("purpose")
        if contract and purpose and purpose not in self._contracts[contract].purposes:
            self.add_error("purpose", _("This contract does not have this purpose."))
        return data
