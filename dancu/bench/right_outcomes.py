"""What the right outcome of a row is, told from its truth and from what the register holds.

The number decides first: it leads to the person, to nobody, or to somebody else who happens to bear
it. Where it leads to the person, the outcome says whether all other facts are the same facts in
whatever writing. Where it leads to nobody, name and birth date decide how many people fit. The
register may hold something else than the truth, where sources contradict each other or somebody
lives elsewhere than where they are registered; then the facts differ, and rightly so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dancu.bench.tables import TrueRow
from dancu.kernel.text import match_key

FULL, DIFFER = "full_match", "facts_differ"
ONE, SEVERAL, NOBODY = "one_candidate", "several_candidates", "not_found"
DEAD, CANCELLED, NOT_ASKED = "dead", "pid_cancelled", ""

#: The number is gone, cut or another one: it leads to nobody, save by chance.
_NUMBER_LOST = frozenset(
    {"SCIENTIFIC", "LEN", "PROV_UNKNOWN", "SEX_MISMATCH", "YEAR_MISMATCH", "PID_MISSING"}
)
#: The number can be mended, but somebody has to compare it: not a full match.
_NUMBER_MENDED = frozenset({"LEADING_ZERO_LOST", "NONDIGIT"})
#: The same facts in another writing. Whatever is not in here speaks against a full match.
_WRITING = frozenset(
    {
        "DUP", "EMPTY", "CMND_ONLY", "NFD", "ETH_FOR_D", "TONE_STYLE", "OLD_UNIT", "SPLIT_WARD",
        "NO_PROVINCE", "HOMONYM", "ADDRESS_ABBREV", "PHONE_11", "PHONE_SHARED", "DEAD_ACTIVE",
        "CANCELLED",
    }
)  # fmt: skip
_INCOMPLETE = frozenset({"NO_PROVINCE", "HOMONYM"})
#: A name that lost so much, or a date so wrong, that nobody can be found by it.
_NAME_LOST = frozenset({"EMPTY", "ONE_SYLLABLE"})
_DATE_LOST = frozenset({"FUTURE", "AGE_OVER_120"})
#: A name or date that may or may not be enough to find somebody without the number.
_HAZY = frozenset(
    {
        "DIGIT", "ABBREV", "MISSING_MIDDLE", "EXTRA_MIDDLE", "SWAPPED_ORDER", "TCVN3", "VNI",
        "ACCENTS_LOST", "DATE_INVALID", "DAY_MONTH_SWAP", "YEAR_ONLY", "TWO_DIGIT_YEAR",
        "FIRST_OF_JANUARY",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """What the register holds of somebody; ``communes``: today's units where they may live."""

    name: str
    birth_date: str
    communes: frozenset[str]


@dataclass(frozen=True, slots=True)
class World:
    """What the benchmark knows: how many bear a name and birth date, all numbers, what is held."""

    namesakes: Mapping[tuple[str, str], int]
    numbers: frozenset[str]
    held: Mapping[str, Held]

    def is_held(self, row: TrueRow) -> bool:
        """Say whether the register holds of the person what is true."""
        held = self.held.get(row.pid)
        if held is None or held.birth_date != row.birth_date:
            return False
        # A name that is not said cannot differ.
        is_named_so = held.name == row.name or not row.written_name
        return is_named_so and (not held.communes or row.unit_code in held.communes)

    def is_named_otherwise(self, row: TrueRow) -> bool:
        """Say whether the register holds another name or birth date than the true one."""
        held = self.held.get(row.pid)
        return held is not None and (held.name, held.birth_date) != (row.name, row.birth_date)

    def is_written_as_held(self, row: TrueRow) -> bool:
        """Say whether the register errs as the row does, so that the two agree."""
        held = self.held.get(row.pid)
        if held is None or (held.name, held.birth_date) == (row.name, row.birth_date):
            return False
        birth = "/".join(reversed(held.birth_date.split("-")))
        return (held.name.lower(), birth) == (row.written_name.lower(), row.written_birth)


def right_outcomes(row: TrueRow, world: World) -> frozenset[str]:
    """Return the outcomes that are right for a row; several where its truth leaves it open."""
    faults = set(row.faults)
    if row.written_name.replace(".", "").lower() == row.name.lower():
        # A word of one letter, shortened, is the word and a full stop.
        faults.discard("ABBREV")
    if _NUMBER_LOST & faults:
        return _without_number(row, faults, world)
    if "CANCELLED" in faults:
        return _told_if_meant(CANCELLED, row, faults, world)
    if _NUMBER_MENDED & faults:
        return _mended(row, faults, world)
    if row.dead:
        return _told_if_meant(DEAD, row, faults, world)
    return _with_number(row, faults, world)


def _told_if_meant(outcome: str, row: TrueRow, faults: set[str], world: World) -> frozenset[str]:
    """Return the outcome, and that facts differ where name or date may speak against it.

    Death and a cancelled number are told only of whom name and birth date speak for.
    """
    is_sure = not (_NAME_LOST | _DATE_LOST | _HAZY) & faults and not world.is_named_otherwise(row)
    return frozenset({outcome} if is_sure else {outcome, DIFFER})


def _with_number(row: TrueRow, faults: set[str], world: World) -> frozenset[str]:
    if world.is_written_as_held(row):
        return frozenset({FULL, DIFFER})
    if not (faults <= _WRITING and world.is_held(row)):
        return frozenset({DIFFER})
    # An address that leaves out the province may be too little to say that it is the same.
    return frozenset({FULL, DIFFER} if _INCOMPLETE & faults else {FULL})


def _mended(row: TrueRow, faults: set[str], world: World) -> frozenset[str]:
    """Return the outcomes of a row whose number somebody has to compare."""
    found = DEAD if row.dead else DIFFER
    if (_NAME_LOST | _DATE_LOST | _HAZY) & faults or not world.is_held(row):
        # Without support by name and date nobody may take the number for the right one.
        return frozenset({found, DIFFER, NOBODY, ONE, SEVERAL, NOT_ASKED})
    return frozenset({found})


def _without_number(row: TrueRow, faults: set[str], world: World) -> frozenset[str]:
    if row.written_pid in world.numbers:
        # It is somebody else's, of whom nothing else is told.
        return frozenset({DIFFER})
    if (_NAME_LOST | _DATE_LOST) & faults:
        return frozenset({NOBODY, NOT_ASKED})
    bearers = world.namesakes[match_key(row.name), row.birth_date]
    if _HAZY & faults or not world.is_held(row):
        return frozenset({NOBODY, ONE, SEVERAL})
    # The commune may tell namesakes apart.
    return frozenset({ONE} if bearers <= 1 else {ONE, SEVERAL})


def is_wrong_match(row: TrueRow, outcome: str, person: str, world: World) -> bool:
    """Say whether a row was called a full match and is not the person's, or not right."""
    if outcome != FULL:
        return False
    return person != row.pid or FULL not in right_outcomes(row, world)


def is_right(row: TrueRow, outcome: str, person: str, world: World) -> bool:
    """Say whether the outcome is right and leads to the right person, where it leads to one."""
    if outcome not in right_outcomes(row, world):
        return False
    is_somebody_elses = row.written_pid in world.numbers and row.written_pid != row.pid
    return not person or person == row.pid or is_somebody_elses
