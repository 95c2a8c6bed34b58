"""What can go wrong when a city is built."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class SynthesisError(DancuError):
    """The synthetic city cannot be built."""

    code = "synthesis"


class CityTooLarge(SynthesisError):
    """The city is too large for its identification numbers: at most %(blocks)s blocks of people."""

    code = "city-too-large"
    http_status = 422
    remedy = "Ask for fewer people."


class NotACity(SynthesisError):
    """A city has at least %(least)s people; %(people)s were asked for."""

    code = "city-too-small"
    http_status = 422
    remedy = "Ask for more people."


class NoMap(SynthesisError):
    """The administrative units are not in the database yet."""

    code = "city-without-a-map"
    http_status = 409
    remedy = "Run `dancu up` once, or `dancu setup`: it loads them."


class MakerStopped(SynthesisError):
    """A process that makes people ended before its work was done."""

    code = "synthesis-maker-stopped"
    http_status = 500
    retryable = True
    remedy = "Run the same command again: what is loaded stays loaded."


class UnknownDirtyFile(SynthesisError):
    """There is no specialised file called %(name)s; there are %(known)s."""

    code = "unknown-dirty-file"
    http_status = 422
