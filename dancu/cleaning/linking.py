"""Rows that may be the same person by weighing all that is known (``kernel.linkage``).

Needs the extra ``analytics``; without it, only equal keys are found (``twice``) and the caller says
how to get the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dancu.catalogue.files import folder
from dancu.cleaning.cells import ADDRESSES
from dancu.cleaning.figures import birth_of
from dancu.cleaning.twice import Place, Twin, best_value, name_in
from dancu.cleaning.types import Cleaned, Column
from dancu.exchange.batches.cleaning import sex_of
from dancu.exchange.batches.meanings import FAMILY

if TYPE_CHECKING:
    from dancu.kernel.linkage.types import Pair

MODEL = "linkage/register.json"
_PORTION = 5_000
_MEMORY = "1GB"
_COLUMNS = (
    "key", "full_name", "birth_date", "sex", "pid", "old_id_number", "commune", "address", "phone",
)  # fmt: skip


def is_possible() -> bool:
    """Say whether the engine and its model are there."""
    try:
        import duckdb  # noqa: F401
    except ImportError:
        return False
    return (folder() / MODEL).exists()


def names_people(meanings: Collection[str]) -> bool:
    """Say whether columns of these meanings tell the names of people."""
    return not {"full_name", FAMILY}.isdisjoint(meanings)


class Records:
    """Writes cleaned rows as records of linkage, a portion at a time."""

    def __init__(self, path: Path, columns: Sequence[Column], sexes: Mapping[str, str]) -> None:
        """Begin a new file."""
        import pyarrow as pa
        from pyarrow import parquet

        self._arrow = pa
        self._schema = pa.schema([(name, pa.string()) for name in _COLUMNS])
        self._writer: Any = parquet.ParquetWriter(path, self._schema)
        self._at = {column.meaning: column.place for column in columns if column.meaning}
        self._sexes = sexes
        self._waiting: list[tuple[str, ...]] = []

    def add(self, one: Cleaned) -> None:
        """Add a row."""
        at = self._at
        home = next((at[meaning] for meaning in sorted(ADDRESSES) if meaning in at), None)
        sex = best_value(one, at.get("sex"))
        self._waiting.append(
            (
                key_of(one),
                name_in(one, at),
                birth_of(best_value(one, at.get("birth_date"))),
                self._sexes.get(sex) or sex_of(sex) or "",
                best_value(one, at.get("pid")),
                best_value(one, at.get("old_id_number")),
                one.codes.get(home, "") if home is not None else "",
                one.cells[home] if home is not None else "",
                best_value(one, at.get("phone")),
            )
        )
        if len(self._waiting) == _PORTION:
            self._write()

    def _write(self) -> None:
        arrays = [self._arrow.array(list(column)) for column in zip(*self._waiting, strict=True)]
        self._writer.write_table(self._arrow.table(arrays, schema=self._schema))
        self._waiting.clear()

    def close(self) -> None:
        """Finish the file."""
        if self._waiting:
            self._write()
        self._writer.close()


def key_of(one: Cleaned) -> str:
    """Return the key of a row: its sheet and number."""
    return f"{one.row.sheet}:{one.row.number}"


def place_of(key: str) -> Place:
    """Return where the row of a key stands."""
    sheet, _, row = key.partition(":")
    return Place(int(sheet), int(row))


def inside(records: Path, known: Iterable[Twin]) -> Iterator[Twin]:
    """Yield the pairs within a file that equal keys did not find. Raises ``AnalyticsMissing``."""
    from dancu.kernel.linkage import engine
    from dancu.kernel.linkage.options import Options

    seen = {(twin.first, twin.second) for twin in known}
    for pair in engine.duplicates(records, _model(), Options(memory=_MEMORY)):
        twin = _twin(pair)
        if (twin.first, twin.second) not in seen:
            yield twin


def between(records: Path, others: Path) -> Iterator[Twin]:
    """Yield the pairs of a row of this file and one of another. Raises ``AnalyticsMissing``."""
    from dancu.kernel.linkage import engine
    from dancu.kernel.linkage.options import Options

    found = engine.link(records, others, _model(), Options(memory=_MEMORY))
    return (_twin(pair, is_turned=False) for pair in found)


def _model() -> Any:
    from dancu.kernel.linkage.model import Model

    return Model.load(folder() / MODEL)


def _twin(pair: Pair, *, is_turned: bool = True) -> Twin:
    one, other = place_of(pair.left), place_of(pair.right)
    if is_turned and (other.sheet, other.row) < (one.sheet, one.row):
        one, other = other, one
    because = tuple(
        f"{evidence.comparison}:{evidence.level}"
        for evidence in sorted(pair.evidence, key=lambda evidence: -evidence.weight)
        if evidence.level != "unknown"
    )
    return Twin(one, other, "linked", pair.probability, because)
