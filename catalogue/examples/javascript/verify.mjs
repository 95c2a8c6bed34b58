// Verifies an invented person of the sandbox. The answer is known beforehand: full_match.
import { ask } from "./exchange.mjs";

const answer = await ask("POST", "/verifications", {
  purpose: "trial",
  claims: {
    pid: "999188000015",
    full_name: "Trần Thị Thu Hương",
    birth_date: "02/09/1988",
  },
  questions: [{ question: "is_at_least", years: 18 }],
  reference: "row 1",
});
const told = await answer.json();
console.log(told.outcome);
for (const [name, found] of Object.entries(told.attributes)) {
  console.log(`  ${name}: ${found.result} ${found.reason ?? ""}`.trimEnd());
}
for (const found of told.answers) console.log(`  ${found.question}: ${found.answer}`);
