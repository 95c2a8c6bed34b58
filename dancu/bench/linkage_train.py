"""Making the shipped model: ``python -m dancu.bench.linkage_train --date 2026-11-22``.

Trains on records of a synthetic city with planted duplicates, whose truth it does not look at, and
writes ``catalogue/linkage/register.json``. The same arguments and versions make the same people.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dancu.bench import linkage_people
from dancu.kernel.linkage.options import Options
from dancu.kernel.linkage.training import Plan, train

SHIPPED = Path(__file__).resolve().parents[2] / "catalogue" / "linkage" / "register.json"


def main(arguments: list[str]) -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--date", required=True, help="the day to note in the model")
    parser.add_argument("--records", type=int, default=150_000)
    parser.add_argument("--population", type=int, default=1_000_000, help="what it is for")
    parser.add_argument("--seed", type=int, default=2026, help="another city than the benchmarks'")
    parser.add_argument("--write", type=Path, default=SHIPPED)
    given = parser.parse_args(arguments)
    planted = linkage_people.make(given.records, given.seed)
    plan = Plan(
        name="register",
        made_on=given.date,
        seed=given.seed,
        population=given.population,
        notes={
            "data": "synthetic city with planted duplicates; their truth was not used",
            "command": "python -m dancu.bench.linkage_train",
        },
    )
    model = train(planted.records, plan, Options(context=linkage_people.context()))
    given.write.parent.mkdir(parents=True, exist_ok=True)
    model.dump(given.write)
    sys.stderr.write(f"Wrote {given.write} from {given.records:,} records\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
