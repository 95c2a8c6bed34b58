"""What can be wrong with a row as a whole, whatever its values."""

from __future__ import annotations

from dancu.kernel.errors import FieldError

SAYS_NOTHING = FieldError("claims", "EMPTY", "The row says nothing.", "Fill in a column.")
LONG_EVIDENCE = FieldError(
    "evidence", "too-long", "The evidence has over 200 characters.", "Shorten it."
)
NOBODY = FieldError(
    "pid", "EMPTY", "The row does not say whom it is about.", "Give the personal number."
)
PID_TAKEN_AWAY = FieldError(
    "pid",
    "EMPTY",
    "A personal identification number is never taken away.",
    "Give the new number, or leave it out.",
)
GIVES_NO_PIDS = FieldError(
    "pid",
    "not-the-authority",
    "This source does not give personal identification numbers.",
    "Name the person by the number, and leave it out of the facts.",
)
PID_TWICE = FieldError(
    "pid",
    "pid-already-given",
    "This personal identification number was already given to somebody.",
    "Check both rows of the file.",
)
SEX_MISMATCH = FieldError(
    "pid",
    "SEX_MISMATCH",
    "The fourth digit of the personal number belongs to the other sex.",
    "Check the sex and the number.",
)
YEAR_MISMATCH = FieldError(
    "pid",
    "YEAR_MISMATCH",
    "Digits 4 to 6 of the personal number belong to another year of birth.",
    "Check the year of birth and the number.",
)


def unknown_unit(field: str) -> FieldError:
    """Return the error of an address whose unit did not stand on the day of its code."""
    return FieldError(
        field,
        "unit-unknown",
        "No administrative unit had this code on the day of the code.",
        "Give the commune's code and the day of the map that it belongs to.",
    )
