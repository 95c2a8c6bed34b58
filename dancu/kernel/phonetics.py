"""Sounds that some region of Vietnam does not tell apart, or that many misspell.

Applied to one folded syllable (lower case, no accents): d, gi, r, v; s, x; ch, tr; l, n at the
start; c, k, q; g, gh; ng, ngh; ph, f; n, ng at the end (nh too after i and e); t, c at the end
(ch too after i and e); i, y; ie, ye.
"""

from __future__ import annotations

import re

_SYLLABLE = re.compile(
    r"(ngh|ng|nh|ch|gh|kh|ph|th|tr|qu|gi|[bcdfghjklmnpqrstvxwz]?)(.*)", re.DOTALL
)
_INITIALS = {
    "ngh": "ng",
    "gh": "g",
    "gi": "z",
    "d": "z",
    "r": "z",
    "v": "z",
    "j": "z",
    "s": "x",
    "tr": "ch",
    "n": "l",
    "c": "k",
    "q": "k",
    "qu": "ku",
    "ph": "f",
}
_FRONT_END = re.compile(r"(?<=[ie])(nh|ch)$")
_BACK_END = re.compile(r"(ng|c)$")
_FRONT_ENDS = {"nh": "n", "ch": "t"}
_BACK_ENDS = {"ng": "n", "c": "t"}


def key(syllable: str) -> str:
    """Return the key of one folded syllable; text that is no syllable keeps its shape."""
    found = _SYLLABLE.fullmatch(syllable)
    if found is None or not found[2]:
        return "zi" if syllable == "gi" else syllable.replace("y", "i")
    initial, rime = found.groups()
    if initial == "gi" and re.fullmatch(r"[^aeiouy].*|e[mnptcu].*", rime):
        rime = "i" + rime
    rime = rime.replace("y", "i")
    rime = _FRONT_END.sub(lambda end: _FRONT_ENDS[end[0]], rime)
    rime = _BACK_END.sub(lambda end: _BACK_ENDS[end[0]], rime)
    return _INITIALS.get(initial, initial) + rime
