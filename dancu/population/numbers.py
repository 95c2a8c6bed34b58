"""Personal identification numbers: which digits, and which numbers are still free.

A number begins with the province of birth registration, century and sex, and the year of birth;
the six digits after that are random (Decree 70/2024). No number is given twice: every number ever
given stays in ``population_pid``, which the database protects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from random import SystemRandom
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop as _

from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import day_or_none, folder, yaml_of
from dancu.catalogue.types import in_force
from dancu.kernel import pid as kernel_pid
from dancu.kernel.errors import FieldError, Invalid
from dancu.kernel.pid import Pid, Sex
from dancu.places.queries import unit_path
from dancu.population.errors import PidsExhausted

SERIALS = 1_000_000
_FILE = "pid_provinces.yaml"
#: So many random numbers are tried before the gaps are looked up: enough while a third is free.
_RANDOM_TRIES = 24
_GAPS_AT_ONCE = 200
#: Advisory locks on numbers: this, then the 12 digits, which fit in 40 bits.
_LOCK_SPACE = 0x5049 << 40
_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class PidProvince:
    """The digits that births registered in a province get in a period (half-open)."""

    unit: str
    code: str
    also: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


def province_of(unit_code: str, day: date) -> PidProvince:
    """Return the digits for a birth registered in a unit (of any level) on a day.

    Raises ``Invalid`` for a unit that did not stand on that day or has no digits declared.
    """
    path = unit_path(unit_code, day)
    if path:
        for entry in _provinces(str(folder())).get(path[0].code, ()):
            if in_force(entry.valid_from, entry.valid_to, day):
                return entry
    raise Invalid(
        [
            FieldError(
                "registration_place",
                "unit-unknown",
                _("No province of numbers is known for unit %(unit)s on that day."),
                _("Check the code of the commune and the day of registration."),
                {"unit": unit_code},
            )
        ]
    )


def reserve_pid(*, province: str, sex: Sex, birth_year: int) -> Pid:
    """Return a number that nobody ever had, held for the caller until its transaction ends.

    Random digits first; when the range is nearly full, one of the gaps that are left, waiting for
    those that others hold at this moment. Raises ``PidsExhausted`` when there is none, ``Invalid``
    when no such number can be formed.
    """
    prefix = _prefix(province, sex, birth_year)
    for _try in range(_RANDOM_TRIES):
        pid = _number(prefix, _random.randrange(SERIALS))
        if _hold(pid):
            return pid
    while gaps := [_number(prefix, serial) for serial in _gaps(prefix)]:
        for pid in gaps:
            if _hold(pid):
                return pid
        if _hold(gaps[0], wait=True):
            return gaps[0]
    raise PidsExhausted


def reserve_pid_of(*, place: PidProvince, sex: Sex, birth_year: int) -> Pid:
    """Return a number of a province, under its other digits when its own have run out."""
    for code in (place.code, *place.also):
        try:
            return reserve_pid(province=code, sex=sex, birth_year=birth_year)
        except PidsExhausted:
            continue
    raise PidsExhausted


def _prefix(province: str, sex: Sex, birth_year: int) -> str:
    try:
        return str(
            kernel_pid.compose(province=province, sex=sex, birth_year=birth_year, serial=0)[:6]
        )
    except ValueError:
        raise Invalid(
            [
                FieldError(
                    "birth_date",
                    "year-out-of-range",
                    _("A number can be formed for years of birth from 1900 to 2399."),
                    _("Check the year of birth."),
                )
            ]
        ) from None


def _number(prefix: str, serial: int) -> Pid:
    return Pid(f"{prefix}{serial:06d}")


def _gaps(prefix: str) -> list[int]:
    """Return some serials that are free, in random order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT serial FROM generate_series(0, %(last)s) AS serial
            WHERE NOT EXISTS (
                SELECT 1 FROM population_pid
                WHERE pid = %(prefix)s || lpad(serial::text, 6, '0'))
            ORDER BY random() LIMIT %(limit)s
            """,
            {"last": SERIALS - 1, "prefix": prefix, "limit": _GAPS_AT_ONCE},
        )
        return [row[0] for row in cursor.fetchall()]


def _hold(pid: Pid, *, wait: bool = False) -> bool:
    """Take the number for this transaction; no if somebody had it or, unless waiting, holds it.

    The lock is released after the commit, so that whoever gets it next sees the number given.
    """
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_SPACE | int(pid)])
        else:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK_SPACE | int(pid)])
            if cursor.fetchone() != (True,):
                return False
        # A statement of its own: its snapshot must be younger than the lock.
        cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM population_pid WHERE pid = %s)", [pid])
        return bool(cursor.fetchone() == (True,))


@lru_cache(maxsize=4)
def _provinces(root: str) -> dict[str, tuple[PidProvince, ...]]:
    found: dict[str, list[PidProvince]] = {}
    for entry in yaml_of(Path(root) / _FILE).get("provinces") or ():
        new = _province(entry)
        found.setdefault(new.unit, []).append(new)
    return {unit: tuple(entries) for unit, entries in found.items()}


def _province(entry: dict[str, Any]) -> PidProvince:
    try:
        return PidProvince(
            unit=str(entry["unit"]),
            code=str(entry["code"]),
            also=tuple(str(code) for code in entry["also"]),
            valid_from=day_or_none(entry["valid_from"], file=_FILE),
            valid_to=day_or_none(entry["valid_to"], file=_FILE),
        )
    except (KeyError, TypeError) as error:
        raise CatalogueEntryInvalid(file=_FILE, what=repr(error)) from error
