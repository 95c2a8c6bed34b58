"""One row through all rules: what is changed, what is proposed, what a person has to look at.

Each rule sees the value as the changes made before left it. A change that is not made does not
go on, so what stands in the file is always the outcome of the changes that are recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from dancu.cleaning import figures, words
from dancu.cleaning.clues import NAMES, WORDLESS, Clues
from dancu.cleaning.figures import Beside
from dancu.cleaning.reading import MERGED
from dancu.cleaning.types import WHOLE_ROW, Change, Cleaned, Column, Decide, Row, Step, Units
from dancu.exchange.batches.cleaning import date_of, sex_of
from dancu.exchange.batches.meanings import FAMILY, FEMALE, YEAR, title_key
from dancu.kernel import pid
from dancu.kernel.pid import Sex
from dancu.kernel.text import fold, match_key

ADDRESSES = frozenset({"permanent_residence", "current_residence", "temporary_residence"})
_TOTAL = re.compile(r"(tong( cong| so| so hoc sinh)?|cong|total|sum)\b", re.ASCII)
_JOINED = re.compile(r"(?P<name>[^\d(;/|]+?)[\s\-–,(;/|]+(?P<rest>[+\d][\d\s/.\-+]{5,})\)?\s*")
_PHONE = re.compile(r"(?:\+?84|0)[35789]\d{8}", re.ASCII)
_FEW = 2
_LONG_NUMBER = 9
_MOST_STEPS = 6
_MOST_KNOWN = 20_000

_Rule = Callable[[str], Step | None]


class Cleaner:
    """Cleans rows of one file. ``decide`` says of each change whether it is made."""

    def __init__(
        self,
        columns: Sequence[Column],
        clues: Clues,
        *,
        units: Units,
        today: date,
        decide: Decide,
    ) -> None:
        """Look up once what every row needs."""
        self._columns = columns
        self._clues = clues
        self._units = units
        self._today = today
        self._decide = decide
        self._at = {column.meaning: column.place for column in columns if column.meaning}
        self._titles = [title_key(column.title) for column in columns]
        self._heads = [column.title.casefold() for column in columns]
        self._plain: list[set[str]] = [set() for _ in columns]
        self._of_words = [self._word_rules(column) for column in columns]
        self._who = [
            self._at[one]
            for one in ("pid", "old_id_number", "full_name", FAMILY, "birth_date", YEAR)
            if one in self._at
        ]

    def clean(self, row: Row) -> Cleaned:
        """Return the row after all changes that are made, with all that was found."""
        found = Cleaned(row, list(row.cells))
        if row.fault:
            self._note(found, WHOLE_ROW, row.fault, Step("ROW_READING", None))
        self._unmerge(found)
        for place, cell in enumerate(found.cells):
            if cell and not self._is_plain(place, cell):
                self._through(found, place, self._of_words[place])
        nobody = self._nobody(found)
        if nobody is not None:
            text = " | ".join(cell for cell in found.cells if cell)
            found.dropped = self._note(found, WHOLE_ROW, text, nobody)
            return found
        self._exchange(found)
        self._figures(found)
        self._names(found)
        self._addresses(found)
        return found

    def _note(self, found: Cleaned, place: int, before: str, step: Step) -> bool:
        """Record a step and say whether it is made."""
        row = found.row
        change = Change(
            row.number, place, before, step.after, step.kind, step.certainty, sheet=row.sheet
        )
        made = step.after is not None and self._decide(change)
        found.changes.append(change._replace(applied=made))
        return made

    def _is_plain(self, place: int, cell: str) -> bool:
        """Say whether no rule of words has anything to say; most cells come again."""
        if cell.isascii():
            return cell.isprintable() and "  " not in cell and cell[0] != " " != cell[-1]
        known = self._plain[place]
        if cell in known:
            return True
        if any(rule(cell) for rule in self._of_words[place]):
            return False
        if len(known) < _MOST_KNOWN:
            known.add(cell)
        return True

    def _through(self, found: Cleaned, place: int, rules: Sequence[_Rule]) -> None:
        for rule in rules:
            before = found.cells[place]
            step = rule(before)
            if step is None:
                continue
            if self._note(found, place, before, step) and step.after is not None:
                found.cells[place] = step.after

    def _settled(self, found: Cleaned, place: int, rule: _Rule) -> None:
        """Apply a rule again and again until it has nothing more to say, or is refused."""
        for _ in range(_MOST_STEPS):
            before = found.cells[place]
            step = rule(before)
            if step is None:
                return
            if not self._note(found, place, before, step) or step.after is None:
                return
            found.cells[place] = step.after

    # -- Rows that are nobody, merged cells, values in other columns -------------------------------

    def _unmerge(self, found: Cleaned) -> None:
        for place, cell in enumerate(found.cells):
            if cell.startswith(MERGED):
                found.cells[place] = ""
                value = cell.removeprefix(MERGED)
                if value and self._note(found, place, "", Step("CELL_MERGED", value, "sure")):
                    found.cells[place] = value

    def _nobody(self, found: Cleaned) -> Step | None:
        cells = found.cells
        filled = [place for place, cell in enumerate(cells) if cell]
        if not filled:
            return Step("ROW_NOTE", "", "sure")
        first = filled[0]
        if len(filled) > 1 and cells[first].casefold() == self._heads[first]:
            keys = [title_key(cells[place]) == self._titles[place] for place in filled]
            if all(keys):
                return Step("ROW_HEAD", "", "sure")
        is_long = len(filled) > _FEW
        if any(self._is_who(place, cells[place], is_long=is_long) for place in self._who):
            return None
        if any(_TOTAL.match(title_key(cells[place])) for place in filled):
            return Step("ROW_TOTAL", "", "sure")
        if not is_long and self._who:
            return Step("ROW_NOTE", "", "likely")
        return None

    def _is_who(self, place: int, cell: str, *, is_long: bool) -> bool:
        """Say whether a cell can name somebody: a number, a date, or a name of several words.

        In a row with little else (not ``is_long``), only a name that begins with a surname can.
        """
        meaning = self._columns[place].meaning
        if not cell:
            return False
        if meaning in NAMES:
            first, *rest = fold(cell).split() or [""]
            if not rest or _TOTAL.match(fold(cell)) or cell.endswith(":"):
                return False
            return is_long or match_key(first) in words.surnames()
        digits = sum(sign.isdigit() for sign in cell)
        return digits >= (_LONG_NUMBER if meaning in {"pid", "old_id_number"} else _FEW)

    def _exchange(self, found: Cleaned) -> None:
        """Find values that stand in a neighbouring column, and a second one behind the name."""
        at, cells = self._at, found.cells
        number = at.get("pid", WHOLE_ROW)
        for other in ("old_id_number", "phone", "full_name"):
            place = at.get(other)
            if number == WHOLE_ROW or place is None:
                continue
            here, there = cells[number], cells[place]
            if _is_of(other, here) and (not there or pid.is_valid(there)):
                self._swap(found, number, place)
                return
            if not here and pid.is_valid(there) and other != "full_name":
                self._swap(found, number, place)
                return
        if "full_name" in at and "birth_date" in at:
            name, day = at["full_name"], at["birth_date"]
            if _is_name(cells[day]) and _is_date(cells[name]):
                self._swap(found, name, day)
            elif _is_name(cells[day]) or _is_date(cells[name]):
                self._note(found, WHOLE_ROW, cells[name], Step("ROW_SHIFTED", None))
        self._split(found)

    def _swap(self, found: Cleaned, one: int, other: int) -> None:
        here, there = found.cells[one], found.cells[other]
        made = self._note(found, one, here, Step("OTHER_COLUMN", there, "sure"))
        if made and self._note(found, other, there, Step("OTHER_COLUMN", here, "sure")):
            found.cells[one], found.cells[other] = there, here

    def _split(self, found: Cleaned) -> None:
        place = self._at.get("full_name")
        both = _JOINED.fullmatch(found.cells[place]) if place is not None else None
        if place is None or both is None:
            return
        rest = both["rest"].strip()
        bare = re.sub(r"[\s.\-]", "", rest)
        kind = "birth_date" if _is_date(rest) else "phone" if _PHONE.fullmatch(bare) else "pid"
        to = self._at.get(kind)
        if to is None or found.cells[to] or (kind == "pid" and not pid.is_valid(bare)):
            return
        name = both["name"].strip()
        if self._note(found, place, found.cells[place], Step("TWO_IN_ONE", name, "likely")):
            found.cells[place] = name
            if self._note(found, to, "", Step("TWO_IN_ONE", rest, "likely")):
                found.cells[to] = rest

    # -- Figures -----------------------------------------------------------------------------------

    def _figures(self, found: Cleaned) -> None:
        at, cells, clues, today = self._at, found.cells, self._clues, self._today
        if "sex" in at:
            self._settled(found, at["sex"], lambda text: figures.sex(text, clues))
        known_sex = self._sex(cells)
        if "birth_date" in at:
            self._birth(found, at["birth_date"], self._number_year(cells, known_sex))
        if "pid" in at:
            beside = Beside(known_sex, self._year(cells), today)
            has_old = bool(cells[at["old_id_number"]]) if "old_id_number" in at else False
            if cells[at["pid"]] or not has_old:
                self._settled(found, at["pid"], lambda text: figures.number(text, beside))
        if "old_id_number" in at:
            self._settled(found, at["old_id_number"], figures.old_number)
        if "phone" in at:
            self._settled(found, at["phone"], figures.phone)

    def _birth(self, found: Cleaned, place: int, year: int | None) -> None:
        """Read the date in the order of its column, then look at what came of it."""
        today = self._today
        written = found.cells[place]

        def rule(text: str) -> Step | None:
            # What was turned round once stands day first.
            turned = self._clues.month_first and text == written
            return figures.birth(text, year, today, month_first=turned)

        self._settled(found, place, rule)

    def _sex(self, cells: Sequence[str]) -> Sex | None:
        if "sex" in self._at:
            text = cells[self._at["sex"]]
            known = self._clues.sexes.get(text) or sex_of(text)
            return "F" if known == "F" else "M" if known else None
        if FEMALE in self._at:
            return "F" if cells[self._at[FEMALE]] else "M"
        return None

    def _number_year(self, cells: Sequence[str], known_sex: Sex | None) -> int | None:
        """Return the year that the number names, when it is one as it stands or once mended."""
        if "pid" not in self._at:
            return None
        text = cells[self._at["pid"]]
        if not pid.is_valid(text):
            step = figures.number(text, Beside(known_sex, None, self._today)) if text else None
            text = step.after or "" if step else ""
        return pid.Pid(text).birth_year if pid.is_valid(text) else None

    def _year(self, cells: Sequence[str]) -> int | None:
        if "birth_date" in self._at:
            iso, _, _ = date_of(cells[self._at["birth_date"]], self._clues.month_first)
            return int(iso[:4]) if iso else None
        text = cells[self._at[YEAR]] if YEAR in self._at else ""
        return int(text) if text.isdecimal() and len(text) == len("yyyy") else None

    # -- Words -------------------------------------------------------------------------------------

    def _word_rules(self, column: Column) -> list[_Rule]:
        place, clues = column.place, self._clues
        rules: list[_Rule] = []
        is_name = column.meaning in NAMES
        if column.meaning not in WORDLESS:
            rules.append(lambda text: words.old_font(text, place, clues, is_name=is_name))
        keeps = not column.meaning
        rules += [
            words.normal_form,
            words.invisible,
            lambda text: words.blanks(text, keeps_lines=keeps),
        ]
        if column.meaning not in WORDLESS:
            rules.append(words.look_alike)
        return rules

    def _names(self, found: Cleaned) -> None:
        for meaning in NAMES:
            place = self._at.get(meaning)
            if place is None:
                continue
            if found.cells[place]:
                self._name(found, place, is_whole=meaning == "full_name")
            elif meaning != FAMILY:
                self._note(found, place, "", Step("NAME_MISSING", None))

    def _name(self, found: Cleaned, place: int, *, is_whole: bool) -> None:
        clues = self._clues
        rules: list[_Rule] = [
            words.digits,
            words.capitals,
            lambda text: words.tones(text, clues),
        ]
        if is_whole:
            rules.append(words.order)
        rules.append(lambda text: words.doubt(text, clues, is_whole=is_whole))
        self._through(found, place, rules)

    def _addresses(self, found: Cleaned) -> None:
        for meaning in ADDRESSES:
            place = self._at.get(meaning)
            if place is None:
                continue
            text = found.cells[place]
            step = self._units(text)
            if step is not None and self._note(found, place, text, step):
                found.codes[place] = step.after or ""


def _is_name(text: str) -> bool:
    parts = text.split()
    return len(parts) > 1 and not any(sign.isdigit() for sign in text)


def _is_date(text: str) -> bool:
    is_long = len(text) >= len("1/1/2010") and any(sign in text for sign in "/.-")
    return is_long and bool(date_of(text, False)[0])


def _is_of(meaning: str, text: str) -> bool:
    """Say whether a value in the column of the personal number is one of another column."""
    if meaning == "old_id_number":
        return len(text) == pid.OLD_LENGTH and text.isdecimal()
    if meaning == "phone":
        return bool(_PHONE.fullmatch(text)) and len(text) == len("0912345678")
    return _is_name(text)
