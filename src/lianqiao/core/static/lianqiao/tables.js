// A table that fits its region lets its head stick to the page; one that does not keeps a region that scrolls.
// With the focus inside a table, j and k go to the next and the previous row; Enter is the link's own.

function fit(region) {
  region.classList.remove("lq-scroll-fits");
  const fits = region.firstElementChild.scrollWidth <= region.clientWidth;
  region.classList.toggle("lq-scroll-fits", fits);
  // A region that does not scroll is no stop for the Tab key.
  if (fits) region.removeAttribute("tabindex");
  else region.tabIndex = 0;
}

const widths = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));

function watch(root) {
  for (const region of root.querySelectorAll("[data-table]")) widths.observe(region);
}
watch(document);
document.addEventListener("htmx:load", (event) => watch(event.target.parentElement ?? event.target));

function step(region, by) {
  const rows = [...region.querySelectorAll("tbody tr")].filter((row) => row.querySelector("a[href]"));
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1)];
  next?.querySelector("a[href]").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
  const region = event.target.closest("[data-table]");
  if (!region || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
  event.preventDefault();
  step(region, event.key === "j" ? 1 : -1);
});
