"""Every benchmark by name."""

from __future__ import annotations

from dancu.bench import (
    bulletins,
    city,
    claims_in,
    clean,
    dedupe,
    disclose,
    footprint,
    linkage_one,
    quality,
    restructure,
    search,
    verify,
    verify_batch,
)
from dancu.bench.types import Benchmark

BENCHMARKS: dict[str, Benchmark] = {
    benchmark.name: benchmark
    for benchmark in (
        city.BENCHMARK,
        claims_in.BENCHMARK,
        footprint.BENCHMARK,
        search.BENCHMARK,
        disclose.BENCHMARK,
        verify.BENCHMARK,
        verify_batch.BENCHMARK,
        quality.BENCHMARK,
        bulletins.BENCHMARK,
        clean.BENCHMARK,
        dedupe.BENCHMARK,
        linkage_one.BENCHMARK,
        restructure.BENCHMARK,
    )
}
