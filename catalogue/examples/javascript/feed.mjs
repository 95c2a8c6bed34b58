// Follows an invented person and reads what changed. Keeps the cursor for the next time.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { ask } from "./exchange.mjs";

const kept = process.env.CURSOR_FILE ?? "cursor.txt";

// Every fact must agree. Asked again, the subscription is the same.
const person = {
  claims: {
    pid: "999188000015",
    full_name: "Trần Thị Thu Hương",
    birth_date: "02/09/1988",
  },
  reference: "HS-0001",
};
const asked = { purpose: "trial", people: [person] };
const told = await (await ask("POST", "/feed/subscriptions", asked)).json();
for (const one of told.people) console.log("following", one.reference, one.subscription ?? one);

let hasMore = true;
while (hasMore) {
  const query = new URLSearchParams({ limit: "100" });
  if (existsSync(kept)) query.set("cursor", readFileSync(kept, "utf8"));
  const page = await ask("GET", `/feed?${query}`);
  for (const event of await page.json()) {
    // An event may be told twice; its id is then the same.
    console.log(event.id, event.type, event.data.reference ?? "");
  }
  // First keep the events, then the cursor: so none is lost, whenever the power fails.
  writeFileSync(kept, page.headers.get("x-next-cursor"));
  hasMore = page.headers.get("x-has-more") === "true";
}
