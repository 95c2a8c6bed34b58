"""Reads where an invented person lives, for a numbered case, with the source and since when."""

import json

from exchange import Refused, ask

question = {
    "purpose": "trial",
    "subject": {"pid": "999188000015", "full_name": "Trần Thị Thu Hương"},
    "attributes": ["permanent_residence", "marital_status"],
    "case": "T-2026-001",
}
answer, _headers = ask("POST", "/lookups", question)
for name, found in json.loads(answer)["attributes"].items():
    print(f"{name}: {json.dumps(found['value'], ensure_ascii=False)} ({found['source']})")

# Without the number of a case the contract refuses, and says which clause.
try:
    ask("POST", "/lookups", {**question, "case": ""})
except Refused as refused:
    print(refused.status, refused.problem["code"], refused.problem["clause"])
