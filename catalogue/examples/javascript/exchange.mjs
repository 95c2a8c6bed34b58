// Gets tokens for your client (private_key_jwt, RFC 7523) and asks with them.
//
// EXCHANGE_URL     address of the exchange, for example https://…/api/exchange/v1
// EXCHANGE_CLIENT  name of your client
// EXCHANGE_KEY     file of its private key (PEM): Ed25519 or P-256
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const url = process.env.EXCHANGE_URL.replace(/\/$/, "");
const client = process.env.EXCHANGE_CLIENT;
const key = createPrivateKey(readFileSync(process.env.EXCHANGE_KEY));
let kept = { token: "", until: 0 };

// The exchange refused: `problem` says what, why and what to do (RFC 9457).
export class Refused extends Error {
  constructor(status, problem, wait) {
    super(`${status} ${problem.code}: ${problem.detail}`);
    Object.assign(this, { status, problem, wait });
  }
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

// A statement of who asks. Each can be used once.
export function assertion() {
  const isEd25519 = key.asymmetricKeyType === "ed25519";
  const now = Math.floor(Date.now() / 1000);
  const head = { alg: isEd25519 ? "EdDSA" : "ES256", typ: "JWT" };
  const claims = {
    iss: client,
    sub: client,
    aud: `${url}/token`,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
  };
  const signed = `${part(head)}.${part(claims)}`;
  // JWTs want the two numbers of a P-256 signature side by side (RFC 7518 §3.4).
  const how = isEd25519 ? key : { key, dsaEncoding: "ieee-p1363" };
  const signature = sign(isEd25519 ? null : "sha256", Buffer.from(signed), how);
  return `${signed}.${signature.toString("base64url")}`;
}

// Returns a token; a new one shortly before the old one ends.
export async function token() {
  if (Date.now() >= kept.until) {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion(),
    });
    const given = await (await send("POST", "/token", form, {})).json();
    kept = { token: given.access_token, until: Date.now() + (given.expires_in - 30) * 1000 };
  }
  return kept.token;
}

// Asks with a token and returns the answer as `fetch` gives it. Throws `Refused`.
export async function ask(method, path, body, headers = {}) {
  const given = { Authorization: `Bearer ${await token()}`, ...headers };
  const isValue = body !== undefined && !(body instanceof FormData);
  if (isValue) given["Content-Type"] = "application/json";
  return send(method, path, isValue ? JSON.stringify(body) : body, given);
}

export async function send(method, path, body, headers = {}) {
  const signal = AbortSignal.timeout(30_000);
  const answer = await fetch(url + path, { method, body, headers, signal });
  if (answer.ok) return answer;
  throw new Refused(answer.status, await answer.json(), answer.headers.get("retry-after"));
}

// Run by itself it prints a token.
if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(await token());
