"""A JSON schema as rows that people can read: path, type, limits, meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.developers.types import SchemaRow

Schema = Mapping[str, Any]
#: An object with more members than this is told of as a whole.
_MOST_MEMBERS = 40
_TYPES: dict[str, str | Promise] = {
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "boolean": gettext_lazy("true or false"),
    "array": gettext_lazy("list"),
    "object": gettext_lazy("object"),
    "null": gettext_lazy("null"),
}
_FORMATS: dict[str, str | Promise] = {
    "date": gettext_lazy("day (2026-11-22)"),
    "date-time": gettext_lazy("moment"),
    "binary": gettext_lazy("file"),
}


def rows(schema: Schema) -> list[SchemaRow]:
    """Return the members of a value, outermost first; one row for a value that has none."""
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, Mapping):
        found = list(_members(items, "[]"))
    else:
        found = list(_members(schema, ""))
    return found or [_row("", schema, is_required=True)]


def _members(schema: Schema, prefix: str) -> Iterator[SchemaRow]:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    if len(properties) > _MOST_MEMBERS:
        yield _of_many(prefix, properties)
        return
    required = set(schema.get("required", ()))
    for name, below in properties.items():
        path = f"{prefix}.{name}" if prefix else name
        yield _row(path, below, is_required=name in required)
        yield from _below(below, path)


def _below(schema: Schema, path: str) -> Iterator[SchemaRow]:
    """Yield what lies within a member: of an object, of each item, of each branch."""
    items = schema.get("items")
    if isinstance(items, Mapping):
        for branch in items.get("oneOf", (items,)):
            yield from _members(branch, f"{path}[]")
    elif "oneOf" in schema:
        for branch in schema["oneOf"]:
            yield from _members(branch, path)
    else:
        yield from _members(schema, path)
    more = schema.get("additionalProperties")
    if isinstance(more, Mapping):
        yield from _members(more, f"{path}.*")


def _of_many(prefix: str, properties: Mapping[str, Schema]) -> SchemaRow:
    first = next(iter(properties.values()))
    text = _("One of the %(count)s attributes of the data dictionary.") % {"count": len(properties)}
    return SchemaRow(f"{prefix}.*" if prefix else "*", kind_of(first), text)


def _row(path: str, schema: Schema, *, is_required: bool) -> SchemaRow:
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else ())
    if not values and isinstance(items := schema.get("items"), Mapping):
        values = items.get("enum", ())
    return SchemaRow(
        path=path,
        kind=kind_of(schema),
        text=_text(schema),
        is_required=is_required,
        values=tuple(map(str, values)),
    )


def _text(schema: Schema) -> str:
    text = str(schema.get("description", ""))
    return _(text) if text else ""


def kind_of(schema: Schema) -> str:
    """Return the type of a value in words, with its limits."""
    if "anyOf" in schema:
        return _(" or ").join(kind_of(one) for one in schema["anyOf"])
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return _(" or ").join(_name({"type": one}) for one in kind)
    words = [_name(schema), *_limits(schema)]
    return ", ".join(word for word in words if word)


def _name(schema: Schema) -> str:
    kind, form = schema.get("type", ""), schema.get("format", "")
    if kind == "string" and form:
        return str(_FORMATS.get(form, _TYPES["string"]))
    return str(_TYPES.get(kind, _("any value")))


def _limits(schema: Schema) -> Iterator[str]:
    if "maxLength" in schema:
        yield _("up to %(most)s characters") % {"most": _grouped(schema["maxLength"])}
    if "maxItems" in schema:
        yield _("up to %(most)s of them") % {"most": _grouped(schema["maxItems"])}
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        yield _("from %(least)s to %(most)s") % {"least": least, "most": _grouped(most)}
    elif least:
        yield _("%(least)s or more") % {"least": least}


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def sample(schema: Schema) -> Any:
    """Return a value that fits a schema, to show what an answer looks like."""
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return sample(schema[choice][0])
    kind = schema.get("type", "object")
    return _sample_of(kind[0] if isinstance(kind, list) else kind, schema)


def _sample_of(kind: str, schema: Schema) -> Any:
    match kind:
        case "object":
            found = {name: sample(one) for name, one in schema.get("properties", {}).items()}
            more = schema.get("additionalProperties")
            if isinstance(more, Mapping) and not found:
                found["…"] = sample(more)
            return found
        case "array":
            items = schema.get("items")
            return [sample(items)] if isinstance(items, Mapping) else []
        case "integer":
            return schema.get("minimum", 0) or 1
        case "boolean":
            return True
        case _:
            formats = {"date": "2026-11-22", "date-time": "2026-11-22T09:00:00+07:00"}
            return formats.get(schema.get("format", ""), "…")
