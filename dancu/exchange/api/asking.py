"""Who asks, as headers tell: X-Road's headers, the idempotency key, a wish for a signature."""

from __future__ import annotations

from collections.abc import Callable, Container
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from dancu.exchange.api.errors import HeaderUnusable
from dancu.exchange.oauth.errors import XRoadClientWrong
from dancu.exchange.types import Caller

#: How to ask for a header by its lower-case name.
Header = Callable[[str], str | None]

KEY = "idempotency-key"
#: In place of a value that is no text. Granian leaves such headers out: then whoever sent a key
#: would be asked twice for want of it, and nobody would stand in the record for an officer.
UNREADABLE = "\x80"
_MOST_KEY = 255
#: As many characters of the agency's number of a request are kept.
_MOST_NUMBER = 100
#: Header → the most characters it may have.
_LIMITS = {"x-road-client": 255, "x-road-id": 100, "x-road-userid": 100, "x-road-issue": 60}
_WATCHED = (KEY, *_LIMITS)
_ECHOED = (("x-road-client", "X-Road-Client"), ("x-road-id", "X-Road-Id"))


def caller_with(caller: Caller, header: Header, *, registered: str) -> Caller:
    """Return the caller with what X-Road's headers and the idempotency key add.

    ``registered`` is the X-Road client that this one must be; empty: any. Raises
    ``HeaderUnusable`` and ``XRoadClientWrong``.
    """
    member = _checked(header, "x-road-client")
    if registered and member and member.strip("/") != registered.strip("/"):
        raise XRoadClientWrong(given=member)
    key = idempotency_key(header)
    number = _checked(header, "x-road-id")
    user = _checked(header, "x-road-userid")
    issue = _checked(header, "x-road-issue")
    if not (key or number or user or issue):
        return caller
    return Caller(
        caller.client_id, caller.client, caller.contract, user, _number_of(key) or number, issue
    )


def unreadable(known: Container[str], sent: Container[str]) -> list[str]:
    """Return the headers of ours that were sent and not read; names in lower case."""
    return [name for name in _WATCHED if name not in known and name in sent]


def _number_of(key: str) -> str:
    """Return a key as a number of the request: a long one by its hash, so that it stays unique."""
    return key if len(key) <= _MOST_NUMBER else f"sha256:{sha256(key.encode()).hexdigest()}"


def idempotency_key(header: Header) -> str:
    """Return the idempotency key, or nothing. Raises ``HeaderUnusable``."""
    key = header(KEY)
    if key is None:
        return ""
    if not 0 < len(key) <= _MOST_KEY or not _is_visible(key):
        raise HeaderUnusable(name="Idempotency-Key", why=_("1 to 255 visible ASCII characters"))
    return key


def wants_signature(header: Header) -> bool:
    """Say whether the answer is asked for as a JWS."""
    accept, prefer = header("accept"), header("prefer")
    wishes = prefer.replace(" ", "").split(",") if prefer else ()
    return bool(accept and "application/jose" in accept) or "signed" in wishes


def echoed(header: Header) -> dict[str, str]:
    """Return the X-Road headers that go back with the answer."""
    return {name: value for lower, name in _ECHOED if (value := header(lower))}


def _checked(header: Header, name: str) -> str:
    value = header(name)
    if not value:
        return ""
    if len(value) > _LIMITS[name] or not _is_visible(value):
        raise HeaderUnusable(
            name="-".join(part.capitalize() for part in name.split("-")),
            why=_("too long, or not visible ASCII characters"),
        )
    return value


def _is_visible(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
