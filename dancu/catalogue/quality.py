"""Rules of data quality: declared in ``catalogue/quality``, and generated for each attribute.

Every attribute gets a rule of completeness (``expected`` in ``populations.yaml`` says of whom it is
expected) and one of freshness: of what ages, that it was confirmed within its ``freshness_days``;
of what does not age, that nobody's newer word waits undecided.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from dancu.catalogue.conditions import ConditionError, Node, View, Vocabulary, parse
from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import day_or_none, folder, yaml_of
from dancu.catalogue.loading import catalogue
from dancu.catalogue.types import Attribute, Label, in_force

Dimension = Literal["accurate", "complete", "clean", "current"]
Severity = Literal["blocks", "serious", "minor"]
E = TypeVar("E", bound=Label)

#: đúng, đủ, sạch, sống: always in this order.
DIMENSIONS: tuple[Dimension, ...] = ("accurate", "complete", "clean", "current")
SEVERITIES: tuple[Severity, ...] = ("blocks", "serious", "minor")
#: Numbers of the generated rules: these plus the number of the attribute.
COMPLETENESS, FRESHNESS = 1000, 2000
DECLARED = "declared"
POPULATIONS = "populations.yaml"


@dataclass(frozen=True, slots=True)
class Population(Label):
    """People, or households, of whom rules speak; ``when`` says who belongs to it."""

    when: str
    condition: Node = field(hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class QualityRule(Label):
    """One rule: whom it is about, when it is broken, who mends it, and how.

    ``number`` is the key under which issues are kept, never reused. ``remedy_by`` is a kind of
    source: the office of that kind that serves the commune has the issue. ``broken`` holds for
    those who belong to the population and break the rule.
    """

    number: int
    dimension: Dimension
    view: View
    population: str
    when: str
    severity: Severity
    remedy_by: str
    legal_basis: str
    to_do_vi: str
    to_do_en: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    is_on: bool
    attribute: str
    file: str
    broken: Node = field(hash=False, compare=False)

    def to_do(self, language: str = "vi") -> str:
        """Return what is to be done about an issue."""
        return self.to_do_en if language.startswith("en") else self.to_do_vi

    def is_in_force(self, day: dt.date) -> bool:
        """Say whether issues are opened by it on the day."""
        return self.is_on and in_force(self.valid_from, self.valid_to, day)

    @property
    def fingerprint(self) -> str:
        """What changes when the rule means something else."""
        said = f"{self.view} {self.broken!r}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Quality:
    """All rules by name, in the order of dimensions, and the populations."""

    rules: Mapping[str, QualityRule]
    populations: Mapping[str, Population]

    @property
    def by_number(self) -> Mapping[int, QualityRule]:
        """The rules by their number."""
        return {rule.number: rule for rule in self.rules.values()}


def quality() -> Quality:
    """Return all rules, whether in force or not. Raises ``CatalogueEntryInvalid``."""
    return _read(str(folder()))


def rules_in_force(day: dt.date) -> tuple[QualityRule, ...]:
    """Return the rules that open issues on the day, by number."""
    found = (rule for rule in quality().rules.values() if rule.is_in_force(day))
    return tuple(sorted(found, key=lambda rule: rule.number))


def forget() -> None:
    """Read the files anew at the next use."""
    _read.cache_clear()


def vocabulary(populations: Mapping[str, Node], view: View) -> Vocabulary:
    """Return what a condition of a view may name."""
    known = catalogue()
    attributes = {one.name: one for one in known.attributes}
    return Vocabulary(attributes, known.code_lists, populations, view)


@lru_cache(maxsize=4)
def _read(path: str) -> Quality:
    root = Path(path) / "quality"
    data = yaml_of(root / POPULATIONS)
    populations = _populations(data)
    rules = list(_generated(data, populations))
    for file in sorted(root.glob("*.yaml")):
        if file.name != POPULATIONS:
            entries = _list(yaml_of(file), "rules", file.name)
            rules += [_declared(entry, file.name, populations) for entry in entries]
    rules.sort(key=lambda rule: (DIMENSIONS.index(rule.dimension), rule.number))
    _unique(rules)
    return Quality({rule.name: rule for rule in rules}, populations)


def _list(data: Mapping[str, Any], key: str, file: str) -> list[dict[str, Any]]:
    found = data.get(key)
    if not isinstance(found, list):
        raise CatalogueEntryInvalid(file=file, what=f"there is no list “{key}”")
    return found


def _unique(rules: Iterable[QualityRule]) -> None:
    seen: dict[object, str] = {}
    for rule in rules:
        for key in (rule.number, rule.name):
            if key in seen:
                raise CatalogueEntryInvalid(file=rule.file, what=f"{key} is used by two rules")
            seen[key] = rule.name


def _populations(data: Mapping[str, Any]) -> dict[str, Population]:
    found: dict[str, Population] = {}
    nodes: dict[str, Node] = {}
    for entry in _list(data, "populations", POPULATIONS):
        name = str(entry["name"])
        nodes[name] = _parsed(str(entry["when"]), nodes, "person", POPULATIONS, name)
        found[name] = Population(
            name=name,
            label_vi=entry["label_vi"],
            label_en=entry["label_en"],
            when=str(entry["when"]),
            condition=nodes[name],
        )
    return found


def _parsed(text: str, nodes: Mapping[str, Node], view: View, file: str, name: str) -> Node:
    try:
        return parse(text, vocabulary(nodes, view))
    except ConditionError as error:
        raise CatalogueEntryInvalid(file=f"quality/{file}", what=f"{name}: {error}") from error


def _declared(
    entry: Mapping[str, Any], file: str, populations: Mapping[str, Population]
) -> QualityRule:
    try:
        view = cast("View", entry.get("about", "person"))
        nodes = {one.name: one.condition for one in populations.values()}
        name = str(entry["name"])
        broken = _parsed(str(entry["when"]), nodes, view, file, name)
        population = entry.get("population") or ""
        if population:
            broken = Node("and", "truth", "", (nodes[population], broken))
        return QualityRule(
            name=name,
            label_vi=entry["label_vi"],
            label_en=entry["label_en"],
            number=int(entry["number"]),
            dimension=entry["dimension"],
            view=view,
            population=population,
            when=str(entry["when"]),
            severity=entry["severity"],
            remedy_by=entry["remedy_by"],
            legal_basis=entry["legal_basis"],
            to_do_vi=entry["to_do_vi"],
            to_do_en=entry["to_do_en"],
            valid_from=day_or_none(entry["valid_from"], file=file),
            valid_to=day_or_none(entry["valid_to"], file=file),
            is_on=bool(entry["is_on"]),
            attribute=entry.get("attribute") or "",
            file=f"quality/{file}",
            broken=broken,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=f"quality/{file}", what=repr(error)) from error


# -- Generated -------------------------------------------------------------------------------------


def _generated(
    data: Mapping[str, Any], populations: Mapping[str, Population]
) -> Iterator[QualityRule]:
    expected, confirmed = _whose(data, "expected"), _whose(data, "confirmed")
    blocking = frozenset(data.get("blocks", ()))
    for entry in catalogue().attributes:
        if entry.name not in expected:
            raise CatalogueEntryInvalid(
                file=f"quality/{POPULATIONS}", what=f"of whom {entry.name} is expected is not said"
            )
        severity: Severity = "blocks" if entry.name in blocking else "serious"
        yield _completeness(entry, expected[entry.name], populations, severity)
        yield _freshness(entry, confirmed.get(entry.name, "living"), populations)


def _whose(data: Mapping[str, Any], key: str) -> dict[str, str]:
    return {
        name: str(entry["population"])
        for entry in _list(data, key, POPULATIONS)
        for name in entry["attributes"]
    }


def _completeness(
    entry: Attribute,
    population: str,
    populations: Mapping[str, Population],
    severity: Severity,
) -> QualityRule:
    """Missing where it is expected; of what nobody must have, declared and yet empty."""
    asks = "empty" if population == DECLARED else "missing"
    return _made(
        entry,
        base=COMPLETENESS,
        dimension="complete",
        population=population,
        asks=asks,
        populations=populations,
        severity=severity if asks == "missing" else "minor",
        labels=(f"Thiếu: {entry.label_vi}", f"Missing: {entry.label_en}"),
        to_do=(
            "Hỏi người dân, đối chiếu giấy tờ rồi nhập vào hệ thống.",
            "Ask the person, compare the paper, and enter it.",
        ),
    )


def _freshness(
    entry: Attribute, population: str, populations: Mapping[str, Population]
) -> QualityRule:
    if entry.freshness_days is None:
        labels = (
            f"Có thông tin khác đang chờ: {entry.label_vi}",
            f"Another word waits: {entry.label_en}",
        )
        return _made(
            entry,
            base=FRESHNESS,
            dimension="current",
            population="living",
            asks="disputed",
            populations=populations,
            severity="serious",
            labels=labels,
            to_do=(
                "So sánh các nguồn và quyết định giá trị đúng.",
                "Compare the sources and decide which is right.",
            ),
        )
    labels = (
        f"Quá {entry.freshness_days} ngày chưa xác nhận: {entry.label_vi}",
        f"Not confirmed for {entry.freshness_days} days: {entry.label_en}",
    )
    return _made(
        entry,
        base=FRESHNESS,
        dimension="current",
        population=population,
        asks="unconfirmed_days",
        populations=populations,
        severity="minor",
        labels=labels,
        to_do=(
            "Hỏi lại người dân hoặc cơ quan nguồn rồi xác nhận.",
            "Ask the person or the source again, and confirm.",
        ),
    )


def _made(
    entry: Attribute,
    *,
    base: int,
    dimension: Dimension,
    population: str,
    asks: str,
    populations: Mapping[str, Population],
    severity: Severity,
    labels: tuple[str, str],
    to_do: tuple[str, str],
) -> QualityRule:
    when = f"{asks}({entry.name})"
    if asks == "unconfirmed_days":
        when += f" > {entry.freshness_days}"
    nodes = {one.name: one.condition for one in populations.values()}
    condition = _parsed(when, nodes, "person", POPULATIONS, entry.name)
    if population not in nodes:
        raise CatalogueEntryInvalid(
            file=f"quality/{POPULATIONS}", what=f"there is no population {population}"
        )
    return QualityRule(
        name=f"{entry.name}.{dimension}",
        label_vi=labels[0],
        label_en=labels[1],
        number=base + entry.number,
        dimension=dimension,
        view="person",
        population=population,
        when=when,
        severity=severity,
        remedy_by=entry.authority,
        legal_basis=entry.legal_basis,
        to_do_vi=to_do[0],
        to_do_en=to_do[1],
        valid_from=entry.valid_from,
        valid_to=None,
        is_on=True,
        attribute=entry.name,
        file=f"quality/{POPULATIONS}",
        broken=Node("and", "truth", "", (nodes[population], condition)),
    )
