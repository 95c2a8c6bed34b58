"""Values that the citizens' own elements show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dancu.design.values import Link, Text


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, as a large target: words, a line of explanation, an icon."""

    title: Text
    href: str
    detail: Text = ""
    icon: str = ""
    lead: bool = False
    """The first choice on the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A fact, what to do with it, and its own page if it has one.

    ``source`` is empty where it is said once for all lines.
    """

    label: Text
    value: Text
    way: Link
    href: str = ""
    source: Text = ""
    notes: Sequence[Text] = ()
    is_code: bool = False
