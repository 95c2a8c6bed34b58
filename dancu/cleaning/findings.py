"""What was found in a file, as it is stored between the steps of the wizard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from dancu.cleaning.profile import ColumnProfile
from dancu.cleaning.recipe import Decisions
from dancu.cleaning.twice import Place, Twin
from dancu.cleaning.types import Column
from dancu.cleaning.workbench import Analysis, KindCount

#: As much is kept for the pages; the files tell all of it.
_VALUES, _SAMPLES, _TWINS = 200, 100, 5_000


def as_json(found: Analysis) -> dict[str, Any]:
    """Return the findings as they are stored."""
    return {
        "rows": found.rows,
        "nobody": found.nobody,
        "look": found.look,
        "linked": found.linked,
        "twin_count": found.twin_count,
        "twins": _twins_json(found.twins),
        "against_count": found.against_count,
        "against": _twins_json(found.against),
        "profiles": [one.as_json() for one in found.profiles],
        "kinds": {
            code: {
                "count": one.count,
                "sure": one.sure,
                "values": [[*value, count] for value, count in one.values.most_common(_VALUES)],
                "samples": [
                    [change.sheet, change.row, change.column, change.before, change.after,
                     change.certainty]
                    for change in one.samples[:_SAMPLES]
                ],
            }
            for code, one in found.kinds.items()
        },
    }  # fmt: skip


def _twins_json(twins: Sequence[Twin]) -> list[list[Any]]:
    return [
        [twin.first.sheet, twin.first.row, twin.second.sheet, twin.second.row, twin.why,
         round(twin.probability, 4), list(twin.because), *twin.names]
        for twin in twins[:_TWINS]
    ]  # fmt: skip


def twins_of(stored: Mapping[str, Any], of: Literal["twins", "against"] = "twins") -> list[Twin]:
    """Return the duplicates that were kept, or the pairs with the other file."""
    return [
        Twin(
            Place(sheet, row),
            Place(other_sheet, other_row),
            why,
            probability,
            tuple(because),
            (names[0], names[1]) if names else ("", ""),
        )
        for sheet, row, other_sheet, other_row, why, probability, because, *names in stored.get(
            of, ()
        )
    ]


def profiles_of(stored: Mapping[str, Any]) -> list[ColumnProfile]:
    """Return the profiles of the columns."""
    return [ColumnProfile.from_json(one) for one in stored["profiles"]]


def analysis_of(stored: Mapping[str, Any], columns: Sequence[Column]) -> Analysis:
    """Return the findings as the writing needs them."""
    kinds = {}
    for code, one in stored["kinds"].items():
        count = KindCount(one["count"], one["sure"])
        for place, before, after, times in one["values"]:
            count.values[place, before, after] = times
        kinds[code] = count
    return Analysis(
        list(columns),
        profiles_of(stored),
        kinds,
        stored["rows"],
        stored["nobody"],
        stored["look"],
        twins_of(stored),
        stored["twin_count"],
        linked=stored["linked"],
        against=twins_of(stored, "against"),
        against_count=stored.get("against_count", 0),
    )


def columns_of(stored: Sequence[Sequence[Any]]) -> list[Column]:
    """Return the columns of a file."""
    return [
        Column(place, title, meaning, by_content=bool(seen))
        for place, (title, meaning, seen) in enumerate(stored)
    ]


def decisions_json(decisions: Decisions) -> dict[str, Any]:
    """Return decisions as they are stored."""
    return {
        "kinds": dict(decisions.kinds),
        "values": [[*key, accepted] for key, accepted in decisions.values.items()],
        "rows": [[*key, accepted] for key, accepted in decisions.rows.items()],
    }


def decisions_of(stored: Mapping[str, Any]) -> Decisions:
    """Return stored decisions."""
    return Decisions(
        stored.get("kinds", {}),
        {(kind, title, before): yes for kind, title, before, yes in stored.get("values", ())},
        {(s, row, place, kind): yes for s, row, place, kind, yes in stored.get("rows", ())},
    )
