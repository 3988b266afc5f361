// Choosing rows: all of the page, a range by shift-click, and a bulk bar that says how many.
// Once the page is chosen as a whole and the filter has more rows, the bar offers these too.
// Without this script the bar is always there and the boxes work one by one.

function setUp(form) {
  const bar = form.querySelector("[data-bulk]");
  const count = form.querySelector("[data-bulk-count]");
  const all = form.querySelector("[data-choose-all]");
  const beyond = form.querySelector("[data-choose-every]");
  const total = Number(beyond?.dataset.chooseEvery);
  const boxes = () => [...form.querySelectorAll("[data-choose]")];
  let last = null;

  function show() {
    const every = boxes();
    const chosen = every.filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    if (beyond) {
      const whole = chosen === every.length;
      beyond.checked &&= whole;
      beyond.closest("label").hidden = !whole || total <= chosen;
    }
    count.textContent = count.dataset.bulkCount.replace("%(n)s", beyond?.checked ? total : chosen);
    if (all) {
      all.checked = chosen > 0 && chosen === every.length;
      all.indeterminate = chosen > 0 && chosen < every.length;
    }
    for (const box of every) box.closest("tr").classList.toggle("lq-row-chosen", box.checked);
  }

  form.addEventListener("click", (event) => {
    if (!event.target.matches("[data-choose]")) return;
    const every = boxes();
    if (event.shiftKey && last && every.includes(last)) {
      const [from, to] = [every.indexOf(last), every.indexOf(event.target)].sort((a, b) => a - b);
      for (const box of every.slice(from, to + 1)) box.checked = event.target.checked;
    }
    last = event.target;
    show();
  });

  all?.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    show();
  });

  beyond?.addEventListener("change", show);

  for (const label of form.querySelectorAll("[data-needs-script]")) label.hidden = false;
  // Going back, the browser restores the boxes after this script has run; then they are counted again.
  window.addEventListener("pageshow", show);
  show();
}

function setUpAll(root) {
  for (const form of root.querySelectorAll("form[data-choosing]:not([data-ready])")) {
    form.dataset.ready = "";
    setUp(form);
  }
}
setUpAll(document);
document.addEventListener("htmx:load", () => setUpAll(document));
