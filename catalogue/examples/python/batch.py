"""Verifies a list: sends a file, waits while it is answered, fetches the rows and the summary."""

import json
import time
import uuid

from exchange import ask

LIST = """\
pid,full_name,birth_date
999188000015,Trần Thị Thu Hương,02/09/1988
999212000026,Lí Hoà Thuận,17/05/2012
999045000037,Phạm Văn Thành,1945
999085000059,Lê Văn Nam,01/01/1990
"""


def form(fields, name, content):
    """Lay out a form with one file (RFC 7578)."""
    edge = uuid.uuid4().hex
    lines = []
    for field, value in fields.items():
        lines += [f"--{edge}", f'Content-Disposition: form-data; name="{field}"', "", value]
    lines += [
        f"--{edge}",
        f'Content-Disposition: form-data; name="file"; filename="{name}"',
        "Content-Type: text/csv",
        "",
        content,
        f"--{edge}--",
        "",
    ]
    return "\r\n".join(lines).encode(), f"multipart/form-data; boundary={edge}"


# With a purpose it goes into the queue at once. The same key: the same batch, however often sent.
body, kind = form({"purpose": "trial"}, "people.csv", LIST)
headers = {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
batch = json.loads(ask("POST", "/batches", body, headers)[0])

while batch["state"] == "waiting":
    time.sleep(1)
    batch = json.loads(ask("GET", f"/batches/{batch['id']}")[0])

print(ask("GET", f"/batches/{batch['id']}/rows?format=csv")[0].decode())
summary = json.loads(ask("GET", f"/batches/{batch['id']}/summary")[0])
for group in summary["groups"]:
    print(group["rows"], group["group"])
