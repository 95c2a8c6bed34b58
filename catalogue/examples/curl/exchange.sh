# Gets a token for your client (private_key_jwt, RFC 7523) and asks with it.
#
# EXCHANGE_URL     address of the exchange, for example https://…/api/exchange/v1
# EXCHANGE_CLIENT  name of your client
# EXCHANGE_KEY     file of its private key (PEM): Ed25519 or P-256
set -euo pipefail

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

is_ed25519() { openssl pkey -in "$EXCHANGE_KEY" -noout -text | grep -q ED25519; }

# Signs a file. JWTs want the two numbers of a P-256 signature side by side (RFC 7518 §3.4).
signature() {
  if is_ed25519; then
    openssl pkeyutl -sign -inkey "$EXCHANGE_KEY" -rawin -in "$1"
  else
    openssl dgst -sha256 -sign "$EXCHANGE_KEY" "$1" | openssl asn1parse -inform DER |
      awk -F: '/INTEGER/ { n = $4; while (length(n) < 64) n = "0" n; printf "%s", n }' |
      sed 's/../\\x&/g' | xargs -0 printf '%b'
  fi
}

# A statement of who asks. Each can be used once, so every token gets a new one.
assertion() {
  local algorithm=ES256 now head claims signed
  now=$(date +%s)
  if is_ed25519; then algorithm=EdDSA; fi
  head=$(printf '{"alg":"%s","typ":"JWT"}' "$algorithm" | base64url)
  claims=$(printf '{"iss":"%s","sub":"%s","aud":"%s/token","jti":"%s","iat":%d,"exp":%d}' \
    "$EXCHANGE_CLIENT" "$EXCHANGE_CLIENT" "$EXCHANGE_URL" "$(openssl rand -hex 16)" \
    "$now" $((now + 60)) | base64url)
  signed=$(mktemp)
  printf '%s.%s' "$head" "$claims" >"$signed"
  printf '%s.%s.%s' "$head" "$claims" "$(signature "$signed" | base64url)"
  rm -f "$signed"
}

# A token is good for five minutes.
token() {
  local answer
  answer=$(curl -sS "$EXCHANGE_URL/token" \
    --data-urlencode 'grant_type=client_credentials' \
    --data-urlencode 'client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer' \
    --data-urlencode "client_assertion=$(assertion)")
  case "$answer" in
    *'"access_token"'*) printf '%s' "$answer" | sed 's/.*"access_token":"\([^"]*\)".*/\1/' ;;
    *) printf 'No token: %s\n' "$answer" >&2; return 1 ;;
  esac
}

# ask METHOD PATH [options of curl]: asks with a token. A refusal is printed, and ends the program.
ask() {
  local method=$1 path=$2
  shift 2
  TOKEN=${TOKEN:-$(token)}
  curl -sS --fail-with-body -X "$method" "$EXCHANGE_URL$path" \
    -H "Authorization: Bearer $TOKEN" "$@"
}

# Run by itself it prints a token.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  token
  echo
fi
