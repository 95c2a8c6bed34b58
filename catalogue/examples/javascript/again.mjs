// Asks until there is an answer, and never twice: the Idempotency-Key stays the same.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ask, Refused } from "./exchange.mjs";

// The same key with the same body is asked only once, however often it is sent.
async function askOnce(question, key) {
  for (const seconds of [1, 2, 4, 8, 16, 32]) {
    try {
      return await ask("POST", "/verifications", question, { "Idempotency-Key": key });
    } catch (error) {
      // Anything but a refusal is a broken line: perhaps it was answered, perhaps not.
      if (error instanceof Refused && !error.problem.retryable) throw error;
      await wait(Number(error.wait ?? seconds) * 1000);
    }
  }
  throw new Error("The exchange cannot be reached; keep the question and its key for later.");
}

const claims = { pid: "999188000015", full_name: "Trần Thị Thu Hương", birth_date: "1988" };
const question = { purpose: "trial", claims };
const key = randomUUID();
const first = await (await askOnce(question, key)).json();
// As if the first answer had been lost on the way:
const second = await askOnce(question, key);
console.log("the same answer:", (await second.json()).id === first.id);
console.log("Idempotent-Replayed:", second.headers.get("idempotent-replayed"));
