"""What no schema can say of the rules of quality: names, conditions, numbers, periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from django.utils.translation import gettext as _

from dancu.catalogue.conditions import ConditionError, Node, View, parse
from dancu.catalogue.internal.document import Document, Finding
from dancu.catalogue.quality import vocabulary


def check_quality(
    populations: Document, rules: Sequence[Document], documents: Mapping[str, Document]
) -> Iterator[Finding]:
    """Yield conditions that cannot be read, names that nothing declares, doubled keys."""
    attributes = [entry["name"] for entry in documents["attributes"].data["attributes"]]
    kinds = {entry["name"] for entry in documents["sources"].data["kinds"]}
    nodes: dict[str, Node] = {}
    for at, entry in enumerate(populations.data["populations"]):
        path = ("populations", at, "when")
        node = yield from _condition(populations, path, entry["when"], nodes, "person")
        if node is not None:
            nodes[entry["name"]] = node
    yield from _expected(populations, attributes)
    for document in rules:
        for at, entry in enumerate(document.data["rules"]):
            yield from _rule(document, at, entry, nodes)
            for field, known in (("remedy_by", kinds), ("attribute", attributes)):
                yield from _declared(document, ("rules", at, field), entry[field], known)
    yield from _doubled(rules)


def _rule(
    document: Document, at: int, entry: Mapping[str, Any], nodes: Mapping[str, Node]
) -> Iterator[Finding]:
    view = cast("View", entry["about"])
    node = yield from _condition(document, ("rules", at, "when"), entry["when"], nodes, view)
    path = ("rules", at, "population")
    if view == "person":
        yield from _declared(document, path, entry["population"] or "", nodes)
    elif entry["population"]:
        what = _("Only rules about persons have a population.")
        yield Finding(document.file, document.line(path), what, _("Write null."))
    start, end = entry["valid_from"], entry["valid_to"]
    if start and end and start >= end:
        what = _("The period ends before it starts.")
        remedy = _("valid_to is the first day on which it no longer holds.")
        yield Finding(document.file, document.line(("rules", at, "valid_to")), what, remedy)
    if node is not None and view == "person":
        yield from _one_facet(document, at, entry, nodes, node)


def _one_facet(
    document: Document, at: int, entry: Mapping[str, Any], nodes: Mapping[str, Node], node: Node
) -> Iterator[Finding]:
    from dancu.catalogue.queries import attribute

    population = nodes.get(entry["population"] or "")
    named = {*node.attributes, *(population.attributes if population else ())}
    facets = {attribute(name).facet for name in named} - {"core"}
    if len(facets) > 1:
        what = _("The rule reads more than one storage group: %(facets)s.") % {
            "facets": ", ".join(sorted(facets))
        }
        remedy = _("Beside the core facts a rule may read one; part it into two rules.")
        yield Finding(document.file, document.line(("rules", at, "when")), what, remedy)


def _condition(
    document: Document,
    path: tuple[str | int, ...],
    text: str,
    nodes: Mapping[str, Node],
    view: View,
) -> Generator[Finding, None, Node | None]:
    try:
        return parse(text, vocabulary(nodes, view))
    except ConditionError as error:
        what = f"“{text}”: {error.text(_)}"
        yield Finding(document.file, document.line(path), what, error.remedy_text(_))
    return None


def _expected(document: Document, attributes: Iterable[str]) -> Iterator[Finding]:
    declared = {entry["name"] for entry in document.data["populations"]}
    known = set(attributes)
    named: Counter[str] = Counter()
    for key in ("expected", "confirmed"):
        yield from _whose(document, key, declared, known)
    for entry in document.data["expected"]:
        named.update(entry["attributes"])
    for place, name in enumerate(document.data["blocks"]):
        yield from _declared(document, ("blocks", place), name, known)
    for name in known:
        if named[name] != 1:
            what = _("%(name)s stands under %(number)s populations, and must under one.") % {
                "name": name,
                "number": named[name],
            }
            remedy = _("Say of whom it is expected; “declared” when nobody must have it.")
            yield Finding(document.file, document.line(["expected"]), what, remedy)


def _whose(document: Document, key: str, declared: set[str], known: set[str]) -> Iterator[Finding]:
    for at, entry in enumerate(document.data[key]):
        yield from _declared(document, (key, at, "population"), entry["population"], declared)
        for place, name in enumerate(entry["attributes"]):
            yield from _declared(document, (key, at, "attributes", place), name, known)


def _declared(
    document: Document, path: tuple[str | int, ...], name: str, known: Iterable[str]
) -> Iterator[Finding]:
    if name not in set(known):
        what = _("%(field)s: %(value)s is not declared.") % {"field": path[-1], "value": name}
        remedy = _("Declare it, or correct the spelling.")
        yield Finding(document.file, document.line(path), what, remedy)


def _doubled(rules: Sequence[Document]) -> Iterator[Finding]:
    for field in ("number", "name"):
        counts = Counter(entry[field] for one in rules for entry in one.data["rules"])
        for document in rules:
            for at, entry in enumerate(document.data["rules"]):
                if counts[entry[field]] > 1:
                    what = _("%(field)s %(value)s occurs more than once.") % {
                        "field": field,
                        "value": entry[field],
                    }
                    line = document.line(("rules", at, field))
                    yield Finding(document.file, line, what, _("Keep one of them."))
