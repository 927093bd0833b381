// A list of items with a bar for each score: click or Enter looks at the item, arrows move.
// data: {items: [{row, name, score, share, note, picture, pinned}], label, empty}
// share: the bar's length, 0 to 1. picture: a data address made by our own server, or null.
// second: {share, text}, a second, grey bar. mark: {colour, text, sign} before the name.
// The arrows reach the first list of the page from anywhere, unless single keys are switched off.
// Reports: pick (row), pin (row).

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ee-list");
  const held = root.contains(root.getRootNode().activeElement)
    ? Number(root.getRootNode().activeElement.dataset.place) : null;
  root.setAttribute("aria-label", data.label);
  root.replaceChildren(...data.items.map((item, place) => entry(item, place, setTriggerValue)));
  const longest = Math.max(0, ...data.items.map((item) => item.score.length));
  root.style.setProperty("--score-width", `${longest}ch`);  // bars of one length, to be compared
  if (!data.items.length) root.textContent = data.empty;
  if (held !== null) root.querySelectorAll(".ee-item")[Math.min(held, data.items.length - 1)]?.focus();
  root.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const items = [...root.querySelectorAll(".ee-item")];
    const at = items.indexOf(root.getRootNode().activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    items[Math.max(0, Math.min(items.length - 1, at + step))].focus();
  };
  const enter = (event) => {
    const idle = document.activeElement === document.body && !event.defaultPrevented;
    const first = root.querySelector(".ee-item");
    if (event.key !== "ArrowDown" || !idle || !first) return;
    if (document.documentElement.dataset.eeKeys === "off") return;
    event.preventDefault();
    first.focus();
  };
  if (root.enter) document.removeEventListener("keydown", root.enter);
  root.enter = enter;
  document.addEventListener("keydown", enter);
  return () => document.removeEventListener("keydown", root.enter);
}

function entry(item, place, send) {
  const line = make("li", "ee-line");
  const button = make("button", "ee-item");
  button.type = "button";
  button.dataset.place = place;
  button.dataset.row = item.row;
  button.onclick = () => send("pick", item.row);
  const rank = make("span", "ee-rank", String(place + 1));
  const body = make("span", "ee-body");
  const name = make("span", "ee-name", item.name);
  if (item.mark) {
    const dot = make("span", "ee-mark", item.mark.sign);
    dot.style.color = item.mark.colour;
    dot.title = item.mark.text;
    dot.setAttribute("role", "img");
    dot.setAttribute("aria-label", item.mark.text);
    name.prepend(dot);
  }
  body.append(name);
  if (item.note) body.append(make("span", "ee-note", item.note));
  body.append(track(item.share, "ee-bar"));
  if (item.second) {
    const second = track(item.second.share, "ee-bar ee-second");
    second.title = item.second.text;
    body.append(second);
  }
  button.append(rank);
  if (item.picture) {
    const picture = make("img", "ee-picture");
    picture.src = item.picture;
    picture.alt = "";
    button.append(picture);
  }
  button.append(body, make("span", "ee-score", item.score));
  const pin = make("button", item.pinned ? "ee-pin ee-pinned" : "ee-pin", item.pinned ? "★" : "☆");
  pin.type = "button";
  pin.title = item.pinned ? `Take the pin from ${item.name}` : `Pin ${item.name}`;
  pin.setAttribute("aria-label", pin.title);
  pin.onclick = () => send("pin", item.row);
  line.append(button, pin);
  return line;
}

function track(share, className) {
  const bar = make("span", className);
  bar.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  const line = make("span", "ee-track");
  line.append(bar);
  return line;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
