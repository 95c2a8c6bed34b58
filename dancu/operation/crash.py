"""Keeps the traceback of a defect where an operator finds it, without personal data."""

from __future__ import annotations

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from dancu.operation.config import current
from dancu.operation.errors import OperationError
from dancu.operation.instance import open_log, prepare_var
from dancu.operation.logs import masked_text


def keep_traceback(error: Exception) -> Path | None:
    """Append the traceback to ``var/log/crash.log`` and return its path; None when it cannot be."""
    try:
        prepare_var(current().var)
        path = current().var / "log" / "crash.log"
        text = masked_text("".join(traceback.format_exception(error)))
        with open_log(path) as stream:
            line = f"{datetime.now(UTC).isoformat()} {sys.argv[1:2]}\n{text}\n"
            stream.write(line.encode("utf-8", "replace"))
    except (OSError, OperationError):
        return None
    return path
