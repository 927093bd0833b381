// Twenty seconds that show a newcomer round: a card in the corner, never in the way, skipped by a
// click or Esc. It comes once in a browser; data.asked counts the times it was asked for besides.
// data: {steps: [{title, text, at}], asked, after}; at: a CSS selector of what is spoken of, after:
// of what must be there before it begins

const SECONDS = 5; // a step
const SEEN = "embedding-explorer-tour";

export default function ({ data: [data], parentElement: host }) {
  if (data.asked > (host.asked ?? 0) || (!data.asked && !host.toured && !seen())) {
    host.tour?.end();
    const begin = () => {
      if (!document.querySelector(data.after)) host.waiting = setTimeout(begin, 200);
      else host.tour = new Tour(data.steps, getComputedStyle(host.host ?? host));
    };
    begin();
  }
  host.asked = data.asked;
  host.toured = true;
  return () => {
    clearTimeout(host.waiting);
    host.tour?.close();
  };
}

function seen() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return true; // a browser that remembers nothing would show it every time
  }
}

class Tour {
  constructor(steps, style) {
    const value = (name) => style.getPropertyValue(name).trim();
    this.steps = steps;
    this.accent = value("--st-primary-color");
    this.card = document.createElement("section");
    this.card.className = "ee-tour";
    this.card.setAttribute("aria-label", "A short tour");
    Object.assign(this.card.style, {
      position: "fixed", right: "1.5rem", bottom: "1.5rem", zIndex: 1000, width: "min(22rem, 90vw)",
      padding: "1rem 1.2rem", boxSizing: "border-box", background: value("--st-background-color"),
      color: value("--st-text-color"), font: `1rem/1.45 ${value("--st-font")}`,
      border: `2px solid ${this.accent}`, borderRadius: value("--st-base-radius"),
      boxShadow: "0 6px 24px rgb(0 0 0 / 25%)",
    });
    this.title = this.add("strong");
    this.text = this.add("p", { margin: "0.3rem 0 0.7rem" });
    this.text.setAttribute("aria-live", "polite");
    const line = this.add("div", { display: "flex", gap: "0.6rem", alignItems: "center" });
    this.count = this.add("span", { flex: 1 }, line);
    this.button("Skip", () => this.end(), line);
    this.button("Next", () => this.show(this.place + 1), line);
    this.escape = (event) => {
      if (event.key === "Escape") this.end();
    };
    this.card.onpointerenter = () => this.rest(true); // who reads is given time
    this.card.onpointerleave = () => this.rest(false);
    document.addEventListener("keydown", this.escape);
    document.body.append(this.card);
    this.show(0);
  }

  add(tag, style = {}, parent = this.card) {
    const element = parent.appendChild(document.createElement(tag));
    Object.assign(element.style, style);
    return element;
  }

  button(name, press, parent) {
    const button = this.add("button", {
      font: "inherit", color: "inherit", background: "none", padding: "0.25rem 0.8rem",
      border: "1px solid currentColor", borderRadius: "0.4rem", cursor: "pointer",
    }, parent);
    button.type = "button";
    button.textContent = name;
    button.onclick = press;
  }

  show(place) {
    this.point(null);
    if (place >= this.steps.length) return this.end();
    this.place = place;
    const { title, text, at } = this.steps[place];
    this.title.textContent = title;
    this.text.textContent = text;
    this.count.textContent = `${place + 1} of ${this.steps.length}`;
    this.point(document.querySelector(at));
    this.wait();
  }

  rest(on) {
    this.resting = on;
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    if (this.resting || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.timer = setTimeout(() => this.show(this.place + 1), SECONDS * 1000);
  }

  point(element) {
    if (this.pointed) this.pointed.style.outline = "";
    this.pointed = element;
    if (element) element.style.outline = `3px solid ${this.accent}`;
  }

  close() {
    clearTimeout(this.timer);
    this.point(null);
    document.removeEventListener("keydown", this.escape);
    this.card.remove();
  }

  end() {
    this.close();
    try {
      localStorage.setItem(SEEN, "1");
    } catch { /* nothing is remembered here */ }
  }
}
