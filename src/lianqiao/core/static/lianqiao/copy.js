// The copy button exists only where the browser can copy: a page served without TLS in an office network cannot.

const SAID_MS = 2000;

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const said = button.nextElementSibling;
  said.textContent = said.dataset.said;
  setTimeout(() => (said.textContent = ""), SAID_MS);
});
