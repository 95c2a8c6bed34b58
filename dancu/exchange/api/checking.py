"""Whether a body fits its schema, and if not: which field, why, what to do.

The schema that the OpenAPI document shows is the one that is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson
from django.utils.translation import gettext_noop
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator

from dancu.exchange.api.errors import BodyUnreadable
from dancu.kernel.errors import FieldError, Invalid

_MOST_ERRORS = 50
_LONGEST_SHOWN = 60
_SCALES = {
    "maxLength": gettext_noop("It has more than %(limit)s characters."),
    "minLength": gettext_noop("It has fewer than %(limit)s characters."),
    "maxItems": gettext_noop("There are more than %(limit)s of them."),
    "minItems": gettext_noop("There are fewer than %(limit)s of them."),
    "maxProperties": gettext_noop("There are more than %(limit)s fields."),
    "minProperties": gettext_noop("There are fewer than %(limit)s fields."),
    "maximum": gettext_noop("It is more than %(limit)s."),
    "minimum": gettext_noop("It is less than %(limit)s."),
}


def read_json(body: bytes) -> Any:
    """Return the value of a JSON body. Raises ``BodyUnreadable``."""
    try:
        return orjson.loads(body)
    except ValueError:
        raise BodyUnreadable from None


def require(schema: Mapping[str, Any], value: Any) -> None:
    """Raise ``Invalid`` with every field of the value that does not fit the schema."""
    found = _validator(orjson.dumps(schema)).iter_errors(value)
    wrong: list[FieldError] = []
    for error in found:
        wrong.extend(_explained(error))
        if len(wrong) >= _MOST_ERRORS:
            break
    if wrong:
        raise Invalid(wrong)


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Validator:
    return Draft202012Validator(orjson.loads(schema))


def _explained(error: ValidationError) -> list[FieldError]:
    field = ".".join(map(str, error.absolute_path))
    keyword = str(error.validator)
    explain = _EXPLAIN.get(keyword)
    if explain is not None:
        return explain(error, field)
    if keyword in _SCALES:
        return [
            FieldError(
                field,
                "size",
                _SCALES[keyword],
                "See the OpenAPI document for what is taken.",
                {"limit": error.validator_value},
            )
        ]
    return [FieldError(field, "form", "It does not have the expected form.", _SEE)]


_SEE = "See the OpenAPI document for what is taken."


def _additional(error: ValidationError, field: str) -> list[FieldError]:
    known = set(error.schema.get("properties", ()))
    unknown = sorted(set(map(str, error.instance)) - known)
    return [
        FieldError(
            _below(field, name[:_LONGEST_SHOWN]),
            "unknown",
            "There is no such field.",
            "Leave it out, or correct its name: %(known)s.",
            {"known": ", ".join(sorted(known)) if len(known) <= 12 else "…"},  # noqa: PLR2004
        )
        for name in unknown
    ]


def _required(error: ValidationError, field: str) -> list[FieldError]:
    missing = [name for name in error.validator_value if name not in error.instance]
    return [
        FieldError(_below(field, name), "missing", "This field is missing.", "Send it.")
        for name in missing
    ][:1]


def _type(error: ValidationError, field: str) -> list[FieldError]:
    wanted = error.validator_value
    words = ", ".join([wanted] if isinstance(wanted, str) else wanted)
    return [
        FieldError(field, "type", "It must be of the JSON type %(type)s.", _SEE, {"type": words})
    ]


def _enum(error: ValidationError, field: str) -> list[FieldError]:
    allowed = error.validator_value
    values = allowed if isinstance(allowed, list) else [allowed]
    return [
        FieldError(
            field,
            "choice",
            "It must be one of: %(values)s.",
            "Choose one of them.",
            {"values": ", ".join(map(str, values))},
        )
    ]


def _pattern(error: ValidationError, field: str) -> list[FieldError]:
    return [
        FieldError(
            field,
            "form",
            "It does not have the form %(form)s.",
            _SEE,
            {"form": error.schema.get("description", error.validator_value)},
        )
    ]


def _choice(error: ValidationError, field: str) -> list[FieldError]:
    """Explain the branch that was meant: the one that fails deepest."""
    branches = error.context or ()
    if not branches:
        return [FieldError(field, "form", "It does not have the expected form.", _SEE)]
    meant: dict[Any, list[ValidationError]] = {}
    for one in branches:
        meant.setdefault(one.schema_path[0], []).append(one)
    best = min(
        meant.values(), key=lambda found: (any(e.validator == "const" for e in found), len(found))
    )
    return [explained for one in best for explained in _explained(one)]


_EXPLAIN: dict[str, Callable[[ValidationError, str], list[FieldError]]] = {
    "additionalProperties": _additional,
    "required": _required,
    "type": _type,
    "enum": _enum,
    "const": _enum,
    "pattern": _pattern,
    "oneOf": _choice,
    "anyOf": _choice,
}


def _below(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name
