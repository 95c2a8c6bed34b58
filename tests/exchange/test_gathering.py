"""The queue before the gathering thread: bounded, fair, and it never loses anybody."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any, cast

import pytest

from dancu.exchange.api.errors import Overloaded
from dancu.exchange.api.keeping import Ticket
from dancu.exchange.gateway.answering import _without_twins
from dancu.exchange.gateway.gathering import Gatherer, Said, Waiting

SAID = Said(200, [], b"{}")


def _waiting(loop: asyncio.AbstractEventLoop, ticket: Ticket | None = None) -> Waiting:
    asked = cast("Any", None)
    return Waiting(asked, loop.create_future(), "vi", "1", time.perf_counter(), ticket)


def test_what_gathers_is_answered_together() -> None:
    rounds: list[int] = []
    gate = threading.Event()

    def answer(round_: Sequence[Waiting]) -> list[tuple[Waiting, Said]]:
        gate.wait(5)
        rounds.append(len(round_))
        return [(one, SAID) for one in round_]

    async def ask() -> list[Said]:
        loop = asyncio.get_running_loop()
        gatherer = Gatherer(answer, most_waiting=1000)
        gatherer.start(loop)
        waiting = [_waiting(loop) for _ in range(300)]
        for one in waiting[:1]:
            gatherer.put(one)
        await asyncio.sleep(0.05)
        for one in waiting[1:]:
            gatherer.put(one)
        gate.set()
        said = await asyncio.gather(*(one.future for one in waiting))
        gatherer.stop()
        return list(said)

    assert asyncio.run(ask()) == [SAID] * 300
    assert sum(rounds) == 300
    assert len(rounds) <= 4


def _fill(gatherer: Gatherer, loop: asyncio.AbstractEventLoop) -> None:
    for _ in range(10):
        gatherer.put(_waiting(loop))


def test_too_many_are_told_to_come_back_and_the_rest_is_answered() -> None:
    gate = threading.Event()

    def answer(round_: Sequence[Waiting]) -> list[tuple[Waiting, Said]]:
        gate.wait(5)
        return [(one, SAID) for one in round_]

    async def ask() -> None:
        loop = asyncio.get_running_loop()
        gatherer = Gatherer(answer, most_waiting=3)
        gatherer.start(loop)
        first = [_waiting(loop) for _ in range(3)]
        for one in first:
            gatherer.put(one)
        with pytest.raises(Overloaded):
            _fill(gatherer, loop)
        gate.set()
        await asyncio.gather(*(one.future for one in first))
        gatherer.stop()
        with pytest.raises(Overloaded):
            gatherer.put(_waiting(loop))

    asyncio.run(ask())


def test_stopping_answers_what_waits() -> None:
    def answer(round_: Sequence[Waiting]) -> list[tuple[Waiting, Said]]:
        return [(one, SAID) for one in round_]

    async def ask() -> list[Said]:
        loop = asyncio.get_running_loop()
        gatherer = Gatherer(answer, most_waiting=1000)
        gatherer.start(loop)
        waiting = [_waiting(loop) for _ in range(600)]
        for one in waiting:
            gatherer.put(one)
        gatherer.stop()
        return list(await asyncio.gather(*(one.future for one in waiting)))

    assert len(asyncio.run(ask())) == 600


def test_a_defect_ends_no_thread_and_leaves_nobody_waiting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers = iter([RuntimeError("defect"), None])

    def answer(round_: Sequence[Waiting]) -> list[tuple[Waiting, Said]]:
        if error := next(answers):
            raise error
        return [(one, SAID) for one in round_]

    async def ask() -> None:
        loop = asyncio.get_running_loop()
        gatherer = Gatherer(answer, most_waiting=10)
        gatherer.start(loop)
        gatherer.put(first := _waiting(loop))
        with pytest.raises(RuntimeError):
            await first.future
        gatherer.put(second := _waiting(loop))
        assert await second.future == SAID
        gatherer.stop()

    asyncio.run(ask())
    assert "gathering failed" in caplog.text


def test_who_is_left_out_of_a_round_comes_next() -> None:
    def answer(round_: Sequence[Waiting]) -> list[tuple[Waiting, Said]]:
        return [(one, SAID) for one in _without_twins(round_)]

    async def ask() -> list[Said]:
        loop = asyncio.get_running_loop()
        gatherer = Gatherer(answer, most_waiting=100)
        ticket = Ticket(1, b"k", b"a")
        waiting = [_waiting(loop, ticket) for _ in range(5)] + [_waiting(loop)]
        for one in waiting:
            gatherer.put(one)
        gatherer.start(loop)
        said = await asyncio.gather(*(one.future for one in waiting))
        gatherer.stop()
        return list(said)

    assert len(asyncio.run(ask())) == 6
