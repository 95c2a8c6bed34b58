"""A copy of the log for auditors: keys, the last head, and the hashes of all leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dancu.audit import log, wire
from dancu.audit.errors import NotReachable
from dancu.audit.outside import HEAD, KEYS, LEAVES


def export(folder: Path) -> int:
    """Write the files that ``outside.LogInFolder`` reads; returns how many leaves there are.

    The folder must be new or empty. Raises ``NotReachable``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NotReachable(where=str(folder), why="it is not empty")
    signed = log.latest_head()
    size = signed.head.size
    with (folder / LEAVES).open("wb") as stream:
        for start in range(0, size, log.MOST_ENTRIES):
            end = min(start + log.MOST_ENTRIES, size)
            stream.writelines(log.leaf_hashes(start=start, end=end))
    _write(folder / KEYS, {"keys": [wire.key_object(item) for item in log.list_keys()]})
    _write(folder / HEAD, wire.head_object(signed))
    return size


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
