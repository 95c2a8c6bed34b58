"""Vietnamese text of before Unicode, seen through the wrong character set.

Files of the 1990s and 2000s store TCVN 5712:1993 (TCVN3, fonts such as ``.VnTime``) or VNI-Windows
(letter and mark as two bytes). Read as Windows-1252 they look like ``NguyÔn V¨n`` and
``Nguyeãn Vaên``. A third kind is UTF-8 read as Windows-1252, ``Nguyá»…n``.

Detection asks under which reading the marked words are syllables of Vietnamese. A short text may
be right under several readings: ``certain`` says whether the answer may be used unasked; a whole
column (``detect_column``) decides far better than one cell.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Literal

from dancu.kernel.memory import Memory
from dancu.kernel.syllables import TONES, is_syllable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Encoding = Literal["TCVN3", "VNI", "UTF8"]
Reading = Literal["UNICODE", "TCVN3", "VNI", "UTF8"]

TCVN3: Encoding = "TCVN3"
VNI: Encoding = "VNI"
UTF8: Encoding = "UTF8"
READINGS: tuple[Reading, ...] = ("UNICODE", "TCVN3", "VNI", "UTF8")

# TCVN 5712:1993, bytes A1 to FE; a dot stands for a byte that the standard leaves out, and
# B0 to B4 are the combining tones that the variant VN2 adds.
_TCVN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđ.\u0300\u0309\u0303\u0301\u0323àảãáạ.ằẳẵắ......."
    "ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ"
)
_TCVN3_TABLE = {0xA1 + place: sign for place, sign in enumerate(_TCVN3) if sign != "."}
_CAPITAL_WORD = re.compile(r"[A-Z]\S*[A-Z]", re.ASCII)
_SMALL_LETTER = re.compile(r"[a-z]", re.ASCII)


def _vni_table() -> dict[str, str]:
    """Return one or two characters of VNI, in lower case, to the letter they make."""
    table = {"ô": "ơ", "ö": "ư", "ñ": "đ", "î": "ỵ"}
    table |= dict(zip("ìæóíò", "ìỉĩíị", strict=True))
    plain = dict(zip("øûõùï", TONES[1:], strict=True))
    for base, letter in [*zip("aeiouy", "aeiouy", strict=True), ("ô", "ơ"), ("ö", "ư")]:
        for mark, tone in plain.items():
            table[base + mark] = unicodedata.normalize("NFC", letter + tone)
    for letter, mark in [("a", "\u0302"), ("e", "\u0302"), ("o", "\u0302"), ("a", "\u0306")]:
        signs = "âàåãáä" if mark == "\u0302" else "êèúüéë"
        for sign, tone in zip(signs, TONES, strict=True):
            table[letter + sign] = unicodedata.normalize("NFC", letter + mark + tone)
    return table


_VNI_TABLE = _vni_table()
_VNI_SIGN = re.compile(
    "|".join(sorted(map(re.escape, _VNI_TABLE), key=len, reverse=True)), re.IGNORECASE
)


def repair(text: str, encoding: Encoding) -> str:
    """Return the Unicode text (NFC) that the encoding meant. Plain ASCII stays as it is.

    TCVN3 has no accented capitals (its capital fonts draw small letters large), so the text
    becomes upper case when its plain letters are. Text that is not of the encoding comes back
    mangled or unchanged: ask ``detect`` first.
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    if encoding == TCVN3:
        return _repair_tcvn3(text)
    return _repair_vni(text) if encoding == VNI else _repair_utf8(text)


def _repair_tcvn3(text: str) -> str:
    repaired = unicodedata.normalize("NFC", text.translate(_TCVN3_TABLE))
    if _CAPITAL_WORD.search(text) and not _SMALL_LETTER.search(text):
        return repaired.upper()
    return repaired


def _repair_vni(text: str) -> str:
    return _VNI_SIGN.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    sign = found[0]
    letter = _VNI_TABLE[sign.lower()]
    return letter.upper() if sign[0].isupper() else letter


def _repair_utf8(text: str) -> str:
    try:
        read = b"".join(map(_cp1252_byte, text)).decode()
    except UnicodeError:
        return text
    return unicodedata.normalize("NFC", read)


def _cp1252_byte(sign: str) -> bytes:
    """Return the byte; the five bytes that Windows-1252 leaves undefined stand for themselves."""
    try:
        return sign.encode("cp1252")
    except UnicodeError:
        return sign.encode("latin-1")


@dataclass(frozen=True, slots=True)
class LegacyGuess:
    """What a garbled text probably is.

    ``confidence`` is a probability; ``certain`` means at least two words agree and it is 0.99 or
    more. ``repaired`` is the text under this guess.
    """

    encoding: Encoding
    confidence: float
    certain: bool
    repaired: str


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column of texts probably is.

    ``encoding`` is the legacy encoding found most; ``share`` the part of the marked values that
    has it; ``certain`` means that the whole column may be repaired with it, ``mixed`` that other
    readings occur as well, so that each value must be judged with ``detect(value, prior=prior)``.
    """

    encoding: Encoding
    share: float
    certain: bool
    mixed: bool
    counts: Mapping[Reading, int] = field(hash=False)
    prior: Mapping[Reading, float] = field(hash=False)


#: Most text is right as it stands.
PRIOR: dict[Reading, float] = {"UNICODE": 0.90, "TCVN3": 0.04, "VNI": 0.04, "UTF8": 0.02}
# How often a marked word is a syllable under the right reading, and under a wrong one.
_RIGHT, _WRONG = 0.97, 0.12
_HIT, _MISS = math.log(_RIGHT / _WRONG), math.log((1 - _RIGHT) / (1 - _WRONG))
CERTAIN = 0.99
_LIKELY = 0.5
_BLANKS = re.compile(r"[ \t\r\n]+")
_EDGES = "\"'()[]{}.,;:!?/\\-_*"
_SAMPLE = 5_000
_LONGEST = 1_000


def detect(text: str, prior: Mapping[Reading, float] = PRIOR) -> LegacyGuess | None:
    """Return the legacy encoding that a text most likely has; ``None`` when it looks right.

    Run it on the raw text: cleaning takes characters away that are letters in TCVN3.
    """
    text_seen = text[:_LONGEST]
    if prior is PRIOR and all(map(reads_well, text_seen.split(" "))):
        return None
    words = _marked_words(text_seen)
    if not words:
        return None
    chances = _posterior(words, prior)
    best = max(READINGS, key=chances.__getitem__)
    if best == "UNICODE" or chances[best] < _LIKELY:
        return None
    certain = len(words) > 1 and chances[best] >= CERTAIN
    return LegacyGuess(best, round(chances[best], 4), certain, repair(text, best))


def detect_column(values: Iterable[str]) -> ColumnGuess | None:
    """Return the legacy encoding of a column; ``None`` when its texts look right.

    Looks at the first 5,000 values that have marks. The shares found in a first pass are the
    expectations of the second, so that one clear value helps to read the short ones.
    """
    marked = (words for value in values if (words := _marked_words(value[:_LONGEST])))
    sample = list(islice(marked, _SAMPLE))
    if not sample:
        return None
    prior: dict[Reading, float] = dict(PRIOR)
    counts: Counter[Reading] = Counter()
    for _ in range(2):
        sums = dict.fromkeys(READINGS, 0.5)
        counts.clear()
        for words in sample:
            chances = _posterior(words, prior)
            counts[max(READINGS, key=chances.__getitem__)] += 1
            for reading, chance in chances.items():
                sums[reading] += chance
        total = sum(sums.values())
        prior = {reading: part / total for reading, part in sums.items()}
    return _column_guess(sample, counts, prior)


def _column_guess(
    sample: list[list[str]], counts: Counter[Reading], prior: dict[Reading, float]
) -> ColumnGuess | None:
    encodings: tuple[Encoding, ...] = (TCVN3, VNI, UTF8)
    best = max(encodings, key=lambda encoding: counts[encoding])
    if not counts[best]:
        return None
    words = [word for value in sample for word in value]
    whole = _posterior(words, PRIOR)[best]
    mixed = counts[best] < len(sample)
    certain = len(words) > 1 and whole >= CERTAIN and counts[best] >= CERTAIN * len(sample)
    return ColumnGuess(best, counts[best] / len(sample), certain, mixed, dict(counts), prior)


def _marked_words(text: str) -> list[str]:
    """Return the words that are not all ASCII, without the plain punctuation at their ends."""
    if text.isascii():
        return []
    # Only plain blanks separate: U+00A0 is half a letter in UTF-8 read as Windows-1252.
    words = (word.strip(_EDGES) for word in _BLANKS.split(unicodedata.normalize("NFC", text)))
    return [word for word in words if not word.isascii()]


@lru_cache(maxsize=65_536)
def reads_well(word: str) -> bool:
    """Say whether what stands between two spaces is Vietnamese, or has no marks, as it stands.

    A text of such words alone is in no legacy encoding.
    """
    return all(_WEIGHTS[marked][0] > 0 for marked in _marked_words(word))


def _posterior(words: list[str], prior: Mapping[Reading, float]) -> dict[Reading, float]:
    """Return the probability of each reading by Bayes' rule, the words taken as independent."""
    weights = [_WEIGHTS[word] for word in words]
    logs = [
        math.log(prior[reading]) + sum(weight[place] for weight in weights)
        for place, reading in enumerate(READINGS)
    ]
    highest = max(logs)
    shares = [math.exp(value - highest) for value in logs]
    total = sum(shares)
    return {reading: share / total for reading, share in zip(READINGS, shares, strict=True)}


def _word_weights(word: str) -> tuple[float, ...]:
    """Return the logarithm of the evidence that a marked word gives for each of ``READINGS``."""
    return tuple(_HIT if _can_be(word, reading) else _MISS for reading in READINGS)


def _can_be(word: str, reading: Reading) -> bool:
    """Tell whether a word is a syllable in a reading, with no sign that the encoding lacks."""
    if reading == "UNICODE":
        return is_syllable(word.lower())
    if reading == TCVN3:
        known = all(sign.isascii() or ord(sign) in _TCVN3_TABLE for sign in word)
    elif reading == VNI:
        known = _VNI_SIGN.sub("", word).isascii()
    else:
        known = _repair_utf8(word) != word
    return known and is_syllable(repair(word, reading).lower())


_WEIGHTS = Memory(_word_weights)
