"""To whom the facts of an inquiry lead: by a number, a mended number, or name and birth date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dancu.disclosure.inquiries import Inquiry
from dancu.kernel import legacy
from dancu.kernel import pid as pids
from dancu.kernel.compare import Compared, compare_dates, said_date
from dancu.kernel.compare_names import compare_names
from dancu.kernel.dates import InvalidDate, PartialDate
from dancu.kernel.text import match_key
from dancu.places import queries as places
from dancu.population.search import IndexCard
from dancu.population.verification_reading import Hit, Known, NameWanted

#: Letters that hands and scanners write for digits.
_LETTERS = str.maketrans("OoQDIl|SBZ", "0000111582")
_LONGEST_NUMBER = 40
_LONGEST_NAME = 200
#: In what a name may differ when nothing but name and birth date leads to somebody.
_NAME_REASONS = frozenset({"accents", "order", "encoding"})
_LOSSLESS = frozenset({"SPACES", "APOSTROPHE", "TRAILING_ZERO", "SCIENTIFIC"})
_AMERICAN = re.compile(r"(\d{1,2})\D(\d{1,2})\D(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """A number to look up. ``reason``: in what it differs from what was written.

    ``is_sure``: no digit was added or changed, so that it needs no support by name and birth date.
    """

    text: str
    reason: str = ""
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Lead:
    """The numbers that an inquiry may mean, the likeliest first."""

    pids: tuple[Number, ...] = ()
    old: tuple[Number, ...] = ()


_NOWHERE = Lead()


@dataclass(frozen=True, slots=True)
class Led:
    """Whom an inquiry led to.

    ``people``: one, or several candidates; nobody when it is empty. ``by``: the number that led
    there, ``None`` for name and birth date. ``hidden``: somebody outside the contract's scope.
    """

    people: tuple[Known, ...] = ()
    by: Number | None = None
    is_old_number: bool = False
    is_cancelled: bool = False
    is_merged: bool = False
    hidden: int | None = None


def lead_of(claims: Mapping[str, object]) -> Lead:
    """Return the numbers that the claims name, those that a spreadsheet spoiled mended."""
    text = _text(claims.get("pid"))
    old = _text(claims.get("old_id_number"))
    if pids.is_valid(text):
        return Lead((Number(text),), _old(old) if old else ())
    if not text and not old:
        return _NOWHERE
    found, former = _mended(text, claims), _old(old)
    if len(text) == pids.OLD_LENGTH and text.isascii() and text.isdigit():
        former = (Number(text, "old_number"), *former)
    if pids.is_valid(old):
        found = (*found, Number(old, "old_number"))
    return Lead(found, former)


def _text(said: object) -> str:
    text = "" if said is None else str(said).strip()
    return text if len(text) <= _LONGEST_NUMBER else ""


def _mended(text: str, claims: Mapping[str, object]) -> tuple[Number, ...]:
    if not text:
        return ()
    born = birth_of(claims)
    found = _repaired(text, born)
    as_digits = text.translate(_LETTERS)
    if as_digits != text:
        found += [Number(n.text, "typing", is_sure=False) for n in _repaired(as_digits, born)]
    return tuple(found)


def _repaired(text: str, born: PartialDate | None) -> list[Number]:
    candidates = pids.repair(text, birth_year=born.year if born else None)
    return [
        Number(str(one.pid), "number_form")
        if _LOSSLESS.issuperset(one.steps)
        else Number(str(one.pid), "leading_zero_lost", is_sure=False)
        for one in candidates
    ]


def _old(text: str) -> tuple[Number, ...]:
    digits = re.sub(r"[\s.']+", "", text)
    if not digits.isascii() or not digits.isdigit():
        return ()
    if len(digits) == pids.OLD_LENGTH:
        return (Number(digits, "" if digits == text else "number_form"),)
    if len(digits) == pids.OLD_LENGTH - 1:
        return (Number(digits.zfill(pids.OLD_LENGTH), "leading_zero_lost", is_sure=False),)
    return ()


def birth_of(claims: Mapping[str, object]) -> PartialDate | None:
    """Return the birth date as it was said, month first if only that makes a date of it."""
    said = claims.get("birth_date")
    try:
        return said_date(said)
    except InvalidDate as error:
        found = _AMERICAN.fullmatch(str(said).strip())
        if found is None or error.reason != "DAY_MONTH_SWAP":
            return None
        month, day, year = map(int, found.groups())
        return PartialDate(year, month, day)


def follow(asked: Inquiry, lead: Lead, hits: Mapping[str, Sequence[Hit]], day: date) -> Led:
    """Return whom the numbers lead to; nobody when name and birth date have to be asked."""
    hidden: int | None = None
    for number in lead.pids:
        for hit in hits.get(number.text, ()):
            if not is_in_scope(hit.known, asked.scope, day):
                hidden = hidden or hit.known.person_id
            elif number.is_sure or supports(hit.known, asked.claims):
                return Led(
                    (hit.known,), number, is_cancelled=hit.is_cancelled, is_merged=hit.is_merged
                )
    for number in lead.old:
        people = [hit.known for hit in hits.get(number.text, ())]
        inside = [one for one in people if is_in_scope(one, asked.scope, day)]
        hidden = hidden or next((one.person_id for one in people if one not in inside), None)
        fitting = tuple(one for one in inside if supports(one, asked.claims))
        if fitting:
            return Led(fitting, number, is_old_number=True)
        if len(inside) == 1 and number.is_sure and _supports_half(inside[0], asked.claims):
            return Led((inside[0],), number, is_old_number=True)
    return Led(hidden=hidden)


def supports(known: Known, claims: Mapping[str, object]) -> bool:
    """Say whether the name and the birth date speak for the person, as far as they were said."""
    results = _identity(known, claims)
    return bool(results) and all(one.is_near for one in results)


def _supports_half(known: Known, claims: Mapping[str, object]) -> bool:
    return any(one.is_near for one in _identity(known, claims))


def _identity(known: Known, claims: Mapping[str, object]) -> list[Compared]:
    found = []
    name, birth = claims.get("full_name"), claims.get("birth_date")
    if name and known.name:
        found.append(compare_names(str(name)[:_LONGEST_NAME], known.name))
    if birth and known.birth:
        found.append(compare_dates(birth, known.birth))
    return found


def wanted_names(place: int, claims: Mapping[str, object]) -> list[NameWanted]:
    """Return what to look for by name and birth date; nothing when either is missing."""
    name = str(claims.get("full_name") or "").strip()
    born = birth_of(claims)
    if not name or born is None or len(name) > _LONGEST_NAME:
        return []
    births, begins = _stored_dates(born)
    keys = dict.fromkeys(filter(None, _keys(name)))
    return [NameWanted(place, key, born.year, births, begins) for key in keys]


def _keys(name: str) -> list[str]:
    """Return the match keys of the name as written, with the first word last, and decoded."""
    words = match_key(name).split()
    found = [" ".join(words), " ".join([*words[1:], *words[:1]])]
    guess = legacy.detect(name)
    return [*found, match_key(guess.repaired)] if guess else found


def _stored_dates(born: PartialDate) -> tuple[tuple[str, ...], str]:
    if born.month is None:
        return (born.iso,), f"{born.iso}-%"
    year, month = f"{born.year:04d}", f"{born.year:04d}-{born.month:02d}"
    if born.day is None:
        return (year, month), f"{month}-%"
    swapped = born.swapped()
    return (born.iso, month, year, *([swapped.iso] if swapped else [])), ""


def choose(asked: Inquiry, found: Iterable[Known], day: date, units: frozenset[str]) -> Led:
    """Return the candidates by name and birth date: the very ones if there are, else those near.

    Sex must not speak against them; when several are left, the commune that was said decides.
    """
    very: list[Known] = []
    near: list[Known] = []
    hidden: int | None = None
    for known in {one.person_id: one for one in found}.values():
        name, birth, *_rest = [*_identity(known, asked.claims), None, None]
        if name is None or birth is None or not _may_be(name, birth):
            continue
        if not is_in_scope(known, asked.scope, day):
            hidden = hidden or known.person_id
        elif name.is_same and birth.is_same:
            very.append(known)
        else:
            near.append(known)
    people = very or near
    if len(people) > 1 and units:
        people = [one for one in people if one.commune in units] or people
    return Led(tuple(people), hidden=None if people else hidden)


def _may_be(name: Compared, birth: Compared) -> bool:
    return birth.is_near and (name.is_same or (name.is_near and name.reason in _NAME_REASONS))


def is_in_scope(known: Known | IndexCard, scope: frozenset[str] | None, day: date) -> bool:
    """Say whether the person lives or stays where the contract reaches."""
    if scope is None:
        return True
    codes = (known.commune, known.stay_commune)
    return any(places.is_within(code, scope, day) for code in codes if code)
