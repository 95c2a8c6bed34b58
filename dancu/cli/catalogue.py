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
    parser.add_argument(
        "--language", choices=["en", "vi"], default="en", help="of the findings (en)"
    )


def run(args: argparse.Namespace) -> int:
    """Check the catalogue; 1 when something is wrong."""
    from pathlib import Path

    import django
    from django.conf import settings
    from django.utils.translation import override

    from dancu import catalogue
    from dancu.catalogue.checking import check

    # The findings are texts to translate. A catalogue in which something is wrong may be too broken
    # for the rooms that read it as they start, so that only its own translations are there.
    if not settings.configured:
        folder = Path(catalogue.__file__).parent / "locale"
        settings.configure(
            USE_I18N=args.language != "en", LANGUAGE_CODE="en", LOCALE_PATHS=[str(folder)]
        )
        django.setup()
    with override(args.language):
        findings = check()
    for finding in findings:
        print(f"{finding.file}:{finding.line}: {finding.what}\n  → {finding.remedy}")
    print(f"{len(findings)} findings" if findings else "The catalogue is in order.")
    return 1 if findings else 0
