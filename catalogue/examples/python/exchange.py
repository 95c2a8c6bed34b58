"""Gets tokens for your client (private_key_jwt, RFC 7523) and asks with them.

EXCHANGE_URL     address of the exchange, for example https://…/api/exchange/v1
EXCHANGE_CLIENT  name of your client
EXCHANGE_KEY     file of its private key (PEM): Ed25519 or P-256
"""

import base64
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

URL = os.environ["EXCHANGE_URL"].rstrip("/")
CLIENT = os.environ["EXCHANGE_CLIENT"]
KEY = load_pem_private_key(Path(os.environ["EXCHANGE_KEY"]).read_bytes(), password=None)
_kept = {"token": "", "until": 0.0}


class Refused(Exception):
    """The exchange refused: ``problem`` says what, why and what to do (RFC 9457)."""

    def __init__(self, status, problem, wait):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status, self.problem, self.wait = status, problem, wait


def base64url(data):
    """Encode without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def assertion():
    """Sign a statement of who asks. Each can be used once."""
    is_ed25519 = isinstance(KEY, ed25519.Ed25519PrivateKey)
    now = int(time.time())
    head = {"alg": "EdDSA" if is_ed25519 else "ES256", "typ": "JWT"}
    claims = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": f"{URL}/token",
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + 60,
    }
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims))
    if is_ed25519:
        signature = KEY.sign(signed.encode())
    else:
        # JWTs want the two numbers of the signature side by side (RFC 7518 §3.4).
        der = KEY.sign(signed.encode(), ec.ECDSA(SHA256()))
        signature = b"".join(n.to_bytes(32, "big") for n in utils.decode_dss_signature(der))
    return f"{signed}.{base64url(signature)}"


def token():
    """Return a token; a new one shortly before the old one ends."""
    if time.monotonic() >= _kept["until"]:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion(),
        }
        answer, _headers = send("POST", "/token", urllib.parse.urlencode(form).encode(), {})
        given = json.loads(answer)
        _kept.update(token=given["access_token"], until=time.monotonic() + given["expires_in"] - 30)
    return _kept["token"]


def ask(method, path, body=None, headers=None):
    """Ask with a token and return the answer (bytes) and its headers. Raises ``Refused``."""
    given = {"Authorization": f"Bearer {token()}", **(headers or {})}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        given["Content-Type"] = "application/json"
    return send(method, path, body, given)


def send(method, path, body, headers):
    """Send a request and return the answer (bytes) and its headers."""
    request = urllib.request.Request(URL + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            problem = json.load(error)
        raise Refused(error.code, problem, error.headers.get("Retry-After")) from None


if __name__ == "__main__":
    print(token())
