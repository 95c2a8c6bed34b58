"""The comparisons and their levels, each once for SQL and once for Python.

A comparison looks at its levels in order and takes the first that holds; none holds when one side
is unknown. The two wordings of a level say the same (tests/kernel/linkage holds them against each
other): ``sql`` of tables ``l`` and ``r`` with the columns of ``Prepared``, ``holds`` of two such
values. Edit distances count letters exchanged with their neighbour as one edit. The functions that
``sql`` calls beyond what DuckDB and Spark share are named in the module ``sql``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein

from dancu.kernel.linkage.prepared import Prepared

Holds = Callable[[Prepared, Prepared], bool]

UNKNOWN = "unknown"
#: Which frequency of names adjusts the weight of a level.
WHOLE, ENDS, GIVEN = "whole", "ends", "given"


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement; ``frequency`` names the term frequency that weighs it."""

    name: str
    sql: str
    holds: Holds
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, when nothing can be said, and the levels from the nearest on."""

    name: str
    unknown: Level
    levels: tuple[Level, ...]

    def level(self, left: Prepared, right: Prepared) -> Level:
        """Return the level that holds for two records."""
        if self.unknown.holds(left, right):
            return self.unknown
        return next(level for level in self.levels if level.holds(left, right))


def within_one(one: str, other: str) -> bool:
    """Say whether at most one edit lies between two texts, counted in bytes."""
    first, second = one.encode(), other.encode()
    if abs(len(first) - len(second)) > 1:
        return False
    return DamerauLevenshtein.distance(first, second, score_cutoff=1) <= 1


def _unknown(sql: str, holds: Holds) -> Level:
    return Level(UNKNOWN, sql, holds)


def _else(name: str) -> Level:
    return Level(name, "TRUE", lambda _left, _right: True)


def _near(column: str) -> str:
    return f"within_one(l.{column}, r.{column})"


# -- Names -----------------------------------------------------------------------------------------


def _lacks_middle(left: Prepared, right: Prepared) -> bool:
    if left.ends != right.ends or left.is_single or right.is_single:
        return False
    one, other = set(left.middle.split()), set(right.middle.split())
    return one <= other or other <= one


_LACKS_MIDDLE = (
    "l.ends = r.ends AND NOT l.is_single AND NOT r.is_single AND (l.middle = '' OR r.middle = ''"
    " OR has_words(l.middle, r.middle) OR has_words(r.middle, l.middle))"
)

NAME = Comparison(
    "full_name",
    _unknown("l.name = '' OR r.name = ''", lambda x, y: not x.name or not y.name),
    (
        Level("same", "l.name = r.name", lambda x, y: x.name == y.name, WHOLE),
        Level(
            "accents_left_out",
            "l.bare = r.bare AND (l.is_bare OR r.is_bare)",
            lambda x, y: x.bare == y.bare and (x.is_bare or y.is_bare),
            WHOLE,
        ),
        Level("other_accents", "l.bare = r.bare", lambda x, y: x.bare == y.bare, WHOLE),
        Level("kinship_spelling", "l.kin = r.kin", lambda x, y: x.kin == y.kin, WHOLE),
        Level("middle_name", _LACKS_MIDDLE, _lacks_middle, ENDS),
        Level("order", "l.ordered = r.ordered", lambda x, y: x.ordered == y.ordered, WHOLE),
        Level(
            "abbreviated",
            "(l.is_short OR r.is_short) AND l.initials = r.initials AND l.given = r.given",
            lambda x, y: (
                (x.is_short or y.is_short) and x.initials == y.initials and x.given == y.given
            ),
            GIVEN,
        ),
        Level(
            "typing",
            f"(l.is_odd OR r.is_odd) AND {_near('bare')}",
            lambda x, y: (x.is_odd or y.is_odd) and within_one(x.bare, y.bare),
            WHOLE,
        ),
        Level(
            "one_letter",
            f"l.given = r.given AND {_near('bare')}",
            lambda x, y: x.given == y.given and within_one(x.bare, y.bare),
            WHOLE,
        ),
        Level(
            "given_name_only",
            "l.given = r.given AND (l.is_single OR r.is_single)",
            lambda x, y: x.given == y.given and (x.is_single or y.is_single),
            GIVEN,
        ),
        Level("same_given_name", "l.given = r.given", lambda x, y: x.given == y.given, GIVEN),
        _else("other_name"),
    ),
)


# -- Birth and sex ---------------------------------------------------------------------------------


def _numbers_tell_years(left: Prepared, right: Prepared) -> bool:
    """Say whether the years differ and each record's number has its own year."""
    return left.birth_year != right.birth_year and all(
        len(one.pid) == _PID_LENGTH and one.pid[4:6] == one.birth_year[2:] for one in (left, right)
    )


_PID_LENGTH = 12
_NUMBERS_TELL_YEARS = (
    "l.birth_year <> r.birth_year"
    f" AND length(l.pid) = {_PID_LENGTH} AND substr(l.pid, 5, 2) = substr(l.birth_year, 3)"
    f" AND length(r.pid) = {_PID_LENGTH} AND substr(r.pid, 5, 2) = substr(r.birth_year, 3)"
)

BIRTH = Comparison(
    "birth_date",
    _unknown(
        "l.birth_year = '' OR r.birth_year = ''",
        lambda x, y: not x.birth_year or not y.birth_year,
    ),
    (
        Level(
            "same",
            "l.birth <> '' AND l.birth = r.birth",
            lambda x, y: bool(x.birth) and x.birth == y.birth,
        ),
        Level(
            "day_month_swapped",
            "l.birth_turned <> '' AND l.birth_turned = r.birth",
            lambda x, y: bool(x.birth_turned) and x.birth_turned == y.birth,
        ),
        Level(
            "year_only",
            "l.birth_year = r.birth_year AND (l.birth = '' OR r.birth = '')",
            lambda x, y: x.birth_year == y.birth_year and (not x.birth or not y.birth),
        ),
        Level("other_year_in_both_numbers", _NUMBERS_TELL_YEARS, _numbers_tell_years),
        Level(
            "one_digit",
            f"l.birth <> '' AND r.birth <> '' AND {_near('birth')}",
            lambda x, y: bool(x.birth and y.birth) and within_one(x.birth, y.birth),
        ),
        Level(
            "other_year",
            "l.birth <> '' AND r.birth <> '' AND substr(l.birth, 6) = substr(r.birth, 6)",
            lambda x, y: bool(x.birth and y.birth) and x.birth[5:] == y.birth[5:],
        ),
        Level(
            "same_year",
            "l.birth_year = r.birth_year",
            lambda x, y: x.birth_year == y.birth_year,
        ),
        _else("other_date"),
    ),
)

SEX = Comparison(
    "sex",
    _unknown("l.sex = '' OR r.sex = ''", lambda x, y: not x.sex or not y.sex),
    (Level("same", "l.sex = r.sex", lambda x, y: x.sex == y.sex), _else("other")),
)


# -- Numbers ---------------------------------------------------------------------------------------


def _numbers_unknown(left: Prepared, right: Prepared) -> bool:
    return not (left.pid and right.pid) and not (left.old_id and right.old_id)


def _same_serial(left: Prepared, right: Prepared) -> bool:
    """Say whether two numbers differ in one of their meaning parts: province, sex, year."""
    one, other = left.pid, right.pid
    if one[6:] != other[6:]:
        return False
    return one[3:6] == other[3:6] or (
        one[:3] == other[:3] and (one[3] == other[3] or one[4:6] == other[4:6])
    )


_SAME_SERIAL = (
    "substr(l.pid, 7) = substr(r.pid, 7) AND (substr(l.pid, 4, 3) = substr(r.pid, 4, 3)"
    " OR (substr(l.pid, 1, 3) = substr(r.pid, 1, 3)"
    " AND (substr(l.pid, 4, 1) = substr(r.pid, 4, 1)"
    " OR substr(l.pid, 5, 2) = substr(r.pid, 5, 2))))"
)
_BOTH_PIDS = "l.pid <> '' AND r.pid <> ''"
_BOTH_OLD = "l.old_id <> '' AND r.old_id <> ''"

NUMBER = Comparison(
    "pid",
    _unknown(f"NOT ({_BOTH_PIDS}) AND NOT ({_BOTH_OLD})", _numbers_unknown),
    (
        Level("same", "l.pid <> '' AND l.pid = r.pid", lambda x, y: bool(x.pid) and x.pid == y.pid),
        Level(
            "same_old_number",
            "l.old_id <> '' AND l.old_id = r.old_id",
            lambda x, y: bool(x.old_id) and x.old_id == y.old_id,
        ),
        Level(
            "one_digit",
            f"{_BOTH_PIDS} AND {_near('pid')}",
            lambda x, y: bool(x.pid and y.pid) and within_one(x.pid, y.pid),
        ),
        Level(
            "same_serial",
            f"{_BOTH_PIDS} AND {_SAME_SERIAL}",
            lambda x, y: bool(x.pid and y.pid) and _same_serial(x, y),
        ),
        Level(
            "old_number_one_digit",
            f"{_BOTH_OLD} AND {_near('old_id')}",
            lambda x, y: bool(x.old_id and y.old_id) and within_one(x.old_id, y.old_id),
        ),
        _else("other"),
    ),
)


# -- Parents and home ------------------------------------------------------------------------------

# Brothers and sisters share parents, home and birth place at once. Weighed one by one these would
# count the same kinship three times, so parents and home are one comparison of joint levels.


def _fathers(left: Prepared, right: Prepared) -> bool:
    return bool(left.father) and left.father == right.father


def _mothers(left: Prepared, right: Prepared) -> bool:
    return bool(left.mother) and left.mother == right.mother


def _both(left: Prepared, right: Prepared) -> bool:
    return _fathers(left, right) and _mothers(left, right)


def _one_and_unknown(left: Prepared, right: Prepared) -> bool:
    one, other = _fathers(left, right), _mothers(left, right)
    if one == other:
        return False
    rest = (left.mother, right.mother) if one else (left.father, right.father)
    return not all(rest)


def _one(left: Prepared, right: Prepared) -> bool:
    return _fathers(left, right) or _mothers(left, right)


def _none_known(left: Prepared, right: Prepared) -> bool:
    return not (left.father and right.father) and not (left.mother and right.mother)


_F, _M = "(l.father <> '' AND l.father = r.father)", "(l.mother <> '' AND l.mother = r.mother)"
_NO_F, _NO_M = "(l.father = '' OR r.father = '')", "(l.mother = '' OR r.mother = '')"
_PARENTS: tuple[tuple[str, str, Holds], ...] = (
    ("parents", f"{_F} AND {_M}", _both),
    ("one_parent", f"(({_F} AND {_NO_M}) OR ({_M} AND {_NO_F}))", _one_and_unknown),
    ("one_of_two_parents", f"({_F} OR {_M})", _one),
    ("parents_unknown", f"{_NO_F} AND {_NO_M}", _none_known),
    ("other_parents", "TRUE", lambda _left, _right: True),
)


def _same_commune(left: Prepared, right: Prepared) -> bool:
    one, other = left.commune, right.commune
    return bool(one and other) and (one == other or one in other or other in one)


def _same_home(left: Prepared, right: Prepared) -> bool:
    if not left.address or left.address != right.address:
        return False
    return not left.commune or not right.commune or _same_commune(left, right)


_COMMUNE = (
    "l.commune <> '' AND r.commune <> ''"
    " AND (l.commune = r.commune OR contains(l.commune, r.commune)"
    " OR contains(r.commune, l.commune))"
)
_HOME = (
    "l.address <> '' AND l.address = r.address"
    f" AND (l.commune = '' OR r.commune = '' OR ({_COMMUNE}))"
)
_HOMES: tuple[tuple[str, str, Holds], ...] = (
    ("same_address", f"({_HOME})", _same_home),
    ("same_commune", f"({_COMMUNE})", _same_commune),
    ("elsewhere", "TRUE", lambda _left, _right: True),
)


def _joint(first: Holds, second: Holds) -> Holds:
    return lambda left, right: first(left, right) and second(left, right)


FAMILY = Comparison(
    "parents_and_home",
    _unknown("FALSE", lambda _left, _right: False),
    tuple(
        Level(f"{parents}_{home}", f"{of_parents} AND {of_home}", _joint(hold, also))
        for parents, of_parents, hold in _PARENTS
        for home, of_home, also in _HOMES
    ),
)


# -- Birth place and telephone ---------------------------------------------------------------------


def _same_birth_place(left: Prepared, right: Prepared) -> bool:
    one, other = left.birth_place, right.birth_place
    return one == other or one in other or other in one


BIRTH_PLACE = Comparison(
    "birth_place",
    _unknown(
        "l.birth_place = '' OR r.birth_place = ''",
        lambda x, y: not x.birth_place or not y.birth_place,
    ),
    (
        Level(
            "same",
            "l.birth_place = r.birth_place OR contains(l.birth_place, r.birth_place)"
            " OR contains(r.birth_place, l.birth_place)",
            _same_birth_place,
        ),
        _else("other"),
    ),
)

PHONE = Comparison(
    "phone",
    _unknown("l.phone = '' OR r.phone = ''", lambda x, y: not x.phone or not y.phone),
    (Level("same", "l.phone = r.phone", lambda x, y: x.phone == y.phone), _else("other")),
)

COMPARISONS = (NAME, BIRTH, SEX, NUMBER, FAMILY, BIRTH_PLACE, PHONE)
