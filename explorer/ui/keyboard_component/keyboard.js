// Single keys from anywhere on the page, never while one types. data: {keys, on}
// Reports: key (one of data.keys). "/" and the arrows are heard by the search box and the lists.

export default function ({ data: [data], parentElement: host, setTriggerValue }) {
  document.documentElement.dataset.eeKeys = data.on ? "on" : "off";
  if (host.listening) document.removeEventListener("keydown", host.listening);
  host.listening = (event) => {
    const target = event.composedPath()[0];
    const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    const held = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
    const open = document.querySelector('[role="dialog"], [role="listbox"], [data-baseweb="popover"]');
    if (!data.on || typing || held || open || event.defaultPrevented) return;
    if (!data.keys.includes(event.key)) return;
    event.preventDefault();
    setTriggerValue("key", event.key);
  };
  document.addEventListener("keydown", host.listening);
  return () => {
    document.removeEventListener("keydown", host.listening);
    delete host.listening;
  };
}
