"""What a benchmark says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One measured figure beside what it is measured against in the same run.

    ``ratio`` is ``value / reference_value``. ``limit`` is what the project promises of ``value``
    (or of ``ratio``, when ``limits_ratio``); ``at_most`` says on which side of it good lies.
    """

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float
    run: str
    limit: float | None = None
    at_most: bool = False
    limits_ratio: bool = False
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.value / self.reference_value if self.reference_value else 0.0

    @property
    def is_kept(self) -> bool | None:
        """Say whether the promise holds; ``None`` without one."""
        if self.limit is None:
            return None
        measured = self.ratio if self.limits_ratio else self.value
        return measured <= self.limit if self.at_most else measured >= self.limit

    def as_json(self) -> str:
        """Return the line as one JSON object."""
        return json.dumps(
            {
                "name": self.name,
                "value": _rounded(self.value),
                "unit": self.unit,
                "reference": self.reference,
                "reference_value": _rounded(self.reference_value),
                "ratio": _rounded(self.ratio),
                "run": self.run,
                **self.detail,
            },
            ensure_ascii=False,
        )


def against_promise(
    *,
    name: str,
    value: float,
    unit: str,
    run: str,
    limit: float,
    at_most: bool = False,
    reference: str = "",
    detail: dict[str, object] | None = None,
) -> Line:
    """Return a figure for which the promise itself is what it is measured against."""
    return Line(
        name=name,
        value=value,
        unit=unit,
        reference=reference or f"the promise, {unit}",
        reference_value=limit,
        run=run,
        limit=limit,
        at_most=at_most,
        detail=detail or {},
    )


@dataclass(frozen=True, slots=True)
class Options:
    """How large a run is. ``people`` and ``records`` of 0 mean the benchmark's own size.

    ``backend`` is what finds duplicates: ``duckdb`` or ``spark``.
    """

    people: int = 0
    records: int = 0
    seed: int = 7
    backend: str = "duckdb"
    say: Callable[[str], None] = print


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A named measurement."""

    name: str
    summary: str
    measure: Callable[[Options], Iterator[Line]]


def _rounded(value: float) -> float:
    return round(value, 4 if abs(value) < 10 else 1)
