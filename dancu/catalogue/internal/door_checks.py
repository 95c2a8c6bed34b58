"""What no schema can say of campaigns: names, the condition, the purpose, the first answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dancu.catalogue.campaigns import CONFIRMED, VISIT
from dancu.catalogue.conditions import ConditionError, parse
from dancu.catalogue.internal.document import Document, Finding
from dancu.catalogue.quality import quality, vocabulary
from dancu.catalogue.queries import attribute, purposes

Path = tuple[str | int, ...]


def check_campaigns(
    campaigns: Sequence[Document], documents: Mapping[str, Document]
) -> Iterator[Finding]:
    """Yield what does not fit together; the rest of the catalogue is sound."""
    known = {entry["name"] for entry in documents["attributes"].data["attributes"]}
    for document in campaigns:
        entry = document.data["campaign"]
        yield from _named_like_its_file(document, entry)
        yield from _condition(document, entry)
        yield from _attributes(document, entry, known)
        yield from _purpose(document, entry)
        yield from _period(document, entry)
        for at, question in enumerate(entry["questions"]):
            yield from _question(document, at, question)


def _found(document: Document, path: Path, what: str, remedy: str) -> Finding:
    return Finding(document.file, document.line(("campaign", *path)), what, remedy)


def _named_like_its_file(document: Document, entry: Mapping[str, Any]) -> Iterator[Finding]:
    if not document.file.endswith(f"/{entry['name']}.yaml"):
        what = _("The campaign %(name)s stands in a file of another name.") % {
            "name": entry["name"]
        }
        yield _found(document, ("name",), what, _("Call both the same."))


def _condition(document: Document, entry: Mapping[str, Any]) -> Iterator[Finding]:
    if not entry["when"]:
        return
    nodes = {name: one.condition for name, one in quality().populations.items()}
    try:
        named = parse(entry["when"], vocabulary(nodes, "person")).attributes
    except ConditionError as error:
        yield _found(
            document, ("when",), f"“{entry['when']}”: {error.text(_)}", error.remedy_text(_)
        )
        return
    facets = {attribute(name).facet for name in named} - {"core"}
    if len(facets) > 1:
        what = _("The rule reads more than one storage group: %(facets)s.") % {
            "facets": ", ".join(sorted(facets))
        }
        remedy = _("Beside the core facts a rule may read one; part it into two rules.")
        yield _found(document, ("when",), what, remedy)


def _attributes(document: Document, entry: Mapping[str, Any], known: set[str]) -> Iterator[Finding]:
    for field in ("shows", "confirms"):
        for at, name in enumerate(entry[field]):
            yield from _known(document, (field, at), name, known)
    for at, question in enumerate(entry["questions"]):
        for place, answer in enumerate(question["answers"]):
            path = ("questions", at, "answers", place, "attribute")
            if "attribute" in answer:
                yield from _known(document, path, answer["attribute"], known)


def _known(document: Document, path: Path, name: str, known: set[str]) -> Iterator[Finding]:
    if name not in known:
        what = _("%(field)s: %(value)s is not declared.") % {"field": path[0], "value": name}
        yield _found(document, path, what, _("Declare it, or correct the spelling."))


def _purpose(document: Document, entry: Mapping[str, Any]) -> Iterator[Finding]:
    purpose = purposes().get(entry["purpose"])
    if purpose is None or VISIT not in purpose.actions:
        what = _("The purpose %(name)s does not permit %(action)s.") % {
            "name": entry["purpose"],
            "action": VISIT,
        }
        yield _found(
            document, ("purpose",), what, _("Name a purpose that does, or add it to purposes.yaml.")
        )
        return
    for field, allowed in (("shows", purpose.attributes), ("confirms", purpose.unmasked)):
        for at, name in enumerate(entry[field]):
            if name not in allowed:
                what = _("%(field)s: the purpose %(purpose)s does not show %(value)s in full.")
                if field == "shows":
                    what = _("%(field)s: the purpose %(purpose)s does not show %(value)s.")
                given = {"field": field, "purpose": purpose.name, "value": name}
                remedy = _("Leave it out, or name another purpose.")
                yield _found(document, (field, at), what % given, remedy)


def _period(document: Document, entry: Mapping[str, Any]) -> Iterator[Finding]:
    start, end = entry["valid_from"], entry["valid_to"]
    if start and end and start >= end:
        what = _("The period ends before it starts.")
        remedy = _("valid_to is the first day on which it no longer holds.")
        yield _found(document, ("valid_to",), what, remedy)


def _question(document: Document, at: int, question: Mapping[str, Any]) -> Iterator[Finding]:
    first = question["answers"][0]
    if first["leads_to"] != CONFIRMED or first["service"] != "none":
        what = _("The first answer must leave everything as it stands.")
        remedy = _("Begin with the answer that leads to “confirmed”, without a service.")
        yield _found(document, ("questions", at, "answers", 0), what, remedy)
    seen: set[str] = set()
    for place, answer in enumerate(question["answers"]):
        if answer["name"] in seen:
            what = _("%(field)s %(value)s occurs more than once.") % {
                "field": "name",
                "value": answer["name"],
            }
            path = ("questions", at, "answers", place, "name")
            yield _found(document, path, what, _("Keep one of them."))
        seen.add(answer["name"])
