"""The peers of ``dedupe``: other programs that find duplicates, on one sample, beside ours.

Each peer runs in a process of its own, with the comparisons that its manual proposes for names and
dates, and gets the threshold at which its F1 is best, which nobody has who does not know the truth;
``dedupe``, which learns from answers, is given the truth about some hundred pairs. A peer that is
not installed is skipped with a line that says so. ``DANCU_PEERS_PYTHON`` names the Python that has
them (``pip install splink recordlinkage dedupe "BTrees<6" "pandas<3" pyarrow``: dedupe 3.0 asks
BTrees for ``byValue``, which its version 6 no longer has), else it is this one.

All begin with the records in memory and their programs loaded. Ours comes with its model, trained
before on people of another city; the peers train on the sample, which is part of their time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dancu.bench.linkage_people import Planted
from dancu.bench.types import Line

PEERS = ("splink", "recordlinkage", "dedupe")
_SCRIPT = Path(__file__).with_name("linkage_peer_run.py")
_TIME = 1800


@dataclass(frozen=True, slots=True)
class Score:
    """How rightly and how fast a program found the pairs."""

    f1: float
    precision: float
    recall: float
    seconds: float


def measure(sample: Planted, say: Callable[[str], None]) -> Iterator[Line]:
    """Yield two lines for each peer: F1 and time, ours over theirs."""
    with tempfile.TemporaryDirectory(prefix="dancu-bench-") as name:
        source = _written(sample, Path(name))
        own = ours(sample, Path(name))
        say(f"  ours on {sample.records.num_rows:,}: F1 {own.f1:.3f} in {own.seconds:.1f} s")
        for peer in PEERS:
            theirs = _theirs(peer, source, sample, say)
            if theirs is not None:
                say(f"  {peer}: F1 {theirs.f1:.3f} in {theirs.seconds:.1f} s")
                yield from _lines(peer, own, theirs, sample)


def ours(sample: Planted, folder: Path) -> Score:
    """Let our engine find the pairs as in the large run."""
    target = folder / "ours.json"
    _run(sys.executable, ["-m", "dancu.bench.linkage_run", str(folder / "records.parquet")], target)
    told = json.loads(target.read_text(encoding="utf-8"))
    pairs = [(min(pair), max(pair), 1.0) for pair in told["pairs"]]
    return best(pairs, sample.pairs, told["seconds"])


def _theirs(peer: str, source: Path, sample: Planted, say: Callable[[str], None]) -> Score | None:
    target = source.with_name(f"{peer}.json")
    python = os.environ.get("DANCU_PEERS_PYTHON", sys.executable)
    try:
        _run(python, ["-P", str(_SCRIPT), peer, str(source)], target)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = getattr(error, "stderr", b"") or b""
        reason = said.decode(errors="replace").strip().splitlines() or [str(error)]
        say(f"  {peer} was skipped: {reason[-1]}")
        return None
    told = json.loads(target.read_text(encoding="utf-8"))
    pairs = [(min(one, other), max(one, other), weight) for one, other, weight in told["pairs"]]
    return best(pairs, sample.pairs, told["seconds"])


def _run(python: str, arguments: list[str], target: Path) -> None:
    subprocess.run(  # noqa: S603 - our own script
        [python, *arguments, str(target)], check=True, capture_output=True, timeout=_TIME
    )


def _written(sample: Planted, folder: Path) -> Path:
    import pyarrow.parquet as pq

    source = folder / "records.parquet"
    pq.write_table(sample.records, source)
    (folder / "truth.json").write_text(json.dumps(sorted(sample.pairs)), encoding="utf-8")
    return source


def best(
    pairs: list[tuple[str, str, float]], truth: frozenset[tuple[str, str]], seconds: float
) -> Score:
    """Return the score at the threshold where F1 is best."""
    found = Score(0.0, 0.0, 0.0, seconds)
    right = 0
    ranked = sorted(pairs, key=lambda pair: -pair[2])
    for number, (one, other, weight) in enumerate(ranked, 1):
        right += (one, other) in truth
        if number < len(ranked) and ranked[number][2] == weight:
            continue
        precision, recall = right / number, right / max(len(truth), 1)
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        if f1 > found.f1:
            found = Score(f1, precision, recall, seconds)
    return found


def _lines(peer: str, own: Score, theirs: Score, sample: Planted) -> Iterator[Line]:
    run = f"{sample.records.num_rows:,} records, {len(sample.pairs):,} pairs planted"
    yield Line(
        name=f"dedupe-f1-{peer}",
        value=own.f1,
        unit="F1",
        reference=f"{peer}, at its best threshold, F1",
        reference_value=theirs.f1,
        run=run,
        limit=1.0,
        limits_ratio=True,
        detail={
            "ours": f"precision {own.precision:.4f}, recall {own.recall:.4f}",
            peer: f"precision {theirs.precision:.4f}, recall {theirs.recall:.4f}",
        },
    )
    yield Line(
        name=f"dedupe-time-{peer}",
        value=own.seconds,
        unit="s",
        reference=f"{peer}, training included, s",
        reference_value=theirs.seconds,
        run=run,
        limit=1.0,
        at_most=True,
        limits_ratio=True,
    )
