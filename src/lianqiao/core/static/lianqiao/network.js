// When htmx cannot reach the server, or it refuses or fails, the page says so in the reader's words.
// The words stand in data attributes of #lq-network, so that they are translated with the page.

const place = document.getElementById("lq-network");

function tell(word) {
  place.querySelector(".lq-alert-text").textContent = place.dataset[word];
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}

function wordFor(status) {
  if (status >= 500) return "failed";
  return status === 429 ? "busy" : "refused";
}

if (place) {
  document.addEventListener("htmx:sendError", () => tell("lost"));
  document.addEventListener("htmx:timeout", () => tell("lost"));
  document.addEventListener("htmx:responseError", (event) => tell(wordFor(event.detail.xhr.status)));
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.successful) place.hidden = true;
  });
}
