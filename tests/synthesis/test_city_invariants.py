"""Families hold together, whatever the seed."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.catalogue.queries import attribute, code_list
from dancu.kernel.text import clean_name
from dancu.population.types import AddressValue
from dancu.population.validation import canonical
from dancu.synthesis.anchors import ANCHOR_PIDS, FAMILY, GRANDMOTHER, MOTHER, WRONG_BIRTH_DATE
from dancu.synthesis.batches import BATCHES
from dancu.synthesis.blocks import block_count, make_block
from dancu.synthesis.city import rows_of, rows_of_block
from dancu.synthesis.days import YEAR, number
from dancu.synthesis.errors import CityTooLarge
from dancu.synthesis.geography import NEW_MAP, OLD_MAP
from dancu.synthesis.invariants import broken
from dancu.synthesis.knowledge import knowledge
from dancu.synthesis.pids import BLOCKS, PidIssuer
from dancu.synthesis.records import birth_text

KNOW = knowledge()
PEOPLE = 4_000


@pytest.fixture(scope="module")
def city():
    """All rows of one city, by batch."""
    rows = defaultdict(list)
    for block in range(block_count(PEOPLE, KNOW)):
        for name, part in rows_of_block(KNOW, 5, block, PEOPLE).items():
            rows[name] += part
    return rows


@given(seed=st.integers(0, 10**9), people=st.integers(10, 700))
@settings(max_examples=40, deadline=None)
def test_no_family_breaks_a_rule(seed, people):
    block = make_block(KNOW, seed, 0, people)
    assert broken([block], KNOW) == []
    assert len(block.people()) + len(block.strays) == people


@given(seed=st.integers(0, 10**9), block=st.integers(0, BLOCKS - 1))
@settings(max_examples=5, deadline=None)
def test_any_block_of_a_large_city_holds_together(seed, block):
    made = make_block(KNOW, seed, block, (BLOCKS + 1) * KNOW.per_block)
    assert broken([made], KNOW) == []
    assert len(made.people()) + len(made.strays) == KNOW.per_block


def test_numbers_are_unique_across_blocks():
    pids = Counter()
    for number_of_block in (0, 1, 2, BLOCKS - 2, BLOCKS - 1):
        issuer = PidIssuer(3, number_of_block)
        pids.update(issuer.issue("079", 0, 1985) for _ in range(48))
    assert max(pids.values()) == 1
    assert not ANCHOR_PIDS & pids.keys()


def test_a_city_beyond_the_numbers_is_refused():
    with pytest.raises(CityTooLarge):
        PidIssuer(1, BLOCKS)


def test_the_same_block_gives_the_same_rows():
    once = rows_of(KNOW, make_block(KNOW, 9, 1, 3_000))
    again = rows_of(KNOW, make_block(KNOW, 9, 1, 3_000))
    assert once == again
    assert once != rows_of(KNOW, make_block(KNOW, 10, 1, 3_000))


def test_every_person_has_one_first_record(city):
    first = [row for rows in city.values() for row in rows if row[1]]
    assert len(first) == PEOPLE
    assert 23 <= sum(len(row[5]) for row in first) / PEOPLE <= 29
    known = {row[5].get("pid") for row in first}
    later = {row[0] for rows in city.values() for row in rows if not row[1]}
    reissued = {row[5]["pid"] for row in city["pid-reissues"]}
    assert later <= known | reissued


def test_every_value_is_one_that_the_register_takes(city):
    for name, rows in city.items():
        for _, _, day, kind, reference, claims in rows[:1500]:
            assert kind
            assert reference
            for attribute_name, value in claims.items():
                kept = canonical(attribute_name, value, day)
                if attribute(attribute_name).type != "address":
                    assert kept == value, (name, attribute_name, value)


def test_relatives_who_are_named_by_number_are_in_the_register(city):
    known = {row[0] for rows in city.values() for row in rows if row[1]}
    roles = ("father_pid", "mother_pid", "spouse_pid")
    named = {row[5].get(role) for rows in city.values() for row in rows for role in roles}
    assert named - {None} <= known


def test_names_are_as_the_register_writes_them(city):
    for row in city["collection"]:
        assert clean_name(row[5]["full_name"]) == row[5]["full_name"]


def test_every_address_names_a_unit_of_the_map_of_its_day(city):
    old = {ward.place.unit_code: ward.place.text for ward in KNOW.places.wards}
    new = {commune.code: commune.place.text for commune in KNOW.places.communes}
    for name, rows in city.items():
        for _, _, day, _, _, claims in rows:
            for attribute_name, value in claims.items():
                if not isinstance(value, AddressValue) or not value.unit_code:
                    continue
                assert value.code_date in {OLD_MAP, NEW_MAP}
                units = old if value.code_date == OLD_MAP else new
                assert value.text.endswith(units[value.unit_code]), (name, value)
                if attribute_name.endswith("_residence"):
                    assert (day >= NEW_MAP) == (value.code_date == NEW_MAP)


def test_every_household_has_one_head_when_all_is_told(city):
    state = defaultdict(dict)
    told = sorted(
        (day, place, pid, claims)
        for place, spec in enumerate(BATCHES)
        for pid, _, day, _, _, claims in _keyed(city[spec.name])
    )
    for _, _, pid, claims in told:
        for key in ("household_number", "household_relationship"):
            if key in claims:
                state[pid][key] = claims[key]
    heads = Counter(
        facts["household_number"]
        for facts in state.values()
        if facts.get("household_relationship") == "CHU_HO"
    )
    households = {facts.get("household_number") for facts in state.values()} - {None}
    assert set(heads) == households
    assert max(heads.values()) == 1


def _keyed(rows):
    for row_number, (pid, new, day, kind, reference, claims) in enumerate(rows):
        yield pid or "", new, day, kind, reference, _Sortable(claims, row_number)


class _Sortable(dict):
    """Claims that sort by their row, so that tuples of them can be sorted."""

    def __init__(self, claims, row_number):
        super().__init__(claims)
        self.row_number = row_number

    def __lt__(self, other):
        return self.row_number < other.row_number


def test_nobody_is_told_of_before_birth_or_moved_after_death(city):
    births = {r[5]["pid"]: r[5]["birth_date"] for n in ("collection", "births") for r in city[n]}
    deaths = {r[0]: r[2] for r in city["deaths"] if "death_date" in r[5]}
    for name, rows in city.items():
        for pid, _, day, kind, _, claims in rows:
            if pid in births:
                assert day.isoformat() >= births[pid][: len(births[pid])], (name, pid)
            if pid in deaths and claims.get("household_number", "") is not None:
                assert day <= deaths[pid], (name, pid, kind)


def test_the_ages_follow_the_pyramid():
    bands = Counter()
    people = 0
    for block in range(3):
        for person in make_block(KNOW, 21, block, 6_000).people():
            if not person.death:
                people += 1
                bands[int((KNOW.today - person.birth) / YEAR) // 20] += 1
    shares = [100 * bands[band] / people for band in range(5)]
    for share, (low, high) in zip(
        shares, [(24, 34), (27, 40), (22, 33), (8, 17), (0.5, 3)], strict=True
    ):
        assert low < share < high, shares


def test_codes_of_kinship_are_declared(city):
    codes = code_list("relationships").codes
    assert {row[5]["household_relationship"] for row in city["collection"]} <= set(codes)


def test_the_anchor_family_is_in_every_city():
    for seed in (1, 2):
        rows = rows_of_block(KNOW, seed, 0, 100)
        first = {row[0]: row[5] for name in ("collection", "births") for row in rows[name]}
        for anchor in FAMILY:
            claims = first[anchor.pid]
            assert claims["full_name"] == anchor.name
            assert claims["birth_date"] == anchor.birth_date
            assert claims["sex"] == anchor.sex
        assert first[GRANDMOTHER.pid]["old_id_number"] == GRANDMOTHER.old_id_number
        insured = next(r for r in rows["health-insurance"] if r[0] == MOTHER.pid)
        assert insured[5]["birth_date"] == WRONG_BIRTH_DATE
        moves = [r[2] for r in rows["moves"] if r[0] == MOTHER.pid]
        assert min(moves) < NEW_MAP < max(moves)


def test_people_without_papers_have_no_number(city):
    for pid, new, _, _, _, claims in city["undocumented"]:
        assert pid is None
        assert new
        assert "pid" not in claims


def test_a_wrong_number_is_cancelled_and_given_anew():
    found = 0
    for block in range(4):
        made = make_block(KNOW, 33, block, 8_000)
        wrong = {p.wrong_pid: p for p in made.people() if p.wrong_pid}
        rows = rows_of(KNOW, made)
        for old, _, _, _, _, claims in rows["pid-reissues"]:
            person = wrong[old]
            assert claims["pid"] == person.pid
            assert claims["birth_date"] == birth_text(person)
            found += 1
    assert found


def test_days_are_counted_from_1900():
    assert number(NEW_MAP) - number(OLD_MAP) == 1
