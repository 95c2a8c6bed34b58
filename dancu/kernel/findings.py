"""A finding: one doubt about a value, found by looking at the value itself."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

from dancu.kernel.errors import FieldError, fill, untranslated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dancu.kernel.errors import Translate

Severity = Literal["error", "warning", "notice"]


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """What was noticed about a value.

    ``error``: the value cannot be right; ``warning``: it is probably wrong; ``notice``: it is
    acceptable and worth knowing. ``message`` and ``remedy`` are English msgids.
    """

    code: str
    message: str
    remedy: str = ""
    severity: Severity = "error"
    params: Mapping[str, object] = dataclasses.field(default_factory=dict, hash=False)

    def text(self, translate: Translate = untranslated) -> str:
        """Return the message in the reader's language, values filled in."""
        return fill(self.message, self.params, translate)

    def remedy_text(self, translate: Translate = untranslated) -> str:
        """Return the remedy in the reader's language; empty when there is none."""
        return fill(self.remedy, self.params, translate)

    def for_field(self, field: str) -> FieldError:
        """Return the same statement as an error of a named field."""
        return FieldError(field, self.code, self.message, self.remedy, self.params)

    def __str__(self) -> str:
        """Return the English message."""
        return self.text()
