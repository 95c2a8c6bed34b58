"""``{% load design %}``: the elements of every page."""

from __future__ import annotations

from dancu.design.tags import controls, display, fields, navigation, register, structure

__all__ = ["controls", "display", "fields", "navigation", "register", "structure"]
