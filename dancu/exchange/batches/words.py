"""What a group of rows means and what to do about it, in words that a school's head understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from dancu.exchange.batches.meanings import DAY, FAMILY, FEMALE, GIVEN, MONTH, YEAR

Tone = Literal["success", "info", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of rows: its name, what it means, what to do."""

    label: str | Promise
    meaning: str | Promise
    remedy: str | Promise
    tone: Tone


GROUPS: dict[str, Group] = {
    "match": Group(
        gettext_lazy("Right"),
        gettext_lazy("Everything in the row is as in the register."),
        gettext_lazy("Nothing to do."),
        "success",
    ),
    "nearly": Group(
        gettext_lazy("Right, written a little differently"),
        gettext_lazy(
            "The number belongs to this person. A name or date is written differently from the "
            "register: accents, i or y, only the year, day and month exchanged, an old place name."
        ),
        gettext_lazy("Compare with the birth certificate and correct the spelling in your list."),
        "success",
    ),
    "writing": Group(
        gettext_lazy("Right once the writing is repaired"),
        gettext_lazy(
            "The spreadsheet or an old font damaged the text; the proposed value is right."
        ),
        gettext_lazy("Copy the proposed values into your list, then check a few by eye."),
        "info",
    ),
    "unreadable_value": Group(
        gettext_lazy("Right person, but a value cannot be read"),
        gettext_lazy("The number belongs to this person; a date or another value makes no sense."),
        gettext_lazy("Enter the value again from the birth certificate."),
        "warning",
    ),
    "number_damaged": Group(
        gettext_lazy("The personal number is damaged"),
        gettext_lazy(
            "The number lost its first zeros, or digits are missing or mistyped. One person fits."
        ),
        gettext_lazy(
            "Compare the proposed number with the card or the birth certificate. Format the column "
            "as text before you type."
        ),
        "warning",
    ),
    "number_missing": Group(
        gettext_lazy("No personal number, one person fits"),
        gettext_lazy("Name and date of birth fit exactly one person in the register."),
        gettext_lazy("Ask the family for the personal number and enter it."),
        "warning",
    ),
    "name_differs": Group(
        gettext_lazy("The name differs"),
        gettext_lazy("The number is right, the register has another name."),
        gettext_lazy(
            "Look at the birth certificate. If your list is wrong, correct it; if the register is "
            "wrong, the family asks the commune police to correct it."
        ),
        "warning",
    ),
    "birth_differs": Group(
        gettext_lazy("The date of birth differs"),
        gettext_lazy("The number is right, the register has another date of birth."),
        gettext_lazy(
            "Look at the birth certificate. If your list is wrong, correct it; if the register is "
            "wrong, the family asks the commune police to correct it."
        ),
        "warning",
    ),
    "residence_differs": Group(
        gettext_lazy("The residence differs"),
        gettext_lazy("The person is right, the register has another place of residence."),
        gettext_lazy(
            "Ask the family whether they moved. Whoever moved registers the new residence with the "
            "commune police."
        ),
        "warning",
    ),
    "other_differs": Group(
        gettext_lazy("Sex or another fact differs"),
        gettext_lazy("The person is right; the result of each column says which fact differs."),
        gettext_lazy("Compare with the birth certificate and correct your list."),
        "warning",
    ),
    "other_person": Group(
        gettext_lazy("The number belongs to somebody else"),
        gettext_lazy("Neither the name nor the date of birth belongs to this number."),
        gettext_lazy("Compare all digits with the card; perhaps rows were shifted or mixed up."),
        "danger",
    ),
    "several": Group(
        gettext_lazy("Several people fit"),
        gettext_lazy("There are several people of this name and date of birth."),
        gettext_lazy("Enter the personal number: only it tells them apart."),
        "warning",
    ),
    "not_found": Group(
        gettext_lazy("Nobody found"),
        gettext_lazy("No person in the register fits the row."),
        gettext_lazy(
            "Check number, name and date of birth against the birth certificate. If all is right, "
            "the family goes to the commune police."
        ),
        "danger",
    ),
    "dead": Group(
        gettext_lazy("Registered as dead"),
        gettext_lazy("The number belongs to somebody whose death is registered."),
        gettext_lazy("Take the person off the list; if this is wrong, report it to the commune."),
        "danger",
    ),
    "cancelled": Group(
        gettext_lazy("The number was cancelled"),
        gettext_lazy("The number is no longer valid; the answer says whether there is a new one."),
        gettext_lazy("Ask the family for the new number."),
        "warning",
    ),
    "twice": Group(
        gettext_lazy("Twice in the list"),
        gettext_lazy("A row further up has the same personal number."),
        gettext_lazy("Delete one of the two rows, or correct the number of one."),
        "info",
    ),
    "unreadable": Group(
        gettext_lazy("Not asked: the row says too little"),
        gettext_lazy("There is no usable number, and no name with a date of birth."),
        gettext_lazy("Complete the row, or delete it if it is a heading or a total."),
        "warning",
    ),
    "refused": Group(
        gettext_lazy("Not asked: the contract does not allow it"),
        gettext_lazy("The contract of your agency does not cover this person or question."),
        gettext_lazy("Ask whoever looks after the contract at your agency."),
        "danger",
    ),
}

CODES: dict[str, str | Promise] = {
    "LEADING_ZERO_LOST": gettext_lazy("The number lost the zeros at its front."),
    "SCIENTIFIC": gettext_lazy("The spreadsheet wrote the number as a power of ten."),
    "POINT_LOST": gettext_lazy("The spreadsheet added a zero at the end of the number."),
    "TRAILING_ZERO": gettext_lazy("The spreadsheet wrote “.0” behind the number."),
    "SPACES": gettext_lazy("There are blanks inside the number."),
    "APOSTROPHE": gettext_lazy("There is an apostrophe before the number."),
    "NONDIGIT": gettext_lazy("The number has signs that are no digits."),
    "LEN": gettext_lazy("The number does not have 12 digits."),
    "NUMBER_WRONG": gettext_lazy("The number has the wrong form."),
    "CMND_ONLY": gettext_lazy("Only the old 9-digit number is given."),
    "TEXT_TCVN3": gettext_lazy("The name is text of a TCVN3 font (.VnTime)."),
    "TEXT_VNI": gettext_lazy("The name is text of a VNI font."),
    "TEXT_UTF8": gettext_lazy("The accents of the name were read in a wrong encoding."),
    "ETH_FOR_D": gettext_lazy("A letter that only looks like Đ stands in the name."),
    "DATE_SERIAL": gettext_lazy("The spreadsheet turned the date into a number."),
    "MONTH_FIRST": gettext_lazy("The column writes the month before the day."),
    "DAY_MONTH_SWAP": gettext_lazy("The month stands before the day."),
    "TWO_DIGIT_YEAR": gettext_lazy("The year has only two digits."),
    "DATE_INVALID": gettext_lazy("This is no date of the calendar."),
    "SEX_UNKNOWN": gettext_lazy("The sex cannot be read."),
    "PHONE_FORM": gettext_lazy("This is no telephone number."),
    "PHONE_PHONE_11": gettext_lazy("The telephone number had 11 digits, as before 2018."),
    "PHONE_LEADING_ZERO_LOST": gettext_lazy("The telephone number lost its first zero."),
    "NOBODY": gettext_lazy("The row has neither a number nor a name with a date of birth."),
    "NUMBER_ALONE": gettext_lazy("Beside the number there is neither a name nor a date of birth."),
    "CELLS": gettext_lazy("The row has more cells than the head of the table."),
    "QUOTATION": gettext_lazy("A quotation mark in the row is opened and never closed."),
    "CUT": gettext_lazy("The file ends in the middle of this row."),
    "ROW_ENCODING": gettext_lazy("The row is written in another encoding than the rest."),
}

#: In what a value is close to the register's, or why it was not compared.
REASONS: dict[str, str | Promise] = {
    "accents": gettext_lazy("Accents differ."),
    "other_accents": gettext_lazy("The accents are others, perhaps those of another name."),
    "given_name_only": gettext_lazy("Only the given name is there."),
    "cancelled": gettext_lazy("The number was cancelled."),
    "i_y": gettext_lazy("i and y differ."),
    "tone_mark": gettext_lazy("The tone mark stands on another vowel."),
    "punctuation": gettext_lazy("Only punctuation differs."),
    "order": gettext_lazy("The words stand in another order."),
    "middle_name": gettext_lazy("A middle name is missing or added."),
    "abbreviated": gettext_lazy("Part of the name is abbreviated."),
    "typing": gettext_lazy("It looks like a slip in typing."),
    "encoding": gettext_lazy("The name is text of an old font."),
    "kinship_spelling": gettext_lazy("The spelling differs slightly."),
    "day_month_swapped": gettext_lazy("Day and month are exchanged."),
    "year_only": gettext_lazy("Only the year agrees or is given."),
    "month_only": gettext_lazy("Only month and year are given."),
    "old_place_name": gettext_lazy("The place is called by its old name."),
    "old_unit_code": gettext_lazy("The place has its old code."),
    "split_unit": gettext_lazy("The old commune was split; it may be the same place."),
    "unit_only": gettext_lazy("The commune agrees; house and street cannot be compared."),
    "same_unit": gettext_lazy("The commune agrees, house or street differ."),
    "part_of_address": gettext_lazy("A part of the address agrees."),
    "part_of_list": gettext_lazy("Only some of the values are given."),
    "incomplete": gettext_lazy("It names only the district or the province."),
    "unreadable": gettext_lazy("It cannot be read."),
    "old_number": gettext_lazy("The old 9-digit number is given."),
    "number_form": gettext_lazy("The number is written in another form."),
}

OUTCOMES: dict[str, str | Promise] = {
    "full_match": gettext_lazy("matches"),
    "facts_differ": gettext_lazy("number right, facts differ"),
    "one_candidate": gettext_lazy("number not confirmed, one person fits"),
    "several_candidates": gettext_lazy("several people fit"),
    "not_found": gettext_lazy("not found"),
    "dead": gettext_lazy("dead"),
    "pid_cancelled": gettext_lazy("number cancelled"),
    "": gettext_lazy("not asked"),
}

RESULTS: dict[str, str | Promise] = {
    "match": gettext_lazy("matches"),
    "close": gettext_lazy("close"),
    "mismatch": gettext_lazy("differs"),
    "unknown": gettext_lazy("not compared"),
}

STATES: dict[str, str | Promise] = {
    "shown": gettext_lazy("columns to be confirmed"),
    "waiting": gettext_lazy("waiting"),
    "stopped": gettext_lazy("stopped"),
    "failed": gettext_lazy("interrupted"),
    "done": gettext_lazy("done"),
}

PART_LABELS: dict[str, str | Promise] = {
    FAMILY: gettext_lazy("Surname and middle name (in a column of their own)"),
    GIVEN: gettext_lazy("Given name (in a column of its own)"),
    DAY: gettext_lazy("Day of birth (in a column of its own)"),
    MONTH: gettext_lazy("Month of birth (in a column of its own)"),
    YEAR: gettext_lazy("Year of birth (in a column of its own)"),
    FEMALE: gettext_lazy("Mark for girls and women"),
}


def code_words(code: str) -> str:
    """Return an error code in words; the code itself when it has none."""
    if code in CODES:
        return str(CODES[code])
    if code.lower() in REASONS:
        return str(REASONS[code.lower()])
    group = GROUPS.get(code.lower())
    return str(group.label) if group else code


def reason_words(reason: str) -> str:
    """Return the reason of a result in words."""
    return str(REASONS[reason]) if reason in REASONS else code_words(reason.upper())


def summary_lines(counts: Mapping[str, int], language: str) -> list[tuple[int, str, str]]:
    """Return how many rows are in each group, its name and what to do, the largest first."""
    with override(language):
        return [
            (rows, str(GROUPS[name].label), str(GROUPS[name].remedy))
            for name, rows in sorted(counts.items(), key=lambda item: -item[1])
            if rows and name in GROUPS
        ]
