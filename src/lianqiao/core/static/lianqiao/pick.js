// Choosing by typing: a combobox with a list (WAI-ARIA) in front of a <select data-pick> or an <input data-pick
// data-lookup>. The control that was there keeps the value and is what is sent; without this script it is used itself.

const words = document.getElementById("lq-pick").dataset;
const WAIT_MS = 200;
const LONGEST = 100;

const fill = (sentence, facts) => sentence.replace(/%\((\w+)\)s/g, (_, name) => facts[name]);
const comparable = (text) => text.normalize("NFKC").toLowerCase();

function make(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// A source answers a text with the entries that fit it: value, label, note.
function listed(select) {
  const entries = [...select.options].filter((option) => option.value).map((option) => ({
    value: option.value,
    label: option.text.trim(),
    foundBy: comparable(`${option.text}\n${option.dataset.search ?? ""}`),
  }));
  return async (text) => {
    const parts = comparable(text).split(/\s+/);
    return { options: entries.filter((entry) => parts.every((part) => entry.foundBy.includes(part))), more: false };
  };
}

function asked(address) {
  let last = null;
  return async (text) => {
    last?.abort();
    last = new AbortController();
    const url = new URL(address, location.href);
    url.searchParams.set("q", text);
    const answer = await fetch(url, { signal: last.signal, headers: { Accept: "application/json" } });
    // A session that ended leads to the login page.
    if (!answer.ok || answer.redirected) throw new Error(`${url.pathname}: ${answer.status}`);
    return answer.json();
  };
}

class Pick {
  constructor(kept) {
    this.kept = kept;
    this.isSelect = kept.matches("select");
    this.many = "many" in kept.dataset;
    this.source = this.isSelect ? listed(kept) : asked(kept.dataset.lookup);
    this.names = new Map(Object.entries(JSON.parse(kept.dataset.names ?? "{}")));
    if (this.isSelect) for (const option of kept.options) this.names.set(option.value, option.value && option.text.trim());
    this.options = [];
    this.active = -1;
    this.draw();
    this.listen();
    this.read();
  }

  draw() {
    const kept = this.kept;
    const name = kept.labels[0]?.firstChild.textContent.trim() ?? "";
    const list = `${kept.id}_list`;
    this.root = make("div", "lq-pick");
    this.chips = make("ul", "lq-chips", { "aria-label": fill(words.chips, { name }) });
    this.box = make("input", "lq-pick-box", {
      type: "text", id: kept.id, role: "combobox", maxlength: LONGEST, autocomplete: "off", autocapitalize: "none",
      spellcheck: "false", placeholder: words.hint, "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list,
    });
    for (const attribute of ["aria-describedby", "aria-invalid"]) {
      if (kept.hasAttribute(attribute)) this.box.setAttribute(attribute, kept.getAttribute(attribute));
    }
    this.box.required = kept.required;
    this.panel = make("div", "lq-pick-panel");
    this.list = make("ul", "lq-pick-list", { role: "listbox", id: list, "aria-label": name });
    this.note = make("p", "lq-pick-note");
    this.status = make("span", "lq-only-read", { role: "status" });
    this.panel.hidden = true;
    this.panel.append(this.list, this.note);
    if (this.many) this.root.append(this.chips);
    this.root.append(this.box, this.panel, this.status);
    kept.before(this.root);
    kept.id = `${kept.id}_kept`;
    kept.required = false;
    if (this.isSelect) kept.hidden = true;
    else kept.type = "hidden";
  }

  listen() {
    const box = this.box;
    box.addEventListener("input", (event) => event.isComposing || this.typed());
    box.addEventListener("compositionend", () => this.typed());
    box.addEventListener("keydown", (event) => event.isComposing || this.key(event));
    box.addEventListener("focus", () => box.select());
    box.addEventListener("blur", () => this.leave());
    // As a list does; a register of thousands has no first entries worth showing.
    if (this.isSelect) box.addEventListener("click", () => this.panel.hidden && this.search("", 0));
    // The focus stays in the box while an entry is pressed.
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const entry = event.target.closest("[role=option]");
      if (entry) this.choose(this.options[[...this.list.children].indexOf(entry)]);
    });
    this.chips.addEventListener("click", (event) => {
      const chip = event.target.closest("button");
      if (chip) this.remove(chip.value);
    });
    // Going back, the browser restores the values after this script has run.
    window.addEventListener("pageshow", () => document.activeElement === this.box || this.read());
  }

  label(value) {
    return this.names.get(value) ?? value.replace(/ #\d+$/, "");
  }

  read() {
    const value = this.kept.value;
    this.chosen = this.many ? value.split(/[\s、，,;；]+/).filter(Boolean) : [value];
    this.box.value = this.many ? "" : this.label(value);
    this.drawChips();
  }

  drawChips() {
    this.chips.hidden = !this.chosen.length;
    this.chips.replaceChildren(...(this.many ? this.chosen : []).map((value) => {
      const label = this.label(value);
      const chip = make("button", "lq-chip", { type: "button", value, "aria-label": fill(words.remove, { name: label }) });
      const cross = make("span", "lq-pick-cross", { "aria-hidden": "true" });
      cross.textContent = "×";
      chip.append(label, cross);
      const entry = document.createElement("li");
      entry.append(chip);
      return entry;
    }));
  }

  // What stands in the box without having been chosen is sent too: the server knows it, or says that it does not.
  write() {
    const text = this.box.value.trim();
    if (this.many) this.kept.value = [...this.chosen, text].filter(Boolean).join(" ");
    else if (this.settled()) this.kept.value = this.chosen[0];
    else if (!this.isSelect || !text) this.kept.value = text;
    for (const name of ["input", "change"]) this.kept.dispatchEvent(new Event(name, { bubbles: true }));
  }

  settled() {
    return this.box.value.trim() === (this.many ? "" : this.label(this.chosen[0]));
  }

  typed() {
    if (this.isSelect && !this.box.value.trim() && this.names.has("")) this.chosen = [""];
    this.write();
    const text = this.box.value.trim();
    if (text) this.search(text, this.isSelect ? 0 : WAIT_MS);
    else this.close();
  }

  search(text, wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      try {
        const { options, more } = await this.source(text);
        this.show(options.filter((option) => !this.many || !this.chosen.includes(option.value)), more);
      } catch (error) {
        if (error.name === "AbortError") return;
        this.show([], false, words.failed);
        console.warn(error);
      }
    }, wait);
  }

  show(options, more, problem) {
    if (document.activeElement !== this.box) return;
    this.options = options;
    this.list.replaceChildren(...options.map((option, index) => {
      const entry = make("li", "", { role: "option", id: `${this.list.id}_${index}`, "aria-selected": "false" });
      entry.append(option.label);
      if (option.note) {
        const note = make("small", "");
        note.textContent = option.note;
        entry.append(" ", note);
      }
      return entry;
    }));
    this.note.textContent = problem ?? (more ? words.more : options.length ? "" : words.none);
    this.note.hidden = !this.note.textContent;
    this.list.hidden = !options.length;
    this.panel.hidden = false;
    this.panel.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-expanded", String(options.length > 0));
    const found = fill(words.found, { n: options.length });
    this.status.textContent = [options.length ? found : "", this.note.textContent].join(" ").trim();
    this.activate(Math.max(0, options.findIndex((option) => this.chosen.includes(option.value))));
  }

  activate(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = this.options.length ? (index + this.options.length) % this.options.length : -1;
    const entry = this.list.children[this.active];
    entry?.setAttribute("aria-selected", "true");
    entry?.scrollIntoView({ block: "nearest" });
    if (entry) this.box.setAttribute("aria-activedescendant", entry.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.panel.hidden = true;
    this.options = [];
    this.list.replaceChildren();
    this.activate(-1);
    this.box.setAttribute("aria-expanded", "false");
  }

  key(event) {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      if (this.options.length) this.activate(this.active + move);
      else this.search(this.settled() ? "" : this.box.value.trim(), 0);
    } else if (event.key === "Enter" && (this.options.length || !this.settled())) {
      // Half a name must not send the form.
      event.preventDefault();
      if (this.options.length) this.choose(this.options[this.active]);
      else this.search(this.box.value.trim(), 0);
    } else if (event.key === "Escape" && !this.panel.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  choose({ value, label }) {
    this.names.set(value, label);
    this.chosen = this.many ? [...this.chosen, value] : [value];
    this.box.value = this.many ? "" : label;
    this.drawChips();
    this.close();
    this.write();
    this.status.textContent = fill(words.chosen, { name: label });
  }

  remove(value) {
    this.chosen = this.chosen.filter((each) => each !== value);
    this.drawChips();
    this.write();
    this.status.textContent = fill(words.removed, { name: this.label(value) });
    this.box.focus();
  }

  leave() {
    const [only, ...others] = this.options;
    if (this.isSelect && !this.settled()) {
      if (only && !others.length) this.choose(only);
      else this.box.value = this.label(this.chosen[0]);
    }
    this.close();
  }
}

function setUpAll(root) {
  for (const kept of root.querySelectorAll("[data-pick]:not([data-ready])")) {
    kept.dataset.ready = "";
    new Pick(kept);
  }
}
setUpAll(document);
document.addEventListener("htmx:load", () => setUpAll(document));
