// Reads where an invented person lives, for a numbered case, with the source and since when.
import { ask, Refused } from "./exchange.mjs";

const question = {
  purpose: "trial",
  subject: { pid: "999188000015", full_name: "Trần Thị Thu Hương" },
  attributes: ["permanent_residence", "marital_status"],
  case: "T-2026-001",
};
const told = await (await ask("POST", "/lookups", question)).json();
for (const [name, found] of Object.entries(told.attributes)) {
  console.log(`${name}: ${JSON.stringify(found.value)} (${found.source})`);
}

// Without the number of a case the contract refuses, and says which clause.
try {
  await ask("POST", "/lookups", { ...question, case: "" });
} catch (refused) {
  if (!(refused instanceof Refused)) throw refused;
  console.log(refused.status, refused.problem.code, refused.problem.clause);
}
