"""Short tokens: JWTs of our own (RFC 9068), opened once and then known to the process.

A token that has been opened is found again by its text, so that the next request under it costs a
look into a dictionary. Whether its client has been revoked is asked of the database every other
second, by whoever asks first.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import uuid4

import orjson

from dancu.exchange.contracts import contract_at, contract_to_fetch
from dancu.exchange.oauth import jose, ring
from dancu.exchange.oauth.errors import (
    CertificateWrong,
    TokenExpired,
    TokenInvalid,
    TokenMissing,
    TokenRevoked,
)
from dancu.exchange.oauth.models import Client
from dancu.exchange.quotas import reset_after
from dancu.exchange.types import Caller
from dancu.operation.patience import wait_words

LIFETIME = ring.TOKENS_LIVE
ISSUER = "dancu"
TYPE = "at+jwt"
#: Seconds after which the list of clients is read again: as long may a revoked one go on.
STANDING_FOR = 2.0
_CALLER_SECONDS = 60.0
_MOST_KNOWN = 20_000
_LONGEST_TOKEN = 4096
_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Session:
    """What a token says: who may ask under which contract until when (seconds since 1970)."""

    client_id: int
    client: str
    contract: str
    expires: float
    certificate: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A client as the database has it now."""

    name: str
    xroad_client: str


def issue(client: Client, contract: str, *, at: datetime) -> str:
    """Return a new token for a client under one of its contracts."""
    keys = ring.ring(ring.Use.TOKEN, at=at)
    now = int(at.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": client.name,
        "client_id": client.name,
        "cid": client.pk,
        "scope": contract,
        "iat": now,
        "exp": now + int(LIFETIME.total_seconds()),
        "jti": uuid4().hex,
    }
    if client.certificate:
        claims["cnf"] = {"x5t#S256": client.certificate}
    header = {"typ": TYPE, "kid": keys.kid}
    return jose.sign_compact(keys.signer, header, orjson.dumps(claims)).decode()


class Callers:
    """Who asks, worked out once a minute for each client and contract, and anew at midnight."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[float, Caller]] = {}

    def of(self, session: Session, *, at: datetime, now: float) -> Caller:
        """Return what ``caller_of`` does; ``now`` is ``at`` in seconds since 1970."""
        key = (session.client_id, session.contract)
        known = self._known.get(key)
        if known is not None and now < known[0]:
            return known[1]
        caller = caller_of(session, at=at)
        midnight = reset_after(at).timestamp()
        self._known[key] = (min(midnight, now + _CALLER_SECONDS), caller)
        return caller


class Sessions:
    """The tokens that this process has opened, and the clients that stand."""

    def __init__(self) -> None:
        self._known: dict[str, Session] = {}
        self._standing: Mapping[int, Standing] = {}
        self._read_at = float("-inf")
        self._lock = Lock()

    def known(self, header: str | None, *, now: float) -> Session | None:
        """Return the session of an Authorization header opened before, without any waiting.

        None: ask ``opened``. Raises ``TokenExpired`` for one that is known and over.
        """
        session = self._known.get(header) if header else None
        if session is not None and session.expires <= now:
            raise _expired(session, now)
        return session

    def opened(self, header: str | None, *, at: datetime) -> Session:
        """Return the session of an Authorization header. Raises a ``TokenProblem``."""
        now = at.timestamp()
        session = self.known(header, now=now)
        if session is None:
            session = _open(header, at=at)
            if session.expires <= now:
                raise _expired(session, now)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            # A client may be younger than the list. Only then may others find the session.
            self.refresh(anew=session.client_id not in self._standing)
            self._known[header or ""] = session
        self.refresh()
        self.standing(session)
        return session

    def standing(self, session: Session) -> Standing:
        """Return the client of a session. Raises ``TokenRevoked`` when it stands no more."""
        found = self._standing.get(session.client_id)
        if found is None:
            raise TokenRevoked
        return found

    def refresh(self, *, anew: bool = False) -> None:
        """Read the list of clients when it has grown old."""
        if not anew and time.monotonic() - self._read_at < STANDING_FOR:
            return
        with self._lock:
            rows = Client.objects.filter(revoked_at=None).values_list("id", "name", "xroad_client")
            self._standing = {key: Standing(name, member) for key, name, member in rows}
            self._read_at = time.monotonic()

    def forget(self) -> None:
        """Open every token anew."""
        self._known.clear()
        self._standing = {}
        self._read_at = float("-inf")


SESSIONS = Sessions()


def caller_of(session: Session, *, at: datetime, is_fetching: bool = False) -> Caller:
    """Return who asks. Raises ``ClauseRefused`` when the contract does not hold at the moment.

    ``is_fetching``: only for what was answered before, which outlives the contract for a while.
    """
    found = (contract_to_fetch if is_fetching else contract_at)(session.contract, at)
    return Caller(session.client_id, session.client, found)


def require_certificate(session: Session, thumbprint: str) -> None:
    """Raise ``CertificateWrong`` when the token is bound to a certificate other than this."""
    if session.certificate and session.certificate != thumbprint:
        raise CertificateWrong


def _open(header: str | None, *, at: datetime) -> Session:
    if not header or not header.lower().startswith(_BEARER):
        raise TokenMissing
    token = header[len(_BEARER) :].strip()
    if len(token) > _LONGEST_TOKEN:
        raise TokenInvalid
    keys = ring.ring(ring.Use.TOKEN, at=at, wanted=_kid(token))
    try:
        claims = jose.open_compact(token, keys.public, typ=TYPE)
        if claims["iss"] != ISSUER or claims["aud"] != ISSUER:
            raise ValueError("not for us")
        return Session(
            client_id=int(claims["cid"]),
            client=str(claims["sub"]),
            contract=str(claims["scope"]),
            # Known for no longer than we give one for: then its key has to count again.
            expires=min(float(claims["exp"]), (at + LIFETIME).timestamp()),
            certificate=str(claims.get("cnf", {}).get("x5t#S256", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TokenInvalid from None


def _kid(token: str) -> str:
    try:
        found = orjson.loads(jose.unb64(token.split(".", 1)[0]))
        return str(found["kid"])
    except (ValueError, KeyError, TypeError):
        return ""


def _expired(session: Session, now: float) -> TokenExpired:
    ago = timedelta(seconds=now - session.expires)
    return TokenExpired(ago=wait_words(ago), at=datetime.fromtimestamp(session.expires, UTC))
