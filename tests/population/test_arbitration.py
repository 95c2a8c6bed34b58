"""The rules of survivorship, and that SQL and Python agree on them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dancu.population.arbitration import history, rivals, winner
from dancu.population.types import Claim

MORNING = datetime(2026, 1, 1, tzinfo=UTC)


def claim(
    value: str,
    day: date,
    *,
    rank: int = 3,
    number: int = 1,
    source: int = 1,
    annulled: bool = False,
) -> Claim:
    at = MORNING + timedelta(days=number)
    return Claim(26, value, day, at, number, source, rank, at if annulled else None)


def test_the_stronger_source_wins_whatever_the_day():
    police = claim("A", date(2015, 1, 1), rank=4, number=1, source=1)
    insurer = claim("B", date(2024, 1, 1), rank=1, number=2, source=2)
    assert winner([police, insurer], "authority") is police


def test_the_later_day_wins_where_the_rule_says_latest():
    police = claim("A", date(2015, 1, 1), rank=4, number=1, source=1)
    insurer = claim("B", date(2024, 1, 1), rank=1, number=2, source=2)
    assert winner([police, insurer], "latest") is insurer


def test_a_correction_of_the_same_day_wins_because_it_came_later():
    first = claim("A", date(2015, 1, 1), number=1)
    mended = claim("B", date(2015, 1, 1), number=2)
    assert winner([first, mended], "authority") is mended


def test_a_citizens_claim_never_wins():
    own = claim("A", date(2024, 1, 1), rank=0)
    assert winner([own], "latest") is None
    assert rivals([own], "latest") == [own]


def test_the_past_is_what_held_on_the_day():
    old = claim("A", date(2010, 1, 1), number=1)
    new = claim("B", date(2020, 1, 1), number=2)
    assert winner([old, new], "authority", as_of=date(2015, 6, 1)) is old
    assert winner([old, new], "authority", as_of=date(2009, 1, 1)) is None


def test_what_we_knew_is_not_what_we_know():
    old = claim("A", date(2010, 1, 1), number=1)
    backdated = claim("B", date(2012, 1, 1), number=9)
    then = MORNING + timedelta(days=5)
    day = date(2015, 1, 1)
    assert winner([old, backdated], "authority", as_of=day, known_at=then) is old
    assert winner([old, backdated], "authority", as_of=day) is backdated


def test_a_withdrawn_claim_is_seen_only_by_looking_back():
    wrong = claim("A", date(2010, 1, 1), number=3, annulled=True)
    assert winner([wrong], "authority") is None
    before = wrong.recorded_at - timedelta(seconds=1)
    assert winner([wrong], "authority", known_at=before) is None


def test_history_joins_equal_values_and_keeps_who_confirmed_them():
    claims = [
        claim("A", date(2010, 1, 1), number=1),
        claim("A", date(2012, 1, 1), number=2),
        claim("B", date(2020, 1, 1), number=3),
    ]
    spans = history(claims, "authority")
    assert [(s.claim.value, s.start, s.end) for s in spans] == [
        ("A", date(2010, 1, 1), date(2020, 1, 1)),
        ("B", date(2020, 1, 1), None),
    ]
    assert [c.statement_id for c in spans[0].confirmations] == [2]


def test_a_fact_that_cannot_change_has_one_span_from_its_first_statement():
    claims = [
        claim("1950", date(2018, 1, 1), rank=2, number=1),
        claim("1951", date(2020, 1, 1), rank=4, number=2),
    ]
    (span,) = history(claims, "once")
    assert (span.claim.value, span.end) == ("1951", None)


days = st.dates(date(2000, 1, 1), date(2026, 1, 1))
claims_strategy = st.lists(
    st.tuples(st.sampled_from("ABC"), days, st.integers(0, 4), st.integers(1, 4)), max_size=8
).map(
    lambda rows: [
        claim(value, day, rank=rank, number=n + 1, source=source)
        for n, (value, day, rank, source) in enumerate(rows)
    ]
)


@given(claims_strategy, st.sampled_from(["once", "authority", "latest"]))
def test_the_last_span_is_what_holds_now(claims, rule):
    spans = history(claims, rule)
    best = winner(claims, rule)
    assert (spans[-1].claim.value if spans else None) == (best.value if best else None)
    assert all(s.end is None or s.start < s.end for s in spans)


@given(claims_strategy, st.sampled_from(["once", "authority", "latest"]), days)
def test_history_says_what_asking_for_a_day_says(claims, rule, day):
    best = winner(claims, rule, as_of=day)
    held = [s for s in history(claims, rule) if s.start <= day and (s.end is None or day < s.end)]
    if rule != "once":
        assert [s.claim.value for s in held] == ([best.value] if best else [])


@given(claims_strategy, st.sampled_from(["once", "authority", "latest"]))
def test_the_order_of_arrival_in_the_list_does_not_matter(claims, rule):
    assert winner(claims, rule) == winner(list(reversed(claims)), rule)
