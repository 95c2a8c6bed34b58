"""Whose word on a fact counts, told before anybody types."""

from __future__ import annotations

from dancu.agencies.queries import source_kinds
from dancu.catalogue.queries import source_kinds as kind_labels
from dancu.catalogue.types import Attribute
from dancu.console.desk import Desk
from dancu.disclosure.types import Fact


def stronger_than(desk: Desk, attr: Attribute, held: Fact | None) -> str:
    """Name the kind of source that decides a fact, when the officer's own cannot win; else empty.

    ``held`` is what the register holds.
    """
    mine = desk.actor.source
    theirs = held.origin.source if held and held.origin else ""
    kinds = source_kinds([mine, theirs] if theirs else [mine])
    my_rank = attr.rank(kinds.get(mine, ""))
    if my_rank > 0 and (not theirs or my_rank >= attr.rank(kinds.get(theirs, ""))):
        return ""
    kind = kind_labels().get(attr.authority)
    return kind.label(desk.language) if kind else attr.authority
