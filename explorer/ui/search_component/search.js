// A search box with suggestions. "/" anywhere on the page moves to it, Esc leaves and clears it.
// data: {hits: [{row, name}], more, query, placeholder}: hits belong to `query`.
// Reports: query (text, while typing), pick (row).

const DELAY = 120; // milliseconds without a key before the server is asked

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const box = (parentElement.searchBox ??= new SearchBox(parentElement));
  box.update(data, setTriggerValue);
  return () => box.destroy();
}

class SearchBox {
  constructor(root) {
    this.input = root.querySelector("input");
    this.list = root.querySelector("ul");
    this.active = 0;
    this.input.oninput = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send("query", this.input.value.slice(0, 200)), DELAY);
    };
    this.input.onkeydown = (event) => this.key(event);
    this.input.onblur = () => setTimeout(() => this.close(), 150);
    this.input.onfocus = () => this.show();
    this.slash = (event) => {
      const target = event.composedPath()[0];
      const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.documentElement.dataset.eeKeys === "off") return;
      event.preventDefault();
      this.input.focus();
      this.input.select();
    };
    document.addEventListener("keydown", this.slash);
  }

  destroy() {
    clearTimeout(this.timer);
    document.removeEventListener("keydown", this.slash);
  }

  update(data, send) {
    this.data = data;
    this.send = send;
    this.input.placeholder = data.placeholder;
    this.active = 0;
    this.show();
  }

  // Hits that belong to what is typed now; older ones are not offered.
  hits() {
    return this.data.query === this.input.value ? this.data.hits : [];
  }

  key(event) {
    const hits = this.hits();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) {
      event.preventDefault();
      this.active = (this.active + step + hits.length) % hits.length;
      this.show();
    } else if (event.key === "Enter") {
      if (hits.length) this.pick(hits[this.active].row);
      else this.send("enter", this.input.value.slice(0, 200));
    } else if (event.key === "Escape") {
      this.input.value = "";
      this.send("query", "");
      this.input.blur();
    }
  }

  pick(row) {
    this.input.value = "";
    this.close();
    this.input.blur();
    this.send("pick", row);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }

  show() {
    const hits = this.hits();
    const focused = this.input.getRootNode().activeElement === this.input;
    const typed = this.input.value.trim() !== "";
    this.list.hidden = !(focused && typed && this.data.query === this.input.value);
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    const lines = hits.map((hit, place) => {
      const line = document.createElement("li");
      line.textContent = hit.name;
      line.id = `ee-hit-${place}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(place === this.active));
      line.onmousedown = (event) => {
        event.preventDefault();
        this.pick(hit.row);
      };
      return line;
    });
    const last = document.createElement("li");
    last.className = "ee-more";
    last.textContent = hits.length ? this.data.more : "No item's name holds this.";
    this.list.replaceChildren(...lines, ...(last.textContent ? [last] : []));
    this.input.setAttribute("aria-activedescendant", hits.length ? `ee-hit-${this.active}` : "");
  }
}
