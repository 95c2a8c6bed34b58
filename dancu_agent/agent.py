"""The agent put together: its home, settings, keys, spool and couriers."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from dancu_agent.clock import Clock, Skew, SystemClock
from dancu_agent.courier import NAP, Courier, Patience
from dancu_agent.credential import Credential
from dancu_agent.exchange import Exchange
from dancu_agent.keys import Keyring
from dancu_agent.owners import Owner, dead
from dancu_agent.settings import SPOOL_FILE, Settings, read_settings
from dancu_agent.spool import Spool

_SKEW, _INSTALL = "skew", "install"
_DAY = 86400.0
_TICK = 0.5
_TAKE_BACK_EVERY = 3.0


class Agent:
    """One process of the agent; a context manager that leaves nothing in hand."""

    def __init__(
        self,
        home: Path,
        *,
        language: str = "en",
        clock: Clock | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Open a home: settings are read, the spool is opened, nothing is sent."""
        self.home = home
        self.settings: Settings = read_settings(home)
        self.language = language
        self.clock = clock or SystemClock()
        self.keyring = Keyring(home)
        self.spool = Spool(home / SPOOL_FILE)
        self.skew = Skew(_number(self.spool.note(_SKEW)))
        self._noted = self.skew.seconds
        self.credential = Credential(self.settings, self.keyring, self.clock, self.skew)
        self._patience = patience
        self._owner: Owner | None = None
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Nothing more to open."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close what is open."""
        self.close()

    def close(self) -> None:
        """Remember what was learnt, and let go of the spool."""
        self.remember()
        self.spool.close()
        if self._owner is not None:
            self._owner.close()
            self._owner = None

    def remember(self) -> None:
        """Write down how far this machine's clock is off."""
        if self.skew.seconds != self._noted:
            self._noted = self.skew.seconds
            self.spool.set_note(_SKEW, repr(self._noted))

    def now(self) -> float:
        """Seconds since 1970 by this machine's clock."""
        return self.clock.time()

    def install(self) -> uuid.UUID:
        """A number of this installation alone, from which the ids of rows follow."""
        if not self.spool.note(_INSTALL):
            self.spool.set_note(_INSTALL, str(uuid.uuid4()))
        return uuid.UUID(self.spool.note(_INSTALL))

    def tidy(self) -> None:
        """Delete what has been kept long enough, and take back what killed processes held."""
        self.take_back()
        self.spool.purge(self.now() - self.settings.keep_days * _DAY)

    def take_back(self) -> None:
        """Let go of the questions that killed processes had in hand."""
        if names := dead(self.home, self.spool.owners()):
            self.spool.release(names)

    def exchange(self) -> Exchange:
        """A new way to the exchange."""
        return Exchange(self.settings, self.credential, self.clock, self.language)

    def courier(self, nap: float = NAP) -> tuple[Courier, Exchange]:
        """Somebody who sends, with the link to be closed afterwards."""
        with self._lock:
            if self._owner is None:
                self._owner = Owner(self.home)
        exchange = self.exchange()
        courier = Courier(
            self.spool, exchange, self.clock, self._owner.name, patience=self._patience, nap=nap
        )
        return courier, exchange

    def deliver(
        self,
        done: Callable[[], bool],
        *,
        stop: threading.Event | None = None,
        only: Sequence[str] = (),
        connections: int = 1,
        watch: Callable[[], None] | None = None,
        nap: float = NAP,
    ) -> None:
        """Send until ``done``; ``watch`` is called every half second meanwhile.

        ``nap``: after how many seconds new questions are noticed, at most.
        """
        stop = stop or threading.Event()
        self.keyring.current()  # A key that cannot be used is told before anything is taken.
        failed: list[BaseException] = []

        def work() -> None:
            courier, exchange = self.courier(nap)
            try:
                courier.work(stop, done, only)
            except BaseException as error:  # noqa: BLE001 - told by the thread that waits
                failed.append(error)
                stop.set()
            finally:
                exchange.close()

        threads = [threading.Thread(target=work, daemon=True) for _each in range(connections)]
        for thread in threads:
            thread.start()
        taken_back = time.monotonic()
        try:
            while alive := [thread for thread in threads if thread.is_alive()]:
                alive[0].join(_TICK)
                if watch is not None:
                    watch()
                if time.monotonic() - taken_back > _TAKE_BACK_EVERY:
                    self.take_back()
                    taken_back = time.monotonic()
        except KeyboardInterrupt:
            stop.set()
            for thread in threads:
                thread.join(self.settings.timeout_seconds)
            raise
        self.remember()
        if failed:
            raise failed[0]


def _number(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
