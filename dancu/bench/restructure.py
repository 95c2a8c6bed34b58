"""restructure: the reform of 01/07/2025 applied to everybody, in seconds.

The city knows both maps from the start. So the reform is taken out of its map first, all addresses
and index cards go back to the units of 30/06/2025, and a decision file of the whole country is
written from the catalogue: 63 provinces, 696 districts, 10,035 communes. Reading, checking and
applying that file is what is measured; afterwards everybody must be where the city had them.
Streets of every ward that was split are shared out by rules, so that these have work too.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

from dancu.bench import ground
from dancu.bench.types import Benchmark, Line, Options, against_promise

PEOPLE = 1_000_000
SECONDS = 60.0
_ON = dt.date(2025, 7, 1)
_OLD = dt.date(2025, 6, 30)
_NUMBER = "202/2025/QH15"


def measure(options: Options) -> Iterator[Line]:
    """Take a city back to the old map, reform it, and hold the outcome against what it was."""
    people = options.people or PEOPLE
    with ground.spent_city(people, options.seed, options.say):
        moved, wrong, seconds, checked, preview = _reform(options)
    # The file is of the whole country, however small the city.
    limit = SECONDS * max(1.0, people / PEOPLE)
    yield against_promise(
        name="restructure",
        value=seconds,
        unit="s",
        run=(
            f"{people:,} people, the reform of 2025 for the whole country as one decision file: "
            f"read, checked ({checked:.1f} s), applied; {moved['people']:,} index cards and "
            f"{moved['addresses']:,} addresses moved, {wrong} of them wrongly"
        ),
        limit=limit,
        at_most=True,
        detail={"wrong": wrong, "preview_s": round(preview, 1), **moved},
    )
    yield Line(
        name="restructure-wrong",
        value=wrong,
        unit="people",
        reference="people on the map",
        reference_value=people,
        run="index cards that differ from the map of the catalogue after the reform",
        limit=0,
        at_most=True,
    )


def _reform(options: Options) -> tuple[dict[str, int], int, float, float, float]:
    from django.db import connection

    from dancu.access.types import system_actor
    from dancu.kernel.clock import system_clock
    from dancu.places import queries
    from dancu.places.decisions import flaws_of, read
    from dancu.population.services.restructuring import apply_map_change, preview_map_change

    text = _decision_file()
    _take_back()
    options.say(f"Took the city back to the map of {_OLD}; the file has {len(text):,} characters")
    actor, at = system_actor(name="bench"), system_clock.now()
    started = time.perf_counter()
    decision = read(text)
    if flaws := flaws_of(decision, queries.tree()):
        raise RuntimeError(f"The reform is refused: {flaws[:3]}")
    checked = time.perf_counter() - started
    preview_map_change(decision=decision, actor=actor, at=at)
    previewed = time.perf_counter() - started - checked
    options.say(f"Checked in {checked:.1f} s, previewed in {previewed:.1f} s")
    started = time.perf_counter()
    done = apply_map_change(decision=read(text), actor=actor, at=at)
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        (wrong,) = cursor.fetchone()
    moved = {"people": done.people, "addresses": done.addresses}
    return moved, wrong, seconds, checked, previewed


def _decision_file() -> str:
    """Write the reform as a decision, from the maps of the catalogue."""
    from dancu.places import queries

    tree = queries.tree()
    lines = [
        "version: 1",
        f'number: "{_NUMBER}"',
        'title: "Sắp xếp đơn vị hành chính năm 2025"',
        'legal_basis: "Nghị quyết số 202/2025/QH15"',
        "decided_on: 2025-06-12",
        f"effective_on: {_ON}",
        "units:",
    ]
    for unit in tree.units:
        if unit.valid_from == _ON:
            parent = f', parent: "{unit.parent_code}"' if unit.parent_code else ""
            lines.append(
                f'  - {{code: "{unit.code}", level: {unit.level}, name: "{unit.name}", '
                f"kind: {unit.kind}{parent}}}"
            )
    lines.append("changes:")
    streets = _streets()
    ended = [unit for unit in tree.units if unit.valid_to == _ON]
    for unit in ended:
        after = [link.to_code for link in tree.links_after(unit)]
        if len(after) == 1:
            lines.append(f'  - {{from: "{unit.code}", to: "{after[0]}"}}')
        elif after:
            lines += _split(unit.code, after, streets)
    lines.append("ends:")
    lines += [f'  - "{unit.code}"' for unit in ended if not tree.links_after(unit)]
    return "\n".join(lines) + "\n"


def _split(code: str, after: list[str], streets: list[str]) -> list[str]:
    """Share out two of three streets among the new units; the others stay unclear."""
    listed = ", ".join(f'"{one}"' for one in after)
    lines = [f'  - from: "{code}"', f"    to: [{listed}]", f'    unclear: "{after[0]}"']
    lines.append("    parts:")
    lines += [
        f'      - {{to: "{after[place % len(after)]}", street: "{street}"}}'
        for place, street in enumerate(streets)
        if place % 3
    ]
    return lines


def _streets() -> list[str]:
    """Return the streets of the city, each once however it is accented."""
    from dancu.catalogue.files import folder, rows_of
    from dancu.kernel.text import fold

    rows = rows_of(folder() / "names" / "streets.csv")
    return list({fold(row["street"]): row["street"] for row in rows}.values())


def _take_back() -> None:
    """Take the reform out of the map, and addresses and index cards with it."""
    from django.db import connection, transaction

    from dancu.places import queries
    from dancu.places.restructuring import place_anew
    from dancu.population.services.restructuring import align_cards

    communes = {unit.code for unit in queries.tree().units if unit.valid_from >= _ON}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_BACK)
        queries.forget()
        place_anew()
        align_cards(communes)
    ground.settle_down()


# Which old unit an address was in is drawn by its number from those that the catalogue knows.
_BACK = """
CREATE TEMP TABLE bench_origin ON COMMIT DROP AS
SELECT after.code, array_agg(before.code ORDER BY before.code) AS origins
  FROM places_unitsuccession s
  JOIN places_unit before ON before.id = s.predecessor_id
  JOIN places_unit after ON after.id = s.successor_id
 WHERE s."on" = '2025-07-01'
 GROUP BY after.code;
UPDATE places_address a
   SET unit_code = o.origins[1 + a.id % cardinality(o.origins)], code_date = '2025-06-30'
  FROM bench_origin o
 WHERE a.code_date = '2025-07-01' AND a.unit_code = o.code;
DELETE FROM places_unitsuccession WHERE "on" >= '2025-07-01';
DELETE FROM places_unit WHERE valid_from >= '2025-07-01';
UPDATE places_unit SET valid_to = NULL WHERE valid_to = '2025-07-01';
UPDATE places_mapversion SET version = gen_random_uuid();
"""
_WRONG = """
SELECT count(*)
  FROM population_person p
  JOIN places_address a ON a.id = p.address_id
 WHERE a.unit_code <> ''
   AND NOT EXISTS (
       SELECT 1 FROM places_unitsuccession s
         JOIN places_unit before ON before.id = s.predecessor_id
         JOIN places_unit after ON after.id = s.successor_id
        WHERE s."on" = '2025-07-01' AND before.code = a.unit_code AND after.code = p.commune)
"""

BENCHMARK = Benchmark("restructure", "the reform of 2025 for a million people, in seconds", measure)
