"""Sending in a decision on the map."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class DecisionFileForm(forms.Form):
    """The decision file."""

    file = forms.FileField(
        label=gettext_lazy("Decision file"),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty. Check that it was copied whole."),
        },
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
    )
