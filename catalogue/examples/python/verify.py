"""Verifies an invented person of the sandbox. The answer is known beforehand: full_match."""

import json

from exchange import ask

answer, _headers = ask(
    "POST",
    "/verifications",
    {
        "purpose": "trial",
        "claims": {
            "pid": "999188000015",
            "full_name": "Trần Thị Thu Hương",
            "birth_date": "02/09/1988",
        },
        "questions": [{"question": "is_at_least", "years": 18}],
        "reference": "row 1",
    },
)
told = json.loads(answer)
print(told["outcome"])
for name, found in told["attributes"].items():
    print(f"  {name}: {found['result']} {found.get('reason', '')}".rstrip())
for found in told["answers"]:
    print(f"  {found['question']}: {found['answer']}")
