"""Lines for the operator; never anything about a person."""

from __future__ import annotations

import sys
import time

from dancu_agent.texts import when


def log(text: str) -> None:
    """Write a line with the time."""
    sys.stderr.write(f"{when(time.time())} {text}\n")
    sys.stderr.flush()
