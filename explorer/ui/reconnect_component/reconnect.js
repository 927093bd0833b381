// A page outlives its server: when that was started anew, the session behind the page is another and
// knows nothing of the view. The page is then opened again at the address that it had, from which
// the server restores the view and says what it could not keep.
// data: {session}

const remember = () => {
  window.eeAddress = window.location.search;
};

export default function ({ data: [data] }) {
  const { eeSession: before, eeAddress: address } = window;
  if (before === undefined) {
    // before any click is acted on: a link of the menu drops what the address holds
    document.addEventListener("pointerdown", remember, true);
    document.addEventListener("keydown", remember, true);
  } else if (before !== data.session && address) {
    window.location.replace(window.location.pathname + address);
  }
  window.eeSession = data.session;
}
