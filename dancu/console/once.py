"""Forms that are carried out once: sent again, they lead to what they did the first time."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

FIELD = "once"
_KEY = "console_done"
_KEPT = 30


def new_token() -> str:
    """Return a token for one showing of a form."""
    return token_urlsafe(12)


def done_href(session: SessionBase, token: str) -> str:
    """Return where the form of this token led to; empty when it was not carried out yet."""
    done: dict[str, str] = session.get(_KEY, {})
    return done.get(token, "") if token else ""


def remember(session: SessionBase, token: str, href: str) -> None:
    """Note that the form of this token was carried out and where it led."""
    if not token:
        return
    done: dict[str, str] = session.get(_KEY, {})
    done[token] = href
    session[_KEY] = dict(list(done.items())[-_KEPT:])
