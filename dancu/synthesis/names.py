"""Names by sex, generation, region and people. No name belongs to a real person on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dancu.catalogue.files import rows_of, yaml_of
from dancu.synthesis.wheels import wheel

if TYPE_CHECKING:
    from collections.abc import Callable

BITS = 10
REGIONS = ("north", "centre", "south")
GENERATIONS = ("before_1960", "from_1960", "from_1985", "from_2005")
GENERATION_STARTS = (1960, 1985, 2005)
SEXES = ("M", "F")
SOUTHERN_ELSEWHERE = 0.1
KINH = "01"


@dataclass(frozen=True, slots=True)
class People:
    """An ethnic minority and the form of its names."""

    ethnicity: str
    religion: str
    clan_from: str
    forms: tuple[str, str]
    clans: tuple[str, ...]
    given: tuple[tuple[str, ...], tuple[str, ...]]

    def compose(self, female: int, clan: str, bits: Callable[[int], int]) -> str:
        """Return a full name of this people."""
        pool = self.given[female]
        given = pool[bits(10) % len(pool)]
        return self.forms[female].replace("{clan}", clan).replace("{given}", given)

    def clan(self, bits: Callable[[int], int]) -> str:
        """Return a family name, or nothing where the people has none."""
        return self.clans[bits(10) % len(self.clans)] if self.clans else ""


@dataclass(frozen=True, slots=True)
class Names:
    """Wheels of names: ``middle[sex][generation]``, ``given[region][sex][generation]``."""

    surnames: dict[str, list[str]]
    middle: tuple[tuple[list[str], ...], ...]
    given: dict[str, tuple[tuple[list[str], ...], ...]]
    #: For each region a wheel of peoples; None is Kinh.
    peoples: dict[str, list[People | None]]


def generation_of(year: int) -> int:
    """Return the index of the generation that a birth year belongs to."""
    if year < GENERATION_STARTS[1]:
        return 0 if year < GENERATION_STARTS[0] else 1
    return 2 if year < GENERATION_STARTS[2] else 3


def compose(surname: str, middles: list[str], given: list[str], bits: Callable[[int], int]) -> str:
    """Return ``surname middle given``, never with the same syllable twice in a row."""
    name = given[bits(BITS)]
    middle = middles[bits(BITS)]
    if name in middle or surname in middle or name == surname:
        name = given[bits(BITS)]
        middle = middles[bits(BITS)]
        if name in middle or surname in middle:
            middle = ""
    return f"{surname} {middle} {name}" if middle else f"{surname} {name}"


@lru_cache(maxsize=2)
def names(path: str) -> Names:
    """Read the names of a catalogue folder."""
    base = Path(path) / "names"
    surnames = list(rows_of(base / "surnames.csv"))
    middle = list(rows_of(base / "middle_names.csv"))
    given = list(rows_of(base / "given_names.csv"))
    groups: list[dict[str, Any]] = yaml_of(base / "ethnic.yaml")["groups"]
    return Names(
        surnames={
            region: wheel(((row["surname"], float(row[region])) for row in surnames), BITS)
            for region in REGIONS
        },
        middle=tuple(
            tuple(
                wheel(((r["middle"], float(r[g])) for r in middle if r["sex"] == sex), BITS)
                for g in GENERATIONS
            )
            for sex in SEXES
        ),
        given={region: _given(given, region) for region in REGIONS},
        peoples={region: _peoples(groups, region) for region in REGIONS},
    )


def _given(rows: list[dict[str, str]], region: str) -> tuple[tuple[list[str], ...], ...]:
    def weight(row: dict[str, str], generation: str) -> float:
        elsewhere = row["region"] not in {"", region}
        return float(row[generation]) * (SOUTHERN_ELSEWHERE if elsewhere else 1.0)

    return tuple(
        tuple(
            wheel(((r["name"], weight(r, g)) for r in rows if r["sex"] == sex), BITS)
            for g in GENERATIONS
        )
        for sex in SEXES
    )


def _peoples(groups: list[dict[str, Any]], region: str) -> list[People | None]:
    weights: list[tuple[People | None, float]] = []
    for group in groups:
        if region in group["regions"]:
            people = People(
                ethnicity=group["ethnicity"],
                religion=group["religion"],
                clan_from=group["clan_from"],
                forms=(group["male"], group["female"]),
                clans=tuple(group["clans"]),
                given=(tuple(group["men"]), tuple(group["women"])),
            )
            weights.append((people, float(group["share"])))
    kinh: tuple[People | None, float] = (None, 1.0 - sum(w for _, w in weights))
    return wheel([kinh, *weights], BITS + 2)
