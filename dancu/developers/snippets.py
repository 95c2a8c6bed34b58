"""The examples: files of the catalogue that are shown, handed out, and run by the tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dancu.catalogue.files import folder
from dancu.developers.types import Snippet


@dataclass(frozen=True, slots=True)
class Topic:
    """What an example shows; ``needs`` names the operation without which it is not shown."""

    name: str
    title: str | Promise
    text: str | Promise
    needs: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language of examples: how its files end, and what runs them."""

    name: str
    label: str
    ending: str
    command: str
    text: str | Promise


LANGUAGES = (
    Language("curl", "curl", "sh", "bash", _("bash, curl and openssl")),
    Language("python", "Python", "py", "python3", _("Python 3.11 and the package cryptography")),
    Language("javascript", "JavaScript", "mjs", "node", _("Node 18 or newer, nothing else")),
)
#: The file of each language that the others use: it gets the tokens.
COMMON = "exchange"
TOPICS = (
    Topic(
        COMMON,
        _("Get a token"),
        _(
            "Sign an assertion with your private key (private_key_jwt, RFC 7523) and exchange it "
            "for a token of five minutes. The other examples use this file."
        ),
        "token",
    ),
    Topic(
        "verify",
        _("Verify somebody"),
        _("Send what you hold of a person, and read per fact whether it matches."),
        "verify",
    ),
    Topic(
        "look_up",
        _("Look up a residence"),
        _("Read contracted facts of one person for a numbered case."),
        "lookUp",
    ),
    Topic(
        "batch",
        _("Verify a list"),
        _("Send a file, wait while it is answered, fetch the rows and the summary."),
        "sendBatch",
    ),
    Topic(
        "feed",
        _("Read the feed of changes"),
        _("Read changes from where you stopped, and keep the cursor for the next time."),
        "feed",
    ),
    Topic(
        "signed",
        _("Check a signed answer"),
        _("Ask for an answer as a JWS, and check it against the published keys as anybody can."),
        "verify",
    ),
    Topic(
        "again",
        _("Ask again without asking twice"),
        _("Repeat a question under its Idempotency-Key after the line broke: one answer."),
        "verify",
    ),
)


def topic(name: str) -> Topic | None:
    """Return a topic by its name."""
    return next((one for one in TOPICS if one.name == name), None)


def language(name: str) -> Language | None:
    """Return a language by its name."""
    return next((one for one in LANGUAGES if one.name == name), None)


def snippets() -> tuple[Snippet, ...]:
    """Return the examples that there are, by topic and language."""
    return _read(str(folder()))


def snippet(topic_name: str, language_name: str) -> Snippet | None:
    """Return one example, or None where the catalogue has none."""
    wanted = (topic_name, language_name)
    return next((one for one in snippets() if (one.topic, one.language) == wanted), None)


def forget() -> None:
    """Read the files anew at the next use."""
    _read.cache_clear()


@lru_cache(maxsize=4)
def _read(path: str) -> tuple[Snippet, ...]:
    found = []
    for one in TOPICS:
        for spoken in LANGUAGES:
            file = Path(path) / "examples" / spoken.name / f"{one.name}.{spoken.ending}"
            if file.is_file():
                text = file.read_text(encoding="utf-8")
                found.append(Snippet(one.name, spoken.name, file.name, text))
    return tuple(found)
