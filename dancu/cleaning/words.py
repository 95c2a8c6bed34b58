"""Rules of cells that hold words: encoding, blanks, names.

A rule is told one value and what its column says as a whole; it answers with one step or none.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from dancu.catalogue.files import folder, rows_of
from dancu.cleaning.clues import Clues, is_mostly_right
from dancu.cleaning.types import Step
from dancu.kernel import legacy, syllables
from dancu.kernel.text import (
    INVISIBLE,
    LOOK_ALIKES,
    clean_name,
    fold,
    match_key,
    nfc,
    place_tones,
    title_name,
)

_LIKELY = 0.9
_HIDDEN = dict.fromkeys(map(ord, INVISIBLE))
_CONTROLS = {
    code: None for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc"
} | _HIDDEN
for _kept in "\n\t\r":
    del _CONTROLS[ord(_kept)]
#: ư in TCVN3.
SOFT_HYPHEN = "\u00ad"
_CONTROLS_BUT_HYPHEN = {code: None for code in _CONTROLS if code != ord(SOFT_HYPHEN)}
#: à in UTF-8 that was read as Windows-1252.
MOJIBAKE_BLANK = "Ã\u00a0"
_EDGES = "\"'()[]{}.,;:!?/-"
_LOOK_ALIKES = frozenset(LOOK_ALIKES)
_BLANKS = re.compile(r"[^\S\n]+")
_DIGITS = re.compile(r"\s*\d+\s*")
_SHORTENED = re.compile(r"\b\w{1,3}\.")
#: Surnames that are not written without accents: bare, they have lost them.
_ACCENTED = "nguyen tran pham huynh hoang phan vu vo dang bui do ngo duong dinh doan trinh dao"
_ACCENTED_SURNAMES = frozenset(_ACCENTED.split())
_SURNAMES_ONLY = frozenset({"nguyễn", "trần", "phạm", "huỳnh", "đặng", "bùi", "đỗ"})
_SURNAMES = _SURNAMES_ONLY | {"lê", "hoàng", "phan", "vũ", "võ", "ngô", "dương", "đoàn", "trịnh"}
_TWO_WORDS, _THREE_WORDS = 2, 3


@lru_cache(maxsize=1)
def surnames() -> frozenset[str]:
    """Return the keys of the surnames that the catalogue knows."""
    rows = rows_of(folder() / "names" / "surnames.csv")
    return frozenset(match_key(row["surname"]) for row in rows)


def old_font(text: str, place: int, clues: Clues, *, is_name: bool) -> Step | None:
    """Read text of TCVN3, VNI or mistaken UTF-8 as what it was meant to be."""
    if text.isascii():
        return None
    prior = clues.readings.get(place)
    is_right = prior is None or is_mostly_right(prior)
    guess = legacy.detect(text) if is_right else legacy.detect(text, prior or legacy.PRIOR)
    if guess is None:
        return None
    repaired = guess.repaired
    if guess.encoding == legacy.TCVN3 and is_name and not repaired.isupper():
        # Its fonts have no capitals with accents.
        repaired = title_name(repaired)
    if not all(map(_is_word, repaired.split())):
        return Step("OLD_FONT_UNSURE", repaired, "unsure")
    if guess.certain or place in clues.certain:
        return Step(f"TEXT_{guess.encoding}", repaired)
    likely = guess.confidence >= _LIKELY
    return Step("OLD_FONT_UNSURE", repaired, "likely" if likely else "unsure")


@lru_cache(maxsize=65_536)
def _is_word(word: str) -> bool:
    """Say whether a repaired word has no letter that Vietnamese lacks."""
    return all(sign.isascii() or sign.lower() in syllables.PARTS or sign in "đĐ" for sign in word)


def normal_form(text: str) -> Step | None:
    """Put letter and accent together (Unicode normal form C)."""
    after = nfc(text)
    return Step("NFC", after) if after != text else None


def invisible(text: str) -> Step | None:
    """Take out signs without width and control signs, unless one may be a letter of an old font."""
    after = text.translate(_CONTROLS)
    if SOFT_HYPHEN in text and not _reads_well(after):
        after = text.translate(_CONTROLS_BUT_HYPHEN)
    return Step("INVISIBLE", after) if after != text else None


def _reads_well(text: str) -> bool:
    """Say whether every word with marks is a syllable of Vietnamese."""
    marked = (word.strip(_EDGES).lower() for word in text.split() if not word.isascii())
    return all(syllables.is_syllable(word) for word in marked)


def blanks(text: str, *, keeps_lines: bool) -> Step | None:
    """Leave single blanks only; line breaks in remarks stay."""
    if MOJIBAKE_BLANK in text:
        return None
    if keeps_lines and "\n" in text:
        after = "\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n")).strip()
    else:
        after = " ".join(text.split())
    return Step("SPACES", after) if after != text else None


def look_alike(text: str) -> Step | None:
    """Write Đ for the letters that look like it, where that makes a Vietnamese word."""
    if text.isascii() or _LOOK_ALIKES.isdisjoint(text):
        return None
    words = []
    for word in text.split(" "):
        mended = "".join(LOOK_ALIKES.get(sign, sign) for sign in word)
        bare = mended.strip(".,;:()").lower()
        words.append(mended if syllables.is_syllable(bare) else word)
    after = " ".join(words)
    return Step("ETH_FOR_D", after) if after != text else None


def capitals(name: str) -> Step | None:
    """Write each word of a name with one capital."""
    if not name or any(sign.isdigit() for sign in name) or "." in name:
        return None
    is_plain = name.isupper() or name.islower()
    if not is_plain and not any(word[:1].islower() for word in name.split()):
        return None
    after = title_name(name)
    if after == name:
        return None
    known = all(syllables.is_syllable(word.lower()) for word in after.split())
    return Step("NAME_CASE", after, "sure" if known and is_plain else "likely")


def tones(name: str, clues: Clues) -> Step | None:
    """Put the tone of oa, oe, uy where most names of the column have it."""
    if clues.on_nucleus is None or name.isascii() or not _reads_well(name):
        return None
    after = place_tones(name, on_nucleus=clues.on_nucleus)
    is_same = clean_name(name) == name and after != name
    return Step("TONE_STYLE", after) if is_same else None


def digits(name: str) -> Step | None:
    """Take a digit out that slipped into a name."""
    if not any(sign.isdigit() for sign in name):
        return None
    after = " ".join(_DIGITS.sub(" ", name).split())
    is_name = bool(after) and all(syllables.is_syllable(w.lower()) for w in after.split())
    few = sum(sign.isdigit() for sign in name) == 1
    return Step("NAME_DIGIT" if is_name and few else "NAME_FAULTY",
                after if is_name and few else None, "likely")  # fmt: skip


def order(name: str) -> Step | None:
    """Turn a name round whose given name stands first."""
    words = name.split()
    if len(words) < _TWO_WORDS or not all(syllables.is_syllable(w.lower()) for w in words):
        return None
    if match_key(words[0]) in surnames():
        return None
    if len(words) >= _THREE_WORDS and words[1].lower() in _SURNAMES:
        return Step("NAME_ORDER", " ".join([*words[1:], words[0]]), "unsure")
    if words[-1].lower() in _SURNAMES_ONLY:
        return Step("NAME_ORDER", " ".join(reversed(words)), "unsure")
    return None


def doubt(name: str, clues: Clues, *, is_whole: bool) -> Step | None:
    """Say what only a person can mend in a name."""
    words = name.split()
    if is_whole and len(words) == 1:
        return Step("NAME_SHORT", None)
    if _SHORTENED.search(name):
        return Step("NAME_SHORTENED", None)
    if clues.accented and name.isascii() and fold(words[0]) in _ACCENTED_SURNAMES:
        return Step("NAME_NO_ACCENTS", None, "likely")
    if any(sign in "?*#@&%$^=_<>[]{}|~\\\ufffd" for sign in name):
        return Step("NAME_FAULTY", None)
    return None
