// Menus are <details> and the drawer is a link's target; here they also close by Escape and by a click elsewhere.
// What is folded on a phone only is unfolded here for a wide screen whose browser cannot do so by style.

if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 768px)").matches) {
  for (const fold of document.querySelectorAll("details[data-fold]")) fold.open = true;
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.lq-menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.lq-menu[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  } else if (location.hash === "#rooms") {
    location.replace("#main");
  }
});

// A tap on the page beside the open drawer closes it. The drawer's shade is drawn by its shadow, which no click meets.
document.addEventListener("click", (event) => {
  if (location.hash !== "#rooms" || event.target.closest("#rooms, a")) return;
  event.preventDefault();
  location.replace("#main");
});
