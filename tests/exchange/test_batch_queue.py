"""The queue: nothing is lost, everybody gets a fair part, more capacity makes nobody later."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.exchange.batches.queue import (
    HORIZON_DAYS,
    Share,
    Taker,
    Waiting,
    allot,
    divide,
    forecast,
    turn,
)

DAY = date(2026, 11, 22)

takers = st.lists(
    st.builds(
        Taker,
        wants=st.integers(0, 2_000),
        had=st.integers(0, 500),
        weight=st.sampled_from([1, 2, 4, 8]),
    ),
    min_size=1,
    max_size=6,
)


@st.composite
def queues(draw: st.DrawFn) -> tuple[list[Waiting], list[Share]]:
    shares = [
        Share(
            name,
            draw(st.sampled_from([1, 2, 4, 8])),
            draw(st.integers(60, 400)),
            draw(st.integers(0, 300)),
            draw(
                st.dictionaries(
                    st.sampled_from([DAY, date(2026, 11, 24)]), st.integers(1, 500), max_size=2
                )
            ),
        )
        for name in "abc"[: draw(st.integers(1, 3))]
    ]
    waiting = [
        Waiting(
            number,
            draw(st.sampled_from([one.contract for one in shares])),
            draw(st.integers(0, 600)),
            draw(st.integers(0, 100)),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    return waiting, shares


@given(takers, st.integers(-5, 8_000))
def test_everything_that_fits_is_handed_out_and_nothing_more(who: list[Taker], most: int) -> None:
    given_out = divide(who, most)
    assert sum(given_out) == max(0, min(most, sum(one.wants for one in who)))
    assert all(0 <= part <= one.wants for part, one in zip(given_out, who, strict=True))


@given(takers, st.integers(0, 8_000))
def test_nobody_goes_short_while_somebody_has_more_for_their_weight(
    who: list[Taker], most: int
) -> None:
    given_out = divide(who, most)
    for one, part in zip(who, given_out, strict=True):
        if part == one.wants:
            continue
        mine = (one.had + part + 1) / one.weight
        for other, theirs in zip(who, given_out, strict=True):
            if theirs:
                assert (other.had + theirs) / other.weight <= mine


@settings(deadline=None, max_examples=40)
@given(queues(), st.integers(60, 600), st.integers(0, 600), st.integers(0, 600))
def test_more_capacity_makes_no_batch_later(
    stood: tuple[list[Waiting], list[Share]], cap: int, left: int, more: int
) -> None:
    waiting, shares = stood

    def days(extra: int) -> list[date]:
        found = forecast(
            waiting, shares, day=DAY, left_today=left + extra, capacity=lambda _day: cap + extra
        )
        return [one.day or date.max for one in found]

    assert all(later <= earlier for earlier, later in zip(days(0), days(more), strict=True))


@settings(deadline=None, max_examples=40)
@given(queues(), st.integers(60, 600), st.integers(0, 600))
def test_every_batch_has_a_place_and_a_day(
    stood: tuple[list[Waiting], list[Share]], cap: int, left: int
) -> None:
    waiting, shares = stood
    found = forecast(waiting, shares, day=DAY, left_today=left, capacity=lambda _day: cap)
    assert sorted(one.place for one in found) == list(range(1, len(waiting) + 1))
    assert all(one.day is not None and one.day >= DAY for one in found)
    by_place = sorted(found, key=lambda one: one.place)
    assert [one.day for one in by_place] == sorted(one.day for one in by_place if one.day)


@settings(deadline=None, max_examples=40)
@given(queues(), st.integers(0, 900))
def test_turns_hand_out_the_day_as_foreseen(
    stood: tuple[list[Waiting], list[Share]], left: int
) -> None:
    waiting, shares = stood
    foreseen = allot(waiting, {one.contract: one for one in shares}, capacity=left, day=DAY)
    done = dict.fromkeys(foreseen, 0)
    now, rest = list(waiting), left
    standing = {one.contract: one for one in shares}
    while found := turn(now, standing.values(), day=DAY, left_today=rest, most=50):
        assert 0 < found.rows <= 50
        done[found.batch] += found.rows
        rest -= found.rows
        now = [
            Waiting(one.batch, one.contract, one.rows - found.rows, one.today + found.rows)
            if one.batch == found.batch
            else one
            for one in now
        ]
        name = next(one.contract for one in now if one.batch == found.batch)
        share = standing[name]
        standing[name] = Share(
            name, share.weight, share.per_day, share.used + found.rows, share.extra
        )
    assert done == foreseen


def test_a_giant_batch_does_not_starve_a_small_one() -> None:
    shares = [Share("telecom", 1, 10**6), Share("schools", 4, 60_000)]
    giant = Waiting(1, "telecom", 1_000_000)
    small = Waiting(2, "schools", 56_000)
    found = forecast(
        [giant, small], shares, day=DAY, left_today=200_000, capacity=lambda _day: 200_000
    )
    assert found[1].day == DAY
    assert found[1].place == 1
    assert found[0].day == date(2026, 11, 27)


def test_within_one_contract_too() -> None:
    shares = [Share("schools", 4, 60_000)]
    giant, small = Waiting(1, "schools", 500_000), Waiting(2, "schools", 20_000)
    found = forecast(
        [giant, small], shares, day=DAY, left_today=200_000, capacity=lambda _day: 200_000
    )
    assert found[1].day == DAY
    assert [one.place for one in found] == [2, 1]


def test_an_exception_lets_a_contract_finish_today() -> None:
    waiting = [Waiting(1, "schools", 56_000)]
    short = Share("schools", 4, 20_000)
    longer = Share("schools", 4, 20_000, 0, {DAY: 40_000})

    def finish(share: Share) -> date | None:
        return forecast(
            waiting, [share], day=DAY, left_today=200_000, capacity=lambda _day: 200_000
        )[0].day

    assert finish(short) == date(2026, 11, 24)
    assert finish(longer) == DAY


def test_without_a_share_the_end_is_not_foreseen() -> None:
    found = forecast(
        [Waiting(1, "ended", 10)],
        [Share("ended", 1, 0)],
        day=DAY,
        left_today=100,
        capacity=lambda _day: 100,
    )
    assert found[0].day is None
    assert HORIZON_DAYS > 365
