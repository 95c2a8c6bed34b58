"""A client that costs little: many connections, one thread, requests made beforehand.

Each connection sends its next request as soon as the answer to the former has come, as ``wrk``
does. An answer takes about ten microseconds of this thread, so it leaves the machine to the server.
"""

from __future__ import annotations

import select
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_RECEIVE = 65_536


@dataclass(slots=True)
class Pressed:
    """What came back within a window: how many a second, latencies in ms, statuses."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second, of whatever status."""
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Latency in milliseconds that this share of the answers did not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


@dataclass(slots=True)
class _Line:
    """One connection."""

    socket: socket.socket
    sent: float = 0.0
    got: bytes = b""


class Press:
    """Open connections to one server, with the requests that they send in turn."""

    def __init__(self, port: int, requests: Sequence[bytes], connections: int) -> None:
        self._requests = requests
        self._next = 0
        self._poll = select.epoll()
        self._lines: dict[int, _Line] = {}
        for _ in range(connections):
            one = socket.create_connection(("127.0.0.1", port))
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._lines[one.fileno()] = _Line(one)
            self._poll.register(one.fileno(), select.EPOLLIN)
        for line in self._lines.values():
            self._send(line)

    def run(self, seconds: float) -> Pressed:
        """Go on for some seconds and return what came back in them."""
        found = Pressed(seconds)
        took, end = time.process_time(), time.perf_counter() + seconds
        lines, poll, clock = self._lines, self._poll, time.perf_counter
        while (now := clock()) < end:
            for descriptor, _event in poll.poll(end - now):
                line = lines[descriptor]
                part = line.socket.recv(_RECEIVE)
                if not part:
                    raise ConnectionError("The server closed a connection.")
                got = line.got + part
                head = got.find(_END)
                if head < 0 or len(got) - head - len(_END) < _length(got, head):
                    line.got = got
                    continue
                found.milliseconds.append((clock() - line.sent) * 1000)
                found.statuses[int(got[9:12])] += 1
                self._send(line)
        found.cpu = time.process_time() - took
        return found

    def close(self) -> None:
        """Close the connections."""
        for line in self._lines.values():
            line.socket.close()
        self._poll.close()

    def _send(self, line: _Line) -> None:
        request = self._requests[self._next % len(self._requests)]
        self._next += 1
        line.got, line.sent = b"", time.perf_counter()
        line.socket.sendall(request)


def _length(answer: bytes, head: int) -> int:
    begin = answer.find(_LENGTH, 0, head) + len(_LENGTH)
    return int(answer[begin : answer.find(b"\r", begin)])
