"""What surrounds a page: navigation, who is signed in, the case at hand.

A face hands one of these to its pages as the template variable ``chrome`` (usually from a
context processor of its own); every part may be absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dancu.design.values import Link, Text


@dataclass(frozen=True, slots=True)
class NavItem:
    """A destination. ``current`` marks the page or the section that the reader is in."""

    label: Text
    href: str
    icon: str = ""
    current: bool = False
    count: int | None = None
    is_more: bool = False
    """``count`` is known to be too small."""
    count_note: Text = ""
    """What the number is as of, where it may have changed since."""
    shortcut: str = ""
    """One letter: ``g`` then this letter goes there."""


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Destinations that belong together, under a heading (or none)."""

    items: Sequence[NavItem]
    label: Text = ""


@dataclass(frozen=True, slots=True)
class AccountMenu:
    """Who is signed in. ``sign_out_href`` takes a POST."""

    name: Text
    office: Text = ""
    roles: Sequence[Text] = ()
    links: Sequence[Link] = ()
    sign_out_href: str = ""


@dataclass(frozen=True, slots=True)
class CaseStrip:
    """The case and purpose under which people are being looked at.

    Without a case the strip says so and leads to where one is chosen.
    """

    purpose: Text = ""
    case: Text = ""
    case_href: str = ""
    legal_basis: Text = ""
    change_href: str = ""
    until: Text = ""


@dataclass(frozen=True, slots=True)
class Chrome:
    """Everything around a page of one face."""

    home_href: str = "/"
    face: Text = ""
    nav: Sequence[NavGroup] = ()
    account: AccountMenu | None = None
    case: CaseStrip | None = None
    search_href: str = ""
    search_value: str = ""
    sign_in_href: str = ""
    footer: Sequence[Link] = ()
    operator: Text = ""
    """Who runs this installation, for the footer."""
    instance: Text = ""
    """A word such as "Training" that marks an installation without real people."""
