"""Print the configuration that is in force, without secrets.

With `--sample`, print a file that explains every setting, to be saved as dancu.toml.
"""

from __future__ import annotations

import argparse
import json

NAME = "config"
NEEDS_DJANGO = False
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--sample", action="store_true", help="print a sample dancu.toml")
    group.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> None:
    """Print it."""
    from dancu.operation.config import current, effective
    from dancu.operation.reference import sample, toml_value

    if args.sample:
        print(sample(), end="")
        return
    values = effective(current())
    if args.json:
        print(json.dumps(values, ensure_ascii=False, indent=2))
        return
    width = max(map(len, values))
    for name, value in values.items():
        print(f"{name:<{width}} = {toml_value(value)}")
