"""Rows as bytes: pickled lists, one for each block, for a pipe or a file of our own.

Only this project's own processes write them, for their parent, in a folder nobody else may enter.
"""

from __future__ import annotations

import copyreg
import pickle
from typing import IO, TYPE_CHECKING, Any

from dancu.synthesis.door import AddressValue

if TYPE_CHECKING:
    from dancu.synthesis.door import Row

#: A frozen dataclass with slots is packed slowly; its three values are packed fast.
_DISPATCH = {
    **copyreg.dispatch_table,
    AddressValue: lambda value: (AddressValue, (value.text, value.unit_code, value.code_date)),
}


def write(file: IO[bytes], value: object) -> None:
    """Write one frame."""
    pickler = pickle.Pickler(file, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _DISPATCH
    pickler.dump(value)


def read(file: IO[bytes]) -> Any:
    """Return the next frame. Raises ``EOFError`` at the end, and where a frame was cut off."""
    try:
        return pickle.load(file)  # noqa: S301 - written by our own child process
    except pickle.UnpicklingError as error:
        raise EOFError from error


def read_rows(file: IO[bytes]) -> list[Row] | None:
    """Return the rows of the next block, or None at the end."""
    try:
        rows: list[Row] = read(file)
    except EOFError:
        return None
    return rows
