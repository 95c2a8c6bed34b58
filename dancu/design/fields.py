"""From a form's field, or from plain words, to what the field element shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dancu.design.attributes import attributes
from dancu.design.values import Choice, Text

Kind = Literal["input", "textarea", "select", "file", "checkbox", "choices"]


@dataclass(frozen=True, slots=True)
class Option:
    """One radio button or checkbox of a group, its input already HTML."""

    html: SafeString
    label: Text
    id: str
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as shown: its input as HTML, and all the words around it."""

    id: str
    label: Text
    kind: Kind
    html: SafeString
    hint: Text = ""
    errors: tuple[Text, ...] = ()
    required: bool = False
    prefix: Text = ""
    suffix: Text = ""
    options: tuple[Option, ...] = ()
    inline: bool = False
    label_hidden: bool = False
    hidden: bool = False
    width: str = ""

    @property
    def hint_id(self) -> str:
        return f"{self.id}_hint"

    @property
    def error_id(self) -> str:
        return f"{self.id}_error"


def from_form(bound: BoundField, *, hint: Text, attrs: Mapping[str, object]) -> Field:
    """The field element of a form's field. ``hint`` replaces the field's help text."""
    widget = bound.field.widget
    field_id = bound.id_for_label or bound.auto_id or bound.name
    kind = _kind(widget)
    draft = Field(
        id=str(bound.auto_id or field_id),
        label=bound.label,
        kind=kind,
        html=SafeString(""),
        hint=hint or bound.help_text,
        errors=tuple(str(message) for message in bound.errors),
        required=bound.field.required,
        hidden=bound.is_hidden,
    )
    extra = {**attrs, **_links(draft)}
    if kind == "choices":
        return replace(draft, options=tuple(_options(bound)))
    css = f"{_css(kind)} {widget.attrs.get('class', '')}".strip()
    given = cast("dict[str, str | bool]", {"class": css, **extra})
    return replace(draft, html=bound.as_widget(attrs=given))


def standalone(
    draft: Field,
    *,
    widget: forms.Widget,
    name: str,
    value: object,
    attrs: Mapping[str, object],
) -> Field:
    """A field without a form: ``draft`` with its input rendered by ``widget``."""
    given: dict[str, object] = {"required": True} if draft.required else {}
    extra = {"id": draft.id, "class": _css(draft.kind), **given, **attrs, **_links(draft)}
    return replace(draft, html=widget.render(name, value, attrs=extra))


def group(draft: Field, *, name: str, choices: Sequence[Choice], several: bool) -> Field:
    """A group of radio buttons, or of checkboxes when ``several`` may be chosen."""
    kind = "checkbox" if several else "radio"
    options = []
    for number, choice in enumerate(choices):
        key = f"{draft.id}_{number}"
        attrs = attributes(
            {
                "id": key,
                "checked": choice.selected,
                "disabled": choice.disabled,
                "aria_describedby": f"{key}_hint" if choice.hint else "",
            }
        )
        html = format_html(
            '<input type="{}" name="{}" value="{}"{}>', kind, name, choice.value, attrs
        )
        options.append(Option(html, choice.label, key, choice.hint))
    return replace(draft, options=tuple(options))


def _kind(widget: forms.Widget) -> Kind:
    table: tuple[tuple[type[forms.Widget], Kind], ...] = (
        (forms.CheckboxSelectMultiple, "choices"),
        (forms.RadioSelect, "choices"),
        (forms.CheckboxInput, "checkbox"),
        (forms.Select, "select"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
    )
    return next((kind for cls, kind in table if isinstance(widget, cls)), "input")


def _css(kind: Kind) -> str:
    names = {"checkbox": "choice__input", "choices": "choice__input", "file": "input input--file"}
    return names.get(kind, f"input input--{kind}" if kind != "input" else "input")


def _links(draft: Field) -> dict[str, object]:
    """ARIA links from the input to its hint and its errors."""
    described = [draft.hint_id] if draft.hint else []
    described += [draft.error_id] if draft.errors else []
    links: dict[str, object] = {}
    if described:
        links["aria-describedby"] = " ".join(described)
    if draft.errors:
        links["aria-invalid"] = "true"
    return links


def _options(bound: BoundField) -> list[Option]:
    return [Option(sub.tag(), sub.choice_label, sub.id_for_label) for sub in bound.subwidgets]
