"""Asks for a signed answer (JWS) and checks it as anybody can who has only the public keys."""

import base64
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from exchange import ask, send


def unbase64url(text):
    """Decode what has no padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(jws, keys):
    """Return what a signed answer says. Raises when the signature does not hold."""
    head, content, signature = jws.split(".")
    named = json.loads(unbase64url(head))
    if named["alg"] != "EdDSA" or named["typ"] != "dancu-answer+jws":
        raise ValueError("This is no answer of the exchange.")
    key = next(key for key in keys if key["kid"] == named["kid"])
    public = Ed25519PublicKey.from_public_bytes(unbase64url(key["x"]))
    public.verify(unbase64url(signature), f"{head}.{content}".encode())
    return json.loads(unbase64url(content))


claims = {"pid": "999188000015", "full_name": "Tran Thi Thu Huong", "birth_date": "1988"}
question = {"purpose": "trial", "claims": claims}
jws = ask("POST", "/verifications", question, {"Accept": "application/jose"})[0].decode()

# The keys stay published for good, so that an answer can be checked years later.
keys = json.loads(send("GET", "/jwks.json", None, {})[0])["keys"]
print("signature holds:", opened(jws, keys)["outcome"])
