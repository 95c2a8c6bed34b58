"""Values that the citizens' own elements show."""

from __future__ import annotations

from dataclasses import dataclass

from dancu.design.values import Text


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, as a large target: words, a line of explanation, an icon."""

    title: Text
    href: str
    detail: Text = ""
    icon: str = ""
    lead: bool = False
    """The first choice on the page."""
