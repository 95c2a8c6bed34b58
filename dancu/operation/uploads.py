"""A limit on the files of a request, so that nobody fills the disk before a view is asked."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 40 * 1024 * 1024
#: Files are taken in before a view has asked who sends them; strangers have nothing large to send.
STRANGERS_BYTES = 4 * 1024 * 1024
#: Bytes of a table of a million people.
TABLE_BYTES = 160 * 1024 * 1024
#: Bytes of a form with such a table.
LARGER_BYTES = TABLE_BYTES + 1024 * 1024
#: Rooms whose views ask for a token before they read what was sent.
BY_TOKEN = frozenset({"exchange"})
#: Pages that take more, by the names of their addresses.
LARGER = {
    "console:verification-new": LARGER_BYTES,
    # Two files of the usual size.
    "console:cleaning-new": 2 * MOST_BYTES,
}


class UploadLimit(FileUploadHandler):
    """Stands before the handlers that keep files, and stops a request that sends too much.

    What passes is kept in a temporary file, not in memory.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Count from nothing."""
        super().__init__(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand a piece on. Raises ``RequestDataTooBig`` beyond the limit."""
        del start
        self.received += len(raw_data)
        if self.received > self._most():
            raise RequestDataTooBig
        return raw_data

    def _most(self) -> int:
        match = self.request.resolver_match if self.request else None
        if match is None:
            return MOST_BYTES
        if match.app_name in BY_TOKEN:
            return LARGER_BYTES
        session = getattr(self.request, "session", None)
        if session is None or SESSION_KEY not in session:
            return STRANGERS_BYTES
        return LARGER.get(match.view_name, MOST_BYTES)

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""
        del file_size
