"""Tables of records in keys: from Arrow or Parquet, column by column, each distinct value once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dancu.kernel.linkage import prepared, types
from dancu.kernel.linkage.errors import BadRecords
from dancu.kernel.linkage.frequencies import Frequencies
from dancu.kernel.linkage.prepared import Context

Records: TypeAlias = pa.Table | Path
#: Columns beside those of ``Prepared``: the rarity of the name, as ``Frequencies.bits`` gives it.
BITS = ("whole_bits", "ends_bits", "given_bits")
_NAME = prepared.COLUMNS[1:14]
_BIRTH = prepared.COLUMNS[14:17]


def read(records: Records) -> pa.Table:
    """Return the table with every column of a record, absent ones empty.

    Raises ``BadRecords`` when there is no key or one stands twice.
    """
    table = records if isinstance(records, pa.Table) else pq.read_table(records)
    if "key" not in table.column_names:
        raise BadRecords
    rows = table.num_rows
    columns = []
    for name in types.COLUMNS:
        if name in table.column_names:
            columns.append(pc.fill_null(table[name].cast(pa.string()), ""))
        else:
            columns.append(pa.repeat(pa.scalar("", pa.string()), rows))
    found = pa.table(columns, names=list(types.COLUMNS))
    if pc.count_distinct(found["key"]).as_py() != rows:
        raise BadRecords
    return found


def prepare(records: pa.Table, names: Frequencies, context: Context) -> pa.Table:
    """Return the records in keys, with the columns of ``Prepared`` and ``BITS``."""
    found: dict[str, Any] = {"key": records["key"].combine_chunks()}
    found |= _spread(records["full_name"], prepared.name_keys, _NAME)
    found |= _bits(found["bare"], names)
    found |= _spread(records["birth_date"], prepared.birth_keys, _BIRTH)
    found |= _one(records["sex"], prepared.sex_key, "sex")
    found |= _numbers(records)
    for column, source in (("father", "father_name"), ("mother", "mother_name")):
        found |= _one(records[source], prepared.parent_key, column)
    for column in ("birth_place", "commune"):
        found |= _one(records[column], lambda text: prepared.place_key(text, context), column)
    found |= _one(records["address"], prepared.address_key, "address")
    found |= _one(records["phone"], lambda text: prepared.phone_key(text, context), "phone")
    return pa.table({name: found[name] for name in (*prepared.COLUMNS, *BITS)})


def _encoded(column: Any) -> tuple[list[str], Any]:
    """Return the distinct values of a column and, for each row, which it is."""
    joined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = joined.dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices


def _array(values: Sequence[Any]) -> Any:
    kind: Any = pa.string()
    if values and not isinstance(values[0], str):
        kind = pa.bool_() if isinstance(values[0], bool) else pa.float64()
    return pa.array(values, kind)


def _one(column: Any, function: Callable[[str], str], name: str) -> dict[str, Any]:
    distinct, places = _encoded(column)
    return {name: _array([function(value) for value in distinct]).take(places)}


def _spread(
    column: Any, function: Callable[[str], tuple[Any, ...]], names: Sequence[str]
) -> dict[str, Any]:
    distinct, places = _encoded(column)
    if not distinct:
        distinct = [""]
    parts = zip(*map(function, distinct), strict=True)
    return {name: _array(part).take(places) for name, part in zip(names, parts, strict=True)}


def _bits(bare: Any, names: Frequencies) -> dict[str, Any]:
    return _spread(bare, names.bits, BITS)


def _numbers(records: pa.Table) -> dict[str, Any]:
    """Numbers are all different, so those in good order are taken as they stand."""
    pairs = [
        (pid, "") if not old and len(pid) == _LENGTH and pid.isdecimal() and pid.isascii()
        else prepared.number_keys(pid, old)
        for pid, old in zip(
            records["pid"].to_pylist(), records["old_id_number"].to_pylist(), strict=True
        )
    ]  # fmt: skip
    return {
        "pid": pa.array([pid for pid, _ in pairs], pa.string()),
        "old_id": pa.array([old for _, old in pairs], pa.string()),
    }


_LENGTH = 12
