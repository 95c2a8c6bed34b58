"""An operation as it is declared, a call of it, and its reply; nothing here knows a web server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from dancu.exchange.types import Caller

Schema = Mapping[str, Any]

JSON = "application/json"
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JOSE = "application/jose"
MOST_JSON = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file of a multipart request, open for reading; gone when the reply has been sent."""

    name: str
    size: int
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an operation, its body checked against the declared schema.

    ``json`` is the parsed body, ``form`` the fields and ``files`` the files of a form; ``headers``
    have lower-case names. ``caller`` is who asks, ``None`` for public operations. ``origin`` is
    ``scheme://host`` as the client addressed us; ``certificate`` the thumbprint of its TLS
    certificate, when a proxy has checked one. ``keep`` keeps body and status of the answer under
    the idempotency key: an operation that writes calls it in its transaction.
    """

    at: datetime
    caller: Caller | None = None
    json: Any = None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    certificate: str = ""
    keep: Callable[[bytes, int], None] | None = None
    language: str = "vi"

    @property
    def address(self) -> str:
        """Return the address of the exchange as the client used it."""
        return f"{self.origin}/api/exchange/v1"

    @property
    def who(self) -> Caller:
        """Return the caller of an operation that is not public."""
        if self.caller is None:
            raise RuntimeError("A public operation has no caller.")
        return self.caller


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out. ``body``: a JSON value, bytes, or pieces of bytes; ``None`` for nothing."""

    body: Any = None
    status: int = 200
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterable[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the path, the query or a header. Header names as they are written."""

    name: str
    where: str
    text: str
    schema: Schema = field(default_factory=lambda: {"type": "string"})
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What a reply looks like: media type → schema, and its headers with their meaning."""

    text: str
    media: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the exchange.

    ``path`` is relative to ``/api/exchange/v1`` with places in braces. ``body`` is the JSON schema
    of the request; ``form`` and ``multipart`` those of a form (files are ``format: binary``). When
    several are given the content type decides. ``problems`` are statuses of refusals beyond those
    that every operation may give. With ``is_kept`` an Idempotency-Key is honoured: ``answer`` must
    then give its body in bytes to the call's ``keep``, in the transaction of the access record.
    ``is_fetching``: it only brings what was answered before, also under a contract that has ended.
    """

    name: str
    method: str
    path: str
    summary: str
    answer: Callable[[Call], Reply]
    replies: Mapping[int, Shape]
    tag: str = "exchange"
    text: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    form: Schema | None = None
    multipart: Schema | None = None
    examples: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[int, ...] = ()
    is_public: bool = False
    is_kept: bool = False
    is_fetching: bool = False
    most_bytes: int = 64 * 1024

    def most_of(self, media: str) -> int:
        """Return how many bytes of a type are taken; JSON is held in memory, files are not."""
        return min(self.most_bytes, MOST_JSON) if media == JSON else self.most_bytes

    @property
    def takes(self) -> dict[str, Schema]:
        """Return the media types of the request with their schemas."""
        every = {JSON: self.body, FORM: self.form, MULTIPART: self.multipart}
        return {media: schema for media, schema in every.items() if schema is not None}
