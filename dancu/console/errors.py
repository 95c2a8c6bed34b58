"""What keeps an officer from going on until another case is open."""

from __future__ import annotations

from collections.abc import Sequence

from dancu.catalogue.types import Purpose
from dancu.kernel.errors import DancuError


class AnotherCaseNeeded(DancuError):
    """The purpose of the open case does not cover this."""

    code = "another-case-needed"
    http_status = 403
    remedy = "Open a case for one of these purposes, then go on."

    def __init__(self, purposes: Sequence[Purpose]) -> None:
        """Keep the purposes of the officer that do cover it."""
        self.purposes = tuple(purposes)
        super().__init__()


class NumberedCaseNeeded(AnotherCaseNeeded):
    """Changing a fact needs a case with a number, so that it can be explained later."""

    code = "numbered-case-needed"
    remedy = "Open the case again, with the number of the dossier that you work on."


class ReachNeeded(AnotherCaseNeeded):
    """The present case does not reach beyond your area."""

    code = "reach-needed"
    remedy = "Choose a purpose for people who come from elsewhere; the case number is kept."
