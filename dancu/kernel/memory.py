"""A function of one word that remembers what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")

SIZE = 1 << 16
LONGEST = 24


class Memory(dict[str, _T], Generic[_T]):
    """Look a word up, or work it out and keep it: ``map(memory.__getitem__, words)``.

    A language has few syllables, so nearly every look-up of a bulk load is a hit. Words longer
    than ``LONGEST`` are not kept, and a full memory forgets all, so garbage cannot fill it.
    """

    def __init__(self, function: Callable[[str], _T]) -> None:
        """Remember the results of a pure function."""
        super().__init__()
        self._function = function

    def __missing__(self, word: str) -> _T:
        """Work out the value of a new word."""
        value = self._function(word)
        if len(word) <= LONGEST:
            if len(self) >= SIZE:
                self.clear()
            self[word] = value
        return value
