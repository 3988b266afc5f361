// Forms: the summary of errors takes the focus, changes are not lost by accident, nothing is sent twice.

document.querySelector("[data-form-errors]")?.focus();

const changed = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-watch]")) changed.add(form);
});

window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

// A download answers a form without leaving the page, so the hold ends by itself.
const HOLD_MS = 3000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  changed.delete(form);
  setTimeout(() => delete form.dataset.sent, HOLD_MS);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
