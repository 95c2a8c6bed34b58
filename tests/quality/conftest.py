"""A small register, and runs that look past the transaction which pytest keeps open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from dancu.catalogue.quality import quality
from dancu.disclosure.services import changing
from dancu.kernel.clock import FixedClock
from dancu.quality import examining
from dancu.quality.models import Issue, Run
from tests.disclosure.conftest import map_loaded, register  # noqa: F401

NIGHT = datetime(2026, 11, 3, 1, 17, tzinfo=UTC)
TODAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "is_settled", lambda _mark: True)


@pytest.fixture
def examine(register: object) -> Callable[..., Run | None]:  # noqa: F811
    def run(*, changes: bool = False, at: datetime = NIGHT) -> Run | None:
        clock = FixedClock(at)
        if changes:
            return examining.examine_changes(clock=clock, lanes=0)
        return examining.examine_all(clock=clock, lanes=0)

    return run


def broken_by(person: int) -> set[str]:
    """The names of the rules that somebody breaks."""
    names = {rule.number: rule.name for rule in quality().rules.values()}
    rules = Issue.objects.filter(subject=person).values_list("rule", flat=True)
    return {names[number] for number in rules}
