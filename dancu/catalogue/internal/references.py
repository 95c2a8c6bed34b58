"""Whether the YAML files agree with each other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dancu.catalogue.internal.document import Document, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ATTRIBUTES = 91
_STATUTORY = 26
_CODED = {"code", "code_list_values"}


def check_references(documents: Mapping[str, Document], code_lists: set[str]) -> Iterator[Finding]:
    """Yield what one file names and no file declares."""
    yield from _attributes(documents["attributes"], documents["sources"], code_lists)
    yield from _roles(documents["roles"], documents["purposes"])
    yield from _purposes(documents["purposes"], documents["attributes"], documents["roles"])
    yield from _sources(documents["sources"], documents["agencies"])
    yield from _agencies(documents["agencies"])


def _attributes(document: Document, sources: Document, code_lists: set[str]) -> Iterator[Finding]:
    data = document.data
    yield from _unique(document, "attributes", "number")
    yield from _unique(document, "attributes", "name")
    numbers = {entry["number"] for entry in data["attributes"]}
    for number in sorted(set(range(1, _ATTRIBUTES + 1)) - numbers):
        what = _("There is no attribute number %(number)s.") % {"number": number}
        yield Finding(
            document.file,
            document.line(["attributes"]),
            what,
            _("Numbers run from 1 to 91 without a gap and are never reused."),
        )
    covered = {entry["statutory"] for entry in data["attributes"]}
    for item in sorted(set(range(1, _STATUTORY + 1)) - covered):
        what = _("No attribute covers statutory item %(item)s.") % {"item": item}
        remedy = _("Add the attribute that keeps this item of article 9, Law 26/2023.")
        yield Finding(document.file, document.line(["attributes"]), what, remedy)
    known = {
        "group": _names(document, "groups"),
        "facet": _names(document, "facets"),
        "checks": _names(document, "checks"),
        "authority": _names(sources, "kinds"),
        "then": _names(sources, "kinds"),
        "code_list": code_lists,
    }
    for at, entry in enumerate(data["attributes"]):
        for field, names in known.items():
            yield from _known(document, ("attributes", at, field), entry[field], names)
        if (entry["type"] in _CODED) != (entry["code_list"] is not None):
            what = _("A code list goes with the types code and code_list_values only.")
            remedy = _("Name the code list, or change the type.")
            yield Finding(document.file, document.line(["attributes", at]), what, remedy)


def _roles(document: Document, purposes: Document) -> Iterator[Finding]:
    yield from _unique(document, "roles", "name")
    actions = _names(document, "actions")
    users = {p["name"]: set(p["roles"]) for p in purposes.data["purposes"]}
    for at, role in enumerate(document.data["roles"]):
        yield from _known(document, ("roles", at, "actions"), role["actions"], actions)
        yield from _known(document, ("roles", at, "purposes"), role["purposes"], set(users))
        for purpose in role["purposes"]:
            if role["name"] not in users.get(purpose, {role["name"]}):
                yield _one_sided(document, ("roles", at, "purposes"), role["name"], purpose)


def _purposes(document: Document, attributes: Document, roles: Document) -> Iterator[Finding]:
    yield from _unique(document, "purposes", "name")
    offered = {r["name"]: set(r["purposes"]) for r in roles.data["roles"]}
    names = _names(attributes, "attributes")
    known = {
        "groups": _names(attributes, "groups"),
        "attributes": names,
        "except": names,
        "unmasked": names,
        "roles": set(offered),
        "actions": _names(roles, "actions"),
    }
    for at, purpose in enumerate(document.data["purposes"]):
        for field, allowed in known.items():
            yield from _known(document, ("purposes", at, field), purpose[field], allowed)
        for role in purpose["roles"]:
            if purpose["name"] not in offered.get(role, {purpose["name"]}):
                yield _one_sided(document, ("purposes", at, "roles"), role, purpose["name"])


def _sources(document: Document, agencies: Document) -> Iterator[Finding]:
    yield from _unique(document, "sources", "code")
    kinds = _names(document, "kinds")
    codes = {a["code"] for a in agencies.data["agencies"]}
    for key in ("sources", "local"):
        for at, source in enumerate(document.data[key]):
            yield from _known(document, (key, at, "kind"), source["kind"], kinds)
            yield from _known(document, (key, at, "agency"), source.get("agency"), codes)


def _agencies(document: Document) -> Iterator[Finding]:
    yield from _unique(document, "agencies", "code")
    kinds = _names(document, "kinds")
    codes = {a["code"] for a in document.data["agencies"]}
    for at, agency in enumerate(document.data["agencies"]):
        yield from _known(document, ("agencies", at, "kind"), agency["kind"], kinds)
        for field in ("parent", "successor"):
            yield from _known(document, ("agencies", at, field), agency.get(field), codes)
    for at, office in enumerate(document.data["offices"]):
        yield from _known(document, ("offices", at, "agency"), office["agency"], codes)


def _names(document: Document, key: str) -> set[str]:
    return {entry["name"] for entry in document.data[key]}


def _known(
    document: Document, path: tuple[str | int, ...], value: Any, names: Iterable[str]
) -> Iterator[Finding]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    for unknown in [v for v in values if v not in names]:
        what = _("%(field)s: %(value)s is not declared.") % {"field": path[-1], "value": unknown}
        remedy = _("Declare it, or correct the spelling.")
        yield Finding(document.file, document.line(path), what, remedy)


def _unique(document: Document, key: str, field: str) -> Iterator[Finding]:
    counts = Counter(entry[field] for entry in document.data[key])
    for at, entry in enumerate(document.data[key]):
        if counts[entry[field]] > 1:
            what = _("%(field)s %(value)s occurs more than once.") % {
                "field": field,
                "value": entry[field],
            }
            yield Finding(document.file, document.line((key, at)), what, _("Keep one of them."))


def _one_sided(document: Document, path: tuple[str | int, ...], role: str, purpose: str) -> Finding:
    what = _("Role %(role)s and purpose %(purpose)s do not name each other.") % {
        "role": role,
        "purpose": purpose,
    }
    remedy = _("Name the purpose in roles.yaml and the role in purposes.yaml, or in neither.")
    return Finding(document.file, document.line(path), what, remedy)
