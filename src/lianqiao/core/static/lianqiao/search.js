// Ctrl-K (or Command-K) goes to the search field from anywhere; on a narrow screen, to the search page.

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const field = document.getElementById("lq-search");
  if (!field) return;
  event.preventDefault();
  if (field.offsetParent) {
    field.focus();
    field.select();
  } else {
    location.assign(field.form.action);
  }
});

// The list under the field: down goes into it, Escape or a click elsewhere closes it.
const field = document.getElementById("lq-search");
const list = document.getElementById("lq-suggestions");
if (field && list) {
  const close = () => list.replaceChildren();
  const step = (event, by) => {
    const links = [...list.querySelectorAll("a")];
    if (!links.length) return;
    event.preventDefault();
    const next = links.indexOf(document.activeElement) + by;
    (links[next] ?? field).focus();
  };
  field.form.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") step(event, 1);
    if (event.key === "ArrowUp") step(event, -1);
    if (event.key === "Escape") {
      close();
      field.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!field.form.contains(event.target)) close();
  });
}
