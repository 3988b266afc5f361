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
