"""What is wrong with a request as such. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.exchange.errors import ExchangeError


class BodyUnreadable(ExchangeError):
    """The body is not valid JSON in UTF-8."""

    http_status = 400
    remedy = "Send one JSON object, as the OpenAPI document describes it."


class BodyOfAnotherKind(ExchangeError):
    """A body of the type “%(given)s” is not taken here; send %(wanted)s."""

    http_status = 415
    remedy = "Set the header Content-Type to what you send."


class BodyTooLarge(ExchangeError):
    """The body is larger than the %(most)s bytes that are taken here."""

    http_status = 413
    remedy = "Send less at once. Many people go into one batch."


class BodyTruncated(ExchangeError):
    """The body is not as long as its Content-Length says."""

    http_status = 400
    remedy = "Nothing was done. Send all of it again."


class MethodUnknown(ExchangeError):
    """This address does not answer %(method)s, only %(allowed)s."""

    http_status = 405
    remedy = "The OpenAPI document at /api/exchange/v1/openapi.json lists every operation."


class OperationUnknown(ExchangeError):
    """There is no such operation."""

    http_status = 404
    remedy = "The OpenAPI document at /api/exchange/v1/openapi.json lists every operation."


class FieldRepeated(ExchangeError):
    """“%(field)s” was sent more than once."""

    http_status = 400
    remedy = "Send each form field once."


class HeaderUnusable(ExchangeError):
    """The header %(name)s cannot be used: %(why)s."""

    http_status = 400
    remedy = "Correct the header, or leave it out."


class KeyUsedForAnother(ExchangeError):
    """This Idempotency-Key was used for another question within the last 24 hours."""

    http_status = 422
    remedy = "Use a new key for each question; repeat a key only with exactly the same body."


class Overloaded(ExchangeError):
    """The exchange has more questions waiting than it can answer in time."""

    http_status = 503
    retryable = True
    remedy = "Nothing was done. Send it again after the seconds in Retry-After."


class StandsStill(ExchangeError):
    """The exchange cannot reach its register at the moment."""

    http_status = 503
    retryable = True
    remedy = "Send it again after the seconds in Retry-After, with the same Idempotency-Key."
