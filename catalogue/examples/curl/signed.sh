# Asks for a signed answer (JWS) and checks it as anybody can who has nothing but the public keys.
source "$(dirname "$0")/exchange.sh"
made=$(mktemp -d)

# unbase64url TEXT: base64url without padding, back to bytes.
unbase64url() {
  local text
  text=$(printf '%s' "$1" | tr -- '-_' '+/')
  while [ $((${#text} % 4)) != 0 ]; do text="$text="; done
  printf '%s' "$text" | openssl base64 -d -A
}

jws=$(ask POST /verifications -H 'Content-Type: application/json' -H 'Accept: application/jose' \
  --data @- <<'JSON'
{
  "purpose": "trial",
  "claims": { "pid": "999188000015", "full_name": "Tran Thi Thu Huong", "birth_date": "1988" }
}
JSON
)
IFS=. read -r head content signature <<<"$jws"

# The key that the head names (kid) is published; it stays there for good.
kid=$(unbase64url "$head" | sed 's/.*"kid":"\([^"]*\)".*/\1/')
key=$(curl -sS "$EXCHANGE_URL/jwks.json" | grep -o "{[^{}]*\"kid\":\"$kid\"[^{}]*}")
x=$(printf '%s' "$key" | sed 's/.*"x":"\([^"]*\)".*/\1/')

# An Ed25519 key as openssl reads it (RFC 8410): a fixed beginning and the 32 bytes.
{ printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'; unbase64url "$x"; } >"$made/key.der"
printf '%s.%s' "$head" "$content" >"$made/signed"
unbase64url "$signature" >"$made/signature"
openssl pkeyutl -verify -pubin -inkey "$made/key.der" -keyform DER -rawin \
  -in "$made/signed" -sigfile "$made/signature"

unbase64url "$content"
echo
rm -r "$made"
