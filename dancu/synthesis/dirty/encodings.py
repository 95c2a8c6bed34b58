"""Writing Vietnamese the way it looks when text of TCVN3 or VNI is read as Windows-1252.

Tables after TCVN 5712:1993 and the VNI for Windows code page.
"""

from __future__ import annotations

import unicodedata

_LETTERS = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3_SIGNS = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3 = str.maketrans(_LETTERS, _TCVN3_SIGNS)

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_PLAIN = {_GRAVE: "ø", _HOOK: "û", _TILDE: "õ", _ACUTE: "ù", _DOT: "ï", "": ""}
_HATTED = {_GRAVE: "à", _HOOK: "å", _TILDE: "ã", _ACUTE: "á", _DOT: "ä", "": "â"}
_BREVED = {_GRAVE: "è", _HOOK: "ú", _TILDE: "ü", _ACUTE: "é", _DOT: "ë", "": "ê"}
_I = {_GRAVE: "ì", _HOOK: "æ", _TILDE: "ó", _ACUTE: "í", _DOT: "ò", "": "i"}
_HORNED = {"o": "ô", "u": "ö"}


def to_tcvn3(text: str) -> str:
    """Return the text as TCVN3 bytes look; accented capitals have none and become small."""
    found = unicodedata.normalize("NFC", text)
    return "".join(c if c in _LETTERS else _small(c) for c in found).translate(_TCVN3)


def _small(letter: str) -> str:
    return letter.lower() if letter.lower() in _LETTERS else letter


def to_vni(text: str) -> str:
    """Return the text as VNI bytes look."""
    return "".join(map(_vni, unicodedata.normalize("NFC", text)))


def _vni(letter: str) -> str:
    lower = letter.lower()
    if lower == "đ":
        found = "ñ"
    else:
        base, *marks = list(unicodedata.normalize("NFD", lower))
        tone = next((m for m in marks if m in _PLAIN), "")
        found = _vni_vowel(base, set(marks), tone)
    return found.upper() if letter != lower else found


def _vni_vowel(base: str, marks: set[str], tone: str) -> str:
    if _HAT in marks:
        return base + _HATTED[tone]
    if _BREVE in marks:
        return base + _BREVED[tone]
    if _HORN in marks:
        return _HORNED[base] + _PLAIN[tone]
    if base == "i":
        return _I[tone]
    if base == "y" and tone == _DOT:
        return "î"
    return base + _PLAIN[tone]
