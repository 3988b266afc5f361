// How many lines are ticked, on the button that writes them; also of lines that came while the page stood open.

const form = document.querySelector("form[data-taking]");
const told = form?.querySelector("[data-taken]");

function show() {
  const taken = form.querySelectorAll('input[name^="take-"]:checked').length;
  told.textContent = ` ${taken}`;
}

if (told) {
  form.addEventListener("change", show);
  document.addEventListener("htmx:load", show);
  // Going back, the browser restores the boxes after this script has run.
  window.addEventListener("pageshow", show);
  show();
}
