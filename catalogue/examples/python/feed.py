"""Follows an invented person and reads what changed. Keeps the cursor for the next time."""

import json
import os
from pathlib import Path
from urllib.parse import urlencode

from exchange import ask

KEPT = Path(os.environ.get("CURSOR_FILE", "cursor.txt"))

# Every fact must agree. Asked again, the subscription is the same.
person = {
    "claims": {
        "pid": "999188000015",
        "full_name": "Trần Thị Thu Hương",
        "birth_date": "02/09/1988",
    },
    "reference": "HS-0001",
}
answer, _headers = ask("POST", "/feed/subscriptions", {"purpose": "trial", "people": [person]})
for followed in json.loads(answer)["people"]:
    print("following", followed["reference"], followed.get("subscription", followed))

has_more = True
while has_more:
    query = {"limit": 100}
    if KEPT.exists():
        query["cursor"] = KEPT.read_text()
    answer, headers = ask("GET", f"/feed?{urlencode(query)}")
    for event in json.loads(answer):
        # An event may be told twice; its id is then the same.
        print(event["id"], event["type"], event["data"].get("reference", ""))
    # First keep the events, then the cursor: so none is lost, whenever the power fails.
    KEPT.write_text(headers["X-Next-Cursor"])
    has_more = headers["X-Has-More"] == "true"
