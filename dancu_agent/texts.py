"""The agent's words in two languages: English msgids, Vietnamese beside them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime

LANGUAGES = ("vi", "en")
Translate = Callable[[str], str]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def msg(text: str) -> str:
    """Mark a text that the user reads; the tests look for its translation."""
    return text


def untranslated(text: str) -> str:
    """The ``Translate`` of a reader of English."""
    return text


def translator(language: str) -> Translate:
    """The translation into a language; an unknown text comes back in English."""
    if language != "vi":
        return untranslated
    from dancu_agent.vietnamese import VIETNAMESE

    return lambda text: VIETNAMESE.get(text, text)


def fill(text: str, params: Mapping[str, object], translate: Translate = untranslated) -> str:
    """Translate and put the values in their places; without values the text is taken literally."""
    told = translate(text) if text else ""
    try:
        return told % params if params else told
    except (KeyError, TypeError, ValueError):
        return told


def language_of(asked: str | None, environ: Mapping[str, str] | None = None) -> str:
    """The language to speak: as asked, else as the environment says, else Vietnamese.

    An environment that names neither language (``C``, ``fr_FR``) gets English, one that names
    nothing Vietnamese: the users are officers in Vietnam.
    """
    if asked in LANGUAGES:
        return asked or ""
    environ = os.environ if environ is None else environ
    for name in ("DANCU_AGENT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name, ""):
            return "vi" if value.lower().startswith("vi") else "en"
    return "vi"


def when(at: float) -> str:
    """An instant (seconds since 1970) in the machine's own time, as it is written in Vietnam."""
    return datetime.fromtimestamp(at).astimezone().strftime("%d/%m/%Y %H:%M:%S")


def how_long(seconds: float, translate: Translate = untranslated) -> str:
    """A length of time in its largest unit, rounded down; never less than nothing."""
    seconds = max(int(seconds), 0)
    for size, text in (
        (_DAY, msg("%(n)d days")),
        (_HOUR, msg("%(n)d hours")),
        (_MINUTE, msg("%(n)d minutes")),
    ):
        if seconds >= 2 * size:
            return fill(text, {"n": seconds // size}, translate)
    return fill(msg("%(n)d seconds"), {"n": seconds}, translate)
