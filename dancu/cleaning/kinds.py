"""Every kind of change: its group, whether it is made unasked, and its words.

``safe`` kinds change how a value is stored and never what it says: blanks, normal form, an old
encoding of which no doubt is left. ``proposed`` kinds wait for somebody's yes. ``look`` kinds have
no value to propose: a person has to compare with a paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dancu.cleaning.errors import UnknownKind

Level = Literal["safe", "proposed", "look"]
Text = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change: what it is called, and why it is made or has to be looked at.

    ``minor``: the row can be used although nobody has looked at it yet.
    """

    code: str
    level: Level
    label: Text
    why: Text
    minor: bool = False


def _kinds(*kinds: Kind) -> dict[str, Kind]:
    return {kind.code: kind for kind in kinds}


KINDS: dict[str, Kind] = _kinds(
    Kind("SPACES", "safe", _("Blanks"),
         _("Blanks at the ends, several in a row, or ones that only look like blanks.")),
    Kind("INVISIBLE", "safe", _("Invisible signs"),
         _("Signs without width, as copied from web pages and PDF files.")),
    Kind("NFC", "safe", _("Accents stored apart"),
         _("Letter and accent were stored as two signs; searches would not find the word.")),
    Kind("TEXT_TCVN3", "safe", _("Text of a TCVN3 font (.VnTime)"),
         _("The letters of an old font became the letters that they stand for.")),
    Kind("TEXT_VNI", "safe", _("Text of a VNI font"),
         _("The letters of an old font became the letters that they stand for.")),
    Kind("TEXT_UTF8", "safe", _("Accents read in a wrong encoding"),
         _("A program had read UTF-8 as Windows-1252.")),
    Kind("ETH_FOR_D", "safe", _("A letter that only looks like Đ"),
         _("Another letter stood for Đ; it looks the same and is not found.")),
    Kind("OLD_FONT_UNSURE", "proposed", _("Perhaps text of an old font"),
         _("One short word may be right under several readings. Compare it.")),
    Kind("NUMBER_WRITING", "proposed", _("Signs in the personal number"),
         _("Blanks, points, an apostrophe or “.0” stood in the number.")),
    Kind("NUMBER_ZERO_LOST", "proposed", _("Zeros lost at the front of the personal number"),
         _("The spreadsheet took it for a number. Sex, year and province fit once the zeros are "
           "back.")),
    Kind("NUMBER_SCIENTIFIC", "proposed", _("Personal number as a power of ten"),
         _("The spreadsheet wrote it so; all digits are still there.")),
    Kind("NUMBER_POINT_LOST", "proposed", _("A zero too many in the personal number"),
         _("The spreadsheet wrote “.0” behind it, and the point went.")),
    Kind("NUMBER_LETTER", "proposed", _("A letter for a digit in the personal number"),
         _("O for 0 or l for 1; with the digit the number fits sex, year and province.")),
    Kind("OTHER_COLUMN", "proposed", _("Value in another's column"),
         _("The value has the form of a neighbouring column, which is empty or has this one's.")),
    Kind("TWO_IN_ONE", "proposed", _("Two values in one cell"),
         _("A number or date stood behind the name; its own column is empty.")),
    Kind("NAME_CASE", "proposed", _("Capitals in the name"),
         _("Written as in birth certificates: each word begins with a capital.")),
    Kind("TONE_STYLE", "proposed", _("Tone mark on the other vowel"),
         _("Hòa and Hoà are the same word; written as most names of the column.")),
    Kind("NAME_DIGIT", "proposed", _("A digit in the name"),
         _("Without it the name is one.")),
    Kind("NAME_ORDER", "proposed", _("Given name first"),
         _("The first word is no surname, and the order turned round begins with one.")),
    Kind("DATE_FORM", "proposed", _("Date in another form"),
         _("The same day, written dd/mm/yyyy.")),
    Kind("DATE_SERIAL", "proposed", _("Date as a number of the spreadsheet"),
         _("The spreadsheet shows the day as the number of days since 1900.")),
    Kind("MONTH_FIRST", "proposed", _("Month before day in the whole column"),
         _("Dates that can be read in one way only show that the column writes the month first.")),
    Kind("DAY_MONTH_SWAP", "proposed", _("Month before day"),
         _("There is no such month; with day and month exchanged it is a date.")),
    Kind("TWO_DIGIT_YEAR", "proposed", _("Year of two digits"),
         _("The personal number says the century, or only one century is possible.")),
    Kind("PHONE_WRITING", "proposed", _("Form of the telephone number"),
         _("Written with ten digits (a fixed line eleven), without signs and +84.")),
    Kind("PHONE_ZERO_LOST", "proposed", _("Zero lost at the front of the telephone number"),
         _("The spreadsheet took it for a number.")),
    Kind("PHONE_ELEVEN", "proposed", _("Telephone number of before 2018"),
         _("Eleven digits became ten in 2018; the prefix was replaced by its successor.")),
    Kind("SEX_WORD", "proposed", _("Word for the sex"),
         _("Written as in most rows of the column.")),
    Kind("UNIT_CODE", "proposed", _("Code of the ward or commune"),
         _("The address names a unit of today's map; its code comes into a column of its own.")),
    Kind("UNIT_NEW", "proposed", _("Today's unit for an old name"),
         _("The address names a unit of the former map, all of which went into one of today's.")),
    Kind("CELL_MERGED", "proposed", _("Cell merged over several rows"),
         _("The value stood once for the rows below; each row gets it.")),
    Kind("ROW_HEAD", "proposed", _("Head of the table repeated"),
         _("A row with the titles of the columns is nobody.")),
    Kind("ROW_TOTAL", "proposed", _("Row with a total"), _("A sum is nobody.")),
    Kind("ROW_NOTE", "proposed", _("Heading, note or signature"),
         _("A row without a name, a date of birth or a number is nobody.")),
    Kind("NUMBER_MISSING", "look", _("No personal number"),
         _("Ask the family for the number on the card or the birth certificate.")),
    Kind("OLD_NUMBER_ONLY", "look", _("Only the old 9-digit number"),
         _("Ask for the present number of 12 digits.")),
    Kind("NUMBER_WRONG", "look", _("Personal number of a wrong form"),
         _("Digits are missing or too many. Compare with the card.")),
    Kind("NUMBER_LOST", "look", _("Digits of the personal number are gone"),
         _("The spreadsheet rounded the number. Look for an older copy of the file, or ask.")),
    Kind("PROVINCE_UNKNOWN", "look", _("Personal number of an unknown province"),
         _("Right for somebody born abroad; otherwise compare with the card."), minor=True),
    Kind("SEX_MISMATCH", "look", _("Personal number of the other sex"),
         _("The fourth digit says another sex than the row. Compare with the card.")),
    Kind("YEAR_MISMATCH", "look", _("Personal number of another year"),
         _("The number says another year of birth than the row. Compare with the card.")),
    Kind("NAME_MISSING", "look", _("No name"), _("Enter it from the birth certificate.")),
    Kind("NAME_SHORT", "look", _("Only one word of the name"),
         _("Enter the whole name from the birth certificate.")),
    Kind("NAME_SHORTENED", "look", _("Name shortened"),
         _("Enter the whole name from the birth certificate.")),
    Kind("NAME_NO_ACCENTS", "look", _("Name without accents"),
         _("Which accents it has, no rule knows. Enter it from the birth certificate.")),
    Kind("NAME_FAULTY", "look", _("Odd signs in the name"),
         _("There are digits or signs that no name has. Compare with the birth certificate.")),
    Kind("DATE_MISSING", "look", _("No date of birth"),
         _("Enter it from the birth certificate.")),
    Kind("DATE_WRONG", "look", _("No date of the calendar"),
         _("There is no such day. Compare with the birth certificate.")),
    Kind("DATE_OPEN", "look", _("Date that can be read in two ways"),
         _("Year of two digits, or an unclear order. Compare with the birth certificate.")),
    Kind("DATE_FUTURE", "look", _("Born in the future"),
         _("Compare with the birth certificate.")),
    Kind("AGE_OVER_120", "look", _("More than 120 years old"),
         _("Compare with the birth certificate.")),
    Kind("PHONE_WRONG", "look", _("No telephone number"),
         _("Digits are missing or too many. Ask for it."), minor=True),
    Kind("SEX_UNKNOWN", "look", _("Sex that cannot be read"),
         _("Enter it from the birth certificate.")),
    Kind("UNIT_UNCLEAR", "look", _("Ward or commune not clear"),
         _("Several units have the name, or the old one was split. Ask where it is."), minor=True),
    Kind("ROW_SHIFTED", "look", _("Cells in wrong columns"),
         _("Values stand in columns of another kind. Perhaps the row was shifted.")),
    Kind("ROW_READING", "look", _("Row that cannot be read rightly"),
         _("Too many cells, an open quotation mark, another encoding, or the file is cut.")),
)  # fmt: skip

#: Changes that arithmetic or the row itself confirms: accepted together by ``sure``.
ALL, SURE = "all", "sure"


def kinds_of(names: Iterable[str]) -> tuple[frozenset[str], bool]:
    """Return the proposed kinds that names stand for, and whether only sure changes are meant.

    ``all`` is every proposed kind, ``sure`` every one where the change is sure. Raises
    ``UnknownKind``.
    """
    found: set[str] = set()
    only_sure = False
    for name in names:
        plain = name.strip()
        code = plain.upper().replace("-", "_")
        if plain.lower() == ALL:
            found |= {kind.code for kind in KINDS.values() if kind.level == "proposed"}
        elif plain.lower() == SURE:
            only_sure = True
        elif code in KINDS and KINDS[code].level != "look":
            found.add(code)
        else:
            known = ", ".join(one for one, kind in KINDS.items() if kind.level != "look")
            raise UnknownKind(kind=name, known=known.lower())
    return frozenset(found), only_sure
