"""What somebody with an extract in hand types or sends in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.onestop.checking import LARGEST_FILE
from dancu.onestop.contents import FIGURES, label_of

_LINE = {"autocomplete": "off", "spellcheck": "false"}


class NumberForm(forms.Form):
    """Number and check code, as they stand beside the QR code."""

    number = forms.CharField(
        label=gettext_lazy("Number of the extract"),
        max_length=60,
        help_text=gettext_lazy("At the top of the paper, for example TL-MC-26740-261122-0001."),
        widget=forms.TextInput(attrs=_LINE),
    )
    c = forms.CharField(
        label=gettext_lazy("Check code"),
        max_length=40,
        help_text=gettext_lazy("Beside the QR code; capitals and dashes do not matter."),
        widget=forms.TextInput(attrs=_LINE),
    )


class FiguresForm(forms.Form):
    """Single figures of the paper, compared with what was signed."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offer each figure that may be compared."""
        more.setdefault("label_suffix", "")
        super().__init__(*args, **more)
        language = get_language() or "vi"
        for name in FIGURES:
            self.fields[name] = forms.CharField(
                label=label_of(name, language),
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs=_LINE),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one figure."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(str(value).strip() for value in data.values()):
            raise forms.ValidationError(_("Type at least one figure of the paper."))
        return data

    def without_marks(self) -> None:
        """Leave out the mark of optional fields, as every one of them is."""
        self.use_required_attribute = False
        for field in self.fields.values():
            field.required = True


class TextForm(forms.Form):
    """The PDF, or the signed text that lies in it."""

    file = forms.FileField(
        label=gettext_lazy("The extract as PDF"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or the signed text"),
        required=False,
        max_length=100_000,
        help_text=gettext_lazy("From the file trich-luc.jws, which lies in the PDF."),
        widget=forms.Textarea(attrs={"rows": 4, **_LINE}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two, and for no file that cannot be an extract."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        file = data.get("file")
        if file is not None and file.size > LARGEST_FILE:
            self.add_error("file", _("An extract is much smaller. Choose the PDF of the extract."))
        elif not file and not str(data.get("text") or "").strip() and not self.errors:
            self.add_error("file", _("Choose the PDF, or paste the signed text."))
        return data
