"""Every way in which the exchange refuses, read from the classes of its errors."""

from __future__ import annotations

import ast
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import dancu.audit
import dancu.exchange
from dancu.developers.types import FieldFault, ProblemType
from dancu.exchange.api.types import Operation
from dancu.exchange.oauth.errors import OAuthError
from dancu.kernel.errors import DancuError, Invalid, NotFoundOrNotYours, Unavailable
from dancu.operation.error_pages import InternalError

#: Area → the module, or what begins the names of the modules, whose errors belong to it.
_AREAS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("token", _("Getting a token"), ("dancu.exchange.oauth",)),
    ("request", _("The request itself"), ("dancu.exchange.api",)),
    (
        "contract",
        _("The contract and the question"),
        ("dancu.exchange.errors", "dancu.exchange.services"),
    ),
    ("batch", _("Batches"), ("dancu.exchange.batches",)),
    ("feed", _("Feed of changes"), ("dancu.exchange.feed",)),
    ("log", _("Sealed access log"), ("dancu.audit.errors", "dancu.audit.views")),
    ("anywhere", _("Anywhere"), ("dancu.kernel", "dancu.operation")),
)
#: Errors of acts that are no requests of agencies: operators' and those of keeping the seal.
_NOT_TOLD = (
    "dancu.exchange.clients",
    "dancu.exchange.oauth.jose",
    "dancu.exchange.batches.exceptions",
    "dancu.audit.internal",
)
_GENERAL = (Invalid, NotFoundOrNotYours, Unavailable, InternalError)
#: Addresses of the sealed log raise these; the rest of its errors belong to operators' commands.
_OF_THE_LOG = frozenset({"no-head-yet", "no-such-tree", "number-expected"})


def areas() -> tuple[tuple[str, str | Promise], ...]:
    """Return the areas with their names, in order."""
    return tuple((name, words) for name, words, _modules in _AREAS)


def problem_types() -> list[ProblemType]:
    """Return every situation in the reader's language, by area, status and code."""
    order = [name for name, _words, _modules in _AREAS]
    found = [_told(error) for error in _classes()]
    return sorted(found, key=lambda one: (order.index(one.area), one.status, one.code))


def of_operation(operation: Operation, statuses: tuple[int, ...]) -> list[ProblemType]:
    """Return the situations that one operation may tell of."""
    wanted = {"anywhere", "request"}
    if operation.tag == "log":
        wanted = {"anywhere", "log"}
    elif not operation.is_public:
        wanted |= {"contract", operation.tag}
    is_token = operation.name == "token"
    if is_token:
        wanted.add("contract")
    return [
        one
        for one in problem_types()
        if one.status in statuses
        and (
            one.area in wanted
            or (one.area == "token" and (is_token if one.oauth else not operation.is_public))
        )
    ]


@cache
def _classes() -> tuple[type[DancuError], ...]:
    for package in (dancu.exchange, dancu.audit):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if _has_errors(module.name):
                import_module(module.name)
    found = [error for error in _all(DancuError) if _is_told(error)]
    return tuple(dict.fromkeys([*found, *_GENERAL]))


def _has_errors(module: str) -> bool:
    """Say whether to import a module; programs and migrations do things when imported."""
    return not module.endswith(".main") and ".migrations" not in module


def _all(kind: type[DancuError]) -> Iterator[type[DancuError]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _all(sub)


def _is_told(error: type[DancuError]) -> bool:
    module = error.__module__
    if module.startswith(_NOT_TOLD) or not _area(module) or _area(module) == "anywhere":
        return False
    # A class that is there for its kinds alone gives no remedy of its own.
    if error.__subclasses__() and "remedy" not in error.__dict__:
        return False
    return not module.startswith("dancu.audit") or error.code in _OF_THE_LOG


def _area(module: str) -> str:
    return next((name for name, _words, begins in _AREAS if module.startswith(begins)), "")


def _told(error: type[DancuError]) -> ProblemType:
    return ProblemType(
        code=error.code,
        status=error.http_status,
        message=_plain(gettext(error.default_message())),
        remedy=_plain(gettext(error.remedy)) if error.remedy else "",
        area=_area(error.__module__),
        is_retryable=error.retryable,
        oauth=error.oauth_error if issubclass(error, OAuthError) else "",
    )


def _plain(text: str) -> str:
    """Write the places for values as ‹name›."""
    places: defaultdict[str, str] = defaultdict(str)
    for name in _places(text):
        places[name] = f"‹{name}›"
    return text % places if "%(" in text else text


def _places(text: str) -> list[str]:
    return [part.split(")", 1)[0] for part in text.split("%(")[1:]]


def field_faults() -> list[FieldFault]:
    """Return how single fields can be wrong, in the reader's language, by field and code."""
    told = {
        FieldFault(
            field or gettext("any field"),
            code,
            _plain(gettext(message)),
            _plain(gettext(remedy)) if remedy else "",
        )
        for field, code, message, remedy in _faults()
    }
    return sorted(told, key=lambda one: (one.code, one.field, one.message))


@cache
def _faults() -> tuple[tuple[str, str, str, str], ...]:
    """Read field, code, message and remedy where the exchange makes a fault of a field."""
    folder = Path(next(iter(dancu.exchange.__path__)))
    found: list[tuple[str, str, str, str]] = []
    for path in sorted(folder.rglob("*.py")):
        module = "dancu.exchange." + ".".join(path.relative_to(folder).with_suffix("").parts)
        if not module.startswith(_NOT_TOLD):
            found += _faults_in(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(dict.fromkeys(found))


def _faults_in(tree: ast.Module) -> Iterator[tuple[str, str, str, str]]:
    names: dict[str, object] = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FieldError":
            field, code, message, remedy = (_constant(node, place, names) for place in range(4))
            if code and message:
                yield field, code, message, remedy


def _constant(call: ast.Call, place: int, names: dict[str, object]) -> str:
    if place >= len(call.args):
        return ""
    node = call.args[place]
    value = names.get(node.id) if isinstance(node, ast.Name) else getattr(node, "value", "")
    return value if isinstance(value, str) else ""
