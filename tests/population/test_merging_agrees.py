"""Whatever was said of two records, their merge weighs it together and an undo restores both."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dancu.catalogue.queries import attribute
from dancu.population import dictionary
from dancu.population.arbitration import winner
from dancu.population.internal import golden
from dancu.population.internal.recompute import claims_of, recompute
from tests.population.conftest import state
from tests.population.merging_cast import merged_of, sound, stands, undo, yen, yen_again
from tests.population.services_cast import AT, Family

DAYS = (date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1))
WORDS = {
    "full_name": ("Đỗ Thị Yến", "Đỗ Hoàng Yến"),
    "birth_date": ("1988-03-04", "1988-04-03"),
    "religion": ("01", "02"),
    "phone": ("0903123456", "0903654321"),
}
said = st.lists(
    st.tuples(
        st.booleans(),
        st.sampled_from(["C06", "HT-26740", "CA-26740", "BHXH"]),
        st.sampled_from(DAYS),
        st.sampled_from(sorted(WORDS)),
        st.integers(0, 1),
    ),
    max_size=8,
)


@pytest.mark.usefixtures("sources")
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said)
@example(
    [
        # Equals: an older word of the other record, then two of one's own, the last one the same.
        (True, "C06", DAYS[0], "birth_date", 0),
        (False, "C06", DAYS[0], "birth_date", 1),
        (False, "C06", DAYS[0], "birth_date", 0),
    ]
)
@example(
    [
        # A word of one's own that only what the other record said disagrees with.
        (False, "BHXH", DAYS[2], "birth_date", 0),
        (False, "BHXH", DAYS[0], "full_name", 1),
        (False, "BHXH", DAYS[2], "full_name", 0),
    ]
)
def test_both_are_weighed_as_they_came_to_be_known(family: Family, statements: list) -> None:
    with transaction.atomic():
        _weighed(statements)
        transaction.set_rollback(True)


def _weighed(statements: list) -> None:
    one, other = yen(), yen_again()
    for is_other, source, day, name, value in statements:
        state(other if is_other else one, day, source, **{name: WORDS[name][value]})
    recompute([one, other], at=AT)
    before = stands(one, other)
    both = claims_of([one, other])
    merge = merged_of(one, other)
    held = golden.held([one])[one]
    for number in {*both[one], *both[other]} - {dictionary.number("pid")}:
        claims = [*both[one].get(number, ()), *both[other].get(number, ())]
        best = winner(claims, attribute(number).rule)
        assert (held[number].value if number in held else None) == (best.value if best else None)
    assert sound()
    undo(merge)
    assert stands(one, other) == before
    assert sound()
