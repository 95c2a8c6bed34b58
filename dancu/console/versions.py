"""Which state of a record a form was filled in against, so that nobody's change is lost."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from dancu.kernel.errors import FieldError, Invalid
from dancu.population import services as register

#: The longest number that PostgreSQL counts with has so many digits.
_LONGEST = 19
#: Field and version, as a form hides them.
Hidden = list[tuple[str, str]]


def field_of(person_id: int) -> str:
    """Return the hidden field in which a form keeps the version of a person."""
    return f"version_{person_id}"


def hidden(request: HttpRequest, person_ids: Iterable[int]) -> Hidden:
    """Return the versions that were current when the form was first shown."""
    return kept(request, newest(person_ids))


def kept(request: HttpRequest, read: Hidden) -> Hidden:
    """Return the versions that a form was sent with; where it has none, those read for it.

    They are read before the values: whatever is said in between then counts as not yet seen.
    """
    sent = ((field, newest, request.POST.get(field, "")) for field, newest in read)
    return [
        (field, text if _is_version(text, int(newest)) else newest) for field, newest, text in sent
    ]


def newest(person_ids: Iterable[int]) -> Hidden:
    """Return the versions as they are now, for a form that was overtaken and is shown anew."""
    return [(field_of(key), str(_newest(key))) for key in person_ids]


def required(request: HttpRequest, person_ids: Iterable[int]) -> dict[int, int]:
    """Return the version of each person that the form was filled in against.

    Raises ``Invalid`` when it does not say so, or names one that there is not.
    """
    found = {key: _seen(request, key) for key in person_ids}
    if None in found.values():
        raise Invalid(
            [
                FieldError(
                    "version",
                    "version-missing",
                    "This form does not say which state of the record it was filled in for, "
                    "so nothing was written.",
                    "Compare with what the register holds now, then send the form again.",
                )
            ]
        )
    return {key: version for key, version in found.items() if version is not None}


def _seen(request: HttpRequest, person_id: int) -> int | None:
    text = request.POST.get(field_of(person_id), "")
    return int(text) if _is_version(text, _newest(person_id)) else None


def _is_version(text: str, newest: int) -> bool:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    return is_number and int(text) <= newest


def _newest(person_id: int) -> int:
    return register.version_of(person_id)
