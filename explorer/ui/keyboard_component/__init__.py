"""Single keys that do something on every page, and the list of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from explorer.metrics import METRICS
from explorer.ui.component_data import as_json
from explorer.ui.state import current, narrowing, picked, search
from explorer.ui.tour_component import ask_for_tour

HERE = Path(__file__).parent
MAP_PAGE = "pages/explore/map.py"
KEY = "keyboard"
LISTED = "keys_listed"  # in the session: the list is to be shown with this run
OFF = "keys_off"  # in the session: the visitor wants no single keys
_keyboard = st.components.v2.component(
    "keyboard", js=(HERE / "keyboard.js").read_text(encoding="utf-8")
)
HEARD_ELSEWHERE = {"/": "search items", "↓ ↑": "move through a list of neighbours, Enter looks"}


def clear() -> None:
    """Take away what is marked: the search first, then the selection, then the focus."""
    if search.query():
        search.set_query("")
    elif narrowing.any_selection() is not None:
        narrowing.set_selection(None)
    else:
        picked.set_focus(None)


def pin() -> None:
    row = picked.focus_row()
    if row is not None:
        picked.toggle_pin(row)


def next_metric() -> None:
    names = list(METRICS)
    current.set_metric(names[(names.index(current.view().metric) + 1) % len(names)])


def show_list() -> None:
    st.session_state[LISTED] = True


ACTIONS: dict[str, tuple[str, Callable[[], None]]] = {
    "Escape": ("clear the search, then the selection, then the focus", clear),
    "p": ("pin the item in focus, or take its pin away", pin),
    "m": ("next metric", next_metric),
    "u": ("undo the last change of a filter or a selection", narrowing.undo),
    "?": ("this list", show_list),
}


def keyboard() -> None:
    """Listen for the keys; show their list where it was asked for."""

    def pressed() -> None:
        action = ACTIONS.get(str(st.session_state[KEY].get("key")))
        if action is not None:
            action[1]()

    on = not st.session_state.get(OFF, False)
    _keyboard(key=KEY, data=as_json({"keys": list(ACTIONS), "on": on}), on_key_change=pressed)
    if st.session_state.pop(LISTED, False):
        _list()


@st.dialog("Keyboard")
def _list() -> None:
    keys = HEARD_ELSEWHERE | {key: title for key, (title, _) in ACTIONS.items()}
    st.markdown("\n".join(f"- **`{key}`** {title}" for key, title in keys.items()))
    st.caption("Back and Forward of the browser bring earlier views back.")
    if st.button("Show me round on the map (20 seconds)", icon=":material/tour:"):
        ask_for_tour()
        st.switch_page(MAP_PAGE)
    on = st.toggle("Listen for single keys", value=not st.session_state.get(OFF, False))
    if on == st.session_state.get(OFF, False):
        st.session_state[OFF] = not on
        st.rerun()
