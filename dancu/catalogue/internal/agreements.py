"""Whether the contracts of the exchange agree with the rest of the catalogue."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dancu.catalogue.files import rows_of
from dancu.catalogue.internal.document import Document, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

#: Each mode, and the section that says what it covers; batches are verifications.
_SECTIONS = {"verify": "verify", "batch": "verify", "lookup": "lookup", "feed": "feed"}
_UNIT_FILES = ("provinces.csv", "communes.csv")
_FOREVER = "9999-12-31"


def check_contracts(
    contracts: Sequence[Document], documents: Mapping[str, Document], units: Path
) -> Iterator[Finding]:
    """Yield what a contract names and nothing declares, modes without a section, overlaps."""
    known = _known_names(documents, units)
    for document in contracts:
        yield from _names(document, known)
        yield from _sections(document)
        yield from _period(document)
        yield from _feed(document, documents["exchange"])
    yield from _sandbox(documents["sandbox"], known)
    events = documents["exchange"].data["feed"]["events"]
    for at, event in enumerate(events):
        path = ("feed", "events", at)
        yield from _undeclared(
            documents["exchange"], path, event["attributes"], known["attributes"]
        )
    yield from _overlaps(contracts)
    yield from _purposes(contracts, documents["purposes"])


def _known_names(documents: Mapping[str, Document], units: Path) -> dict[str, set[Any]]:
    agencies = documents["agencies"].data
    agency_codes = {entry["code"] for entry in agencies["agencies"]}
    local = agencies.get("local", {})
    for province in local.get("provinces", ()):
        for pattern in local.get("province_agencies", ()):
            agency_codes.add(
                pattern["code"].format(agency=province["agency"], unit=province["unit"])
            )
    return {
        "agency": agency_codes,
        "source": agency_codes | {s["code"] for s in documents["sources"].data["sources"]},
        "attributes": {entry["name"] for entry in documents["attributes"].data["attributes"]},
        "priority": {entry["number"] for entry in documents["exchange"].data["priorities"]},
        "scope": {row["code"] for file in _UNIT_FILES for row in rows_of(units / file)},
    }


def _names(document: Document, known: Mapping[str, set[Any]]) -> Iterator[Finding]:
    data = document.data
    for field in ("agency", "source", "priority"):
        yield from _undeclared(document, (field,), [data[field]], known[field])
    if data["scope"] != "country":
        yield from _undeclared(document, ("scope",), data["scope"], known["scope"])
    for section in ("verify", "lookup", "feed"):
        named = data.get(section, {}).get("attributes", ())
        path = (section, "attributes")
        yield from _undeclared(document, path, named, known["attributes"])


def _sandbox(document: Document, known: Mapping[str, set[Any]]) -> Iterator[Finding]:
    for at, person in enumerate(document.data["people"]):
        yield from _undeclared(document, ("people", at), person["facts"], known["attributes"])
        unit = person["permanent_residence"]["unit"]
        yield from _undeclared(document, ("people", at), [unit], known["scope"])
        for example in person["examples"]:
            path = ("people", at, "examples")
            yield from _undeclared(document, path, example["claims"], known["attributes"])


def _undeclared(
    document: Document, path: tuple[str | int, ...], values: Iterable[Any], names: set[Any]
) -> Iterator[Finding]:
    for value in values:
        if value not in names:
            what = _("%(field)s: %(value)s is not declared.") % {
                "field": path[0],
                "value": value,
            }
            remedy = _("Declare it, or correct the spelling.")
            yield Finding(document.file, document.line(path), what, remedy)


def _sections(document: Document) -> Iterator[Finding]:
    """Every mode needs its section, and every section its mode."""
    data = document.data
    wanted = {_SECTIONS[mode] for mode in data["modes"]}
    for section in ("verify", "lookup", "feed"):
        if section in wanted and section not in data:
            what = _("The contract has no section “%(section)s” for its modes.")
            remedy = _("Say what may be asked, or leave the mode out.")
        elif section in data and section not in wanted:
            what = _("The section “%(section)s” belongs to none of the contract's modes.")
            remedy = _("Add the mode, or leave the section out.")
        else:
            continue
        line = document.line([section if section in data else "modes"])
        yield Finding(document.file, line, what % {"section": section}, remedy)


def _feed(document: Document, exchange: Document) -> Iterator[Finding]:
    """A feed names a purpose of the contract, and only attributes that its events tell."""
    data = document.data
    feed = data.get("feed", {})
    purpose = feed.get("purpose")
    if purpose and purpose not in {one["name"] for one in data["purposes"]}:
        what = _("The feed names the purpose “%(name)s”, which the contract does not have.")
        remedy = _("Name one of the contract's purposes.")
        line = document.line(["feed", "purpose"])
        yield Finding(document.file, line, what % {"name": purpose}, remedy)
    told = {
        name
        for event in exchange.data["feed"]["events"]
        if event["name"] in feed.get("events", ())
        for name in event["attributes"]
    }
    for name in feed.get("attributes", ()):
        if name not in told:
            what = _("No event of the feed tells the attribute “%(name)s”.") % {"name": name}
            remedy = _("Leave it out, or add it to a kind of event in exchange.yaml.")
            yield Finding(document.file, document.line(["feed", "attributes"]), what, remedy)


def _period(document: Document) -> Iterator[Finding]:
    data = document.data
    end = data["valid_to"]
    if end is not None and end <= data["valid_from"]:
        what = _("The contract ends before it begins.")
        remedy = _("valid_to is the first day on which it no longer holds.")
        yield Finding(document.file, document.line(["valid_to"]), what, remedy)


def _overlaps(contracts: Sequence[Document]) -> Iterator[Finding]:
    """Of one contract, no two versions hold on the same day."""
    versions: dict[str, list[Document]] = defaultdict(list)
    for document in contracts:
        versions[document.data["contract"]].append(document)
    for several in versions.values():
        ordered = sorted(several, key=lambda document: str(document.data["valid_from"]))
        for before, after in pairwise(ordered):
            if (before.data["valid_to"] or _FOREVER) > after.data["valid_from"]:
                what = _("The days overlap with those of %(file)s.") % {"file": before.file}
                remedy = _("Let the earlier contract end on the day on which this one begins.")
                yield Finding(after.file, after.line(["valid_from"]), what, remedy)


def _purposes(contracts: Sequence[Document], own: Document) -> Iterator[Finding]:
    """A purpose has one meaning, whoever names it: citizens read it in their list of accesses."""
    meanings = {entry["name"]: entry["label_vi"] for entry in own.data["purposes"]}
    for document in contracts:
        for at, purpose in enumerate(document.data["purposes"]):
            label = meanings.setdefault(purpose["name"], purpose["label_vi"])
            if label != purpose["label_vi"]:
                what = _("The purpose %(name)s has another label elsewhere: “%(label)s”.") % {
                    "name": purpose["name"],
                    "label": label,
                }
                remedy = _("Use the same words, or another name.")
                yield Finding(document.file, document.line(["purposes", at]), what, remedy)
