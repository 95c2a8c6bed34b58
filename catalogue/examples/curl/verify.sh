# Verifies an invented person of the sandbox. The answer is known beforehand: full_match.
source "$(dirname "$0")/exchange.sh"

ask POST /verifications -H 'Content-Type: application/json' --data @- <<'JSON'
{
  "purpose": "trial",
  "claims": {
    "pid": "999188000015",
    "full_name": "Trần Thị Thu Hương",
    "birth_date": "02/09/1988"
  },
  "questions": [{ "question": "is_at_least", "years": 18 }],
  "reference": "row 1"
}
JSON
echo
