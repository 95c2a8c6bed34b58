from __future__ import annotations

import pytest

from dancu.exchange.batches.words import reason_words
from dancu.kernel.compare import REASONS


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_is_told_in_words(reason: str) -> None:
    words = reason_words(reason)
    assert words
    assert words != reason
    assert "_" not in words
