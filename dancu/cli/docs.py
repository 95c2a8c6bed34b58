"""Write the reference pages that come from the code, under docs/reference.

With `--check`, write nothing and fail when a page differs from the code.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

NAME = "docs"
NEEDS_DJANGO = True
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--check", action="store_true", help="only compare")


def pages() -> dict[str, str]:
    """Every generated file, by its path in the checkout."""
    from dancu.operation.reference import sample, settings_page

    return {
        "dancu.toml.sample": sample(),
        "docs/reference/settings.md": settings_page(),
        "docs/reference/commands.md": commands_page(),
    }


def commands_page() -> str:
    """The reference page of the command line, in Markdown."""
    from dancu.cli.main import iterate_commands

    lines = [
        "# Commands",
        "",
        "The command `dancu` lies in the environment that `make setup` makes: `.venv/bin/dancu`.",
        "Where no `dancu up` runs, a command that needs the database starts the embedded one and",
        "stops it at the end. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration,",
        "3 already running, 4 a foreign database, 5 no database.",
    ]
    for name, module, parser in iterate_commands():
        usage = parser.format_usage().removeprefix("usage: ").strip()
        lines += ["", f"## `dancu {name}`", "", (module.__doc__ or "").strip(), ""]
        lines += ["```", " ".join(usage.split()), "```"]
        rows = [_row(action) for action in parser._actions]  # noqa: SLF001 - argparse shows no other way
        if rows:
            lines += ["", "| Option | Meaning |", "|---|---|", *rows]
    return "\n".join(lines) + "\n"


def _row(action: argparse.Action) -> str:
    names = ", ".join(f"`{name}`" for name in action.option_strings) or f"`{action.dest}`"
    text = (action.help or "").replace("|", "\\|").replace("%%", "%")
    return f"| {names} | {text} |"


def run(args: argparse.Namespace) -> int:
    """Write or compare the pages."""
    from dancu.operation.config import ROOT

    stale = [path for path, text in pages().items() if _read(ROOT / path) != text]
    for path in stale:
        if args.check:
            sys.stderr.write(f"{path} differs from the code; run `make docs`\n")
            continue
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(pages()[path], encoding="utf-8")
        print(f"written: {path}")
    return 1 if stale and args.check else 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
