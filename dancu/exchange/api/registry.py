"""Every operation of the exchange.

A part of the exchange adds its own by a module with ``OPERATIONS: tuple[Operation, ...]``, named
here; the module may be absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from dancu.exchange.api import basics, batching, looking_up, verifying
from dancu.exchange.api.types import Operation

MODULES = ("dancu.exchange.feed.operations",)
_PLACE = re.compile(r"\{(\w+)\}")


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations in the order of the document."""
    more = [
        operation
        for name in MODULES
        if find_spec(name.rpartition(".")[0]) and find_spec(name)
        for operation in import_module(name).OPERATIONS
    ]
    own = (*basics.OPERATIONS, verifying.OPERATION, looking_up.OPERATION, *batching.OPERATIONS)
    found = (*own, *more)
    names = [operation.name for operation in found]
    if len(set(names)) != len(names):
        raise RuntimeError("Two operations of the exchange have the same name.")
    return found


@cache
def by_path() -> Mapping[str, Mapping[str, Operation]]:
    """Return the operations of each path by their method."""
    paths: dict[str, dict[str, Operation]] = {}
    for operation in operations():
        paths.setdefault(operation.path, {})[operation.method] = operation
    return paths


def route(path: str) -> str:
    """Return Django's route for a path with places in braces."""
    return _PLACE.sub(r"<str:\1>", path.lstrip("/"))
