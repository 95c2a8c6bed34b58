"""What declared roles and purposes look like from here.

This room knows no catalogue: whoever calls passes the declared rules, which fit these protocols.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol


class RoleRule(Protocol):
    """A role: permitted actions and purposes, and how sensitive an attribute may be."""

    @property
    def name(self) -> str: ...
    @property
    def sensitivity(self) -> str: ...
    @property
    def actions(self) -> frozenset[str]: ...
    @property
    def purposes(self) -> frozenset[str]: ...


class PurposeRule(Protocol):
    """A purpose: who may use it, for which attributes, with what reach."""

    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def attributes(self) -> frozenset[str]: ...
    @property
    def unmasked(self) -> frozenset[str]: ...
    @property
    def actions(self) -> frozenset[str]: ...
    @property
    def scope(self) -> str: ...
    @property
    def case_number(self) -> str: ...
    def is_in_force(self, day: dt.date) -> bool: ...


class AttributeRule(Protocol):
    """An attribute, as far as access is concerned."""

    @property
    def name(self) -> str: ...
    @property
    def sensitivity(self) -> str: ...


#: From the least to the most sensitive.
SENSITIVITIES = ("basic", "personal", "sensitive")
