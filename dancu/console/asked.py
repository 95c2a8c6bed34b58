"""What somebody asked for, kept in the session for a time, so that no address tells it.

A number in an address stays behind in the browser's history and in the logs of every proxy. A
search is therefore sent as a form, and the address of what it found holds a token that leads to it
in this session only: going back and turning the page work as ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

PARAM = "s"
KEY = "console_asked"
#: A working day.
LASTS = timedelta(hours=8)
KEPT = 20
_TOKEN = re.compile(r"[\w-]{12}", re.ASCII)


def new_token() -> str:
    """Return a token under which nothing is kept yet."""
    return token_urlsafe(9)


def given(data: QueryDict, names: Iterable[str]) -> dict[str, str]:
    """Return the answers of a form that are filled in."""
    return {name: text for name in names if (text := str(data.get(name, ""))).strip()}


def keep(
    session: SessionBase, path: str, criteria: Mapping[str, str], *, at: datetime, token: str = ""
) -> str:
    """Keep what was asked on a page and return its token; under a token of the page it is new."""
    key = token if _TOKEN.fullmatch(token) else new_token()
    kept: dict[str, Any] = dict(session.get(KEY, {}))
    kept.pop(key, None)
    kept[key] = {"path": path, "at": at.isoformat(), "criteria": dict(criteria)}
    session[KEY] = dict(list(kept.items())[-KEPT:])
    return key


def recall(session: SessionBase, path: str, token: str, *, at: datetime) -> dict[str, str] | None:
    """Return what was asked on a page under a token; None when it is not kept, or no longer."""
    found = session.get(KEY, {}).get(token)
    if not found or found["path"] != path:
        return None
    is_over = datetime.fromisoformat(found["at"]) + LASTS < at
    return None if is_over else dict(found["criteria"])


def address(path: str, token: str) -> str:
    """Return the address of a page with what was asked on it."""
    return f"{path}?{urlencode({PARAM: token})}"
