"""Finding people by index cards alone."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel.dates import parse_iso
from dancu.population import search
from dancu.population.internal.search_variants import one_edit
from dancu.population.search import Wanted, find
from dancu.population.types import AddressValue
from tests.population.conftest import new_person, pid_for

NAME = "Nguyễn Thị Minh Anh"
OTHER = AddressValue(
    "7 Nguyễn Huệ, Phường Bến Thành, Thành phố Hồ Chí Minh", "26743", date(2025, 7, 1)
)


def ids(**wanted) -> list[int]:
    return [card.person_id for card in find(Wanted(**wanted)).cards]


@pytest.mark.parametrize(
    ("typed", "matched"),
    [
        (NAME, "exact"),
        ("nguyễn thị minh anh", "exact"),
        ("nguyen thi minh anh", "spelling"),
        ("NGUYEN  THI MINH ANH", "spelling"),
        ("Nguyễn Thị Mịnh Ánh", "spelling"),
        ("nguien thy minh anh", "similar"),
        ("nguyen thi minh ang", "similar"),
        ("nguyen thi mnih anh", "similar"),
        ("nguyen thi min anh", "similar"),
        ("nguyen thi minhh anh", "similar"),
        ("nguyenthi minh anh", "similar"),
        ("nguyen anh", "similar"),
        ("minh anh", "similar"),
        ("nguyen thi", "similar"),
        ("anh", "exact"),
        ("Anh", "exact"),
        ("Ánh", "spelling"),
    ],
)
def test_a_name_is_found_however_it_is_typed(sources, typed, matched):
    person = new_person()
    new_person(full_name="Lê Văn Tám", pid=pid_for("M"))
    (card,) = find(Wanted(name=typed)).cards
    assert (card.person_id, card.matched) == (person, matched)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Trần Xuân Sang", "chan suan xang"),
        ("Lê Giang", "le dang"),
        ("Nguyễn Lan", "nguyen nang"),
        ("Phạm Văn Vinh", "pham dan dinh"),
        ("Ngô Bích Ngọc", "ngo bit ngot"),
    ],
)
def test_regional_spellings_meet(sources, stored, typed):
    person = new_person(full_name=stored)
    assert ids(name=typed) == [person]


def test_exact_comes_first_then_order_by_given_name_surname_and_year(sources):
    names = ["Trần Văn Bình", "Lê Văn Bình", "Lê Văn An", "Lê Văn Ân"]
    people = {name: new_person(full_name=name, pid=pid_for("M")) for name in names}
    older = new_person(full_name="Lê Văn An", pid=pid_for("M", year=1950))
    assert ids(name="Lê Văn Ân") == [people["Lê Văn Ân"], older, people["Lê Văn An"]]
    assert ids(name="binh") == [people["Lê Văn Bình"], people["Trần Văn Bình"]]


def test_numbers_find_one_person_current_or_former(sources):
    pid = pid_for()
    person = new_person(pid=pid, old_id_number="311987654")
    assert ids(pid=pid) == ids(old_id_number="311987654") == [person]
    assert ids(pid="079188999999") == ids(old_id_number="000000000") == []


def test_birth_year_and_date_narrow_a_name(sources):
    exact = new_person(birth_date="1990-03-02")
    vague = new_person(birth_date="1990")
    new_person(birth_date="1990-04-02")
    new_person(pid=pid_for(year=1991))
    assert len(ids(name=NAME, birth=parse_iso("1990"))) == 3
    assert sorted(ids(name=NAME, birth=parse_iso("1990-03-02"))) == sorted([exact, vague])
    assert find(Wanted(name=NAME, birth=parse_iso("1990"))).kind == "name_birth"


def test_the_area_is_a_condition_of_the_query(sources):
    here, there = new_person(), new_person(permanent_residence=OTHER)
    staying = new_person(permanent_residence=OTHER, temporary_residence=AddressValue(
        "12/3A Lê Lợi, Phường Sài Gòn, TP. Hồ Chí Minh", "26740", date(2025, 7, 1)))  # fmt: skip
    area = frozenset({"26740"})
    for question in (
        {"name": NAME},
        {"name": "anh"},
        {"name": NAME, "birth": parse_iso("1990")},
        {"birth": parse_iso("1990")},
    ):
        assert sorted(ids(**question, area=area)) == sorted([here, staying]), question
    assert sorted(ids(name="anh", area=frozenset({"26740", "26743", "1", "2"}))) == sorted(
        [here, there, staying]
    )
    assert ids(name=NAME, area=frozenset()) == []
    assert ids(name=NAME, area=area, commune="26743") == []


def test_an_address_is_found_by_its_words_in_any_form(sources):
    person = new_person()
    new_person(permanent_residence=OTHER)
    for typed in ("12/3A Lê Lợi", "12/3a le loi", "le loi", "Le Loi, phuong Sai Gon", "12/3a"):
        assert ids(address=typed) == [person], typed
    assert ids(address="12/3A Lê Lợi", name="anh") == [person]
    assert ids(address="12/3A Lê Lợi", name="tam") == []


def test_the_address_as_typed_comes_before_others_with_the_same_words(sources):
    one = AddressValue("8 Lê Lợi, Phường Sài Gòn, TP. Hồ Chí Minh", "26740", date(2025, 7, 1))
    hem = AddressValue("5 hẻm 8 Lê Lợi, Phường Sài Gòn, TP. Hồ Chí Minh", "26740", date(2025, 7, 1))
    inner, outer = new_person(permanent_residence=hem), new_person(permanent_residence=one)
    assert ids(address="8 Lê Lợi") == [outer, inner]


def test_a_household_is_found_by_its_number(sources):
    mother = new_person(household_number="79000000001")
    child = new_person(household_number="79000000001", pid=pid_for("M", year=2010))
    assert ids(household="79000000001") == [mother, child]


def test_results_come_in_windows_without_a_count(sources):
    people = {new_person() for _ in range(53)}
    first = find(Wanted(name=NAME))
    last = find(Wanted(name=NAME, window=2))
    assert (len(first.cards), first.has_next, first.narrow) == (50, True, False)
    assert (len(last.cards), last.has_next) == (3, False)
    assert {c.person_id for c in (*first.cards, *last.cards)} == people


def test_too_many_for_a_look_ask_to_narrow(sources, monkeypatch):
    for _ in range(5):
        new_person()
    monkeypatch.setattr(search, "MOST_CARDS", 4)
    assert find(Wanted(name="anh")).narrow
    assert find(Wanted(name=NAME)).narrow


def test_nothing_asked_gives_nothing(sources):
    new_person()
    for wanted in (Wanted(), Wanted(name="  ..  "), Wanted(address=",,"), Wanted(sex="F")):
        assert find(wanted).kind == "nothing"
    assert find(Wanted(birth=parse_iso("1990"))).cards == ()


def test_a_merged_person_is_not_found_and_its_number_leads_to_the_other(sources):
    pid, kept = pid_for(), new_person()
    merged = new_person(pid=pid)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE population_person SET status = 4, merged_into_id = %s WHERE id = %s",
            [kept, merged],
        )
    assert ids(pid=pid) == [kept]
    assert ids(name=NAME) == [kept]


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE x; --", "%", "_", "\\", "a" * 300, "🙂", "()&|!:*<->", "{card}", "%(area)s"],
)
def test_no_text_breaks_a_query(sources, text):
    new_person()
    assert ids(name=text) == []
    assert ids(address=text) == []
    assert ids(household=text[:40]) == []


@given(st.text(alphabet="abcdeghiklmnopqrstuvxy ", min_size=2, max_size=20))
def test_one_slip_is_always_among_the_variants(key):
    key = " ".join(key.split())
    if len(key) < 2:
        return
    variants = set(one_edit(key))
    for spot in range(len(key)):
        dropped = " ".join((key[:spot] + key[spot + 1 :]).split())
        assert dropped in variants or dropped in ("", key)
    for spot in range(len(key) - 1):
        swapped = key[:spot] + key[spot + 1] + key[spot] + key[spot + 2 :]
        swapped = " ".join(swapped.split())
        assert swapped in variants or swapped == key
    assert key not in variants
