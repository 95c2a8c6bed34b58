"""Operators' use cases: who may connect, with which keys, until when.

A key is replaced without downtime: the new one is added, both count for the overlap, then the old
one retires. Every act is an event of the log.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dancu.audit import services as audit
from dancu.catalogue import contracts as declared
from dancu.exchange.errors import ExchangeError
from dancu.exchange.feed.models import Webhook
from dancu.exchange.oauth.jose import KeyUnusable, read_public, thumbprint, unb64
from dancu.exchange.oauth.models import Client, ClientKey
from dancu.kernel.clock import today
from dancu.kernel.errors import FieldError, Invalid

#: How long the former keys still count beside a new one.
OVERLAP = timedelta(days=7)
#: Who made the clients that developers make themselves.
SELF_SERVICE = "self-service"
#: How long such a client lives, and how long when its key is never used.
SANDBOX_LIVES = timedelta(days=30)
SANDBOX_UNUSED = timedelta(days=7)
#: Every process reads the list of clients again and again, so there are never more of these.
MOST_SANDBOXES = 1_000
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,58})[a-z0-9]")
_THUMBPRINT_BYTES = 32


class ClientAbsent(ExchangeError):
    """There is no client “%(name)s”, or it has been revoked."""

    http_status = 404
    remedy = "`dancu exchange client list` shows them all."


class ClientTaken(ExchangeError):
    """There is a client “%(name)s” already."""

    http_status = 409
    remedy = "Choose another name, or give that one a new key (rotate)."


class KeyTaken(ExchangeError):
    """This key is registered already."""

    http_status = 409
    remedy = "Make a key pair of its own for each client and each rotation."


@dataclass(frozen=True, slots=True)
class KeyView:
    """A registered key, as operators see it."""

    kid: str
    kind: str
    added_at: datetime
    retires_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client, as operators see it."""

    name: str
    label: str
    contracts: tuple[str, ...]
    xroad_client: str
    is_bound: bool
    created_at: datetime
    revoked_at: datetime | None
    keys: tuple[KeyView, ...]


def add(
    *,
    name: str,
    contracts: Sequence[str],
    key: str,
    by: str,
    at: datetime,
    label: str = "",
    xroad_client: str = "",
    certificate: str = "",
) -> Client:
    """Register a client with its first public key (PEM, certificate or JWK).

    ``certificate``: base64url of the SHA-256 of a TLS certificate that its tokens are bound to.
    Raises ``Invalid``, ``KeyUnusable``, ``KeyTaken`` and ``ClientTaken``.
    """
    _check(name, contracts, certificate)
    jwk = read_public(key)
    try:
        with transaction.atomic():
            client = Client.objects.create(
                name=name,
                label=label[:200],
                contracts=list(dict.fromkeys(contracts)),
                xroad_client=xroad_client,
                certificate=certificate,
                created_at=at,
                created_by=by[:200],
            )
            _add_key(client, jwk, by=by, at=at)
            _event("client-added", client, by=by, at=at, contracts=list(contracts))
    except IntegrityError as error:
        raise (KeyTaken if "thumbprint" in str(error) else ClientTaken(name=name)) from None
    return client


def add_sandbox(*, key: str, at: datetime, label: str = "") -> ClientView | None:
    """Register a developer's client for the sandbox contract; None while no more are taken.

    The client can ask about invented people only. Raises ``KeyUnusable``, ``KeyTaken`` and, where
    the catalogue has no sandbox today, ``ClientAbsent``.
    """
    contract = next((one.name for one in declared.contracts(today(at)) if one.is_sandbox), None)
    if contract is None:
        raise ClientAbsent(name=SELF_SERVICE)
    if Client.objects.filter(created_by=SELF_SERVICE).count() >= MOST_SANDBOXES:
        return None
    name = f"sandbox-{secrets.token_hex(6)}"
    return _view(add(name=name, contracts=[contract], key=key, by=SELF_SERVICE, at=at, label=label))


def sandbox(*, name: str, at: datetime) -> ClientView | None:
    """Return a client that a developer made, while it lives."""
    found = Client.objects.filter(
        name=name, created_by=SELF_SERVICE, created_at__gt=at - SANDBOX_LIVES, revoked_at=None
    ).first()
    return _view(found) if found else None


def remove_sandboxes(*, at: datetime) -> int:
    """Remove developers' clients that have had their time, or were never used; return how many."""
    is_old = Q(created_at__lte=at - SANDBOX_LIVES)
    is_unused = Q(created_at__lte=at - SANDBOX_UNUSED) & ~Q(keys__used_at__isnull=False)
    with transaction.atomic():
        found = list(
            Client.objects.filter(is_old | is_unused, created_by=SELF_SERVICE)
            .values_list("pk", flat=True)
            .distinct()
        )
        if found:
            ClientKey.objects.filter(client__in=found).delete()
            Client.objects.filter(pk__in=found).delete()
            detail = {"removed": len(found), "by": SELF_SERVICE}
            audit.record(event="exchange.sandboxes-removed", actor=None, at=at, detail=detail)
    return len(found)


def rotate(
    *, name: str, key: str, by: str, at: datetime, overlap: timedelta = OVERLAP
) -> ClientKey:
    """Register a new key; the former ones still count for the overlap. Returns the new key."""
    jwk = read_public(key)
    try:
        with transaction.atomic():
            client = _standing(name)
            client.keys.filter(Q(retires_at=None) | Q(retires_at__gt=at + overlap)).update(
                retires_at=at + overlap
            )
            made = _add_key(client, jwk, by=by, at=at)
            _event("client-key-rotated", client, by=by, at=at, kid=made.kid)
    except IntegrityError:
        raise KeyTaken from None
    return made


def retire_key(*, name: str, kid: str, by: str, at: datetime) -> None:
    """Take a key no more from now on, for instance because it was lost."""
    with transaction.atomic():
        client = _standing(name)
        if not client.keys.filter(kid=kid).update(retires_at=at):
            raise KeyUnusable(why=_("this client has no such key"))
        _event("client-key-retired", client, by=by, at=at, kid=kid)


def revoke(*, name: str, by: str, at: datetime) -> None:
    """Give a client no more tokens, and honour those that it has for two seconds at most.

    Nothing more is sent to its webhooks.
    """
    with transaction.atomic():
        client = _standing(name)
        Client.objects.filter(pk=client.pk).update(revoked_at=at, revoked_by=by[:200])
        live = Webhook.objects.filter(client_id=client.pk).exclude(state=Webhook.State.ENDED)
        ended = live.update(state=Webhook.State.ENDED, why="client", ended_at=at)
        _event("client-revoked", client, by=by, at=at, webhooks=ended)


def listed(*, with_revoked: bool = False) -> list[ClientView]:
    """Return the clients with their keys, by name."""
    found = Client.objects.prefetch_related("keys").order_by("name")
    if not with_revoked:
        found = found.filter(revoked_at=None)
    return [_view(client) for client in found]


def _check(name: str, contracts: Sequence[str], certificate: str) -> None:
    wrong = []
    if not _NAME.fullmatch(name):
        wrong.append(
            FieldError(
                "name",
                "form",
                "A client's name has 3 to 60 lower-case letters, digits, dots and hyphens.",
                "Write it like g03-school.",
            )
        )
    known = {one.name for one in declared.all_contracts()}
    wrong.extend(
        FieldError(
            "contracts",
            "unknown",
            "There is no contract “%(name)s”.",
            "Name contracts of the catalogue (catalogue/contracts).",
            {"name": one},
        )
        for one in contracts or ("",)
        if one not in known
    )
    if certificate and not _is_thumbprint(certificate):
        wrong.append(
            FieldError(
                "certificate",
                "form",
                "This is no SHA-256 thumbprint.",
                "Write the SHA-256 of the certificate (DER) in base64url: 43 characters.",
            )
        )
    if wrong:
        raise Invalid(wrong)


def _is_thumbprint(text: str) -> bool:
    try:
        return len(unb64(text)) == _THUMBPRINT_BYTES
    except ValueError:
        return False


def _add_key(client: Client, jwk: dict[str, str], *, by: str, at: datetime) -> ClientKey:
    printed = thumbprint(jwk)
    kid = jwk.pop("kid", "") or printed
    if client.keys.filter(kid=kid).exists():
        kid = printed
    return ClientKey.objects.create(
        client=client, kid=kid, thumbprint=printed, jwk=jwk, added_at=at, added_by=by[:200]
    )


def _standing(name: str) -> Client:
    found = Client.objects.select_for_update().filter(name=name, revoked_at=None).first()
    if found is None:
        raise ClientAbsent(name=name)
    return found


def _event(what: str, client: Client, *, by: str, at: datetime, **more: object) -> None:
    detail = {"client": client.name, "by": by, **more}
    audit.record(event=f"exchange.{what}", actor=None, at=at, detail=detail)


def _view(client: Client) -> ClientView:
    keys = sorted(client.keys.all(), key=lambda key: key.added_at)
    return ClientView(
        name=client.name,
        label=client.label,
        contracts=tuple(client.contracts),
        xroad_client=client.xroad_client,
        is_bound=bool(client.certificate),
        created_at=client.created_at,
        revoked_at=client.revoked_at,
        keys=tuple(
            KeyView(key.kid, key.jwk["kty"], key.added_at, key.retires_at, key.used_at)
            for key in keys
        ),
    )


def contracts_of(name: str, *, day: date) -> tuple[declared.Contract, ...]:
    """Return the contracts of a client that are in force on a day."""
    client = Client.objects.filter(name=name, revoked_at=None).first()
    found = (declared.contract(one, day) for one in (client.contracts if client else ()))
    return tuple(one for one in found if one is not None)
