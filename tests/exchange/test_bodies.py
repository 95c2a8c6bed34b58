"""Bodies are counted as they come: what their length says is checked, not trusted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from dancu.exchange.api.errors import BodyTooLarge, BodyTruncated
from dancu.exchange.gateway.bridge import Bridge
from dancu.exchange.gateway.serving import Gateway
from dancu.exchange.oauth.errors import TokenMissing
from dancu.operation.uploads import TABLE_BYTES


class Proto:
    """A request whose body comes in pieces."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces, self.statuses = pieces, list[int]()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece

    async def __call__(self) -> bytes:
        return b"".join(self.pieces)

    def response_bytes(self, status: int, _headers: Any, _body: bytes) -> None:
        self.statuses.append(status)


def read(length: str, *pieces: bytes, **more: str) -> bytes:
    headers = {"content-type": "application/json", "content-length": length} | more
    return asyncio.run(Gateway._body(None, headers.get, Proto(pieces)))  # type: ignore[arg-type]


def test_a_body_as_long_as_it_says_is_read() -> None:
    assert read("4", b"{}", b"  ") == b"{}  "


def test_a_question_longer_or_shorter_than_it_says_is_refused() -> None:
    for length in ("2", "9"):
        with pytest.raises(BodyTruncated):
            read(length, b"{}", b"  ")


def test_a_question_without_end_behind_a_short_length_is_refused() -> None:
    with pytest.raises(BodyTooLarge):
        read("5", *[b" " * 1000] * 100, **{"transfer-encoding": "chunked"})


def test_an_upload_cut_off_in_the_middle_is_not_taken_for_the_whole() -> None:
    with ThreadPoolExecutor(1) as threads:
        bridge, proto = Bridge(threads), Proto([b"--x\r\n", b"half"])
        headers = {"content-length": "5000", "accept-language": "en"}
        asyncio.run(bridge(SimpleNamespace(headers=headers), proto, _nobody))
    assert proto.statuses == [400]


@pytest.mark.parametrize("declared", [True, False])
def test_who_has_shown_no_token_sends_nothing_large(*, declared: bool) -> None:
    piece = b"x" * 2**20
    length = {"content-length": str(9 * 2**20)} if declared else {}
    with ThreadPoolExecutor(1) as threads:
        bridge, proto = Bridge(threads), Proto([piece] * 9)
        asyncio.run(bridge(SimpleNamespace(headers=length), proto, _nobody))
    assert proto.statuses == [401]


def test_a_table_of_a_million_people_fits() -> None:
    with ThreadPoolExecutor(1) as threads:
        bridge = Bridge(threads)
    assert bridge.most_bytes > TABLE_BYTES


async def _nobody() -> None:
    raise TokenMissing
