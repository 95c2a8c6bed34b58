"""Finding the units that an address names, from its end. Pure: no database."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from dancu.kernel.memory import Memory
from dancu.places.internal.gazetteer import word_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dancu.places.internal.gazetteer import Gazetteer, Named
    from dancu.places.types import Level

_TOKEN = re.compile(r"[^\s,;.()–-]+")
_GLUED = re.compile(r"(?<!\w)([QPFqpf])(?=\d{1,2}(?!\w))|(?<!\w)(KP|Kp|kp)(?=\d)")
_COUNTRY = (["viet", "nam"], ["vietnam"], ["vn"])
_LONGEST_NAME = 7
_UPPER: tuple[Level, ...] = ("province", "district", "commune")


class Token(NamedTuple):
    """One word: its key, where it stands in the text, and the number of its comma part."""

    key: str
    start: int
    end: int
    part: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the end of an address.

    ``units`` fit together; ``left`` is the number of tokens before the first one that is read.
    """

    units: tuple[Named, ...] = ()
    deepest: Level | None = None
    left: int = 0
    score: float = 0.0
    spans: tuple[tuple[Level, int, int], ...] = ()
    district: tuple[Named, ...] = ()
    province: tuple[Named, ...] = ()

    @property
    def names_district(self) -> bool:
        return bool(self.district)

    @property
    def names_past_province(self) -> bool:
        return bool(self.province) and all(n.is_past for n in self.province)


def unglue(text: str) -> str:
    """Part a letter from its number: ``P22`` is ``P 22``, ``Q1`` is ``Q 1``."""
    return _GLUED.sub(lambda m: f"{m.group(0)} ", text)


def tokens_of(text: str) -> list[Token]:
    """Return the words of the text, the country at its end left out."""
    tokens: list[Token] = []
    part = 0
    at = 0
    for match in _TOKEN.finditer(text):
        if any(c in ",;\n" for c in text[at : match.start()]):
            part += 1
        at = match.end()
        if key := _KEY[match.group()]:
            tokens.append(Token(key, match.start(), at, part))
    for country in _COUNTRY:
        if [t.key for t in tokens[-len(country) :]] == country and len(tokens) > len(country):
            return tokens[: -len(country)]
    return tokens


#: The key of a word; of something without letters or digits an empty text.
_KEY = Memory(lambda word: next(iter(word_keys(word)), ""))


def read(tokens: list[Token], gazetteer: Gazetteer) -> Reading:
    """Return the best reading; among equals their units together, so that nothing is guessed.

    Where one name may be a district or a commune in it, the district is taken: it claims less.
    """
    best = Reading(left=len(tokens))
    for reading in _read_from(tokens, gazetteer, Reading(left=len(tokens)), 0):
        if reading.score > best.score:
            best = reading
        elif reading.score == best.score and reading.deepest == best.deepest:
            best = replace(best, units=tuple(dict.fromkeys(best.units + reading.units)))
    return best


def _read_from(
    tokens: list[Token], gazetteer: Gazetteer, so_far: Reading, depth: int
) -> Iterator[Reading]:
    if so_far.deepest:
        yield so_far
    if depth == len(_UPPER) or so_far.left == 0:
        return
    for step in _steps(tokens, gazetteer, so_far, _UPPER[depth]):
        yield from _read_from(tokens, gazetteer, step, depth + 1)
    yield from _read_from(tokens, gazetteer, so_far, depth + 1)


def _steps(
    tokens: list[Token], gazetteer: Gazetteer, so_far: Reading, level: Level
) -> Iterator[Reading]:
    """Yield the readings that take one more unit of the level at the end of what is left."""
    end = so_far.left
    part = tokens[end - 1].part
    begin = end
    keys: list[str] = []
    while begin > 0 and tokens[begin - 1].part == part and end - begin < _LONGEST_NAME + 2:
        begin -= 1
        keys.insert(0, tokens[begin].key)
        takes_all = begin == 0 or tokens[begin - 1].part != part
        for found, score in _matches(gazetteer, level, keys, so_far, tokens, takes_all=takes_all):
            step = _fit(so_far, level, found, span=(begin, end), score=score)
            if step is not None:
                yield step


def _matches(
    gazetteer: Gazetteer,
    level: Level,
    keys: list[str],
    so_far: Reading,
    tokens: list[Token],
    *,
    takes_all: bool,
) -> Iterator[tuple[list[Named], float]]:
    for word in gazetteer.announcing(level, keys[0]):
        size = len(word.keys)
        if tuple(keys[:size]) != word.keys or len(keys) == size:
            continue
        found = gazetteer.find(level, " ".join(keys[size:]))
        right = [n for n in found if n.kind == word.kind]
        if found:
            yield (right, 2.0) if right else (found, 1.2)
    name = " ".join(keys)
    if name.isdecimal() or not _may_stand_alone(level, so_far, tokens, takes_all=takes_all):
        return
    found = gazetteer.find(level, name)
    if found:
        # On a map without districts a name is rather a commune than a district that has ended.
        ended = 0.1 if level == "district" and found[0].is_past else 0.0
        yield found, (1.5 if takes_all else 1.0) - ended


def _may_stand_alone(
    level: Level, so_far: Reading, tokens: list[Token], *, takes_all: bool
) -> bool:
    """Say whether a name without ``phường`` or ``quận`` may be a unit here.

    Between commas it must fill its part, or the street “12 Lê Lợi” would be the commune Lê Lợi.
    Without commas a commune needs the district after it.
    """
    if takes_all and tokens[-1].part > 0:
        return True
    if level == "commune":
        return takes_all if tokens[-1].part > 0 else so_far.names_district or takes_all
    return tokens[-1].part == 0 or takes_all


def _fit(
    so_far: Reading, level: Level, found: list[Named], *, span: tuple[int, int], score: float
) -> Reading | None:
    fitting = [n for n in found if _agrees(n, so_far)]
    if not fitting:
        return None
    if level == "province":
        so_far = replace(so_far, province=tuple(fitting))
    if level == "district":
        so_far = replace(so_far, district=tuple(fitting))
    return replace(
        so_far,
        units=tuple(fitting),
        deepest=level,
        left=span[0],
        score=so_far.score + score,
        spans=(*so_far.spans, (level, *span)),
    )


def _agrees(named: Named, so_far: Reading) -> bool:
    """Say whether a unit lies in the units read so far (to its right)."""
    if so_far.province and not any(n.province == named.province for n in so_far.province):
        return False
    if not so_far.district:
        return True
    if named.district:
        return any(n.code == named.district for n in so_far.district)
    return any(n.province == named.province for n in so_far.district)
