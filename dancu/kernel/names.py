"""What is doubtful about a written name, from the name alone."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from dancu.kernel import legacy, syllables
from dancu.kernel.findings import Finding
from dancu.kernel.memory import Memory
from dancu.kernel.text import (
    APOSTROPHE,
    APOSTROPHES,
    INVISIBLE,
    LOOK_ALIKES,
    accent_key,
    clean_name,
    match_key,
    nfc,
    place_tones,
)

if TYPE_CHECKING:
    from collections.abc import Container

#: Longer than any name that a civil-status form has room for.
MAX_LENGTH = 100

#: Surname, middle and given name.
_USUAL = 3

_ABBREVIATION = re.compile(r"(?:^|\s)[^\W\d_]{1,4}[.~](?=\s|$|[^\W\d_])")
_DIGIT = re.compile(r"\d")
_LOOK_ALIKE = re.compile(f"[{''.join(LOOK_ALIKES)}]")
_ODD = re.compile(rf"[^\w\s{APOSTROPHE}\-]|_")
_INVISIBLE = re.compile(f"[{INVISIBLE}\x00-\x08\x0e-\x1b\x7f-\x9f]")


def findings(name: str, *, surnames: Container[str] | None = None) -> tuple[Finding, ...]:
    """Return what is doubtful about a full name, empty when nothing is.

    Codes that come alone: ``EMPTY``, ``TOO_LONG``, ``LEGACY_ENCODING``. Of the characters:
    ``DIGIT``, ``ODD_CHARACTER``, ``FOREIGN_SCRIPT``, ``ETH_FOR_D``, ``INVISIBLE``, ``NFD``. Of the
    syllables: ``ABBREV``, ``ONE_SYLLABLE``, ``SWAPPED_ORDER``, ``FOREIGN_SYLLABLE``,
    ``MISSING_MIDDLE``, ``TONE_STYLE``.
    ``surnames`` (match keys) enables the check of the order.
    """
    if len(name) > MAX_LENGTH:
        return (_too_long(len(name)),)
    words = name.split(" ")
    if len(words) >= _USUAL and all(map(_PLAIN.__getitem__, words)):
        return (_SWAPPED,) if surnames is not None and _swapped(words, surnames) else ()
    clean = clean_name(name)
    if not clean:
        return (_EMPTY,)
    guess = legacy.detect(name)
    if guess is not None:
        return (_legacy(guess),)
    return (*_of_characters(name), *_of_syllables(clean, surnames))


def is_acceptable(name: str) -> bool:
    """Tell whether nothing about the name is an error (warnings and notices may be)."""
    return not any(finding.severity == "error" for finding in findings(name))


def _of_characters(name: str) -> list[Finding]:
    found: list[Finding] = []
    plain = nfc(name)
    if _DIGIT.search(plain):
        found.append(_DIGITS)
    odd = _ODD.search(_ABBREVIATION.sub(" ", clean_name(name)))
    if odd:
        found.append(_odd(odd[0]))
    script = _other_script(plain)
    if script:
        found.append(_foreign_script(script))
    if _LOOK_ALIKE.search(plain):
        found.append(_ETH)
    if _INVISIBLE.search(plain):
        found.append(_HIDDEN)
    if plain != name:
        found.append(_DECOMPOSED)
    return found


def _of_syllables(clean: str, surnames: Container[str] | None) -> list[Finding]:
    found: list[Finding] = []
    words = clean.split(" ")
    if _ABBREVIATION.search(clean):
        found.append(_ABBREVIATED)
    if len(words) == 1:
        found.append(_SINGLE)
    elif surnames is not None and _swapped(words, surnames):
        found.append(_SWAPPED)
    foreign = next((word for word in words if not _is_vietnamese(word)), None)
    if foreign is not None:
        found.append(_foreign(foreign))
    if len(words) == 2:  # noqa: PLR2004
        found.append(_NO_MIDDLE)
    if place_tones(clean) != clean:
        found.append(_TONES)
    return found


def _is_plain(word: str) -> bool:
    """Tell whether nothing at all can be said about a word."""
    return syllables.is_syllable(word.lower()) and place_tones(word) == word


_PLAIN = Memory(_is_plain)


def _swapped(words: list[str], surnames: Container[str]) -> bool:
    return match_key(words[0]) not in surnames and match_key(words[-1]) in surnames


def _is_vietnamese(word: str) -> bool:
    lower = word.lower()
    if not all(part.isalpha() for part in re.split("['-]", lower) if part):
        return True
    return all(syllables.is_syllable(part) for part in re.split("['-]", lower) if part)


def is_same_name(one: str, other: str) -> bool:
    """Tell whether two spellings are one name: case, tone placement, i/y and forms of đ aside."""
    return accent_key(one) == accent_key(other)


def _other_script(text: str) -> str:
    """Return the script of the first letter that is not Latin (``CYRILLIC``); empty if all are."""
    for letter in text:
        if letter.isalpha() and letter not in APOSTROPHES:
            script = unicodedata.name(letter, "UNKNOWN").split(" ")[0]
            if script != "LATIN":
                return script
    return ""


_EMPTY = Finding("EMPTY", "The name is empty.", "Enter the full name as on the birth certificate.")
_DIGITS = Finding(
    "DIGIT", "A name has no digits.", "Remove the digits, or move them to the field they belong to."
)
_ETH = Finding(
    "ETH_FOR_D",
    "A letter that only looks like Đ stands in the name.",
    "It is stored as Đ; correct the source as well.",
    "warning",
)
_HIDDEN = Finding(
    "INVISIBLE",
    "The name contains invisible characters.",
    "They are left out; correct the source as well.",
    "warning",
)
_DECOMPOSED = Finding(
    "NFD",
    "The accents are stored apart from their letters.",
    "They are joined (Unicode NFC); correct the source as well.",
    "notice",
)
_ABBREVIATED = Finding(
    "ABBREV",
    "Part of the name is abbreviated.",
    "Write the name in full, as on the birth certificate.",
)
_SINGLE = Finding(
    "ONE_SYLLABLE",
    "The name has only one word.",
    "Enter surname, middle and given name; confirm it if the person really has one name.",
    "warning",
)
_SWAPPED = Finding(
    "SWAPPED_ORDER",
    "The given name seems to come before the surname.",
    "Write the surname first, then middle and given name.",
    "warning",
)
_NO_MIDDLE = Finding(
    "MISSING_MIDDLE",
    "The name has no middle name.",
    "Confirm it if the birth certificate has none either.",
    "notice",
)
_TONES = Finding(
    "TONE_STYLE",
    "The tone mark stands on the second vowel (Hoà); other records may have it on the first (Hòa).",
    "Keep the spelling of the birth certificate; matching treats both alike.",
    "notice",
)


def _too_long(length: int) -> Finding:
    return Finding(
        "TOO_LONG",
        "The name has %(length)d characters; at most %(most)d are possible.",
        "Enter only the full name.",
        params={"length": length, "most": MAX_LENGTH},
    )


def _legacy(guess: legacy.LegacyGuess) -> Finding:
    return Finding(
        "LEGACY_ENCODING",
        "The name seems to be written in %(encoding)s; it would read “%(repaired)s”.",
        "Confirm the reading, or convert the file to Unicode and send it again.",
        params={"encoding": guess.encoding, "repaired": guess.repaired},
    )


def _odd(sign: str) -> Finding:
    return Finding(
        "ODD_CHARACTER",
        "The character “%(sign)s” does not belong in a name.",
        "Remove it.",
        params={"sign": sign},
    )


def _foreign_script(script: str) -> Finding:
    return Finding(
        "FOREIGN_SCRIPT",
        "The name contains a letter of another script (%(script)s).",
        "Type it again with Latin letters; some look the same and are not.",
        params={"script": script},
    )


def _foreign(word: str) -> Finding:
    return Finding(
        "FOREIGN_SYLLABLE",
        "“%(word)s” is no syllable of Vietnamese.",
        "Compare with the birth certificate; accept it for names of other languages.",
        "notice",
        {"word": word},
    )
