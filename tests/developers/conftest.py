"""The map, the sandbox's buckets, a browser, and a key pair of a developer."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from django.test import Client

from dancu.exchange.oauth import ring, tokens
from dancu.exchange.pace import pace
from tests.disclosure.conftest import map_loaded, register

__all__ = ["map_loaded", "register"]


@pytest.fixture(autouse=True)
def _begin_anew() -> None:
    pace.forget()
    ring.forget()
    tokens.SESSIONS.forget()


@pytest.fixture
def reader() -> Client:
    """Somebody who reads English and has no account."""
    client = Client()
    client.cookies["dancu_language"] = "en"
    return client


class Pair:
    """A developer's key pair."""

    def __init__(self) -> None:
        self.key = ed25519.Ed25519PrivateKey.generate()

    @property
    def public(self) -> str:
        return (
            self.key.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )

    @property
    def private(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


@pytest.fixture
def pair() -> Pair:
    return Pair()
