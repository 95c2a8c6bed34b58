"""A small register with its officers, for every test of the console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from dancu.exchange.batches import spool
from dancu.places import queries as places
from dancu.population import dictionary
from tests.console.cast import Family, a_family, client_of, make_accounts, prepare


@pytest.fixture
def family(house_loaded: None, db: object) -> Iterator[Family]:
    """The family, and everybody's account."""
    cache.clear()
    prepare()
    found = a_family()
    make_accounts(found)
    yield found
    dictionary.forget()
    places.forget()


@pytest.fixture
def steward(family: Family) -> Client:
    return client_of("steward", language="en")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where lists that are sent in lie."""
    monkeypatch.setattr(spool, "folder", lambda: tmp_path)
    return tmp_path
