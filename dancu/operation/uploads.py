"""A limit on the files of a request, so that nobody fills the disk before a view is asked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 40 * 1024 * 1024
#: Bytes of a table of a million people.
TABLE_BYTES = 160 * 1024 * 1024
#: Pages that take more, by the names of their addresses.
LARGER = {"console:verification-new": TABLE_BYTES + 1024 * 1024}


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
        return LARGER.get(match.view_name, MOST_BYTES) if match else MOST_BYTES

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""
        del file_size
