"""What the programs of PostgreSQL on this machine can do."""

from __future__ import annotations

import pytest

from dancu.operation.postgres.binaries import Binaries, available


@pytest.mark.parametrize("found", available(), ids=lambda item: f"{item.origin}-{item.major}")
def test_a_server_is_asked_which_settings_it_takes(found: Binaries) -> None:
    assert found.takes("wal_compression", "off")
    assert not found.takes("wal_compression", "zip")
