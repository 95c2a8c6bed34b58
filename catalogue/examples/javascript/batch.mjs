// Verifies a list: sends a file, waits while it is answered, fetches the rows and the summary.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ask } from "./exchange.mjs";

const list = `pid,full_name,birth_date
999188000015,Trần Thị Thu Hương,02/09/1988
999212000026,Lí Hoà Thuận,17/05/2012
999045000037,Phạm Văn Thành,1945
999085000059,Lê Văn Nam,01/01/1990
`;

// With a purpose it goes into the queue at once. The same key: the same batch, however often sent.
const form = new FormData();
form.set("purpose", "trial");
form.set("file", new Blob([list], { type: "text/csv" }), "people.csv");
const sent = await ask("POST", "/batches", form, { "Idempotency-Key": randomUUID() });
let batch = await sent.json();

while (batch.state === "waiting") {
  await wait(1000);
  batch = await (await ask("GET", `/batches/${batch.id}`)).json();
}

console.log(await (await ask("GET", `/batches/${batch.id}/rows?format=csv`)).text());
const summary = await (await ask("GET", `/batches/${batch.id}/summary`)).json();
for (const group of summary.groups) console.log(group.rows, group.group);
