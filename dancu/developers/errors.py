"""What can go wrong on the developers' pages. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.kernel.errors import DancuError, NotFoundOrNotYours


class DevelopersError(DancuError):
    """The developers' pages cannot do this."""


class TooManyFromHere(DevelopersError):
    """From your network this was done %(most)s times within %(minutes)s minutes."""

    http_status = 429
    retryable = True
    remedy = "Wait a while; a client that you have made already goes on working."


class SandboxFull(DevelopersError):
    """There are as many sandbox clients as the sandbox can hold."""

    http_status = 503
    retryable = True
    remedy = "Try again tomorrow: clients that nobody uses are removed each hour."


class SandboxClosed(DevelopersError):
    """This installation has no sandbox at the moment."""

    http_status = 404
    remedy = "Ask the operator of the exchange for a contract of your own."


class NothingOffered(NotFoundOrNotYours):
    """There is no such entry in the catalogue."""

    remedy = "Open the list again: its name may have changed."
