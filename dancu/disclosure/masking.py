"""How a value is shown to somebody who may know that it is there, but not all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.kernel import pid as pids

if TYPE_CHECKING:
    from dancu.catalogue.types import Attribute, Mask

HIDDEN = "••••••"
STARS = "****"
#: A tail is shown of texts from this length on: (length, characters shown).
_TAILS = ((8, 3), (5, 2))


def is_masked_by(entry: Attribute) -> bool:
    """Say whether the attribute has anything to mask."""
    return entry.mask != "none"


def masked(  # noqa: PLR0911 - one line for each way of masking
    mask: Mask, value: object, *, area: str = ""
) -> object:
    """Return what may be shown of a value; lists are masked one by one.

    ``area`` is the name of the commune of an address: all that is shown of it. A hidden value
    looks the same whatever it is, also when it is known that there is none.
    """
    if mask == "none":
        return value
    if mask == "hide":
        return HIDDEN
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return ", ".join(str(masked(mask, one)) for one in value)
    if area:
        return f"{STARS}, {area}"
    text = str(value)
    if mask == "pid":
        return mask_number(text)
    return initials(text) if mask == "name" else tail(text)


def mask_number(text: str) -> str:
    """Return a PID as ``001*******15``; of other numbers only the last two digits."""
    if pids.is_valid(text):
        return pids.mask(text)
    return STARS + text[-2:] if len(text) > _TAILS[1][0] else STARS


def initials(name: str) -> str:
    """Return the first letters of a name: ``N. V. A.``."""
    return " ".join(f"{word[0]}." for word in name.split())


def tail(text: str) -> str:
    """Return the last two or three characters of a long text, none of a short one.

    Of an e-mail address the part behind the @ is shown. The length stays hidden.
    """
    name, at, domain = text.rpartition("@")
    if at and name and domain:
        return f"{STARS}@{domain}"
    shown = next((count for length, count in _TAILS if len(text) >= length), 0)
    return STARS + text[len(text) - shown :]
