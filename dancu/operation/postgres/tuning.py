"""Settings of the embedded server from the memory of the machine. Durability is never traded."""

from __future__ import annotations

from pathlib import Path

import psutil

from dancu.operation.space import free_bytes

_MEGABYTE = 1024 * 1024
_SHARED_BYTES = 512 * _MEGABYTE


def memory_mb() -> int:
    """The memory of the machine in megabytes."""
    return int(psutil.virtual_memory().total // _MEGABYTE)


def _shared_memory_kind() -> str:
    """Where parallel queries share their tables: in memory, or in files where that is small.

    Containers often have 64 MB there, and a query that finds no room fails.
    """
    free = free_bytes(Path("/dev/shm"))  # noqa: S108 - only asked for its size
    return "posix" if free is not None and free >= _SHARED_BYTES else "mmap"


def server_settings(
    *, memory: int, shared_buffers_mb: int = 0, durable: bool = True
) -> dict[str, str]:
    """The server's settings for a machine with ``memory`` megabytes.

    ``durable=False`` is for throw-away clusters of tests only.
    """
    buffers = shared_buffers_mb or max(64, min(1024, memory // 4))
    settings = {
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(128, memory // 2)}MB",
        "work_mem": f"{max(4, min(32, memory // 256))}MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 16))}MB",
        "max_connections": "100",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "jit": "off",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] ",
        "log_checkpoints": "off",
        # Statements may hold personal data, and so may the detail of a violated constraint.
        "log_statement": "none",
        # The application is told every error and logs it, masked.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "idle_in_transaction_session_timeout": "10min",
        "huge_pages": "try",
        "dynamic_shared_memory_type": _shared_memory_kind(),
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "shared_buffers": "128MB",
            "max_wal_size": "1GB",
            "autovacuum_naptime": "1h",
        }
    return settings
