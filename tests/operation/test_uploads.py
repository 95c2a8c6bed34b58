"""How much a request may send before anybody has asked who sends it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig

from dancu.operation.uploads import LARGER, LARGER_BYTES, MOST_BYTES, STRANGERS_BYTES, UploadLimit


def _limit(view: str, *, app: str = "console", signed_in: bool) -> UploadLimit:
    request = SimpleNamespace(
        resolver_match=SimpleNamespace(view_name=view, app_name=app),
        session={SESSION_KEY: "1"} if signed_in else {},
    )
    return UploadLimit(request)


def _takes(limit: UploadLimit, size: int) -> bool:
    limit.received = size - 1
    try:
        limit.receive_data_chunk(b"x", 0)
    except RequestDataTooBig:
        return False
    return True


@pytest.mark.parametrize("view", ["console:verification-new", "onestop:check"])
def test_a_stranger_sends_little_wherever_it_goes(view):
    limit = _limit(view, signed_in=False)
    assert _takes(limit, STRANGERS_BYTES)
    assert not _takes(limit, STRANGERS_BYTES + 1)


def test_who_is_signed_in_sends_files_and_where_tables_are_verified_large_ones():
    assert _takes(_limit("console:deliveries", signed_in=True), MOST_BYTES)
    assert not _takes(_limit("console:deliveries", signed_in=True), MOST_BYTES + 1)
    view, most = next(iter(LARGER.items()))
    assert _takes(_limit(view, signed_in=True), most)
    assert not _takes(_limit(view, signed_in=True), most + 1)


def test_programs_show_a_token_before_their_file_is_read():
    assert _takes(_limit("exchange:receive", app="exchange", signed_in=False), LARGER_BYTES)
