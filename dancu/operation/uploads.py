"""A limit on the files of a request, so that nobody fills the disk before a view is asked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 40 * 1024 * 1024


class UploadLimit(FileUploadHandler):
    """Stands before the handlers that keep files, and stops a request that sends too much."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Count from nothing."""
        super().__init__(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand a piece on. Raises ``RequestDataTooBig`` beyond the limit."""
        del start
        self.received += len(raw_data)
        if self.received > MOST_BYTES:
            raise RequestDataTooBig
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""
        del file_size
