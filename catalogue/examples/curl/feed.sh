# Follows an invented person and reads what changed. Keeps the cursor for the next time.
source "$(dirname "$0")/exchange.sh"
TOKEN=$(token)
kept=${CURSOR_FILE:-cursor.txt}
heads=$(mktemp)

# Every fact must agree. Asked again, the subscription is the same.
ask POST /feed/subscriptions -H 'Content-Type: application/json' --data @- <<'JSON'
{
  "purpose": "trial",
  "people": [
    {
      "claims": {
        "pid": "999188000015",
        "full_name": "Trần Thị Thu Hương",
        "birth_date": "02/09/1988"
      },
      "reference": "HS-0001"
    }
  ]
}
JSON
echo

while :; do
  query=limit=100
  if [ -s "$kept" ]; then query="$query&cursor=$(cat "$kept")"; fi
  ask GET "/feed?$query" --dump-header "$heads"
  echo
  # First keep the events, then the cursor: so none is lost, whenever the power fails.
  sed -n 's/^x-next-cursor: *\([^[:space:]]*\).*/\1/Ip' "$heads" >"$kept"
  grep -qi '^x-has-more: *true' "$heads" || break
done
rm -f "$heads"
