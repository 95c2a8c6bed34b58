"""Check what is declared: the data dictionary, code lists, roles, purposes, sources and units.

`dancu catalogue check` says for each finding the file and line, what is wrong and what to do.
"""

from __future__ import annotations

import argparse

NAME = "catalogue"
NEEDS_DJANGO = False
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("action", choices=["check"], help="what to do")


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - one action so far
    """Check the catalogue; 1 when something is wrong."""
    from django.conf import settings

    from dancu.catalogue.checking import check

    # The findings are texts to translate; without settings they come in English. A catalogue in
    # which something is wrong may be too broken for the rooms that read it as they start.
    if not settings.configured:
        settings.configure(USE_I18N=False)
    findings = check()
    for finding in findings:
        print(f"{finding.file}:{finding.line}: {finding.what}\n  → {finding.remedy}")
    print(f"{len(findings)} findings" if findings else "The catalogue is in order.")
    return 1 if findings else 0
