"""Why somebody gets no token, or a token does not count. First line of a docstring: the message.

``oauth_error`` is the code of RFC 6749 §5.2 or RFC 6750 §3.1 that goes with it.
"""

from __future__ import annotations

from typing import ClassVar

from dancu.exchange.errors import ExchangeError


class OAuthError(ExchangeError):
    """The request for a token cannot be granted."""

    oauth_error: ClassVar[str] = "invalid_request"


class TokenRequestIncomplete(OAuthError):
    """The request for a token lacks “%(field)s”."""

    remedy = "Send the form fields of RFC 6749 §4.4 with a client_assertion of RFC 7523."


class TokenFieldRepeated(OAuthError):
    """“%(field)s” was sent more than once."""

    remedy = "Send each form field once."


class GrantUnsupported(OAuthError):
    """Only the grant “client_credentials” is given here."""

    oauth_error = "unsupported_grant_type"
    remedy = "Send grant_type=client_credentials."


class ScopeRefused(OAuthError):
    """This client has no contract “%(scope)s”."""

    oauth_error = "invalid_scope"
    remedy = "Name one of your contracts as the scope, or leave the scope out."


class ClientRefused(OAuthError):
    """The client could not be recognised."""

    oauth_error = "invalid_client"
    http_status = 401
    remedy = "Compare the client's name and key with what was registered."


class AssertionTypeWrong(ClientRefused):
    """The client must present itself with a signed assertion."""

    remedy = (
        "Send client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer and a "
        "client_assertion signed with your key."
    )


class AssertionUnreadable(ClientRefused):
    """The client assertion is no signed token of the expected form (%(why)s)."""

    remedy = "Make a JWT with the header alg and kid, and the claims iss, sub, aud, jti, iat, exp."


class AssertionKeyUnknown(ClientRefused):
    """No client is known under this name with this key, or its key has been retired."""

    remedy = "Check iss, sub and kid; send your new public key to the exchange before you use it."


class AssertionSignatureWrong(ClientRefused):
    """The signature of the client assertion does not fit the registered key."""

    remedy = "Sign with the private key whose public half was registered."


class AssertionForAnother(ClientRefused):
    """The client assertion is meant for another server (aud)."""

    remedy = "Set aud to the address of this token endpoint."


class AssertionExpired(ClientRefused):
    """The client assertion expired %(ago)s ago; our clock says %(now)s."""

    retryable = True
    remedy = "Make a new assertion for each token. If your clock says otherwise, set it (NTP)."


class AssertionNotYetValid(ClientRefused):
    """The client assertion is valid only in %(wait)s; our clock says %(now)s."""

    retryable = True
    remedy = "Your clock seems to be fast: set it (NTP) and make a new assertion."


class AssertionLivesTooLong(ClientRefused):
    """The client assertion would be valid for %(wait)s; at most %(most)s are allowed."""

    remedy = "Let it expire a minute or two after it was made."


class AssertionReplayed(ClientRefused):
    """This client assertion has been used before."""

    remedy = "Make a new assertion, with a new jti, for each token."


class TokenProblem(ExchangeError):
    """The request was not authorised."""

    oauth_error: ClassVar[str] = "invalid_token"
    http_status = 401
    remedy = "Get a token at /api/exchange/v1/token and send it as “Authorization: Bearer …”."


class TokenMissing(TokenProblem):
    """The request carries no token."""

    oauth_error = ""


class TokenExpired(TokenProblem):
    """The token expired %(ago)s ago."""

    retryable = True
    remedy = "Get a new token and send the same request again."


class TokenInvalid(TokenProblem):
    """The token was not made here, or has been altered."""


class TokenRevoked(TokenProblem):
    """The client that this token was made for may ask no more."""

    remedy = "Ask the operator of the exchange why the client was revoked."


class CertificateWrong(TokenProblem):
    """The token is bound to another TLS certificate."""

    remedy = "Connect with the client certificate that was registered."


class XRoadClientWrong(ExchangeError):
    """The header X-Road-Client names “%(given)s”, but this client is registered for another."""

    http_status = 403
    remedy = "Let the security server of the registered member send the request."
