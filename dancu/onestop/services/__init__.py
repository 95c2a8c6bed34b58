"""The use cases of a one-stop desk."""

from dancu.onestop.services.asking import ask, note_unasked
from dancu.onestop.services.extracts import issue, made_copy, paper_of, withdraw
from dancu.onestop.services.recording import record_steps

__all__ = ["ask", "issue", "made_copy", "note_unasked", "paper_of", "record_steps", "withdraw"]
