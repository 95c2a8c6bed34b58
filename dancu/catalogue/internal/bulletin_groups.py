"""What no schema can say of the groups of a bulletin: each issue has one group, and one only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from dancu.catalogue.internal.document import Document, Finding

_DIMENSIONS = ("accurate", "complete", "clean", "current")
_CONDITIONS = ("files", "attribute_groups", "asks")


def check_bulletins(
    document: Document, documents: Mapping[str, Document], quality: Path
) -> Iterator[Finding]:
    """Report names twice or unknown, and dimensions whose last group does not take the rest."""
    seen: set[str] = set()
    last: dict[str, int] = {}
    known = {
        "files": {path.stem for path in quality.glob("*.yaml")},
        "attribute_groups": {one["group"] for one in documents["attributes"].data["attributes"]},
    }
    for place, entry in enumerate(document.data["groups"]):
        if entry["name"] in seen:
            yield _finding(
                document,
                place,
                _("The group %(name)s is declared twice.") % {"name": entry["name"]},
            )
        seen.add(entry["name"])
        last[entry["dimension"]] = place
        for kind, names in known.items():
            for name in sorted(set(entry.get(kind, ())) - names):
                what = _("The group %(group)s names %(name)s, which does not exist.")
                yield _finding(document, place, what % {"group": entry["name"], "name": name})
    for dimension in _DIMENSIONS:
        place = last.get(dimension, 0)
        entry = document.data["groups"][place]
        if dimension not in last or any(entry.get(name) for name in _CONDITIONS):
            what = _("No group takes the rest of the dimension %(name)s.") % {"name": dimension}
            yield _finding(document, place, what)


def _finding(document: Document, place: int, what: str) -> Finding:
    remedy = _("Each rule needs one group: end every dimension with a group without conditions.")
    return Finding(document.file, document.line(["groups", place]), what, remedy)
