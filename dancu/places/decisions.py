"""Decisions on the map, as files: read, and checked against the map that they change.

A file is described in ``docs/how-to/change-the-map.md``. Pure: no database.
"""

from __future__ import annotations

from dancu.places.decision_types import Change, Decision, Ending, Flaw, NewUnit, Part
from dancu.places.internal.decision_checks import flaws_of
from dancu.places.internal.decision_file import read

__all__ = ["Change", "Decision", "Ending", "Flaw", "NewUnit", "Part", "flaws_of", "read"]
