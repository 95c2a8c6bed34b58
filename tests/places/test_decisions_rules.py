"""Where the rules of a decision send an address, and when they leave it to a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.places.decisions import read
from dancu.places.internal.deciding import Splitter, neighbourhood_keys, street_key, whereabouts
from tests.places.decision_files import SPLIT, text_of

OLD, NEW = "26740", "29901"


def sent(body=SPLIT, *, house="", street="", neighbourhood=""):
    place = whereabouts(house=house, street=street, neighbourhood=neighbourhood)
    return Splitter(read(text_of(body)).changes[0]).unit_of(place)[0]


@pytest.mark.parametrize(
    ("house", "street", "neighbourhood", "unit"),
    [
        ("1", "Nguyễn Huệ", "Khu phố 1", NEW),
        ("1", "đường nguyen hue", "Khu phố 1", NEW),
        ("12", "Lê Lợi", "Khu phố 1", NEW),
        ("12/3A", "Lê Lợi", "Khu phố 1", NEW),
        ("13", "Lê Lợi", "Khu phố 1", OLD),
        ("202", "Lê Lợi", "Khu phố 1", OLD),
        ("5", "Pasteur", "KP3", NEW),
        ("5", "Pasteur", "Tổ 9, Khu phố 3", NEW),
        ("5", "Pasteur", "Ấp 3", OLD),
        # What the address leaves out could send it another way.
        ("", "Lê Lợi", "Khu phố 1", ""),
        ("A12", "Lê Lợi", "Khu phố 1", ""),
        ("5", "Pasteur", "", ""),
        ("5", "", "Khu phố 1", ""),
        ("", "", "", ""),
        # What it says is enough all the same.
        ("", "Nguyễn Huệ", "", NEW),
        ("5", "", "Khu phố 3", NEW),
    ],
)
def test_an_address_goes_where_the_rules_say_or_waits(house, street, neighbourhood, unit):
    assert sent(house=house, street=street, neighbourhood=neighbourhood) == unit


def test_parts_that_contradict_each_other_decide_nothing():
    body = SPLIT.replace('{to: "29901", neighbourhood', '{to: "26740", neighbourhood')
    assert sent(body, house="1", street="Nguyễn Huệ", neighbourhood="Khu phố 3") == ""
    assert sent(body, house="1", street="Nguyễn Huệ", neighbourhood="Khu phố 4") == NEW


def test_the_narrower_part_wins():
    body = SPLIT + '      - {to: "26740", street: "Lê Lợi"}\n'
    assert sent(body, house="12", street="Lê Lợi", neighbourhood="Khu phố 1") == NEW
    assert sent(body, house="13", street="Lê Lợi", neighbourhood="Khu phố 1") == OLD
    assert sent(body, house="", street="Lê Lợi", neighbourhood="Khu phố 1") == ""


def test_without_a_rest_what_no_part_names_waits():
    body = SPLIT.replace('    rest: "26740"', '    unclear: "26740"')
    assert sent(body, house="5", street="Pasteur", neighbourhood="Khu phố 1") == ""
    assert sent(body, house="12", street="Lê Lợi", neighbourhood="Khu phố 1") == NEW


def test_the_rule_that_decided_is_named_by_its_line():
    place = whereabouts(house="12", street="Lê Lợi", neighbourhood="Khu phố 1")
    text = text_of(SPLIT)
    _unit, line = Splitter(read(text).changes[0]).unit_of(place)
    assert "Lê Lợi" in text.splitlines()[line - 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Đường Lê Lợi", "le  loi"), ("Phố Huế", "Huế"), ("Đ. 3/2", "3/2"), ("Đường 03", "đường 3")],
)
def test_a_street_is_known_however_it_is_written(one, other):
    assert street_key(one) == street_key(other)


def test_kinds_of_neighbourhoods_are_not_confused():
    assert neighbourhood_keys("KP. 03") == neighbourhood_keys("Khu phố 3")
    assert neighbourhood_keys("Tổ dân phố 3") == neighbourhood_keys("TDP3")
    assert neighbourhood_keys("Thôn 3") != neighbourhood_keys("Khu phố 3")
    assert len(neighbourhood_keys("Tổ 5, Khu phố 3")) == 2


WORDS = st.sampled_from(["", "Lê Lợi", "Nguyễn Huệ", "Pasteur"])


@given(
    number=st.one_of(st.none(), st.integers(0, 300)),
    street=WORDS,
    neighbourhood=st.sampled_from(["", "Khu phố 1", "Khu phố 3"]),
)
def test_saying_less_never_sends_an_address_another_way(number, street, neighbourhood):
    """Who leaves something out ends where they would have ended, or waits."""
    house = "" if number is None else str(number)
    full = sent(house=house, street=street, neighbourhood=neighbourhood)
    for less in ({"house": ""}, {"neighbourhood": ""}):
        said = {"house": house, "street": street, "neighbourhood": neighbourhood} | less
        assert sent(**said) in {"", full} or not full
