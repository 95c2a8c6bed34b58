"""What can be wrong with a row as a whole, whatever its values."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dancu.kernel.errors import FieldError
from dancu.population.validation import is_writable

SAYS_NOTHING = FieldError("claims", "EMPTY", _("The row says nothing."), _("Fill in a column."))
MAX_EVIDENCE = 300
LONG_EVIDENCE = FieldError(
    "evidence", "too-long", _("The evidence has over 300 characters."), _("Shorten it.")
)
UNWRITABLE_EVIDENCE = FieldError(
    "evidence",
    "control-character",
    _("This holds a character that is not text."),
    _("Remove it."),
)
NO_DAY = FieldError(
    "day", "INVALID", _("This is not a date."), _("Write the day as dd/mm/yyyy or yyyy-mm-dd.")
)
FUTURE_DAY = FieldError(
    "day",
    "FUTURE",
    _("The facts cannot hold from a day that has not come yet."),
    _("Check the year; enter them when that day has come."),
)
NOBODY = FieldError(
    "pid", "EMPTY", _("The row does not say whom it is about."), _("Give the personal number.")
)
NO_PID = FieldError(
    "pid",
    "LEN",
    _("A personal identification number has 12 digits."),
    _("Check it against the paper or card."),
)
PID_TAKEN_AWAY = FieldError(
    "pid",
    "EMPTY",
    _("A personal identification number is never taken away."),
    _("Give the new number, or leave it out."),
)
GIVES_NO_PIDS = FieldError(
    "pid",
    "not-the-authority",
    _("This source does not give personal identification numbers."),
    _("Name the person by the number, and leave it out of the facts."),
)
PID_TWICE = FieldError(
    "pid",
    "pid-already-given",
    _("This personal identification number was already given to somebody."),
    _("Check both rows of the file."),
)
SEX_MISMATCH = FieldError(
    "pid",
    "SEX_MISMATCH",
    _("The fourth digit of the personal number belongs to the other sex."),
    _("Check the sex and the number."),
)
YEAR_MISMATCH = FieldError(
    "pid",
    "YEAR_MISMATCH",
    _("Digits 4 to 6 of the personal number belong to another year of birth."),
    _("Check the year of birth and the number."),
)


def unknown_unit(field: str) -> FieldError:
    """Return the error of an address whose unit did not stand on the day of its code."""
    return FieldError(
        field,
        "unit-unknown",
        _("No administrative unit had this code on the day of the code."),
        _("Give the commune's code and the day of the map that it belongs to."),
    )


def of_evidence(evidence: str) -> FieldError | None:
    """Return what is wrong with the name of the evidence."""
    if len(evidence) > MAX_EVIDENCE:
        return LONG_EVIDENCE
    return None if is_writable(evidence) else UNWRITABLE_EVIDENCE
