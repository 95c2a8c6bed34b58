"""The services that can be asked for, read from the operations that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dancu.developers import sealed_log
from dancu.developers.errors import NothingOffered
from dancu.exchange.api.basics import BASE
from dancu.exchange.api.openapi import document
from dancu.exchange.api.registry import operations
from dancu.exchange.api.types import Operation


@dataclass(frozen=True, slots=True)
class Service:
    """Operations that serve one end. ``mode``: what a contract must allow, empty for nothing."""

    tag: str
    name: str | Promise
    purpose: str | Promise
    base: str
    mode: str = ""
    operations: tuple[Operation, ...] = ()


_SERVICES = (
    Service(
        "verification",
        _("Verifications"),
        _(
            "You hold facts about somebody and want to know whether they are right. You are told "
            "what matches, never what the register holds."
        ),
        BASE,
        "verify",
    ),
    Service(
        "look-up",
        _("Look-up"),
        _("You need facts of one person for a numbered case, so that nobody has to bring paper."),
        BASE,
        "lookup",
    ),
    Service(
        "batch",
        _("Batches"),
        _("You have a list of people: up to a million rows, answered row by row and in order."),
        BASE,
        "batch",
    ),
    Service(
        "feed",
        _("Feed of changes"),
        _("You hold people's data and want to learn when it changes: deaths, names, moves."),
        BASE,
        "feed",
    ),
    Service(
        "access",
        _("Access"),
        _("Tokens, keys, the state of the exchange, and your own contract with what is left."),
        BASE,
    ),
    Service(
        sealed_log.TAG,
        _("Sealed access log"),
        _("Anybody can check that no record of an access was changed or removed. No people in it."),
        sealed_log.BASE,
    ),
)


@cache
def services() -> tuple[Service, ...]:
    """Return every service with its operations, those that nobody answers yet without any."""
    every = (*operations(), *sealed_log.OPERATIONS)
    known = {service.tag for service in _SERVICES}
    more = dict.fromkeys(one.tag for one in every if one.tag not in known)
    listed = (*_SERVICES, *(Service(tag, tag, "", BASE) for tag in more))
    return tuple(
        Service(
            one.tag,
            one.name,
            one.purpose,
            one.base,
            one.mode,
            tuple(operation for operation in every if operation.tag == one.tag),
        )
        for one in listed
    )


def find(name: str) -> tuple[Service, Operation]:
    """Return an operation by its name, with its service. Raises ``NothingOffered``."""
    for service in services():
        for operation in service.operations:
            if operation.name == name:
                return service, operation
    raise NothingOffered


@cache
def _statuses() -> dict[str, tuple[int, ...]]:
    """Return for each operation of the document the statuses of its refusals."""
    found = {}
    for methods in document("")["paths"].values():
        for written in methods.values():
            refusals = (int(status) for status in written["responses"])
            found[written["operationId"]] = tuple(s for s in refusals if s >= 400)  # noqa: PLR2004
    return found


def refusals(operation: Operation) -> Sequence[int]:
    """Return the statuses with which an operation may refuse."""
    return _statuses().get(operation.name, (405, *operation.problems))
