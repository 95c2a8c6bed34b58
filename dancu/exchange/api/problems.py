"""Errors as replies: problem details (RFC 9457) with the headers that belong to them."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from dancu.exchange.api.types import JSON, PROBLEM, Reply
from dancu.exchange.errors import ClauseRefused, QuotaUsedUp
from dancu.exchange.oauth.errors import OAuthError, TokenProblem
from dancu.exchange.quotas import reset_after
from dancu.kernel.clock import system_clock
from dancu.kernel.errors import DancuError, problem
from dancu.operation.config import current

#: Seconds after which somebody who was sent away may come back.
RETRY_AFTER = 1
_WAIT = (429, 503)
_UNAUTHORISED = 401


def reply(error: DancuError, *, request_id: str, language: str, allowed: str = "") -> Reply:
    """Return the reply that tells of an error in the reader's language."""
    with translation.override(language):
        body = problem(error, f"urn:dancu:request:{request_id}", language, gettext)
    body |= _more(error)
    media = PROBLEM
    if isinstance(error, OAuthError):
        # RFC 6749 §5.2 wants these members and application/json; the rest are extensions.
        body |= {"error": error.oauth_error, "error_description": _ascii(error)}
        media = JSON
    return Reply(body, error.http_status, media, _headers(error, language, allowed))


def language_of(accepted: str | None) -> str:
    """Return the language for an Accept-Language header: Vietnamese unless another is asked for."""
    for part in (accepted or "").split(","):
        code = part.split(";", 1)[0].strip().lower().split("-", 1)[0]
        if code in {"vi", "en"}:
            return code
    return "vi"


def _more(error: DancuError) -> dict[str, Any]:
    if isinstance(error, ClauseRefused):
        return {"contract": error.contract, "clause": error.clause}
    return {}


def _headers(error: DancuError, language: str, allowed: str) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", "Content-Language": language}
    if error.http_status in _WAIT:
        headers["Retry-After"] = str(_seconds(error))
    if error.http_status == _UNAUTHORISED:
        headers["WWW-Authenticate"] = _challenge(error)
    if allowed:
        headers["Allow"] = allowed
    return headers


def _seconds(error: DancuError) -> int:
    """Return after how many seconds to come back: at midnight when the day's records are used."""
    if not isinstance(error, QuotaUsedUp):
        return RETRY_AFTER
    at = system_clock.now()
    return int((reset_after(at) - at).total_seconds()) + 1


def _challenge(error: DancuError) -> str:
    words = 'Bearer realm="dancu exchange"'
    name = error.oauth_error if isinstance(error, TokenProblem) else ""
    if name:
        words += f', error="{name}", error_description="{_ascii(error)}"'
    return words


def _ascii(error: DancuError) -> str:
    with translation.override("en"):
        text = error.text()
    return "".join(c for c in text if " " <= c <= "~" and c not in '"\\')


def public_address() -> str:
    """Return the address of the exchange as agencies know it; empty when not configured."""
    return current().exchange.address.rstrip("/")
