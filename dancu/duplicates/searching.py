"""Searching the register for records of one person, with the engine of ``kernel.linkage``.

The engine is part of the extra ``analytics``; without it nothing is searched, and pairs that were
found before are worked off all the same. What it is given leaves this process in no form but keys
and weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from dancu.catalogue.files import folder
from dancu.duplicates.errors import SearchNeedsExtra, SearchNeedsModel
from dancu.duplicates.services import note_findings
from dancu.duplicates.types import Evidence, Finding, Noted
from dancu.kernel.linkage.options import Backend, Options
from dancu.population.linking import Person, people

if TYPE_CHECKING:
    from dancu.kernel.linkage.model import Model
    from dancu.kernel.linkage.types import Pair

MODEL = "linkage/register.json"
#: Told how many people have been read, and 0 for how many there are.
Progress = Callable[[int, int], None]


def find(
    *, at: datetime, progress: Progress, backend: Backend = "duckdb", master: str = ""
) -> Noted:
    """Search the whole register and keep what is found.

    ``master`` is Spark's, for the backend ``spark``; without one it runs on this machine. Raises
    ``SearchNeedsExtra``, ``SearchNeedsModel`` and the ``LinkageError`` of a backend that is not
    installed.
    """
    engine = _engine()
    options = Options(backend=backend, master=master)
    engine.require(options)
    model = _model()
    table, rows = _table(progress)
    places = _Rows(table) if rows else _Rows(None)
    pairs = engine.duplicates(table, model, options) if rows else ()
    found = (_finding(one, places) for one in pairs)
    return note_findings(findings=found, model=model.name, people=rows, at=at)


def _engine() -> Any:
    try:
        from dancu.kernel.linkage import engine
    except ImportError as error:
        raise SearchNeedsExtra from error
    return engine


def _model() -> Model:
    from dancu.kernel.linkage.model import Model

    path = folder() / MODEL
    if not path.exists():
        raise SearchNeedsModel
    return Model.load(path)


def _table(progress: Progress) -> tuple[Any, int]:
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in Person._fields])
    batches, rows = [], 0
    for portion in people():
        columns = [pa.array(column, pa.string()) for column in zip(*portion, strict=True)]
        batches.append(pa.record_batch(columns, schema=schema))
        rows += len(portion)
        progress(rows, 0)
    return pa.Table.from_batches(batches, schema=schema), rows


class _Rows:
    """Records of the table by key, read as they are asked for."""

    def __init__(self, table: Any) -> None:
        self._batches = table.to_batches() if table is not None else []
        self._place: Mapping[str, tuple[int, int]] = {
            key: (number, place)
            for number, batch in enumerate(self._batches)
            for place, key in enumerate(batch["key"].to_pylist())
        }

    def of(self, key: str) -> Person:
        number, place = self._place[key]
        return Person(*(column[place].as_py() for column in self._batches[number].columns))


def _finding(pair: Pair, rows: _Rows) -> Finding:
    left, right = rows.of(pair.left), rows.of(pair.right)
    return Finding(
        left_id=int(pair.left),
        right_id=int(pair.right),
        weight=pair.weight,
        probability=pair.probability,
        evidence=tuple(Evidence(e.comparison, e.level, e.weight) for e in pair.evidence),
        digest=digest_of(left, right),
        left_commune=left.commune,
        right_commune=right.commune,
    )


def digest_of(left: Person, right: Person) -> bytes:
    """Return a hash of what both records say, the same in either order."""
    hasher = blake2b(digest_size=16)
    for one in _ordered(left, right):
        hasher.update("\x1f".join(one).encode())
        hasher.update(b"\x1e")
    return hasher.digest()


def _ordered(left: Person, right: Person) -> Iterator[Person]:
    yield from sorted((left, right), key=lambda one: int(one.key))
