"""How a second record of somebody differs from the first.

Names and dates are spoilt by the same functions as the specialised files of ``dancu synthesise``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dancu.kernel import syllables
from dancu.synthesis.dirty import fault_dates, fault_names, fault_numbers
from dancu.synthesis.dirty.drafts import Draft, Truth

if TYPE_CHECKING:
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Person

Row = dict[str, str]

NAME_SPOILT, DATE_SPOILT = 0.45, 0.25
_NAMES = {
    "ACCENTS_LOST": 25, "TONE_STYLE": 12, "MISSING_MIDDLE": 14, "EXTRA_MIDDLE": 8,
    "SWAPPED_ORDER": 9, "ABBREV": 5, "TCVN3": 4, "VNI": 2, "NFD": 4, "ETH_FOR_D": 3, "DIGIT": 2,
    "TYPING": 8, "TWIN_SPELLING": 4, "OTHER_TONE": 4,
}  # fmt: skip
_DATES = {
    "DAY_MONTH_SWAP": 40, "YEAR_ONLY": 20, "FIRST_OF_JANUARY": 20, "TYPING": 16, "DATE_INVALID": 4,
}  # fmt: skip
_NUMBERS = {
    "same": 33, "place": 2, "second": 20, "missing": 15, "former": 10, "zero": 8, "digit": 7,
    "turned": 5,
}  # fmt: skip
_HOMES = {"same": 40, "former_map": 25, "moved": 20, "missing": 15}
_PARENTS = {"same": 50, "bare": 12, "one": 16, "missing": 22}
_PHONES = {"same": 38, "old_form": 6, "other": 22, "missing": 34}
_TWIN_SPELLINGS = (
    ("Huỳnh", "Hoàng"), ("Hoàng", "Huỳnh"), ("Vũ", "Võ"), ("Võ", "Vũ"), ("Phúc", "Phước"),
    ("Nhật", "Nhựt"), ("Quý", "Quới"), ("Bảo", "Bửu"), ("Sinh", "Sanh"), ("Hồng", "Hường"),
)  # fmt: skip


def again(
    know: Knowledge, person: Person, row: Row, rng: random.Random, others: Sequence[Row]
) -> Row:
    """Return a second record of a person; ``others`` are rows of the same block."""
    found = dict(row)
    if rng.random() < NAME_SPOILT:
        found["full_name"] = _name(person, row, rng)
    if rng.random() < DATE_SPOILT:
        found["birth_date"] = _date(person, row, rng)
    _number(found, rng)
    _home(know, person, found, rng, others)
    _parents(found, rng)
    _phone(found, rng, others)
    if rng.random() < 0.4:
        found["birth_place"] = ""
    if rng.random() < 0.02:
        found["sex"] = "F" if row["sex"] == "M" else "M"
    return found


def twin(row: Row, other: Row, rng: random.Random) -> Row:
    """Return a twin: another given name and number, no telephone, all else the same."""
    found = dict(row)
    front, names = row["full_name"].split(" ")[:-1], other["full_name"].split(" ")
    given = names[-1]
    if given == row["full_name"].split(" ")[-1]:
        given = "Song"
    found["full_name"] = " ".join([*front, given])
    found["pid"] = f"{row['pid'][:6]}{rng.randrange(10**6):06d}" if row["pid"] else ""
    found["old_id_number"] = found["phone"] = ""
    return found


def _chosen(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _draft(person: Person, row: Row) -> Draft:
    home: Any = person.home
    year, _, rest = row["birth_date"].partition("-")
    month, _, day = rest.partition("-")
    truth = Truth(
        pid=row["pid"], name=row["full_name"], birth_date=row["birth_date"], sex=row["sex"],
        phone=row["phone"], address=row["address"], unit_code=row["commune"], dead=False,
    )  # fmt: skip
    cells: dict[str, object] = {
        "name": row["full_name"],
        "birth": "/".join(part for part in (day, month, year) if part),
        "phone": f"0{row['phone'][3:]}" if row["phone"] else "",
    }
    return Draft(truth, person, home.dwelling.stays[-1], cells)


def _spoilt(
    draft: Draft, code: str, changes: dict[str, Callable[[Draft, int], bool]], rng: random.Random
) -> None:
    changes[code](draft, rng.getrandbits(16))


def _name(person: Person, row: Row, rng: random.Random) -> str:
    code = _chosen(rng, _NAMES)
    if code == "TYPING":
        return _mistyped(row["full_name"], rng)
    if code == "OTHER_TONE":
        return _other_tone(row["full_name"], rng)
    if code == "TWIN_SPELLING":
        words = row["full_name"].split(" ")
        table = dict(_TWIN_SPELLINGS)
        return " ".join(table.get(word, word) for word in words)
    draft = _draft(person, row)
    _spoilt(draft, code, fault_names.CHANGES, rng)
    return draft.text("name")


def _mistyped(text: str, rng: random.Random) -> str:
    """Return the text with one letter left out, doubled, or exchanged with its neighbour."""
    place = rng.randrange(1, len(text) - 1)
    if text[place] == " " or text[place + 1] == " ":
        return text
    kind = rng.randrange(3)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place] + text[place:]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _other_tone(text: str, rng: random.Random) -> str:
    """Return the text with another tone on one letter: Hùng becomes Húng."""
    places = [i for i, letter in enumerate(text) if syllables.PARTS.get(letter, ("", 0))[1]]
    if not places:
        return text
    place = rng.choice(places)
    letter, tone = syllables.PARTS[text[place]]
    other = syllables.WITH_TONE[letter, 1 + (tone + rng.randrange(4)) % 5]
    return text[:place] + other + text[place + 1 :]


def _date(person: Person, row: Row, rng: random.Random) -> str:
    code = _chosen(rng, _DATES)
    text = row["birth_date"]
    if code == "TYPING":
        if len(text) != len("yyyy-mm-dd"):
            return text
        return f"{text[:8]}{1 + (int(text[8:]) + rng.randrange(1, 9)) % 28:02d}"
    draft = _draft(person, row)
    _spoilt(draft, code, fault_dates.CHANGES, rng)
    return draft.text("birth")


def _number(found: Row, rng: random.Random) -> None:
    pid, kind = found["pid"], _chosen(rng, _NUMBERS)
    if not pid:
        return
    place = rng.randrange(4, 11)
    if kind == "second":
        found["pid"] = f"{pid[:6]}{rng.randrange(10**6):06d}"
    elif kind == "missing" or (kind == "former" and not found["old_id_number"]):
        found["pid"] = ""
    elif kind == "former":
        found["pid"] = found["old_id_number"]
    elif kind == "place":
        found["pid"] = ("001" if pid[:3] != "001" else "079") + pid[3:]
    elif kind == "zero":
        found["pid"] = pid.lstrip("0")
    elif kind == "digit":
        found["pid"] = f"{pid[:place]}{(int(pid[place]) + 1) % 10}{pid[place + 1 :]}"
    elif kind == "turned":
        found["pid"] = pid[:place] + pid[place + 1] + pid[place] + pid[place + 2 :]
    if kind in ("former", "missing") or rng.random() < 0.5:
        found["old_id_number"] = ""


def _home(
    know: Knowledge, person: Person, found: Row, rng: random.Random, others: Sequence[Row]
) -> None:
    from dancu.synthesis.days import number
    from dancu.synthesis.geography import OLD_MAP

    kind = _chosen(rng, _HOMES)
    home: Any = person.home
    if kind == "former_map":
        stay = home.dwelling.stays[0]
        address = stay.address(number(OLD_MAP), know.places)
        found["commune"], found["address"] = address.unit_code, address.text
    elif kind == "moved":
        other = rng.choice(others)
        found["commune"], found["address"] = other["commune"], other["address"]
    elif kind == "missing":
        found["commune"] = found["address"] = ""


def _parents(found: Row, rng: random.Random) -> None:
    kind = _chosen(rng, _PARENTS)
    if kind == "bare":
        for name in ("father_name", "mother_name"):
            found[name] = fault_names.bare(found[name])
    elif kind == "one":
        found[rng.choice(("father_name", "mother_name"))] = ""
    elif kind == "missing":
        found["father_name"] = found["mother_name"] = ""


def _phone(found: Row, rng: random.Random, others: Sequence[Row]) -> None:
    kind, phone = _chosen(rng, _PHONES), found["phone"]
    if kind == "missing":
        found["phone"] = ""
    elif kind == "other":
        other = rng.choice(others)["phone"]
        found["phone"] = f"{other[:-3]}{rng.randrange(1000):03d}" if other else ""
    elif kind == "old_form" and phone:
        local = f"0{phone[3:]}"
        old = fault_numbers.OLD_PREFIXES.get(local[:3])
        found["phone"] = f"{old}{local[3:]}" if old else local
