"""A run of incoming rows, checked in Python and laid out for COPY."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import orjson

from dancu.catalogue.queries import attribute
from dancu.kernel.errors import FieldError
from dancu.kernel.pid import is_valid
from dancu.kernel.text import INVISIBLE
from dancu.places.addresses import address_id
from dancu.places.queries import unit
from dancu.population import dictionary
from dancu.population.internal import row_errors
from dancu.population.types import AddressValue
from dancu.population.validation import canonical_claims

NULL = "\\N"
_UNCUT = f"{NULL}\t{NULL}"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ESCAPES |= dict.fromkeys(map(ord, INVISIBLE), "")
#: How many patterns of attributes are remembered for one delivery.
MAX_PATTERNS = 10_000


class Given(NamedTuple):
    """One statement as it comes to the door. ``pid`` or ``person_id`` says whom it is about."""

    pid: str | None
    person_id: int | None
    new: bool
    day: date | str
    evidence_kind: str
    evidence: str
    event_id: int | None
    claims: Mapping[str, object]


@dataclass(slots=True)
class Chunk:
    """Rows ready for COPY, what they mention, and the rows refused before they got that far.

    Each of ``incoming`` is what one row says; the same place of ``cuts`` has its last columns.
    """

    first_row: int
    rows: int = 0
    incoming: list[str] = field(default_factory=list)
    cuts: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    pieces: dict[int, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    pids: set[str] = field(default_factory=set)
    addresses: dict[int, AddressValue] = field(default_factory=dict)
    numbered: dict[tuple[str, str, date], int] = field(default_factory=dict)
    refused: list[tuple[int, FieldError]] = field(default_factory=list)
    has_new: bool = False
    has_known: bool = False
    has_numbers: bool = False
    touches_core: bool = False
    touches_lodging: bool = False
    gives_pid: bool = False

    def digest(self) -> bytes:
        """Return a short hash of the rows, the same whenever the same rows come again."""
        hasher = blake2b(digest_size=16)
        hasher.update("\n".join([*self.incoming, ""]).encode())
        for number, error in self.refused:
            hasher.update(f"{number}{error.field}{error.code}".encode())
        return hasher.digest()

    def parts(self) -> tuple[Chunk, Chunk]:
        """Return the rows in two halves, to find the one that the database refuses."""
        middle = len(self.incoming) // 2
        return self._part(slice(None, middle)), self._part(slice(middle, None))

    def _part(self, which: slice) -> Chunk:
        numbers = self.numbers[which]
        return Chunk(
            first_row=self.first_row,
            rows=len(numbers),
            incoming=self.incoming[which],
            cuts=self.cuts[which],
            numbers=numbers,
            pieces={n: self.pieces[n] for n in numbers if n in self.pieces},
            names=self.names,
            addresses=self.addresses,
            has_new=self.has_new,
            has_known=self.has_known,
            has_numbers=self.has_numbers,
            touches_core=self.touches_core,
            touches_lodging=self.touches_lodging,
            gives_pid=self.gives_pid,
        )


class _Cut(NamedTuple):
    """The main facet, the keys of the others as an array of SQL, those by facet, and addresses.

    ``counts`` are the facets, and how many keys each has, as columns of COPY. ``lodging`` says
    whether there are facts of lodging.
    """

    main: int
    others: str
    parts: tuple[tuple[int, tuple[str, ...]], ...]
    counts: str
    addresses: tuple[str, ...]
    lodging: bool


class Preparer:
    """Turns given rows into chunks for one source; keeps the tables that every row needs.

    Nothing can hold from a day after ``today``: it would be held at once, and win over all that is
    learnt until then.
    """

    def __init__(self, source_kind: str, today: date) -> None:
        self._today = today
        self._facet_of = dictionary.facet_of()
        self._cuts: dict[tuple[str, ...], _Cut] = {}
        self._address_keys = dictionary.address_keys()
        self._name_key = dictionary.key("full_name")
        self._pid_key = dictionary.key("pid")
        self._sex_key = dictionary.key("sex")
        self._lodging = dictionary.facet_of()[dictionary.key("lodging")]
        self._birth_key = dictionary.key("birth_date")
        rank = attribute("pid").rank(source_kind)
        self._may_give_pid = rank > 1
        self._is_weighed = source_kind == "citizen"
        self._may_change_pid = rank == attribute("pid").rank(attribute("pid").authority)

    def add(self, chunk: Chunk, number: int, given: Given) -> None:
        """Check one row and lay it out, or note why it is refused."""
        chunk.rows += 1
        if isinstance(given.day, str):
            chunk.refused.append((number, row_errors.NO_DAY))
            return
        if given.day > self._today:
            chunk.refused.append((number, row_errors.FUTURE_DAY))
            return
        stored, errors = canonical_claims(given.claims, given.day)
        if not errors and (wrong := self._row_error(chunk, given, stored)):
            errors = [wrong]
        if errors:
            chunk.refused += [(number, error) for error in errors]
            return
        cut = self._cut(tuple(stored))
        for key in cut.addresses:
            value = stored[key]
            if isinstance(value, AddressValue):
                place = _place(chunk, value)
                if place is None:
                    chunk.refused.append((number, row_errors.unknown_unit(attribute(key).name)))
                    return
                stored[key] = place
        self._lay_out(chunk, number, given, stored, cut)

    def _row_error(
        self, chunk: Chunk, given: Given, stored: dict[str, object]
    ) -> FieldError | None:
        if not stored:
            return row_errors.SAYS_NOTHING
        if wrong := row_errors.of_evidence(given.evidence):
            return wrong
        if not given.new and given.person_id is None and not given.pid:
            return row_errors.NOBODY
        if given.pid and not is_valid(given.pid):
            return row_errors.NO_PID
        if self._pid_key not in stored:
            return None
        return self._pid_error(chunk, given, stored)

    def _pid_error(
        self, chunk: Chunk, given: Given, stored: dict[str, object]
    ) -> FieldError | None:
        pid = stored[self._pid_key]
        if pid is None:
            return row_errors.PID_TAKEN_AWAY
        if not (self._may_give_pid if given.new else self._may_change_pid):
            return row_errors.GIVES_NO_PIDS
        if pid in chunk.pids:
            return row_errors.PID_TWICE
        chunk.pids.add(str(pid))
        return self._pid_against_facts(str(pid), stored) if given.new else None

    def _pid_against_facts(self, pid: str, stored: dict[str, object]) -> FieldError | None:
        sex, born = stored.get(self._sex_key), stored.get(self._birth_key)
        digit = ord(pid[3]) - 48
        if sex is not None and sex != "MF"[digit % 2]:
            return row_errors.SEX_MISMATCH
        if born is not None and str(born)[:4] != f"{19 + digit // 2}{pid[4:6]}":
            return row_errors.YEAR_MISMATCH
        return None

    def _lay_out(
        self, chunk: Chunk, number: int, given: Given, stored: dict[str, object], cut: _Cut
    ) -> None:
        if given.new:
            chunk.has_new = True
        else:
            chunk.has_known = True
            chunk.has_numbers = chunk.has_numbers or given.person_id is None
        main, others, parts, counts, _addresses, lodging = cut
        if lodging:
            chunk.touches_lodging = True
        if main == 0:
            chunk.touches_core = True
            name = stored.get(self._name_key)
            if name is not None:
                chunk.names.add(str(name))
            if stored.get(self._pid_key) is not None:
                chunk.gives_pid = True
        if given.new and not self._is_weighed:
            chunk.cuts.append(counts)
        else:
            chunk.cuts.append(_UNCUT)
            if parts:
                chunk.pieces[number] = [
                    f"{number}\t{facet}\t{_json({key: stored[key] for key in keys})}\n"
                    for facet, keys in parts
                ]
        day = given.day if isinstance(given.day, str) else given.day.isoformat()
        chunk.numbers.append(number)
        chunk.incoming.append(
            f"{number}\t{given.pid or NULL}\t{given.person_id or NULL}\t{'t' if given.new else 'f'}"
            f"\t{day}\t{dictionary.evidence_kind_id(given.evidence_kind)}\t{main}"
            f"\t{others}\t{given.event_id or NULL}\t{_escaped(given.evidence)}"
            f"\t{_json(stored)}"
        )

    def _cut(self, keys: tuple[str, ...]) -> _Cut:
        """Say how a statement of these attributes is cut by facet; rows come in few patterns."""
        found = self._cuts.get(keys)
        if found is None:
            facets: dict[int, list[str]] = {}
            for key in sorted(keys, key=self._facet_of.__getitem__):
                facets.setdefault(self._facet_of[key], []).append(key)
            (main, mains), *rest = facets.items()
            others = [key for key in keys if key not in mains]
            parts = tuple((facet, tuple(part)) for facet, part in rest)
            addresses = tuple(key for key in keys if key in self._address_keys)
            named = _array(others) if others else NULL
            counts = f"{_array(facets)}\t{_array(map(len, facets.values()))}"
            found = _Cut(main, named, parts, counts, addresses, self._lodging in facets)
            if len(self._cuts) < MAX_PATTERNS:
                self._cuts[keys] = found
        return found


def _place(chunk: Chunk, value: AddressValue) -> int | None:
    """Return the number of an address, noted for the chunk; None where there is no such unit."""
    written = value.text, value.unit_code, value.code_date
    place = chunk.numbered.get(written)
    if place is None:
        if value.unit_code and not _unit_stands(value.unit_code, value.code_date):
            return None
        place = chunk.numbered[written] = address_id(*written)
        chunk.addresses[place] = value
    return place


@lru_cache(maxsize=50_000)
def _unit_stands(code: str, day: date) -> bool:
    return unit(code, day) is not None


def _array(items: Iterable[object]) -> str:
    return f"{{{','.join(map(str, items))}}}"


def _escaped(text: str) -> str:
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return text.translate(_ESCAPES)


def _json(stored: dict[str, object]) -> str:
    text = orjson.dumps(stored).decode()
    return text.replace("\\", "\\\\") if "\\" in text else text
