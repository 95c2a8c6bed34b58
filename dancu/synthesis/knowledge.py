"""Everything that is read before a city grows, gathered in one value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dancu.catalogue.files import folder, rows_of, yaml_of
from dancu.synthesis.days import number
from dancu.synthesis.demography import demography
from dancu.synthesis.geography import geography
from dancu.synthesis.names import names
from dancu.synthesis.wheels import threshold, wheel_of

if TYPE_CHECKING:
    from dancu.synthesis.demography import Demography
    from dancu.synthesis.geography import Geography
    from dancu.synthesis.names import Names

REFERENCE_DAY = dt.date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Work:
    """Occupations, schools and the like as wheels."""

    occupations: list[str]
    workplaces: list[str]
    schools: tuple[list[str], list[str], list[str]]
    clinics: dict[str, list[str]]
    insured: dict[str, list[str]]
    education: list[str]
    driving: list[list[str]]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The declared knowledge that a city grows from; shares are ``getrandbits(16)`` thresholds."""

    today: int
    per_block: int
    places: Geography
    names: Names
    demography: Demography
    early: tuple[int, int]
    early_share: int
    late: tuple[int, int]
    household: dict[str, int]
    handing_over: int
    person: dict[str, int]
    enrichment: dict[str, int]
    blood: list[str]
    religions: list[str]
    cities: list[int]
    prefixes: list[str]
    networks: dict[str, str]
    work: Work


@lru_cache(maxsize=2)
def knowledge(today: dt.date = REFERENCE_DAY) -> Knowledge:
    """Read the catalogue for a city that stands on ``today``."""
    base = folder() / "synthesis"
    city = yaml_of(base / "city.yaml")
    places = geography(str(folder()))
    household = dict(city["household"])
    handing_over = household.pop("age_of_handing_over")
    collection = city["collection"]
    day = number(today)
    shares = [float(entry["share"]) for entry in city["residence"]]
    slots = [round(share / sum(shares) * 256) for share in shares]
    networks = _networks()
    return Knowledge(
        today=day,
        per_block=city["people_per_block"],
        places=places,
        names=names(str(folder())),
        demography=demography(str(folder())),
        early=_span(collection["early"], day),
        early_share=threshold(collection["early"]["share"]),
        late=_span(collection["late"], day),
        household=_thresholds(household),
        handing_over=handing_over,
        person=_thresholds(city["person"]),
        enrichment=_thresholds(city["enrichment"]),
        blood=wheel_of(city["blood_groups"], 8),
        religions=wheel_of(city["religions"]),
        cities=([i for i, n in enumerate(slots) for _ in range(n)] + [0] * 256)[:256],
        prefixes=sorted(networks),
        networks=networks,
        work=_work(yaml_of(base / "work.yaml")),
    )


def _span(entry: dict[str, Any], today: int) -> tuple[int, int]:
    return number(entry["from"]), min(number(entry["to"]), today - 1)


def _thresholds(entry: dict[str, Any]) -> dict[str, int]:
    return {key: threshold(float(share)) for key, share in entry.items()}


def _networks() -> dict[str, str]:
    """Return the source code of the operator for each mobile prefix that a known operator holds."""
    operators = {"viettel": "VIETTEL", "vinaphone": "VNPT", "mobifone": "MOBIFONE"}
    found: dict[str, str] = {}
    for row in rows_of(folder() / "codes" / "mobile_prefixes.csv"):
        label = row["label_en"].lower().replace("vnpt ", "")
        if label in operators:
            found[row["code"]] = operators[label]
    return found


def _work(config: dict[str, Any]) -> Work:
    schools = config["schools"]
    return Work(
        occupations=wheel_of(config["occupations"], 8),
        workplaces=wheel_of(config["workplaces"], 8),
        schools=(schools["primary"], schools["lower"], schools["upper"]),
        clinics=config["clinics"],
        insured={key: wheel_of(value, 8) for key, value in config["insured_as"].items()},
        education=wheel_of(config["education_levels"], 8),
        driving=[part.split("+") for part in wheel_of(config["driving_classes"], 8)],
    )
