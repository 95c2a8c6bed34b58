"""Conditions of rules as SQL over the measuring view; see ``measuring.sql``.

Of each attribute the view has, as far as a rule needs it, whether anybody claimed it (``h4``), its
text (``t4``; null also when the claim is that there is none), the day of the claim in days since
1800-01-01 (``d4``) and whether it is disputed (``x4``); of numbers the card that they lead to
(``k19``), of addresses what they are (``a26``). What several rules ask of a date is worked out
once: the earliest and latest day that it may be (``e4``, ``l4``), and the age since then (``y4``).
Nothing from outside gets into the text but what the parser has let through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from unicodedata import normalize

from dancu.catalogue import attribute, code_list
from dancu.catalogue.conditions import Node

#: Look-alikes of Đ, and what makes a syllable an abbreviation (Ng., Ng~, T.).
_LOOK_ALIKES = "ÐƉðɖ"
_ABBREVIATED = r"[.~]|(^| )[BCDĐGHKLMNPQRSTVX](h|g|gh|r)?( |$)"
#: What stands in names as they are written today; the rest is left over from older encodings
#: (TCVN3 “NguyÔn V¨n”, VNI “Nguyeãn Vaên”) or from a slip. Composed or not, a letter is a letter.
_VOWELS, _TONES = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", "\u0300\u0301\u0303\u0309\u0323"
_LETTERS = "A-Za-zĂăÂâĐđÊêÔôƠơƯư" + "".join(
    normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES
)
#: Digits, look-alikes of Đ, decomposed letters and abbreviations have rules of their own.
_STRANGE = f"[^{_LETTERS}{_LOOK_ALIKES}{_TONES}\u0302\u0306\u031b0-9 .~’ʼ''-]"
#: The tone mark on the last of two vowels (hoà, khoẻ, thuý) where the other way is hòa, khỏe, thúy.
_LATE_TONE = "(o[àáảãạèéẻẽẹ]|[^qQ]u[ỳýỷỹỵ])( |$)"
_CENTURIES = 100
_PLAIN_TEXT = re.compile(r"v\.t(\d+)")
#: The names of a household and of the register are columns of their own views.
_NAMES: Mapping[str, str] = {
    "alive": "v.status = 1",
    "dead": "v.status = 2",
    "gone_missing": "v.status = 3",
    "latest_activity": "v.latest_activity",
    "commune": "v.commune",
}
_JOINED = {"and": "AND", "or": "OR", "add": "+", "subtract": "-"}
_OPERATORS: Mapping[str, str] = {"==": "=", "!=": "<>"}


@dataclass(slots=True)
class Needs:
    """What the compiled conditions read, by storage key: the columns that the view must have."""

    claims: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    disputes: set[str] = field(default_factory=set)
    cards: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    #: Columns that are worked out from others, as SQL by name.
    worked_out: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        """Every attribute that is read in any way."""
        return self.claims | self.texts | self.days | self.disputes | self.cards | self.addresses


class Compiler:
    """Writes conditions as SQL for one day, and collects what they need."""

    def __init__(self, day: date, *, works_out: bool = False) -> None:
        """``day`` is what conditions call today.

        With ``works_out`` the view has the columns of ``Needs.worked_out`` too.
        """
        self._day = day
        self._works_out = works_out
        self.needs = Needs()

    def sql(self, node: Node) -> str:
        """Return the expression of a part; of a date its text (a year, a month or a day)."""
        writers: dict[str, Callable[[Node], str]] = {
            "constant": lambda one: quoted(one.value),
            "attribute": self._text,
            "name": lambda one: self._name(str(one.value)),
            "and": self._joined,
            "or": self._joined,
            "not": lambda one: f"(NOT {self.sql(one.parts[0])})",
            "add": self._joined,
            "subtract": self._joined,
            "in": self._in,
            "compare": self._compare,
            "call": self._call,
        }
        return writers[node.kind](node)

    def _joined(self, node: Node) -> str:
        parts = [self.sql(part) for part in node.parts]
        if node.kind in ("and", "or"):
            # They are looked at in turn, until one decides: the short ones cost least.
            parts.sort(key=len)
        return f"({f' {_JOINED[node.kind]} '.join(parts)})"

    def _in(self, node: Node) -> str:
        first, *values = map(self.sql, node.parts)
        return f"({first} IN ({', '.join(values)}))"

    def _name(self, name: str) -> str:
        self.needs.names.add(name)
        if name == "today":
            return quoted(self._day.isoformat())
        return f"({_NAMES[name]})" if name in _NAMES else f"v.{name}"

    def _text(self, node: Node) -> str:
        key = attribute(str(node.value)).key
        self.needs.texts.add(key)
        if node.type == "number":
            return f"(v.t{key})::bigint"
        return f"(v.t{key} = 'true')" if node.type == "truth" else f"v.t{key}"

    def _compare(self, node: Node) -> str:
        left, right = node.parts
        sign = str(node.value)
        if left.type == "date" and sign not in _OPERATORS:
            # Certainly before: the latest day that one may be against the earliest of the other.
            first, second = self.sql(left), self.sql(right)
            if sign in ("<", "<="):
                return f"({self._latest(first)} {sign} {self._earliest(second)})"
            return f"({self._earliest(first)} {sign} {self._latest(second)})"
        return f"({self.sql(left)} {_OPERATORS.get(sign, sign)} {self.sql(right)})"

    def _call(self, node: Node) -> str:
        name, first = str(node.value), node.parts[0]
        if first.kind == "attribute" and name in _OF_CLAIMS:
            return self._of_claim(name, first)
        inner = self.sql(first)
        match name:
            case "listed":
                codes = ", ".join(
                    quoted(code) for code in code_list(str(node.parts[1].value)).codes
                )
                return f"({inner} IN ({codes}))"
            case "age":
                return self._age(inner)
            case "days_since":
                return f"({quoted(self._day.isoformat())}::date - ({self._earliest(inner)})::date)"
            case _:
                return _PLAIN[name].replace("{x}", inner)

    def _age(self, inner: str) -> str:
        """Completed years, counted from the latest day that an incomplete date may be."""
        today = self._day.isoformat()
        return self._once(
            "y",
            inner,
            f"({today[:4]} - left({inner}, 4)::integer"
            f" - (substr({_latest(inner)}, 6) > {quoted(today[5:])})::integer)",
        )

    def _latest(self, inner: str) -> str:
        return self._once("l", inner, _latest(inner))

    def _earliest(self, inner: str) -> str:
        return self._once("e", inner, _earliest(inner))

    def _once(self, kind: str, inner: str, written: str) -> str:
        """Return what was worked out of a plain attribute as a column of the view."""
        found = _PLAIN_TEXT.fullmatch(inner)
        if found is None or not self._works_out:
            return written
        name = f"{kind}{found[1]}"
        self.needs.worked_out[name] = written
        return f"v.{name}"

    def _of_claim(self, name: str, node: Node) -> str:
        key = attribute(str(node.value)).key
        match name:
            case "known" | "missing":
                self.needs.claims.add(key)
                return f"(v.h{key} IS {'' if name == 'known' else 'NOT '}TRUE)"
            case "empty":
                return self._empty(key, node)
            case "disputed":
                self.needs.disputes.add(key)
                return f"v.x{key}"
            case "unconfirmed_days":
                self.needs.days.add(key)
                self.needs.texts.add(key)
                since = (self._day - date(1800, 1, 1)).days
                return f"(CASE WHEN v.t{key} IS NOT NULL THEN {since} - v.d{key} END)"
            case "birth_year_of" | "registered_sex_of" | "is_registered":
                self.needs.cards.add(key)
                self.needs.texts.add(key)
                return {
                    "birth_year_of": f"v.k{key}_year",
                    "registered_sex_of": f"v.k{key}_sex",
                    "is_registered": f"(v.t{key} IS NULL OR v.k{key}_is IS NOT NULL)",
                }[name]
            case _:
                self.needs.addresses.add(key)
                self.needs.texts.add(key)
                if name == "unit_stands":
                    self.needs.units.add(key)
                return {
                    "has_unit": f"v.a{key}_unit",
                    "is_split": f"v.a{key}_split",
                    "unit_stands": f"v.a{key}_stands",
                }[name]

    def _empty(self, key: str, node: Node) -> str:
        """Declared, and yet nothing: no text, an empty list, an address without a commune."""
        if node.type == "address":
            self.needs.addresses.add(key)
            self.needs.texts.add(key)
            return f"(NOT v.a{key}_unit)"
        self.needs.texts.add(key)
        return f"(v.t{key} IN ('', '[]'))"


_OF_CLAIMS = frozenset(
    {
        "known",
        "missing",
        "empty",
        "disputed",
        "unconfirmed_days",
        "birth_year_of",
        "registered_sex_of",
        "is_registered",
        "has_unit",
        "is_split",
        "unit_stands",
    }
)
_PLAIN: Mapping[str, str] = {
    "year": "left({x}, 4)::integer",
    "month_day": "(CASE WHEN length({x}) = 10 THEN substr({x}, 6) END)",
    "is_whole": "(length({x}) = 10)",
    "sex_of": "(CASE WHEN substr({x}, 4, 1) IN ('1', '3', '5', '7', '9') THEN 'F' ELSE 'M' END"
    " || left({x}, 0))",
    "year_of": f"(1900 + {_CENTURIES} * (substr({{x}}, 4, 1)::integer / 2)"
    " + substr({x}, 5, 2)::integer)",
    "province_of": "left({x}, 3)",
    "length": "length({x})",
    "syllables": "(length({x}) - length(replace({x}, ' ', '')) + 1)",
    "first_syllable": "split_part({x}, ' ', 1)",
    "last_syllable": "substring({x} FROM '[^ ]+$')",
    "has_digit": "({x} ~ '[0-9]')",
    "has_strange_letter": f"({{x}} ~ '{_STRANGE}')",
    "has_late_tone": f"({{x}} ~ '{_LATE_TONE}')",
    "has_abbreviation": f"({{x}} ~ '{_ABBREVIATED}')",
    "has_lookalike": f"({{x}} ~ '[{_LOOK_ALIKES}]')",
    "is_composed": "({x} IS NFC NORMALIZED)",
}


def _latest(text: str) -> str:
    return _filled_up(text, "0000-12-31")


def _earliest(text: str) -> str:
    return _filled_up(text, "0000-01-01")


def _filled_up(text: str, with_what: str) -> str:
    """Make a whole date of one that may be incomplete; today, the only constant, is whole."""
    if text.startswith("'"):
        return text
    return (
        f"(CASE WHEN length({text}) = 10 THEN {text}"
        f" ELSE {text} || substr('{with_what}', length({text}) + 1) END)"
    )


def quoted(value: str | int) -> str:
    """Return a constant as SQL, for a statement that is run with parameters."""
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''").replace("%", "%%") + "'"


def keys_of(nodes: Iterable[Node]) -> set[str]:
    """Return the storage keys of the attributes that conditions name."""
    return {attribute(name).key for node in nodes for name in node.attributes}
