// What is being kept at this moment must be there before it is submitted: else the form speaks of an older version, and
// its writer is told that somebody else has changed it.
const form = document.getElementById("entry-form");
const kept = document.getElementById("kept");
const SWAPPED = 60;
let leaving = false;

if (form && kept) {
  kept.addEventListener("htmx:beforeRequest", (event) => leaving && event.preventDefault());
  form.addEventListener("submit", (event) => {
    leaving = true;
    if (!kept.classList.contains("htmx-request")) return;
    event.preventDefault();
    // Or core/forms.js holds it for sent already.
    event.stopPropagation();
    const submitter = event.submitter;
    kept.addEventListener("htmx:afterRequest", () => setTimeout(() => form.requestSubmit(submitter), SWAPPED), { once: true });
  });
}
