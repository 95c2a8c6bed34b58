"""Masks hide what they should, whatever the value."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dancu.catalogue import attributes
from dancu.disclosure.masking import HIDDEN, initials, mask_number, masked, tail

MASKS = st.sampled_from(["pid", "tail", "name", "hide"])


@given(st.from_regex(re.compile(r"[0-9]{12}", re.ASCII), fullmatch=True))
def test_a_masked_number_shows_its_province_and_two_digits(pid):
    assert mask_number(pid) == f"{pid[:3]}*******{pid[10:]}"


@given(st.text(min_size=1, max_size=60))
def test_a_tail_shows_at_most_three_characters_and_less_than_half(text):
    shown = tail(text)
    assert shown.startswith("****")
    if "@" not in text:
        seen = shown.removeprefix("****")
        assert len(seen) <= 3
        assert len(seen) * 2 < len(text) or not seen


@given(st.text(min_size=1, max_size=60), st.text(min_size=0, max_size=60))
def test_a_hidden_value_looks_like_any_other(one, other):
    assert masked("hide", one) == masked("hide", other) == masked("hide", None) == HIDDEN


@given(st.lists(st.text(alphabet="abcđêng", min_size=2, max_size=9), min_size=1, max_size=6))
def test_initials_show_one_letter_of_each_syllable(words):
    name = " ".join(words)
    assert initials(name) == " ".join(f"{w[0]}." for w in words)


@given(MASKS, st.text(alphabet="0123456789", min_size=6, max_size=20))
def test_no_mask_shows_a_long_run_of_the_value(mask, value):
    shown = str(masked(mask, value))
    runs = {value[i : i + 4] for i in range(len(value) - 3)}
    assert not any(run in shown for run in runs)


@given(MASKS, st.lists(st.text(alphabet="0123456789", min_size=6, max_size=12), max_size=4))
def test_lists_are_masked_one_by_one(mask, values):
    shown = masked(mask, values)
    assert all(value not in str(shown) for value in values)


def test_an_address_shows_its_commune_only():
    shown = masked("tail", "12/3A Lê Lợi, Phường Sài Gòn", area="Phường Sài Gòn")
    assert shown == "****, Phường Sài Gòn"


def test_every_attribute_has_a_mask_that_is_known():
    assert {a.mask for a in attributes()} <= {"none", "pid", "tail", "name", "hide"}
