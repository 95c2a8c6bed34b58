# Asks until there is an answer, and never twice: the Idempotency-Key stays the same.
source "$(dirname "$0")/exchange.sh"
TOKEN=$(token)
key=$(openssl rand -hex 16)
heads=$(mktemp)

question() {
  # 429 and 503 are tried again, and so is a broken line: perhaps it was answered, perhaps not.
  ask POST /verifications -H 'Content-Type: application/json' -H "Idempotency-Key: $key" \
    --retry 5 --retry-connrefused --dump-header "$heads" --data @- <<'JSON'
{
  "purpose": "trial",
  "claims": { "pid": "999188000015", "full_name": "Trần Thị Thu Hương", "birth_date": "1988" }
}
JSON
}

first=$(question)
# As if the first answer had been lost on the way:
second=$(question)
[ "$first" = "$second" ] && echo "the same answer"
grep -i '^idempotent-replayed' "$heads"
rm -f "$heads"
