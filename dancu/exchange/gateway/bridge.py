"""Everything but verifications: the same views as the web server's, in a few threads."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, TypeVar

from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection

from dancu.exchange.api import asking, problems
from dancu.exchange.api.errors import BodyTooLarge, BodyTruncated
from dancu.exchange.api.registry import operations
from dancu.exchange.gateway.answering import said_of
from dancu.kernel.errors import DancuError
from dancu.operation.error_pages import InternalError
from dancu.operation.logs import logger
from dancu.operation.uploads import STRANGERS_BYTES

_T = TypeVar("_T")
#: Raises unless who sends the request has shown a token.
RequireCaller = Callable[[], Awaitable[object]]
_IN_MEMORY = 256 * 1024
_log = logger("dancu.exchange.gateway")


class Bridge:
    """Hands requests to Django's handler as a WSGI server would."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.threads = threads
        self.handler: Callable[..., Iterable[bytes]] = get_wsgi_application()
        self.most_bytes = max(one.most_bytes for one in operations()) + 64 * 1024

    @staticmethod
    def with_connection(function: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Call a function that uses the database in this thread, and give the connection back."""
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            connection.close()

    async def __call__(self, scope: Any, proto: Any, require_caller: RequireCaller) -> None:
        """Answer one request; of a large body only when ``require_caller`` raises nothing."""
        header = scope.headers.get
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
            try:
                size = await self._received(header, proto, body, require_caller)
            except DancuError as error:
                self._refuse(proto, header, error)
                return
            body.seek(0)
            await self._handled(scope, proto, body, size)

    async def _received(
        self,
        header: Callable[[str], str | None],
        proto: Any,
        body: IO[bytes],
        require_caller: RequireCaller,
    ) -> int:
        """Write the body and return its bytes. Raises ``BodyTooLarge`` and ``BodyTruncated``."""
        length = header("content-length") or ""
        size, is_known = 0, False
        declared = int(length) if length.isdigit() else 0
        if declared > self.most_bytes:
            raise BodyTooLarge(most=self.most_bytes)
        async for piece in proto:
            size += len(piece)
            if size > self.most_bytes:
                raise BodyTooLarge(most=self.most_bytes)
            if max(size, declared) > STRANGERS_BYTES and not is_known:
                await require_caller()
                is_known = True
            body.write(piece)
        if length and length != str(size):
            # Cut off in the middle it must not be taken for the whole.
            raise BodyTruncated
        return size

    async def _handled(self, scope: Any, proto: Any, body: IO[bytes], size: int) -> None:
        loop = asyncio.get_running_loop()
        environ = _environ(scope, body, size)
        try:
            status, headers, pieces = await loop.run_in_executor(self.threads, self._run, environ)
        except Exception as error:  # noqa: BLE001 - told as an error of ours
            _log.exception("unexpected error", route="exchange", exc_info=error)
            said = said_of(problems.reply(InternalError(), request_id="", language="vi"), "")
            proto.response_bytes(said.status, said.headers, said.body)
            return
        if isinstance(pieces, bytes):
            proto.response_bytes(status, headers, pieces)
            return
        await self._streamed(proto, status, headers, pieces)

    async def _streamed(self, proto: Any, status: int, headers: Any, pieces: Any) -> None:
        loop = asyncio.get_running_loop()
        transport = proto.response_stream(status, headers)
        iterator = iter(pieces)
        try:
            while piece := await loop.run_in_executor(self.threads, next, iterator, b""):
                await transport.send_bytes(piece)
        finally:
            await loop.run_in_executor(self.threads, pieces.close)

    def _run(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], Any]:
        began: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            began[:] = [int(status.split(" ", 1)[0]), [(name.lower(), v) for name, v in headers]]

        response: Any = self.handler(environ, start)
        if getattr(response, "streaming", False):
            return began[0], began[1], response
        body = b"".join(response)
        response.close()
        return began[0], began[1], body

    def _refuse(self, proto: Any, header: Callable[[str], str | None], error: DancuError) -> None:
        language = problems.language_of(header("accept-language"))
        said = said_of(problems.reply(error, request_id="", language=language), "")
        proto.response_bytes(said.status, [*said.headers, ("connection", "close")], said.body)


def _environ(scope: Any, body: IO[bytes], size: int) -> dict[str, Any]:
    host, _, port = str(scope.server).rpartition(":")
    client = str(scope.client).rpartition(":")[0]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # WSGI strings are bytes read as Latin-1 (PEP 3333).
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            # A name with an underscore could pass for another header.
            if "_" in name:
                continue
            key = f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    read = {name for name, _value in scope.headers.items()}
    for name in asking.unreadable(read, scope.headers.keys()):
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = asking.UNREADABLE
    environ["CONTENT_LENGTH"] = str(size)
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ
