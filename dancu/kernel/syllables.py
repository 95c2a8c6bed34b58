"""The sounds of written Vietnamese: letters, tones and the shape of a syllable.

Everything works on single syllables in NFC; ``text`` puts names together from them.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

#: The alphabet in dictionary order, with the four Latin letters that only foreign names have
#: at their usual places.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
#: Combining marks of the tones in the order of dictionaries: ngang has none, then huyền, hỏi,
#: ngã, sắc, nặng.
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
HUYEN, HOI, NGA, SAC, NANG = 1, 2, 3, 4, 5
VOWELS = "aăâeêioôơuưy"


def _compose(letter: str, tone: int) -> str:
    return unicodedata.normalize("NFC", letter + TONES[tone])


#: Lower-case letter with its tone, to (letter, tone number): ``ệ`` to ``("ê", 5)``.
PARTS = {_compose(v, t): (v, t) for v, t in product(VOWELS, range(6))}
#: The way back.
WITH_TONE = {parts: letter for letter, parts in PARTS.items()}


def split_tone(syllable: str) -> tuple[str, int]:
    """Return the lower-case letters without tone and the number of the tone (0 to 5).

    The first tone counts if a mistyped syllable has several.
    """
    letters: list[str] = []
    tone = 0
    for letter in syllable:
        bare, mark = PARTS.get(letter, (letter, 0))
        letters.append(bare)
        tone = tone or mark
    return "".join(letters), tone


_INITIALS = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
_OPEN = (
    "a ai ao au ay âu ây e eo ê êu i ia iu o oa oai oao oay oe oeo oi ô ôi ơ ơi u ua uây "
    "uê ui uơ uy uya uyu ư ưa ưi ưu iêu yêu uôi ươi ươu y"
)
_NASAL = (
    "am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh im in inh iêm iên iêng yêm yên yêng "
    "om on ong oong oam oan oang oanh oăm oăn oăng oem oen ôm ôn ông ơm ơn um un ung uân uâng "
    "uên uênh uôm uôn uông uyên uyn uynh ưm ưng ươm ươn ương yn ynh"
)
_STOPPED = (
    "ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt yêt oc op ot ooc oac "
    "oach oap oat oăc oăt oet ôc ôp ôt ơp ơt uc up ut uât uêch uôc uôp uôt uych uyêt uyt ưc ưt "
    "ươc ươp ươt ych yp yt"
)
_FREE_RIMES = frozenset(f"{_OPEN} {_NASAL}".split())
_STOPPED_RIMES = frozenset(_STOPPED.split())
_UNMARKED = str.maketrans("ăâêôơưđ", "aaeooud")
_UNMARKED_RIMES = frozenset(rime.translate(_UNMARKED) for rime in _FREE_RIMES | _STOPPED_RIMES)
_SHAPE = re.compile(rf"({_INITIALS})([{VOWELS}][a-zăâêôơưđ]*)")


def is_syllable(syllable: str) -> bool:
    """Tell whether a lower-case NFC syllable can be Vietnamese: initial, rime and tone agree.

    A rime that ends in c, ch, p or t carries only sắc or nặng. In a syllable without any mark
    neither the tone nor the marks of the vowels are judged: they may have been left out.
    """
    letters, tone = split_tone(syllable)
    if letters in ("gi", "gin", "gim", "gip"):
        return True
    found = _SHAPE.fullmatch(letters)
    if found is None:
        return False
    rime = found[2]
    if found[1] == "gi" and rime.startswith("ê"):
        rime = f"i{rime}"  # giếng is gi + iếng, the i written once
    if syllable.isascii():
        return rime in _UNMARKED_RIMES
    return rime in _FREE_RIMES or (rime in _STOPPED_RIMES and tone in (SAC, NANG))


_OLD_TONE = re.compile(r"(?<!q)(?:([òóỏõọ])([ae])|([ùúủũụ])(y))(?=$|[^a-zà-ỹđ\u0300-\u036f])")
_NEW_TONE = re.compile(r"(?<!q)(?:o([àáảãạèéẻẽẹ])|u([ỳýỷỹỵ]))(?=$|[^a-zà-ỹđ\u0300-\u036f])")


def tone_on_nucleus(syllable: str) -> str:
    """Move the tone of an open oa, oe, uy (not after q) to the second vowel: ``hòa`` to ``hoà``.

    Lower-case NFC in and out.
    """
    return _OLD_TONE.sub(_move_right, syllable)


def tone_on_glide(syllable: str) -> str:
    """Move the tone of an open oa, oe, uy (not after q) to the first vowel: ``hoà`` to ``hòa``."""
    return _NEW_TONE.sub(_move_left, syllable)


def _move_right(found: re.Match[str]) -> str:
    pair = found[0]
    letter, tone = PARTS[pair[0]]
    return letter + WITH_TONE[pair[1], tone]


def _move_left(found: re.Match[str]) -> str:
    pair = found[0]
    letter, tone = PARTS[pair[1]]
    return WITH_TONE[pair[0], tone] + letter


_FINAL_Y = re.compile(r"(?<=[bcdđghklmnprstvx])[yỳýỷỹỵ]$|(?<=qu)[yỳýỷỹỵ]$|^[yỳýỷỹỵ]$")


def y_to_i(syllable: str) -> str:
    """Write ``i`` for a final y that sounds the same: ``lý`` to ``lí``, ``quý`` to ``quí``.

    After another vowel y is a different sound and stays (``thúy``, ``mây``).
    """
    return _FINAL_Y.sub(lambda found: WITH_TONE["i", PARTS[found[0]][1]], syllable)
