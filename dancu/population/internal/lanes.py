"""Connections that load chunks side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import psycopg
from django.db import connection

from dancu.population.internal.ledger import Done
from dancu.population.internal.names import Names

Task = Callable[[psycopg.Connection[Any], Names], Done]


class Lanes:
    """A few connections, each loading one chunk at a time; the caller prepares the next ones.

    Without connections of their own, chunks are loaded at once on Django's.
    """

    def __init__(
        self, connections: list[psycopg.Connection[Any]], pool: ThreadPoolExecutor | None
    ) -> None:
        self._free: SimpleQueue[psycopg.Connection[Any]] = SimpleQueue()
        self._names = Names()
        self._pool = pool
        self._running: set[Future[Done]] = set()
        self._done: list[Done] = []
        self._limit = len(connections) + 1
        for conn in connections:
            self._free.put(conn)

    @classmethod
    @contextmanager
    def open(cls, count: int) -> Iterator[Lanes]:
        """Open ``count`` connections and close them afterwards, whatever happens."""
        if count == 0:
            connection.ensure_connection()
            yield cls([connection.connection], None)
            return
        params = connection.get_connection_params()
        for unwanted in ("cursor_factory", "context"):
            params.pop(unwanted, None)
        connections: list[psycopg.Connection[Any]] = []
        try:
            connections += [psycopg.connect(**params, autocommit=True) for _ in range(count)]
            with ThreadPoolExecutor(count, thread_name_prefix="lane") as pool:
                yield cls(connections, pool)
        finally:
            for conn in connections:
                conn.close()

    def run(self, task: Task) -> None:
        """Start a task, first waiting while every lane is busy and one chunk stands in line."""
        if self._pool is None:
            self._done.append(self._on_a_lane(task))
            return
        while len(self._running) >= self._limit:
            self._collect()
        self._running.add(self._pool.submit(self._on_a_lane, task))

    def finished(self) -> list[Done]:
        """Return what has been done since the last call; raises what a task raised."""
        self._take({f for f in self._running if f.done()})
        done, self._done = self._done, []
        return done

    def drain(self) -> Iterator[Done]:
        """Wait for everything that runs; yields as it gets done."""
        while self._running:
            self._collect()
            yield from self.finished()
        yield from self.finished()

    def _collect(self) -> None:
        self._take(wait(self._running, return_when=FIRST_COMPLETED).done)

    def _take(self, futures: set[Future[Done]]) -> None:
        self._running -= futures
        self._done += [future.result() for future in futures]

    def _on_a_lane(self, task: Task) -> Done:
        conn = self._free.get()
        try:
            return task(conn, self._names)
        finally:
            self._free.put(conn)
