// Passkeys: turn the server's options into what the browser wants, and its answer into the form's field.
// The forms say by data-passkey what they are for: "login" asks the server for options first, "use" and "add" have
// them in the page. Where a browser or an address cannot do it (no TLS), the forms stay hidden.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function prepared({ publicKey }) {
  const keys = (list) => list?.map((key) => ({ ...key, id: bytes(key.id) }));
  const ready = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) ready.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.allowCredentials) ready.allowCredentials = keys(publicKey.allowCredentials);
  if (publicKey.excludeCredentials) ready.excludeCredentials = keys(publicKey.excludeCredentials);
  return ready;
}

function answer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function options(form) {
  if (form.dataset.passkey !== "login") return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await reply.json()).request_options;
}

async function ask(form) {
  const publicKey = prepared(await options(form));
  if (form.dataset.passkey !== "add") return navigator.credentials.get({ publicKey });
  const alone = form.elements.passwordless.checked;
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    userVerification: alone ? "required" : "preferred",
  };
  return navigator.credentials.create({ publicKey });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.hidden = true;
    for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = false;
    continue;
  }
  form.hidden = false;
  // A second press while the device asks would cancel the first.
  let asking = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (asking) return;
    asking = true;
    const told = form.querySelector("[role=alert]");
    told.textContent = "";
    try {
      form.elements.credential.value = JSON.stringify(answer(await ask(form)));
      form.submit();
    } catch (error) {
      // The browser says only that it did not come to an end: refused, timed out, or nothing fitting on the device.
      if (!(error instanceof DOMException)) throw error;
      told.textContent = form.dataset.failed;
    } finally {
      asking = false;
    }
  });
}
