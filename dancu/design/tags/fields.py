"""Fields of forms, their errors and their groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from dancu.design.attributes import html_name
from dancu.design.fields import Field, Kind, from_form, group, standalone
from dancu.design.tags import register
from dancu.design.values import Choice, Text
from dancu.kernel.dates import InvalidDate, format_vietnamese, parse_iso

FIELD = "design/elements/field.html"
#: As much as a date takes with blanks around its strokes.
DATE_LENGTH = 14


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary, with the field that it leads to."""

    message: Text
    field_id: str = ""
    remedy: Text = ""


@register.inclusion_tag(FIELD)
def field(
    bound: BoundField,
    *,
    label: Text = "",
    hint: Text = "",
    prefix: Text = "",
    suffix: Text = "",
    width: str = "",
    inline: bool = False,
    label_hidden: bool = False,
    **attrs: object,
) -> dict[str, object]:
    """A form's field with label, hint, errors and input, whatever its widget.

    ``width`` is "short", "medium" or "" (full); ``inline`` puts choices side by side; further
    keywords become attributes of the input (``hx_get`` → ``hx-get``).
    """
    shown = from_form(bound, hint=hint, attrs=_html(attrs))
    return {
        "field": replace(
            shown,
            label=label or shown.label,
            prefix=prefix,
            suffix=suffix,
            width=width,
            inline=inline,
            label_hidden=label_hidden,
        )
    }


def _html(attrs: dict[str, object]) -> dict[str, object]:
    return {html_name(name): value for name, value in attrs.items()}


def _errors(error: Text | Iterable[Text]) -> tuple[Text, ...]:
    if not error:
        return ()
    return tuple(error) if isinstance(error, list | tuple) else (str(error),)


@register.inclusion_tag(FIELD)
def input_field(
    name: str,
    label: Text,
    value: object = "",
    *,
    type: str = "text",  # noqa: A002
    hint: Text = "",
    error: Text | list[Text] = "",
    required: bool = False,
    prefix: Text = "",
    suffix: Text = "",
    width: str = "",
    label_hidden: bool = False,
    key: str = "",
    **attrs: object,
) -> dict[str, object]:
    """A text input without a form object. ``key`` is its id, ``id_<name>`` unless given."""
    draft = Field(
        id=key or f"id_{name}",
        label=label,
        kind="input",
        html=SafeString(""),
        hint=hint,
        errors=_errors(error),
        required=required,
        prefix=prefix,
        suffix=suffix,
        width=width,
        label_hidden=label_hidden,
    )
    widget = forms.TextInput()
    widget.input_type = type
    return {"field": standalone(draft, widget=widget, name=name, value=value, attrs=_html(attrs))}


@register.inclusion_tag(FIELD)
def textarea_field(
    name: str,
    label: Text,
    value: object = "",
    *,
    hint: Text = "",
    error: Text | list[Text] = "",
    required: bool = False,
    rows: int = 4,
    key: str = "",
    **attrs: object,
) -> dict[str, object]:
    """A text of several lines without a form object."""
    draft = _draft("textarea", name, label, hint, error, required=required, key=key)
    widget = forms.Textarea(attrs={"rows": rows})
    return {"field": standalone(draft, widget=widget, name=name, value=value, attrs=_html(attrs))}


@register.inclusion_tag(FIELD)
def select_field(
    name: str,
    label: Text,
    choices: Sequence[Choice],
    value: str = "",
    *,
    hint: Text = "",
    error: Text | list[Text] = "",
    required: bool = False,
    empty: Text = "",
    width: str = "",
    key: str = "",
    **attrs: object,
) -> dict[str, object]:
    """A select without a form object; ``empty`` is the words of a first, empty option."""
    draft = _draft("select", name, label, hint, error, required=required, key=key)
    options: list[tuple[str, Text]] = [("", empty)] if empty else []
    options += [(choice.value, choice.label) for choice in choices]
    chosen = value or next((choice.value for choice in choices if choice.selected), "")
    widget = forms.Select(choices=options)
    shown = standalone(draft, widget=widget, name=name, value=chosen, attrs=_html(attrs))
    return {"field": replace(shown, width=width)}


@register.inclusion_tag(FIELD)
def date_field(
    name: str,
    label: Text,
    value: str = "",
    *,
    hint: Text = "",
    error: Text | list[Text] = "",
    required: bool = False,
    key: str = "",
    **attrs: object,
) -> dict[str, object]:
    """A date typed as on paper, day/month/year, or month/year, or only the year."""
    default = gettext_lazy("Day, month, year: 02/01/1985 or 02011985. Or only the year: 1985.")
    draft = _draft("input", name, label, hint or default, error, required=required, key=key)
    given = {
        "inputmode": "numeric",
        "maxlength": DATE_LENGTH,
        "autocomplete": "off",
        "data-date": True,
    }
    widget = forms.TextInput()
    shown = standalone(
        draft, widget=widget, name=name, value=value, attrs={**given, **_html(attrs)}
    )
    return {"field": replace(shown, width="short")}


@register.inclusion_tag(FIELD)
def checkbox_field(
    name: str,
    label: Text,
    *,
    checked: bool = False,
    value: str = "on",
    hint: Text = "",
    error: Text | list[Text] = "",
    required: bool = False,
    key: str = "",
    **attrs: object,
) -> dict[str, object]:
    """One checkbox without a form object."""
    draft = _draft("checkbox", name, label, hint, error, required=required, key=key)
    widget = forms.CheckboxInput()
    given = {"value": value, **_html(attrs)}
    return {"field": standalone(draft, widget=widget, name=name, value=checked, attrs=given)}


@register.inclusion_tag(FIELD)
def choices_field(
    name: str,
    legend: Text,
    choices: Sequence[Choice],
    *,
    several: bool = False,
    hint: Text = "",
    error: Text | list[Text] = "",
    required: bool = True,
    inline: bool = False,
    key: str = "",
) -> dict[str, object]:
    """A group of radio buttons, or checkboxes when ``several`` may be chosen."""
    draft = _draft("choices", name, legend, hint, error, required=required, key=key)
    shown = group(replace(draft, inline=inline), name=name, choices=choices, several=several)
    return {"field": shown}


@register.inclusion_tag(FIELD)
def upload_field(
    name: str,
    label: Text,
    *,
    accept: str = "",
    multiple: bool = False,
    hint: Text = "",
    error: Text | list[Text] = "",
    required: bool = False,
    key: str = "",
    **attrs: object,
) -> dict[str, object]:
    """A file from the device; on a phone also the camera. The form needs multipart/form-data."""
    draft = _draft("file", name, label, hint, error, required=required, key=key)
    given = {"accept": accept or None, "multiple": multiple, **_html(attrs)}
    return {
        "field": standalone(draft, widget=forms.FileInput(), name=name, value=None, attrs=given)
    }


def _draft(
    kind: Kind,
    name: str,
    label: Text,
    hint: Text,
    error: Text | list[Text],
    *,
    required: bool,
    key: str,
) -> Field:
    return Field(
        id=key or f"id_{name}",
        label=label,
        kind=kind,
        html=SafeString(""),
        hint=hint,
        errors=_errors(error),
        required=required,
    )


@register.inclusion_tag("design/elements/date_slider.html")
def date_slider(
    label: Text,
    *,
    name: str = "at",
    value: str = "",
    min: str,  # noqa: A002
    max: str,  # noqa: A002
    action: str = "",
    button: Text = "",
    target: str = "",
    key: str = "slider",
    error: Text = "",
) -> dict[str, object]:
    """Chooses a day between ``min`` and ``max`` (ISO): a field, and a slider where scripts run.

    The day is shown and sent day first, as it is typed; ``value`` may be what was typed. The form
    is a GET to ``action`` with ``?name=<day>``. With ``target`` (CSS selectors, comma between) the
    answer's elements of these replace those on the page while the slider moves.
    """
    return {
        "label": label,
        "name": name,
        "value": _day_first(value or max),
        "min": min,
        "max": max,
        "action": action,
        "button_label": button,
        "target": target,
        "key": key,
        "error": error,
    }


def _day_first(day: str) -> str:
    try:
        return format_vietnamese(parse_iso(day))
    except InvalidDate:
        return day


@register.inclusion_tag("design/elements/error_summary.html")
def error_summary(*sources: object, title: Text = "") -> dict[str, object]:
    """What is wrong with a form, each line leading to its field; nothing when nothing is.

    ``sources``: forms, or lists of field errors (anything with ``field``, ``message`` and
    perhaps ``remedy``, as ``dancu.kernel.errors.FieldError``), or of plain words.
    """
    problems = [problem for source in sources for problem in _problems(source)]
    return {"problems": problems, "title": title}


def _problems(source: object) -> list[Problem]:
    if isinstance(source, forms.BaseForm):
        return _form_problems(source)
    if isinstance(source, Iterable) and not isinstance(source, str):
        return [_problem(entry) for entry in source]
    return [_problem(source)] if source else []


def _form_problems(form: forms.BaseForm) -> list[Problem]:
    if not form.is_bound:
        return []
    problems = [Problem(str(message)) for message in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or str(bound.auto_id)
        problems += [Problem(str(message), target) for message in bound.errors]
    return problems


def _problem(entry: object) -> Problem:
    name = getattr(entry, "field", "")
    return Problem(
        message=getattr(entry, "message", None) or str(entry),
        field_id=f"id_{name}" if name else "",
        remedy=getattr(entry, "remedy", "") or "",
    )
