"""The small language in which rules of quality say when something is wrong.

A condition is an expression of Python's grammar over the attributes of the dictionary:
``sex != sex_of(pid)``, ``age(birth_date) > 120``, ``alive and missing(full_name)``. It is parsed,
never run: only what ``FUNCTIONS`` and ``NAMES`` list is known, and every part has a type. Whatever
is unknown of somebody makes no comparison true, so a rule never accuses for want of data.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dancu.catalogue.types import Attribute, CodeList
from dancu.kernel.errors import fill, untranslated

if TYPE_CHECKING:
    from dancu.kernel.errors import Translate

#: Marks texts to translate. The linter of the catalogue reads this module before any settings.
_ = untranslated
View = Literal["person", "household", "register"]
#: ``any``: an attribute of any type, by its name. ``pid``: an attribute that is such a number.
#: ``word``: a text written in the rule itself.
Type = Literal["truth", "number", "text", "texts", "date", "address", "any", "pid", "word"]

LONGEST = 400
#: Sums of what fits into the longest condition stay within the integers that are counted with.
_LARGEST_NUMBER = 10**7
_TYPES: Mapping[str, Type] = {
    "text": "text",
    "pid": "text",
    "old_id_number": "text",
    "phone": "text",
    "email": "text",
    "code": "text",
    "date": "date",
    "integer": "number",
    "text_list": "texts",
    "code_list_values": "texts",
    "address": "address",
    "boolean": "truth",
}
#: What may be asked of a person, by the types of what stands in the brackets.
FUNCTIONS: Mapping[str, tuple[tuple[Type, ...], Type]] = {
    "known": (("any",), "truth"),
    "missing": (("any",), "truth"),
    "empty": (("any",), "truth"),
    "disputed": (("any",), "truth"),
    "unconfirmed_days": (("any",), "number"),
    "age": (("date",), "number"),
    "year": (("date",), "number"),
    "month_day": (("date",), "text"),
    "is_whole": (("date",), "truth"),
    "days_since": (("date",), "number"),
    "sex_of": (("pid",), "text"),
    "year_of": (("pid",), "number"),
    "province_of": (("pid",), "text"),
    "birth_year_of": (("pid",), "number"),
    "registered_sex_of": (("pid",), "text"),
    "is_registered": (("pid",), "truth"),
    "listed": (("text", "word"), "truth"),
    "length": (("text",), "number"),
    "syllables": (("text",), "number"),
    "first_syllable": (("text",), "text"),
    "last_syllable": (("text",), "text"),
    "has_digit": (("text",), "truth"),
    "has_strange_letter": (("text",), "truth"),
    "has_late_tone": (("text",), "truth"),
    "has_abbreviation": (("text",), "truth"),
    "has_lookalike": (("text",), "truth"),
    "is_composed": (("text",), "truth"),
    "has_unit": (("address",), "truth"),
    "is_split": (("address",), "truth"),
    "unit_stands": (("address",), "truth"),
}
#: What is known besides the attributes, by what a rule is about.
NAMES: Mapping[View, Mapping[str, Type]] = {
    "person": {
        "alive": "truth",
        "dead": "truth",
        "gone_missing": "truth",
        "today": "date",
        "latest_activity": "date",
        "commune": "text",
    },
    "household": {
        "members": "number",
        "heads": "number",
        "head_birth_year": "number",
        "eldest_child_birth_year": "number",
    },
    "register": {"phone_households": "number", "namesakes": "number"},
}
_COMPARED: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_ORDERED = ("number", "date")
#: What the types are called in messages.
TYPE_WORDS: Mapping[str, str] = {
    "truth": _("true or false"),
    "number": _("a number"),
    "text": _("a text"),
    "texts": _("a list of texts"),
    "date": _("a date"),
    "address": _("an address"),
}
#: The places of messages that name a type.
_TYPED = ("type", "wanted", "first", "second")


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a condition.

    ``kind`` is ``attribute``, ``name``, ``constant``, ``call``, ``compare``, ``and``, ``or``,
    ``not``, ``add``, ``subtract`` or ``in``; ``value`` is the name, the constant or the operator.
    """

    kind: str
    type: Type
    value: str | int = ""
    parts: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield this part and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that are named, each once, in the order of the text."""
        found = (str(node.value) for node in self.walk() if node.kind == "attribute")
        return tuple(dict.fromkeys(found))


class ConditionError(ValueError):
    """What is wrong in a condition, and what to do; ``column`` counts from 0.

    ``message`` and ``way_out`` are texts to translate, with ``%(name)s`` places for ``params``; of
    these, the names of types are translated too.
    """

    def __init__(self, message: str, way_out: str, column: int = 0, /, **params: object) -> None:
        """Keep the parts; the error itself says them in English."""
        self.message, self.way_out, self.column, self.params = message, way_out, column, params
        super().__init__(f"{self.text()} {self.remedy_text()}")

    def text(self, translate: Translate = untranslated) -> str:
        """Return what is wrong in the reader's language."""
        return fill(self.message, self._params(translate), translate)

    def remedy_text(self, translate: Translate = untranslated) -> str:
        """Return what to do in the reader's language."""
        return fill(self.way_out, self._params(translate), translate)

    def _params(self, translate: Translate) -> dict[str, object]:
        said = {name: TYPE_WORDS.get(str(value)) for name, value in self.params.items()}
        return {
            name: translate(words) if (words := said[name]) and name in _TYPED else value
            for name, value in self.params.items()
        }


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a condition may name: the dictionary, its code lists, and what a view knows besides."""

    attributes: Mapping[str, Attribute]
    code_lists: Mapping[str, CodeList]
    populations: Mapping[str, Node]
    view: View = "person"


def parse(text: str, vocabulary: Vocabulary) -> Node:
    """Return the typed tree of a condition. Raises ``ConditionError``."""
    if len(text) > LONGEST:
        raise ConditionError(
            _("The condition is longer than %(most)s characters."),
            _("Part it into two rules."),
            most=LONGEST,
        )
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        at = getattr(error, "offset", None) or 1
        raise ConditionError(
            _("The condition cannot be read at character %(at)s."),
            _("Check brackets, quotes and operators."),
            at - 1,
            at=at,
        ) from error
    node = _Reader(vocabulary).read(tree.body)
    if vocabulary.view == "register":
        _require_one_shared(node)
    return _of(node, "truth", tree.body, _("A condition must be true or false. This is %(type)s."))


def _require_one_shared(node: Node) -> None:
    if len({part.value for part in node.walk() if part.kind == "name"}) != 1:
        raise ConditionError(
            _("A rule about the register names one thing that people share."),
            _("Name one of: %(known)s."),
            known=", ".join(NAMES["register"]),
        )


def _of(node: Node, wanted: Type, at: ast.expr, what: str, **params: object) -> Node:
    if node.type != wanted:
        raise ConditionError(
            what,
            _("Write %(wanted)s."),
            at.col_offset,
            type=node.type,
            wanted=wanted,
            **params,
        )
    return node


class _Reader:
    """Turns the grammar's tree into typed parts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary

    def read(self, tree: ast.expr) -> Node:
        readers: dict[type[ast.expr], Callable[..., Node]] = {
            ast.BoolOp: self._logic,
            ast.UnaryOp: self._unary,
            ast.Compare: self._compare,
            ast.BinOp: self._sum,
            ast.Call: self._call,
            ast.Name: self._name,
            ast.Constant: self._constant,
        }
        reader = readers.get(type(tree))
        if reader is None:
            raise ConditionError(
                _("“%(part)s” is not part of the language of rules."),
                _("Use attributes, the listed functions, comparisons, and, or, not, + and -."),
                tree.col_offset,
                part=ast.unparse(tree),
            )
        return reader(tree)

    def _logic(self, tree: ast.BoolOp) -> Node:
        parts = tuple(
            _of(
                self.read(part),
                "truth",
                part,
                _("“and” and “or” join what is true or false. This is %(type)s."),
            )
            for part in tree.values
        )
        return Node("and" if isinstance(tree.op, ast.And) else "or", "truth", "", parts)

    def _unary(self, tree: ast.UnaryOp) -> Node:
        if isinstance(tree.op, ast.Not):
            words = _("“not” turns round what is true or false. This is %(type)s.")
            part = _of(self.read(tree.operand), "truth", tree.operand, words)
            return Node("not", "truth", "", (part,))
        if isinstance(tree.op, ast.USub) and isinstance(tree.operand, ast.Constant):
            found = self._constant(tree.operand)
            if isinstance(found.value, int):
                return Node("constant", "number", -found.value)
        raise ConditionError(
            _("Only numbers have a sign."), _("Write a number after the minus."), tree.col_offset
        )

    def _compare(self, tree: ast.Compare) -> Node:
        if len(tree.ops) != 1:
            raise ConditionError(
                _("Comparisons in a row cannot be read."),
                _("Join two of them with “and”."),
                tree.col_offset,
            )
        left, right, operator = tree.left, tree.comparators[0], tree.ops[0]
        if isinstance(operator, ast.In | ast.NotIn):
            return self._in(left, right, negated=isinstance(operator, ast.NotIn))
        sign = _COMPARED.get(type(operator))
        if sign is None:
            raise ConditionError(
                _("This comparison is not known."),
                _("Use ==, !=, <, <=, >, >= or in."),
                tree.col_offset,
            )
        first, second = self.read(left), self.read(right)
        if first.type != second.type or first.type in ("any", "texts", "address"):
            raise ConditionError(
                _("This compares %(first)s with %(second)s, which cannot be compared."),
                _("Compare numbers with numbers, texts with texts, dates with dates."),
                tree.col_offset,
                first=first.type,
                second=second.type,
            )
        if sign not in ("==", "!=") and first.type not in _ORDERED:
            raise ConditionError(
                _("For %(type)s there is no before and after."),
                _("Use == or !=."),
                tree.col_offset,
                type=first.type,
            )
        for one, other, at in ((first, second, right), (second, first, left)):
            self._require_code(one, other, at)
        return Node("compare", "truth", sign, (first, second))

    def _in(self, left: ast.expr, right: ast.expr, *, negated: bool) -> Node:
        if not isinstance(right, ast.Tuple | ast.List | ast.Set) or not right.elts:
            raise ConditionError(
                _("“in” needs a list of values."), _("Write in ('A', 'B')."), right.col_offset
            )
        first = self.read(left)
        values = tuple(self.read(one) for one in right.elts)
        for value, at in zip(values, right.elts, strict=True):
            if value.kind != "constant" or value.type != first.type:
                raise ConditionError(
                    _("The list holds something that is not %(type)s."),
                    _("Write constants of one type."),
                    at.col_offset,
                    type=first.type,
                )
            self._require_code(first, value, at)
        found = Node("in", "truth", "", (first, *values))
        return Node("not", "truth", "", (found,)) if negated else found

    def _require_code(self, one: Node, other: Node, at: ast.expr) -> None:
        """A constant beside an attribute with a code list must be one of its codes."""
        if one.kind != "attribute" or other.kind != "constant":
            return
        name = self._known.attributes[str(one.value)].code_list
        if name and other.value not in self._known.code_lists[name]:
            raise ConditionError(
                _("“%(code)s” is not in the code list %(list)s."),
                _("Look the code up in codes/%(list)s.csv."),
                at.col_offset,
                code=other.value,
                list=name,
            )

    def _sum(self, tree: ast.BinOp) -> Node:
        kinds: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "subtract"}
        kind = kinds.get(type(tree.op))
        if kind is None:
            raise ConditionError(
                _("Only + and - can be counted with."),
                _("Write the number itself."),
                tree.col_offset,
            )
        parts = tuple(
            _of(
                self.read(one),
                "number",
                one,
                _("+ and - stand between numbers. This is %(type)s."),
            )
            for one in (tree.left, tree.right)
        )
        return Node(kind, "number", "", parts)

    def _call(self, tree: ast.Call) -> Node:
        name = tree.func.id if isinstance(tree.func, ast.Name) else ast.unparse(tree.func)
        if name not in FUNCTIONS or self._known.view != "person":
            raise ConditionError(
                _("There is no function “%(name)s” here."),
                _("Known are: %(known)s."),
                tree.col_offset,
                name=name,
                known=", ".join(
                    sorted(FUNCTIONS) if self._known.view == "person" else NAMES[self._known.view]
                ),
            )
        wanted, result = FUNCTIONS[name]
        if len(tree.args) != len(wanted) or tree.keywords:
            raise ConditionError(
                _("%(name)s takes %(count)s in its brackets."),
                _("Correct the brackets."),
                tree.col_offset,
                name=name,
                count=len(wanted),
            )
        parts = tuple(
            self._argument(name, one, type_) for one, type_ in zip(tree.args, wanted, strict=True)
        )
        return Node("call", result, name, parts)

    def _argument(self, name: str, tree: ast.expr, wanted: Type) -> Node:
        node = self.read(tree)
        if wanted == "any":
            if node.kind != "attribute":
                raise ConditionError(
                    _("%(name)s asks about one attribute."),
                    _("Write its name."),
                    tree.col_offset,
                    name=name,
                )
            return node
        if wanted == "pid":
            if node.kind != "attribute" or self._known.attributes[str(node.value)].type != "pid":
                raise ConditionError(
                    _("%(name)s asks about a personal identification number."),
                    _("Write an attribute of the type pid: %(known)s."),
                    tree.col_offset,
                    name=name,
                    known=", ".join(
                        one.name for one in self._known.attributes.values() if one.type == "pid"
                    ),
                )
            return node
        if wanted == "word":
            if node.kind != "constant" or node.value not in self._known.code_lists:
                raise ConditionError(
                    _("%(name)s needs the name of a code list in quotes."),
                    _("Known are: %(known)s."),
                    tree.col_offset,
                    name=name,
                    known=", ".join(sorted(self._known.code_lists)),
                )
            return node
        words = _("%(name)s needs %(wanted)s in its brackets. This is %(type)s.")
        return _of(node, wanted, tree, words, name=name)

    def _name(self, tree: ast.Name) -> Node:
        name = tree.id
        if self._known.view == "person" and name in self._known.attributes:
            return Node("attribute", _TYPES[self._known.attributes[name].type], name)
        beside = NAMES[self._known.view]
        if name in beside:
            return Node("name", beside[name], name)
        if self._known.view == "person" and name in self._known.populations:
            return self._known.populations[name]
        raise ConditionError(
            _("“%(name)s” is neither an attribute nor known here."),
            _("Look the name up in attributes.yaml, or use one of: %(known)s."),
            tree.col_offset,
            name=name,
            known=", ".join(beside),
        )

    def _constant(self, tree: ast.Constant) -> Node:
        if isinstance(tree.value, bool) or not isinstance(tree.value, int | str):
            raise ConditionError(
                _("“%(part)s” is no value of a rule."),
                _("Write a whole number or a text in quotes."),
                tree.col_offset,
                part=ast.unparse(tree),
            )
        if isinstance(tree.value, str):
            if not tree.value.isprintable():
                raise ConditionError(
                    _("The text holds a character that cannot be seen."),
                    _("Write only letters, digits, signs and blanks."),
                    tree.col_offset,
                )
            return Node("constant", "text", tree.value)
        if abs(tree.value) > _LARGEST_NUMBER:
            raise ConditionError(
                _("This number is too large."), _("Write a smaller one."), tree.col_offset
            )
        return Node("constant", "number", tree.value)
