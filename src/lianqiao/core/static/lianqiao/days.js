// A day is typed; the button beside it opens the browser's calendar. Without this script the box is all there is.

// Also with the signs for year, month and day.
const WRITTEN = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2})|\u5e74(\d{1,2})\u6708(\d{1,2})[\u65e5\u53f7]?)$/;

// As core/days.py reads it; what is no day stays as it was typed and is told by the server.
function written(text) {
  const found = text.normalize("NFKC").replace(/\s/g, "").match(WRITTEN);
  if (!found) return "";
  const [year, month, day] = [found[1], found[3] ?? found[5] ?? found[7], found[4] ?? found[6] ?? found[8]];
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

const parts = (whole) => [whole.querySelector("input"), whole.querySelector(".lq-day-open"), whole.querySelector(".lq-day-native")];

function offer(root) {
  for (const whole of root.querySelectorAll?.(".lq-day") ?? []) {
    const [box, button, native] = parts(whole);
    if (box.disabled || box.readOnly || !native.showPicker) continue;
    button.hidden = native.hidden = false;
  }
}

document.addEventListener("click", (event) => {
  const whole = event.target.closest?.(".lq-day-open")?.parentElement;
  if (!whole) return;
  const [box, , native] = parts(whole);
  native.value = written(box.value);
  native.showPicker();
});

document.addEventListener("input", (event) => {
  if (!event.target.matches(".lq-day-native")) return;
  event.stopPropagation();
  const [box] = parts(event.target.parentElement);
  box.value = event.target.value;
  for (const type of ["input", "change"]) box.dispatchEvent(new Event(type, { bubbles: true }));
}, true);

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches(".lq-day-native") || !target.parentElement?.matches(".lq-day")) return;
  target.value = written(target.value) || target.value;
});

document.addEventListener("htmx:load", (event) => offer(event.target));
offer(document);
