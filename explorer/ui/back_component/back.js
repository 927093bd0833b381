// A page of the menu is opened at its bare address, and the server then writes the view behind it:
// two entries of the browser's history for one view. Back goes on to the entry before both.
// Where the browser has no Navigation API, Back is to be pressed twice there.

const passBare = (event) => {
  if (event.navigationType !== "traverse" || !event.cancelable) return;
  const here = window.navigation.currentEntry;
  const from = new URL(here.url), to = new URL(event.destination.url);
  const before = window.navigation.entries()[event.destination.index - 1];
  const bare = to.pathname === from.pathname && !to.search && from.search;
  if (event.destination.index > here.index || !bare || !before) return;
  event.preventDefault();
  window.navigation.traverseTo(before.key);
};

export default function () {
  if (!window.navigation || window.eePassesBare) return;
  window.eePassesBare = true;
  window.navigation.addEventListener("navigate", passBare);
}
