"""Whether the parts answer, and how fast, as somebody outside would see it."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from django.db import DatabaseError, InterfaceError, connection

from dancu.audit import state
from dancu.developers.models import Part
from dancu.developers.types import Measured
from dancu.exchange.api.basics import BASE
from dancu.exchange.batches.standing import queue_at
from dancu.operation.config import Config

_SECONDS = 5.0
_OK = 200
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - heard there, asked here


def probe(config: Config, *, at: datetime) -> list[Measured]:
    """Measure every part once."""
    return [_exchange(config), *_of_database(at)]


def _exchange(config: Config) -> Measured:
    """Ask the exchange's own process how it is; the web server where there is no such process."""
    host = _EVERYWHERE.get(config.web.host, config.web.host)
    begun = perf_counter()
    is_up = _answers(host, config.exchange.port or config.web.port)
    return Measured(Part.EXCHANGE, is_up, _milliseconds(begun) if is_up else None)


def _answers(host: str, port: int) -> bool:
    there = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        there.request("GET", f"{BASE}/status", headers={"Host": "127.0.0.1"})
        return there.getresponse().status == _OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        there.close()


def _of_database(at: datetime) -> list[Measured]:
    parts: tuple[tuple[str, Callable[[datetime], Measured]], ...] = (
        (Part.DATABASE, _database),
        (Part.BATCHES, _batches),
        (Part.SEAL, _seal),
    )
    found = []
    for part, measure in parts:
        try:
            found.append(measure(at))
        except (DatabaseError, InterfaceError):
            found.append(Measured(part, is_up=False, value=None))
    return found


def _database(_at: datetime) -> Measured:
    begun = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Measured(Part.DATABASE, is_up=True, value=_milliseconds(begun))


def _batches(at: datetime) -> Measured:
    waiting = sum(one.rows for one in queue_at(at).waiting)
    return Measured(Part.BATCHES, is_up=True, value=float(waiting))


def _seal(at: datetime) -> Measured:
    last = state.last_sealed()
    age = max(0.0, (at - last[0]).total_seconds()) if last else None
    is_up = age is not None and age <= state.OLDEST.total_seconds()
    return Measured(Part.SEAL, is_up, age)


def _milliseconds(begun: float) -> float:
    return round((perf_counter() - begun) * 1000, 2)
