"""Vietnamese text: normal form, keys for matching and sorting, tidy names.

The functions run on every row of bulk loads. A language has few syllables, so each function keeps
what it found for a syllable and puts names together from those (see ``memory``).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from dancu.kernel import phonetics, syllables
from dancu.kernel.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable

APOSTROPHE = "'"
#: Apostrophes and accents that stand for one, as found in names such as H'Mông.
APOSTROPHES = "'\u2018\u2019\u201b\u02bb\u02bc\u0060\u00b4\u2032\uff07"
#: Letters that look like đ and are others: Icelandic eth, African d.
LOOK_ALIKES = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"}
#: Characters without width, which text from the web and from PDF files carries along.
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
INVISIBLE += "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"


def nfc(text: str) -> str:
    """Return the text in Unicode normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the text in lower case, without accents, đ as d, with single spaces.

    Punctuation stays. Equal for NFC and NFD.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(filter(None, map(_FOLDED.__getitem__, text.split())))


def match_key(name: str) -> str:
    """Return the key under which spellings of one name meet.

    ``fold``, and also neutral about i/y (Lý, Lí), tone placement (Hòa, Hoà), apostrophes and
    punctuation. It does not tell apart names that differ in accents only.
    """
    return " ".join(filter(None, map(_MATCH.__getitem__, name.split())))


def accent_key(name: str) -> str:
    """Return the key that keeps accents and is neutral about tone placement, i/y and case.

    Two names with equal keys are the same name in two spellings.
    """
    return " ".join(filter(None, map(_ACCENT.__getitem__, name.split())))


def phonetic_key(name: str) -> str:
    """Return the key under which names meet that sound alike in some region.

    See ``dancu.kernel.phonetics``. Coarse: use it to find candidates, not to decide.
    """
    return " ".join(filter(None, map(_PHONETIC.__getitem__, name.split())))


def sort_key(name: str) -> bytes:
    """Return bytes that sort names as Vietnamese lists do: given name, surname, middle names.

    Letters in the order a ă â b c d đ e ê … y, then tones in the order ngang, huyền, hỏi, ngã,
    sắc, nặng, syllable by syllable. Case, punctuation and tone placement do not count. The order
    needs no collation of the database: compare the bytes.
    """
    keys = list(map(_SORT.__getitem__, name.split()))
    if keys:
        keys.insert(0, keys.pop())
    return b"".join(keys)


def text_sort_key(text: str) -> bytes:
    """Return bytes that sort any text, such as names of places, from its first syllable on."""
    return b"".join(map(_SORT.__getitem__, text.split()))


def clean_name(name: str) -> str:
    """Return the name as it should be stored: NFC, đ not its look-alikes, one apostrophe, spaces.

    Invisible and control characters go. Spelling, case and tone placement stay as they are.
    """
    return " ".join(filter(None, map(_CLEAN.__getitem__, name.split())))


def title_name(name: str) -> str:
    """Return the clean name with capitals as in ``Nguyễn Thị Minh Anh`` and ``H'Hen Niê``."""
    return " ".join(filter(None, map(_TITLE.__getitem__, name.split())))


def place_tones(name: str, *, on_nucleus: bool = False) -> str:
    """Return the clean name with the tones of open oa, oe, uy placed alike.

    On the first vowel (``Hòa``, ``Thủy``) by default, else on the nucleus (``Hoà``, ``Thuỷ``).
    For showing and comparing only: the legal name keeps its own spelling.
    """
    place = syllables.tone_on_nucleus if on_nucleus else syllables.tone_on_glide
    return " ".join(_keep_case(word, place) for word in clean_name(name).split(" "))


def _keep_case(word: str, change: Callable[[str], str]) -> str:
    lower = word.lower()
    changed = change(lower)
    if changed == lower or len(lower) != len(word):
        return word
    pairs = zip(word, changed, strict=True)
    return "".join(new.upper() if old.isupper() else new for old, new in pairs)


def _controls() -> dict[int, str | None]:
    codes = (code for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc")
    return dict.fromkeys(codes)


_MENDED_LETTERS: dict[int, str | None] = {
    **_controls(),
    **dict.fromkeys(map(ord, INVISIBLE)),
    **{ord(look): real for look, real in LOOK_ALIKES.items()},
}
_MENDED = _MENDED_LETTERS | {ord(mark): APOSTROPHE for mark in APOSTROPHES}
_FOLDS = str.maketrans({"đ": "d", **dict.fromkeys(APOSTROPHES.replace("`", ""), APOSTROPHE)})


def _fold_syllable(word: str) -> str:
    """Decompose (NFKD also straightens full-width forms), lower, and leave the marks out."""
    plain = word.translate(_MENDED_LETTERS).lower().translate(_FOLDS)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).lower())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(bare.translate(_FOLDS).split())


def _clean_syllable(word: str) -> str:
    return nfc(nfc(word).translate(_MENDED))


def _title_syllable(word: str) -> str:
    pieces = _clean_syllable(word).split("-")
    return "-".join(
        APOSTROPHE.join(part[:1].upper() + part[1:].lower() for part in piece.split(APOSTROPHE))
        for piece in pieces
    )


def _letters(word: str) -> list[str]:
    """Return the runs of letters and digits of a word, apostrophes taken out, the rest splitting.

    A dash or a comma without spaces still separates: ``Mai-Lan`` is two syllables.
    """
    word = word.replace(APOSTROPHE, "")
    return "".join(letter if letter.isalnum() else " " for letter in word).split()


def _match_syllable(word: str) -> str:
    return " ".join(map(syllables.y_to_i, _letters(_fold_syllable(word))))


def _accent_syllable(word: str) -> str:
    lower = nfc(_clean_syllable(word).lower())
    runs = _letters(lower)
    return " ".join(syllables.y_to_i(syllables.tone_on_nucleus(run)) for run in runs)


def _phonetic_syllable(word: str) -> str:
    return " ".join(map(phonetics.key, _letters(_fold_syllable(word))))


_ORDER = {letter: 0x40 + place for place, letter in enumerate(syllables.ALPHABET)}
_ORDER.update({digit: 0x30 + int(digit) for digit in "0123456789"})
_FIRST_TONE = 0x02


def _sort_syllable(word: str) -> bytes:
    """Return letters (0x30 and more) and a tone (less than that), so that the shorter comes first.

    Characters of other scripts follow the Latin ones, as their UTF-8.
    """
    lower = nfc(_clean_syllable(word).lower())
    return b"".join(map(_sort_run, _letters(lower)))


def _sort_run(run: str) -> bytes:
    letters, tone = syllables.split_tone(run)
    key = bytearray()
    for letter in letters:
        for known in letter if letter in _ORDER else _fold_syllable(letter) or letter:
            place = _ORDER.get(known)
            key += known.encode("utf-8", "replace") if place is None else bytes((place,))
    key.append(_FIRST_TONE + tone)
    return bytes(key)


_FOLDED = Memory(_fold_syllable)
_MATCH = Memory(_match_syllable)
_ACCENT = Memory(_accent_syllable)
_PHONETIC = Memory(_phonetic_syllable)
_SORT = Memory(_sort_syllable)
_CLEAN = Memory(_clean_syllable)
_TITLE = Memory(_title_syllable)
