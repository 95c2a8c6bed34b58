"""A connected agency for the tests: its key, its assertions, its requests."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.test import Client as Browser
from joserfc import jwk, jwt

from dancu.exchange import clients
from dancu.exchange.oauth.granting import ASSERTION_TYPE
from dancu.kernel.clock import system_clock

BASE = "/api/exchange/v1"
HOST = "testserver"
TOKEN_ADDRESS = f"http://{HOST}{BASE}/token"
CONTRACT = "student-check"
PURPOSE = "school_enrolment"


class Agency:
    """A program of an agency that holds a private key."""

    def __init__(self, name: str = "g03-school", kind: str = "ed25519") -> None:
        self.name = name
        self.key = _make(kind)
        self.algorithm = {"ed25519": "Ed25519", "p256": "ES256", "rsa": "RS256"}[kind]
        self.kid: str | None = None
        self.browser = Browser(SERVER_NAME=HOST)
        self.token = ""

    @property
    def public(self) -> str:
        return (
            self.key.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )

    def register(self, *contracts: str, **more: Any) -> Agency:
        clients.add(
            name=self.name,
            contracts=contracts or (CONTRACT,),
            key=self.public,
            by="operator",
            at=system_clock.now(),
            **more,
        )
        return self

    def claims(self, at: datetime | None = None, **changed: Any) -> dict[str, Any]:
        at = at or system_clock.now()
        claims = {
            "iss": self.name,
            "sub": self.name,
            "aud": TOKEN_ADDRESS,
            "jti": uuid4().hex,
            "iat": int(at.timestamp()),
            "exp": int((at + timedelta(seconds=60)).timestamp()),
            **changed,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def assertion(self, at: datetime | None = None, **changed: Any) -> str:
        header = {"alg": self.algorithm, "typ": "JWT"}
        if self.kid:
            header["kid"] = self.kid
        pem = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        kind = {"Ed25519": "OKP", "ES256": "EC", "RS256": "RSA"}[self.algorithm]
        key = jwk.import_key(pem, kind)
        return jwt.encode(header, self.claims(at, **changed), key, algorithms=[self.algorithm])

    def ask_token(self, assertion: str = "", **fields: str) -> Any:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion or self.assertion(),
            **fields,
        }
        return self.browser.post(
            f"{BASE}/token",
            "&".join(f"{name}={value}" for name, value in form.items()),
            content_type="application/x-www-form-urlencoded",
            headers={"accept-language": "en"},
        )

    def sign_in(self, **fields: str) -> Agency:
        answer = self.ask_token(**fields)
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]
        return self

    def post(self, path: str, body: Any, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.browser.post(
            BASE + path,
            data,
            content_type=headers.pop("content_type", "application/json"),
            headers=self._headers(headers),
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.browser.get(BASE + path, headers=self._headers(headers))

    def verify(self, claims: dict[str, Any] | None = None, **more: Any) -> Any:
        headers = more.pop("headers", {})
        return self.post("/verifications", question(claims, **more), **headers)

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        found = {"accept-language": "en", "authorization": f"Bearer {self.token}", **named}
        return {name: value for name, value in found.items() if value}


def question(claims: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    nobody = {"pid": "079199000001", "full_name": "Lê Thị Không", "birth_date": "1999-01-01"}
    return {"purpose": PURPOSE, "claims": claims or nobody, **more}


def _make(kind: str) -> Any:
    match kind:
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "p256":
            return ec.generate_private_key(ec.SECP256R1())
        case _:
            return rsa.generate_private_key(65537, 2048)
