// j and k go from line to line, Enter opens or closes the one that has the focus, as the browser does by itself.

const lines = [...document.querySelectorAll("[data-desk-line] > summary")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step || !lines.length) return;
  const line = event.target.closest("[data-desk-line]")?.querySelector("summary");
  const at = lines.indexOf(line);
  const next = lines[at < 0 ? (step > 0 ? 0 : lines.length - 1) : Math.min(Math.max(at + step, 0), lines.length - 1)];
  next.focus();
  event.preventDefault();
});
