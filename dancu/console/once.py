"""Forms that are carried out once: sent again, they lead to what they did the first time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

FIELD = "once"
_KEY = "console_done"
_KEPT = 30


def new_token() -> str:
    """Return a token for one showing of a form."""
    return token_urlsafe(12)


@contextmanager
def turn(session: SessionBase, token: str) -> Iterator[None]:
    """Let one sending of a form through at a time, and show each what the one before it did.

    A double click arrives twice before either is carried out; the second waits here.
    """
    if not token or not session.session_key:
        yield
        return
    digest = blake2b(f"{session.session_key}/{token}".encode(), digest_size=8).digest()
    lock = int.from_bytes(digest, "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock])
    try:
        stored = type(session)(session.session_key).load()
        if _KEY in stored:
            session[_KEY] = stored[_KEY]
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def done_href(session: SessionBase, token: str) -> str:
    """Return where the form of this token led to; empty when it was not carried out yet."""
    done: dict[str, str] = session.get(_KEY, {})
    return done.get(token, "") if token else ""


def remember(session: SessionBase, token: str, href: str) -> None:
    """Note, for whoever sends the same form next, that it was carried out and where it led."""
    if not token:
        return
    done: dict[str, str] = session.get(_KEY, {})
    done[token] = href
    session[_KEY] = dict(list(done.items())[-_KEPT:])
    session.save()
