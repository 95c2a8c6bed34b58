"""Comparing Vietnamese names as people, schools and spreadsheets write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dancu.kernel import legacy, syllables
from dancu.kernel.compare import MATCH, MISMATCH, UNKNOWN, UNREADABLE, Compared, Result, close
from dancu.kernel.memory import Memory
from dancu.kernel.text import accent_key, clean_name, fold, match_key, place_tones

#: Words that are one in origin and written by region or by habit: accent keys.
_KIN_GROUPS = (
    "hoàng huỳnh", "vũ võ", "phúc phước", "cảnh kiểng", "chu châu", "nhật nhựt", "quí quới",
    "sinh sanh", "bảo bửu", "chính chánh", "tùng tòng", "trường tràng", "hồng hường", "dũng dõng",
    "cương cang", "lĩnh lãnh", "nhậm nhiệm", "thì thời", "tân tơn", "đang đương", "nghĩa ngãi",
    "thịnh thạnh", "mệnh mạng", "tính tánh", "nguyên ngươn", "san sơn", "kính kiếng", "uất uốt",
)  # fmt: skip
_KIN = {word: place for place, group in enumerate(_KIN_GROUPS) for word in group.split()}
_KIN_BARE = {fold(word): place for word, place in _KIN.items()}


def kinship_key(name: str) -> str:
    """Return the key under which the regional twins of names meet: Huỳnh and Hoàng, Võ and Vũ.

    Without accents, as ``match_key``. Coarse: use it beside other evidence.
    """
    return " ".join(map(_KIN_WORDS.__getitem__, match_key(name).split()))


def _kin_word(word: str) -> str:
    place = _KIN_BARE.get(word)
    return word if place is None else fold(_KIN_GROUPS[place].split()[0])


_KIN_WORDS = Memory(_kin_word)
_GIVEN_NAME_ONLY = Compared(Result.MISMATCH, "given_name_only")
_DIGITS = re.compile(r"\d+")
_SHORTENED = re.compile(r"[.~]\s*")
_FEWEST_WORDS = 2
#: A name may have this many words spelled by region, and this many typed wrong.
_MOST_KIN, _MOST_TYPED = 2, 1


def compare_names(said: str, held: str) -> Compared:
    """Compare two full names.

    Case, spaces, Unicode form and the kind of apostrophe do not count. Close, the same name:
    ``tone_mark`` (Hòa, Hoà), ``i_y`` (Lý, Lí), ``punctuation``. Close, to be looked at:
    ``accents`` (left out), ``other_accents``, ``kinship_spelling`` (Huỳnh, Hoàng), ``order``,
    ``middle_name`` (missing or one too many), ``abbreviated``, ``typing`` (one slip that makes no
    syllable), ``encoding`` (text of an old font).
    """
    if said == held:
        return MATCH
    one, other = _plain(said), _plain(held)
    if one == other:
        return MATCH if one else UNKNOWN
    if not one or not other:
        return UNREADABLE if said.strip() else UNKNOWN
    words, known = accent_key(one).split(), accent_key(other).split()
    if words == known:
        return close(_same_name_reason(one, other))
    return (
        _of_words(words, known)
        or _abbreviated(one, known)
        or _with_digits(one, known)
        or _decoded(said, held)
        or (_GIVEN_NAME_ONLY if len(words) == 1 and words[0] == known[-1] else MISMATCH)
    )


def _plain(name: str) -> str:
    return clean_name(name).lower()


def _same_name_reason(one: str, other: str) -> str:
    if place_tones(one) == place_tones(other):
        return "tone_mark"
    only_letters = str.maketrans("", "", "'-.,")
    bare = one.translate(only_letters).split(), other.translate(only_letters).split()
    return "punctuation" if bare[0] == bare[1] else "i_y"


def _of_words(words: Sequence[str], known: Sequence[str]) -> Compared | None:
    """Compare syllable by syllable, then in another order, then without middle names."""
    if len(words) == len(known):
        reason = _in_place(words, known)
        if reason is None and _is_turned(words, known):
            reason = "order"
        return close(reason) if reason else None
    if _lacks_middle(words, known) or _lacks_middle(known, words):
        return close("middle_name")
    return None


def _in_place(words: Sequence[str], known: Sequence[str]) -> str | None:
    """Return the gravest reason among the syllables, ``None`` when one is another word."""
    counted: dict[str, int] = {}
    for word, other in zip(words, known, strict=True):
        reason = _WORDS[f"{word} {other}"]
        if reason == "different":
            return None
        counted[reason] = counted.get(reason, 0) + 1
    if counted.get("typing", 0) > _MOST_TYPED or counted.get("kinship_spelling", 0) > _MOST_KIN:
        return None
    return next((reason for reason in _GRAVEST_FIRST if reason in counted), None)


_GRAVEST_FIRST = ("typing", "kinship_spelling", "other_accents", "accents")


def _relation(pair: str) -> str:
    """Return how two syllables stand to each other; empty when they are the same."""
    word, _, other = pair.partition(" ")
    if word == other:
        return ""
    if fold(word) == fold(other):
        is_bare = _is_stripped(word, other) or _is_stripped(other, word)
        return "accents" if is_bare else "other_accents"
    group = _KIN.get(word, _KIN_BARE.get(word) if word.isascii() else None)
    if group is not None and group == _KIN.get(other):
        return "kinship_spelling"
    if not syllables.is_syllable(word) and _is_one_slip(fold(word), fold(other)):
        return "typing"
    return "different"


_WORDS = Memory(_relation)


def _is_stripped(bare: str, full: str) -> bool:
    """Say whether one syllable is the other with some of its marks left out."""
    marks, all_marks = _marks(bare), _marks(full)
    return len(marks) == len(all_marks) and all(
        some <= every for some, every in zip(marks, all_marks, strict=True)
    )


def _marks(word: str) -> list[frozenset[str]]:
    """Return the marks of each letter; the stroke of đ counts as one.

    Of the tone only that it is there: where it stands is a matter of style.
    """
    letters, tone = syllables.split_tone(word)
    apart = unicodedata.normalize("NFD", letters)
    found: list[set[str]] = [{f"tone {tone}"} if tone else set()]
    for letter in apart:
        if unicodedata.combining(letter):
            found[-1].add(letter)
        else:
            found.append({"stroke"} if letter == "đ" else set())
    return list(map(frozenset, found))


def _is_one_slip(one: str, other: str) -> bool:
    """Say whether one letter more, less, another, or two neighbours exchanged make the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]


def _is_turned(words: Sequence[str], known: Sequence[str]) -> bool:
    """Say whether the name was turned: the given name first, or the surname last."""
    turned = [[*words[i:], *words[:i]] for i in range(1, len(words))]
    turned.append(list(reversed(words)))
    return any(_in_place(one, known) in _STILL_THE_NAME or one == list(known) for one in turned)


_STILL_THE_NAME = ("accents",)


def _lacks_middle(few: Sequence[str], many: Sequence[str]) -> bool:
    """Say whether the shorter name has surname and given name, and lacks middle ones."""
    if not _FEWEST_WORDS <= len(few) < len(many):
        return False
    if not (_is_word(few[0], many[0]) and _is_word(few[-1], many[-1])):
        return False
    rest = iter(many[1:-1])
    return all(any(_is_word(word, other) for other in rest) for word in few[1:-1])


def _is_word(word: str, other: str) -> bool:
    return _WORDS[f"{word} {other}"] in ("", "accents")


def _abbreviated(said: str, known: Sequence[str]) -> Compared | None:
    """Compare a name with syllables cut to their first letters: ``Ng. T. Lan``."""
    if "." not in said and "~" not in said:
        return None
    pieces = _SHORTENED.sub(". ", said).split()
    if len(pieces) != len(known):
        return None
    for piece, other in zip(pieces, known, strict=True):
        start = fold(piece.rstrip("."))
        is_short = piece.endswith(".") and start and fold(other).startswith(start)
        if not is_short and not _is_word(accent_key(piece), other):
            return None
    return close("abbreviated")


def _with_digits(said: str, known: Sequence[str]) -> Compared | None:
    """Compare a name into which digits slipped."""
    words = accent_key(_DIGITS.sub("", said)).split()
    if not words or not _DIGITS.search(said):
        return None
    is_same = words == list(known) or _of_words(words, known) is not None
    return close("typing") if is_same else None


def _decoded(said: str, held: str) -> Compared | None:
    """Compare a name written for an old font (TCVN3, VNI)."""
    guess = legacy.detect(said)
    if guess is None or not compare_names(guess.repaired, held).is_near:
        return None
    return close("encoding")
