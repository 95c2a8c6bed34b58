"""A row of a specialised file before it is written: what is true, and what will stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.synthesis.dwellings import Stay
    from dancu.synthesis.people import Person


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true about the person of a row. ``birth_date`` is ISO, partial where unknown."""

    pid: str
    name: str
    birth_date: str
    sex: str
    phone: str
    address: str
    unit_code: str
    dead: bool


class Draft:
    """The cells of a row. Faults change them and add their codes to ``errors``."""

    __slots__ = ("cells", "errors", "person", "stay", "truth")

    def __init__(self, truth: Truth, person: Person, stay: Stay, cells: dict[str, object]) -> None:
        """Begin with clean cells."""
        self.truth = truth
        self.person = person
        self.stay = stay
        self.cells = cells
        self.errors: list[str] = []

    def text(self, name: str) -> str:
        """Return a cell as text."""
        return str(self.cells.get(name, ""))

    def again(self) -> Draft:
        """Return a second row for the same person."""
        copy = Draft(self.truth, self.person, self.stay, dict(self.cells))
        copy.errors = [*self.errors, "DUP"]
        return copy
