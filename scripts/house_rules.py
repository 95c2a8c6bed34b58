"""The rules of the house that no general linter knows, read from the syntax tree.

Run as ``python scripts/house_rules.py [PATH…]``; prints ``path:line: rule: message`` and exits 1
when a rule is broken. ``tests/lint`` holds a good and a bad sample of each rule.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 600
_SQL = re.compile(
    r"\b(?:from|join|into|update|table|truncate|copy|only)\s+\"?(?:public\.)?\"?population_\w+",
    re.IGNORECASE,
)
_PEOPLE_READERS = frozenset({"population", "disclosure"})
_PEOPLE_SQL = _PEOPLE_READERS | {"bench"}
_NOW = frozenset({"now", "utcnow", "today", "localtime", "localdate"})
_NOW_OWNERS = frozenset({"datetime", "date", "timezone", "dt", "system_clock", "time"})
_MAY_PRINT = frozenset({"cli"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file with its place in the house."""

    path: Path
    room: str
    parts: tuple[str, ...]
    tree: ast.Module
    lines: int

    @property
    def is_service(self) -> bool:
        """Whether the file holds use cases that write."""
        return self.parts[-1] == "services.py" or "services" in self.parts[:-1]


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken at a line."""

    path: Path
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        """Write it as compilers do."""
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


Rule = Callable[[Source], Iterator[tuple[int, str]]]


def services_are_told_the_time(source: Source) -> Iterator[tuple[int, str]]:
    """A service takes ``at`` from its caller and never asks a clock."""
    if not source.is_service:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _asks_a_clock(node.func):
            yield node.lineno, "a service asks the clock; take `at` as a parameter"


def _asks_a_clock(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in {"now", "system_clock", "localdate", "Now"}
    if not isinstance(function, ast.Attribute) or function.attr not in _NOW | {"time"}:
        return False
    owner = function.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name in _NOW_OWNERS and (function.attr != "time" or name == "time")


def services_take_keywords_only(source: Source) -> Iterator[tuple[int, str]]:
    """A public use case names every argument at the call.

    In a package ``services`` the use cases are those that its ``__init__`` offers and that take an
    actor; the rest are helpers and reads.
    """
    if not source.is_service:
        return
    offered = _offered(source)
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        if offered is not None and not (node.name in offered and _takes_actor(node)):
            continue
        positional = [*node.args.posonlyargs, *node.args.args]
        if positional or node.args.vararg:
            yield node.lineno, f"{node.name}() takes positional arguments; put * before them"


def _takes_actor(function: ast.FunctionDef) -> bool:
    arguments = [*function.args.args, *function.args.kwonlyargs]
    return any(argument.arg == "actor" for argument in arguments)


def _offered(source: Source) -> set[str] | None:
    """The names that the ``services`` package of a file offers; None for a single file."""
    if source.parts[-1] == "services.py":
        return None
    try:
        entrance = ast.parse((source.path.parent / "__init__.py").read_text(encoding="utf-8"))
    except OSError:
        return None
    return {
        alias.asname or alias.name
        for node in ast.walk(entrance)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def people_are_read_through_the_door(source: Source) -> Iterator[tuple[int, str]]:
    """Only the register and the door out know the models of people."""
    if source.room in _PEOPLE_READERS:
        return
    for node in ast.walk(source.tree):
        for module in _imported(node):
            if module == "dancu.population.models" or module.startswith("dancu.population.models."):
                yield node.lineno, "reads people past the door; use dancu.disclosure"
        if isinstance(node, ast.Call) and _gets_population_model(node):
            yield node.lineno, "reads people past the door; use dancu.disclosure"


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _gets_population_model(node: ast.Call) -> bool:
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "get_model":
        return False
    first = node.args[0] if node.args else None
    name = first.value if isinstance(first, ast.Constant) else ""
    return isinstance(name, str) and name.split(".")[0] == "population"


def sql_on_people_stays_in_its_rooms(source: Source) -> Iterator[tuple[int, str]]:
    """No other room writes SQL that names the tables of people."""
    if source.room in _PEOPLE_SQL:
        return
    for node in ast.walk(source.tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and _SQL.search(text):
            yield node.lineno, "SQL names a table of people; use dancu.disclosure"


def insides_stay_inside(source: Source) -> Iterator[tuple[int, str]]:
    """``dancu.<room>.internal`` is for that room only."""
    for node in ast.walk(source.tree):
        for module in _imported(node):
            match = re.match(r"dancu\.(\w+)\.internal\b", module)
            if match and match[1] != source.room:
                yield node.lineno, f"imports the inside of {match[1]}; use what it offers"
                break


def rooms_do_not_print(source: Source) -> Iterator[tuple[int, str]]:
    """Only the command line writes to standard output."""
    if source.room in _MAY_PRINT:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            yield node.lineno, "prints; log it, or report to the caller"


def tables_have_no_hidden_order(source: Source) -> Iterator[tuple[int, str]]:
    """``Meta.ordering`` slows every query that does not want it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            for statement in node.body:
                if (
                    isinstance(statement, ast.Assign | ast.AnnAssign)
                    and "ordering" in ast.unparse(statement).split("=", 1)[0]
                ):
                    yield statement.lineno, "Meta.ordering; order where the list is read"


def events_are_no_signals(source: Source) -> Iterator[tuple[int, str]]:
    """No signals for the logic of the domain: a use case calls what it needs."""
    for node in ast.walk(source.tree):
        if any(module.startswith("django.db.models.signals") for module in _imported(node)):
            yield node.lineno, "uses model signals; call the service"


def files_stay_readable(source: Source) -> Iterator[tuple[int, str]]:
    """A file of 400 lines is a question, one of 600 an answer."""
    if source.lines > LONGEST_FILE:
        yield 1, f"{source.lines} lines; split it by use case"


RULES: dict[str, Rule] = {
    "time-is-told": services_are_told_the_time,
    "keywords-only": services_take_keywords_only,
    "door-out": people_are_read_through_the_door,
    "people-sql": sql_on_people_stays_in_its_rooms,
    "inside": insides_stay_inside,
    "no-print": rooms_do_not_print,
    "no-ordering": tables_have_no_hidden_order,
    "no-signals": events_are_no_signals,
    "file-length": files_stay_readable,
}


def read(path: Path, *, place: str = "") -> Source:
    """Read a file; ``place`` tells where in ``dancu`` it stands when it lies elsewhere."""
    text = path.read_text(encoding="utf-8")
    parts = Path(place).parts if place else path.resolve().relative_to(ROOT / "dancu").parts
    room = parts[0] if len(parts) > 1 else ""
    return Source(path, room, parts, ast.parse(text, str(path)), text.count("\n"))


def breaches(source: Source) -> list[Breach]:
    """Everything in a file that breaks a rule."""
    return [
        Breach(source.path, line, name, message)
        for name, rule in RULES.items()
        for line, message in rule(source)
    ]


def files(root: Path = ROOT) -> list[Path]:
    """Every file that the rules apply to; migrations are written by Django."""
    found = (root / "dancu").rglob("*.py")
    return sorted(path for path in found if "migrations" not in path.parts)


def main(arguments: list[str]) -> int:
    """Check the named files, or all."""
    paths = [Path(argument) for argument in arguments] or files()
    found = [breach for path in paths for breach in breaches(read(path))]
    for breach in found:
        print(breach)
    print(f"{len(paths)} files, {len(RULES)} rules, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
