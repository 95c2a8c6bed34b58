"""What the engine may use, and what the caller knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dancu.kernel.linkage.prepared import NOTHING_KNOWN, Context

Backend = Literal["duckdb", "spark"]
BACKENDS: tuple[Backend, ...] = ("duckdb", "spark")


@dataclass(frozen=True, slots=True)
class Options:
    """What the engine may use, and what the caller knows.

    ``least_probability`` lowers the model's threshold, for lists that people look through.
    ``memory`` bounds DuckDB, or the heap of Spark's driver (which is all there is of a local
    Spark). ``master`` and ``partitions`` are Spark's alone: its master (empty: this machine, with
    ``threads``) and into how many parts it deals out what it sorts (0: four a thread on this
    machine, what its own configuration says elsewhere).
    """

    context: Context = field(default_factory=lambda: NOTHING_KNOWN)
    memory: str = "3GB"
    threads: int = 2
    least_probability: float | None = None
    backend: Backend = "duckdb"
    master: str = ""
    partitions: int = 0


USUAL = Options()
