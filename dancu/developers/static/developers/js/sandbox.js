// Makes a key pair in the browser and registers its public half. The private key never leaves here.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("sandbox-data").textContent);
  const maker = document.querySelector("[data-maker]");
  const made = document.querySelector("[data-made]");
  const said = document.querySelector("[data-said]");
  let pair = null;
  let algorithm = "";
  let client = "";
  let isKept = true;

  const bytes = (text) => new TextEncoder().encode(text);

  function base64(buffer) {
    let text = "";
    for (const one of new Uint8Array(buffer)) text += String.fromCharCode(one);
    return btoa(text);
  }

  function base64url(buffer) {
    return base64(buffer).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  function fail(words) {
    said.textContent = "";
    document.querySelector("[data-failed]").hidden = !words;
    document.querySelector("[data-failure]").textContent = words;
  }

  // Ed25519 where the browser knows it, else P-256, which all do.
  async function makePair() {
    if (!window.crypto || !window.crypto.subtle) throw new Error(data.words.unable);
    try {
      pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
      algorithm = "EdDSA";
    } catch (_unknown) {
      const kind = { name: "ECDSA", namedCurve: "P-256" };
      pair = await crypto.subtle.generateKey(kind, true, ["sign", "verify"]);
      algorithm = "ES256";
    }
  }

  async function publicKey() {
    const whole = await crypto.subtle.exportKey("jwk", pair.publicKey);
    const { kty, crv, x, y } = whole;
    return JSON.stringify(y ? { kty, crv, x, y } : { kty, crv, x });
  }

  async function register() {
    const form = new FormData();
    form.set("key", await publicKey());
    form.set("label", document.getElementById("id_maker_label").value);
    const meta = document.querySelector('meta[name="csrf-token"]');
    let answer;
    try {
      answer = await fetch(data.here, {
        method: "POST",
        body: form,
        headers: { Accept: "application/json", "X-CSRFToken": meta ? meta.content : "" },
      });
    } catch (_broken) {
      throw new Error(data.words.failed);
    }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      throw new Error([told.detail, told.remedy].filter(Boolean).join(" ") || data.words.failed);
    }
    return told;
  }

  function fill(name, text) {
    for (const place of document.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = text;
  }

  function show(name, text) {
    const block = document.querySelector(`[data-code="${name}"]`);
    block.querySelector("code").textContent = text;
    block.querySelector("[data-copy]").dataset.copy = text;
  }

  async function assertion() {
    const now = Math.floor(Date.now() / 1000);
    const head = { alg: algorithm, typ: "JWT" };
    const claims = {
      iss: client,
      sub: client,
      aud: `${data.address}/token`,
      jti: crypto.randomUUID(),
      iat: now,
      exp: now + 590,
    };
    const signed = [head, claims].map((part) => base64url(bytes(JSON.stringify(part)))).join(".");
    const how = algorithm === "EdDSA" ? "Ed25519" : { name: "ECDSA", hash: "SHA-256" };
    return `${signed}.${base64url(await crypto.subtle.sign(how, pair.privateKey, bytes(signed)))}`;
  }

  async function writeCurl() {
    show("curl", data.curl.replace("ASSERTION", await assertion()));
  }

  function save(text, type, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    isKept = true;
  }

  async function download(kind) {
    if (kind === "jwk") {
      const whole = await crypto.subtle.exportKey("jwk", pair.privateKey);
      save(JSON.stringify(whole, null, 2), "application/jwk+json", `${client}.jwk`);
      return;
    }
    const lines = base64(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).match(/.{1,64}/g);
    const pem = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""];
    save(pem.join("\n"), "application/x-pem-file", `${client}.pem`);
  }

  async function make(button) {
    fail("");
    button.disabled = true;
    try {
      said.textContent = data.words.making;
      await makePair();
      said.textContent = data.words.registering;
      const told = await register();
      client = told.client;
      isKept = false;
      fill("client", client);
      fill("expires", told.expires);
      show("environment", data.environment.replaceAll("‹client›", client));
      await writeCurl();
      made.hidden = false;
      maker.hidden = true;
      const title = document.querySelector("#made .panel__title");
      title.tabIndex = -1;
      title.focus();
      document.getElementById("announcements").textContent = data.words.made;
    } catch (error) {
      fail(error.message);
    } finally {
      button.disabled = false;
    }
  }

  // The way of every program: assertion, token, question.
  async function ask(button) {
    button.disabled = true;
    document.querySelector("[data-asked]").hidden = false;
    show("answer", data.words.asking);
    const body = JSON.stringify(data.question, null, 2);
    const path = `${data.base}/verifications`;
    const head = ["Authorization: Bearer …", "Content-Type: application/json"];
    show("request", [`POST ${path}`, ...head, "", body].join("\n"));
    try {
      const form = new URLSearchParams({
        grant_type: "client_credentials",
        client_assertion_type: data.assertionType,
        client_assertion: await assertion(),
      });
      let answer = await fetch(`${data.base}/token`, { method: "POST", body: form });
      let told = await answer.json();
      if (answer.ok) {
        const headers = {
          Authorization: `Bearer ${told.access_token}`,
          "Content-Type": "application/json",
        };
        answer = await fetch(path, { method: "POST", headers, body });
        told = await answer.json();
      }
      show("answer", `${answer.status}\n\n${JSON.stringify(told, null, 2)}`);
    } catch (_broken) {
      show("answer", data.words.failed);
    } finally {
      button.disabled = false;
    }
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-make]")) make(button);
    if (button.matches("[data-ask]")) ask(button);
    if (button.matches("[data-again]")) writeCurl();
    if (button.matches("[data-download]")) download(button.dataset.download);
  });

  window.addEventListener("beforeunload", function (event) {
    if (!isKept) event.preventDefault();
  });
})();
