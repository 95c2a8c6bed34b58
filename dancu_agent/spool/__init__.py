"""The spool: every question on disk from before it is sent until its answer has grown old."""

from __future__ import annotations

from dancu_agent.spool.store import Spool
from dancu_agent.spool.types import HELD_AFTER, Asked, LinkState, Question, State

__all__ = ["HELD_AFTER", "Asked", "LinkState", "Question", "Spool", "State"]
