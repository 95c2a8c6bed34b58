# Reads where an invented person lives, for a numbered case, with the source and since when.
source "$(dirname "$0")/exchange.sh"

ask POST /lookups -H 'Content-Type: application/json' --data @- <<'JSON'
{
  "purpose": "trial",
  "subject": { "pid": "999188000015", "full_name": "Trần Thị Thu Hương" },
  "attributes": ["permanent_residence", "marital_status"],
  "case": "T-2026-001"
}
JSON
echo
