// Asks for a signed answer (JWS) and checks it as anybody can who has only the public keys.
import { createPublicKey, verify } from "node:crypto";
import { ask, send } from "./exchange.mjs";

const read = (text) => JSON.parse(Buffer.from(text, "base64url").toString());

// Returns what a signed answer says. Throws when the signature does not hold.
function opened(jws, keys) {
  const [head, content, signature] = jws.split(".");
  const named = read(head);
  if (named.alg !== "EdDSA" || named.typ !== "dancu-answer+jws") {
    throw new Error("This is no answer of the exchange.");
  }
  const jwk = keys.find((one) => one.kid === named.kid);
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const data = Buffer.from(`${head}.${content}`);
  if (!verify(null, data, key, Buffer.from(signature, "base64url"))) {
    throw new Error("The signature does not hold.");
  }
  return read(content);
}

const claims = { pid: "999188000015", full_name: "Tran Thi Thu Huong", birth_date: "1988" };
const question = { purpose: "trial", claims };
const answer = await ask("POST", "/verifications", question, { Accept: "application/jose" });

// The keys stay published for good, so that an answer can be checked years later.
const { keys } = await (await send("GET", "/jwks.json")).json();
console.log("signature holds:", opened(await answer.text(), keys).outcome);
