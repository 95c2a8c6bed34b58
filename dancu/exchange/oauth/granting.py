"""The token endpoint's use case: a signed assertion in, a short token out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from dancu.exchange.contracts import contract_to_fetch
from dancu.exchange.oauth import assertions, tokens
from dancu.exchange.oauth.errors import (
    AssertionKeyUnknown,
    AssertionReplayed,
    AssertionTypeWrong,
    CertificateWrong,
    GrantUnsupported,
    ScopeRefused,
    TokenRequestIncomplete,
)
from dancu.exchange.oauth.models import Client, ClientKey, SeenAssertion

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_REMEMBER = """
INSERT INTO exchange_seenassertion (digest, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Granted:
    """A token and what it is for."""

    token: str
    seconds: int
    contract: str


def grant(
    *, form: Mapping[str, str], audiences: Collection[str], at: datetime, certificate: str = ""
) -> Granted:
    """Return a token for whoever proves to be a client. Raises ``OAuthError``.

    ``form`` as in RFC 6749 §4.4 and RFC 7523 §2.2; ``audiences`` are our own addresses;
    ``certificate`` is the thumbprint of the TLS certificate that the client connected with.
    """
    if (kind := form.get("grant_type")) != "client_credentials":
        raise GrantUnsupported if kind else TokenRequestIncomplete(field="grant_type")
    if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("client_assertion"):
        raise AssertionTypeWrong
    presented = assertions.read(form["client_assertion"])
    if form.get("client_id", presented.client) != presented.client:
        raise AssertionKeyUnknown
    key = _key(presented, at=at)
    assertion = assertions.verify(presented, key.jwk, audiences=audiences, at=at)
    _remember(assertion)
    client = key.client
    if client.certificate and client.certificate != certificate:
        raise CertificateWrong
    contract = _contract(client, form.get("scope", ""))
    contract_to_fetch(contract, at)
    ClientKey.objects.filter(pk=key.pk).update(used_at=at)
    token = tokens.issue(client, contract, at=at)
    return Granted(token, int(tokens.LIFETIME.total_seconds()), contract)


def forget_assertions(*, at: datetime) -> int:
    """Forget assertions that have expired by themselves; return how many."""
    return SeenAssertion.objects.filter(expires_at__lt=at).delete()[0]


def _key(presented: assertions.Presented, *, at: datetime) -> ClientKey:
    if "\0" in presented.client or "\0" in presented.kid:
        raise AssertionKeyUnknown
    keys = ClientKey.objects.select_related("client").filter(
        Q(retires_at=None) | Q(retires_at__gt=at),
        client__name=presented.client,
        client__revoked_at=None,
    )
    found = list(keys.filter(kid=presented.kid) if presented.kid else keys[:2])
    # Without a kid only one key can be meant.
    if len(found) != 1:
        raise AssertionKeyUnknown
    return found[0]


def _remember(assertion: assertions.Assertion) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [assertion.digest, assertion.expires_at])
        if cursor.rowcount != 1:
            raise AssertionReplayed


def _contract(client: Client, scope: str) -> str:
    if not scope:
        return str(client.contracts[0])
    if scope not in client.contracts:
        raise ScopeRefused(scope=scope[:100])
    return scope
