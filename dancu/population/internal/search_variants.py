"""Spellings that a typing error makes of a name."""

from __future__ import annotations

import string

LETTERS = string.ascii_lowercase + " "


def one_edit(key: str) -> list[str]:
    """Return the keys one letter away: left out, exchanged with the next, replaced, added.

    ``key`` is a match key or a phonetic key (small letters without accents, single spaces); so are
    the results. A name of 15 letters has some 800, and looking them all up in an index of distinct
    names costs less than comparing the name with a thousandth of them.
    """
    found: set[str] = set()
    for i in range(len(key) + 1):
        head, tail = key[:i], key[i:]
        found.update(head + letter + tail for letter in LETTERS)
        if tail:
            found.add(head + tail[1:])
            found.update(head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    return sorted({" ".join(one.split()) for one in found} - {key, ""})
