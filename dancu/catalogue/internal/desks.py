"""What no schema can say of the steps of a one-stop desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from dancu.catalogue.internal.document import Document, Finding


def check_one_stop(document: Document) -> Iterator[Finding]:
    """Report reasons that a step names and that are not declared."""
    known = {entry["name"] for entry in document.data["reasons"]}
    for place, step in enumerate(document.data["steps"]):
        for at, name in enumerate(step["reasons"]):
            if name not in known:
                what = _("Step %(step)s names the reason %(name)s, which is not declared.") % {
                    "step": step["number"],
                    "name": name,
                }
                line = document.line(["steps", place, "reasons", at])
                yield Finding(document.file, line, what, _("Declare it under reasons."))
