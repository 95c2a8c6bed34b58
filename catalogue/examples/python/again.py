"""Asks until there is an answer, and never twice: the Idempotency-Key stays the same."""

import json
import time
import uuid

from exchange import Refused, ask


def ask_once(question, key):
    """Ask until there is an answer; the same key with the same body is asked only once."""
    for wait in (1, 2, 4, 8, 16, 32):
        try:
            return ask("POST", "/verifications", question, {"Idempotency-Key": key})
        except Refused as refused:
            if not refused.problem.get("retryable"):
                raise
            time.sleep(float(refused.wait or wait))
        except OSError:
            # The line broke: perhaps it was answered, perhaps not.
            time.sleep(wait)
    raise SystemExit("The exchange cannot be reached; keep the question and its key for later.")


claims = {"pid": "999188000015", "full_name": "Trần Thị Thu Hương", "birth_date": "1988"}
question = {"purpose": "trial", "claims": claims}
key = str(uuid.uuid4())
first, _headers = ask_once(question, key)
# As if the first answer had been lost on the way:
second, headers = ask_once(question, key)
print("the same answer:", json.loads(first)["id"] == json.loads(second)["id"])
print("Idempotent-Replayed:", headers["Idempotent-Replayed"])
